// SPDX-License-Identifier: Apache-2.0
#include "build/memory_plan.hh"

#include "build/resolve.hh"

#include <optional>
#include <utility>

namespace pare::build {

namespace {

Request with_reference(Request request, const std::string& name) {
    request.definitions = {name};
    return request;
}

} // namespace

definition::Library
with_definition(const definition::Library& library, const std::string& name, std::string text) {
    definition::Library more = library;
    more.names.push_back(name);
    more.built_in = [built_in = library.built_in, name,
                     text = std::move(text)](std::string_view wanted) {
        return wanted == name ? std::optional(text) : built_in(wanted);
    };
    return more;
}

Tools with_library(const Tools& tools, const definition::Library& library) {
    return {
        .clock = tools.clock,
        .events = tools.events,
        .client = tools.client,
        .registries = tools.registries,
        .store = tools.store,
        .pool = tools.pool,
        .library = library,
        .stop = tools.stop};
}

MemoryPlan::MemoryPlan(
    const std::string& name, std::string text, Request source, const Tools& tools)
    : library_(with_definition(tools.library, name, std::move(text))),
      tools_(with_library(tools, library_)), request_(with_reference(std::move(source), name)),
      plan_(make_plan(request_, tools_)) {}

void MemoryPlan::resolve() {
    Resolver(request_, tools_).resolve(plan_);
}

} // namespace pare::build
