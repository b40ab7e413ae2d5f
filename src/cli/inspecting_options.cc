// SPDX-License-Identifier: Apache-2.0
#include "cli/inspecting_options.hh"

#include <algorithm>
#include <iterator>
#include <utility>

namespace pare::cli {

std::vector<Option> InspectingOptions::options() {
    std::vector<Option> all = {
        {.names = "--arch",
         .value = "ARCH",
         .help = "amd64, arm64, ...; may be given again [all that there are]",
         .target = &source.archs},
        {.names = "--store",
         .value = "DIR",
         .help = "the cache on disk [~/.cache/pare]",
         .target = &source.store},
        {.names = "--jobs",
         .value = "N",
         .help = "threads [one a processor]",
         .target = &source.jobs},
        {.names = "--offline",
         .help = "use the store alone, no network",
         .target = &source.offline}};
    std::ranges::move(source.registry.options(), std::back_inserter(all));
    return all;
}

std::vector<std::string> InspectingOptions::architectures() const {
    return source.request({}, [](const char*) { return std::string(); }).archs;
}

Option image_argument(std::string name, std::string& target) {
    return {
        .names = std::move(name),
        .help = "oci:DIR[:TAG], oci-archive:FILE, docker-archive:FILE or "
                "[HOST/]REPOSITORY[:TAG][@sha256:DIGEST]",
        .target = &target,
        .need = Need::required};
}

} // namespace pare::cli
