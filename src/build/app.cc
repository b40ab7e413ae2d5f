// SPDX-License-Identifier: Apache-2.0
// The definition that a program comes to (wrap.hh) derives from what the user's definition derives
// from; the user's own step follows it, so that everything it says is on top.
#include "build/app.hh"

#include "build/memory_plan.hh"
#include "build/wrap.hh"

#include <algorithm>
#include <utility>

namespace pare::build {

namespace {

/// What the definition is called in messages.
constexpr const char* kName = "app";

/// The architecture as a part of a path.
std::string with_architecture(std::string path, const std::string& architecture) {
    constexpr std::string_view kMark = "${arch}";
    std::string name = architecture;
    std::erase(name, '/');
    for (std::size_t at = path.find(kMark); at != std::string::npos;
         at = path.find(kMark, at + name.size())) {
        path.replace(at, kMark.size(), name);
    }
    return path;
}

WrapRequest request_of(
    const definition::Step& step, const std::string& distribution, const std::string& architecture,
    const Request& source) {
    WrapRequest request{
        .entrypoint = step.entrypoint.value_or(std::vector<std::string>{}),
        .dlopen = step.app->dlopen,
        .repositories = step.repositories,
        .from = step.app->from,
        .exclude = step.app->exclude,
        .source = source};
    for (const std::string& path : step.app->paths) {
        request.paths.emplace_back(with_architecture(path, architecture));
    }
    request.source.family = false;
    request.source.archs = {architecture};
    request.source.distributions = {distribution};
    return request;
}

definition::Chain wrap_all(
    const definition::Chain& chain, const std::string& architecture, const Request& request,
    const Tools& tools) {
    // The last one: what it is built on has those before it.
    const auto last = std::ranges::find_if(
        chain.steps.rbegin(), chain.steps.rend(),
        [](const definition::Step& step) { return step.app.has_value(); });
    if (last == chain.steps.rend()) {
        return chain;
    }
    const WrapPlan plan = with_context("wrapping the app of " + last->name, [&] {
        return plan_wrap(request_of(*last, chain.distribution, architecture, request), tools);
    });
    for (const std::string& note : plan.notes) {
        tools.events.message(Severity::warning, last->name + ": " + note);
    }
    const definition::Library library = with_definition(tools.library, kName, plan.definition);
    definition::Chain below = definition::read_definition(
                                  {.reference = kName, .distribution = chain.distribution}, library)
                                  .front();
    definition::Chain made = wrap_all(below, architecture, request, tools);
    const auto own = static_cast<std::size_t>(chain.steps.rend() - last) - 1;
    for (std::size_t i = own; i < chain.steps.size(); ++i) {
        made.steps.push_back(chain.steps[i]);
    }
    definition::Step& step = made.steps[made.steps.size() - (chain.steps.size() - own)];
    step.app.reset();
    step.entrypoint.reset(); // the plan has it, mended
    made.name = chain.name;
    made.variant = chain.variant;
    made.archs = chain.archs;
    made.texts = chain.texts;
    return made;
}

} // namespace

definition::Chain with_apps(
    const definition::Chain& chain, const std::string& architecture, const Request& request,
    const Tools& tools) {
    definition::Chain made = wrap_all(chain, architecture, request, tools);
    // The plans name their parents by absolute paths. A step is called as it is elsewhere: locks
    // are for all places that the definitions may be in.
    const std::filesystem::path directory = chain.texts->front().path.parent_path();
    for (definition::Step& step : made.steps) {
        if (!directory.empty() && step.name.starts_with('/')) {
            step.name = std::filesystem::path(step.name)
                            .lexically_normal()
                            .lexically_relative(directory)
                            .string();
        }
    }
    return made;
}

} // namespace pare::build
