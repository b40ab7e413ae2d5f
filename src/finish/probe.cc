// SPDX-License-Identifier: Apache-2.0
// `healthcheck` with a probe: the image gets the program that asks, because it has no other that
// could. A program of the user in that place is used instead of it.
#include "finish/probe.hh"

#include "finish/parts.hh"
#include "finish/table.hh"
#include "probe/target.hh"
#include "support/error.hh"

#include <fmt/core.h>

#include <utility>
#include <vector>

namespace pare::finish {

namespace {

std::vector<Generated> run(const Context& context) {
    const auto& check = context.step.healthcheck;
    const ImagePath path = ImagePath::parse(probe::kProbePath);
    if (!check || check->probe.empty() || is_of_user(context, path)) {
        return {};
    }
    const BytesView program = built_in_probe(context.architecture);
    if (program.empty()) {
        throw Error(
            ErrorKind::definition,
            fmt::format(
                "{}: 'healthcheck': there is no probe for {}", context.step.name,
                context.architecture),
            "name a program of the image in healthcheck.command");
    }
    // The parent's.
    if (file_at(context.tree, path) != nullptr && context.content(path) == program) {
        return {};
    }
    Generated made = make_file(context, path, Bytes(program));
    made.entry.mode = 0755;
    std::vector<Generated> all;
    all.push_back(std::move(made));
    return all;
}

} // namespace

Finisher probe_finisher() {
    return {
        .name = "probe",
        .replaces_script = "no script: the program of the definition's 'healthcheck'",
        .run = run};
}

} // namespace pare::finish
