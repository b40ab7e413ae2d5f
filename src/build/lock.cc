// SPDX-License-Identifier: Apache-2.0
#include "build/build.hh"
#include "build/resolve.hh"

#include <utility>

namespace pare::build {

package::Lock lock(const std::string& definition, const Request& request, const Tools& tools) {
    Request all = request;
    all.definitions = {definition};
    Plan plan = make_plan(all, tools);
    Resolver(all, tools).resolve(plan);
    package::Lock lock;
    for (auto& node : plan.nodes) {
        lock.architectures[node->architecture].push_back(std::move(node->locked));
    }
    return lock;
}

} // namespace pare::build
