// SPDX-License-Identifier: Apache-2.0
// Variables that come to nothing. What a base image sets is known for few of them; a variable of
// another base is a mistake only when the Dockerfile itself shows what was meant.
#include "audit/dockerfile_rules.hh"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace pare::audit {

using namespace dockerfile;

namespace {

/// Which stages declare a name with ARG; of names before FROM, none.
using Declared = std::map<std::string, std::vector<std::size_t>>;

void add_declared(
    const std::vector<Step>& steps, std::optional<std::size_t> stage, Declared& names) {
    for (const Step& step : steps) {
        const Arg* arg = std::get_if<Arg>(&step.command);
        for (const Assignment& argument :
             arg != nullptr ? arg->arguments : std::vector<Assignment>()) {
            std::vector<std::size_t>& stages = names[argument.name.text];
            if (stage && (stages.empty() || stages.back() != *stage)) {
                stages.push_back(*stage);
            }
        }
    }
}

/// Every image has these, or the builder gives them.
bool is_given(std::string_view name) {
    return is_one_of(
        name, {"PATH", "HOME", "SSL_CERT_FILE", "LANG", "JAVA_VERSION", "HTTP_PROXY", "HTTPS_PROXY",
               "FTP_PROXY", "NO_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "ftp_proxy",
               "no_proxy", "all_proxy"});
}

/// `ENV A=$A:x` asks for what the base may have.
bool sets_itself(const Step& step, std::string_view name) {
    if (const Env* env = std::get_if<Env>(&step.command)) {
        for (const Pair& variable : env->variables) {
            if (variable.name.text == name) {
                return true;
            }
        }
    }
    return false;
}

struct Known {
    Declared globals; ///< ARG before FROM
    Declared stages;
    std::vector<std::vector<bool>> parents; ///< by stage: itself and those that it begins with
};

bool declares(const Known& known, std::size_t stage, const std::string& name) {
    const auto found = known.stages.find(name);
    return found != known.stages.end() &&
           std::any_of(found->second.begin(), found->second.end(), [&](std::size_t other) {
               return known.parents[stage][other];
           });
}

void check_step(Review& review, const Stage& stage, const Step& step, const Known& known) {
    for (const Use& use : step.unset) {
        const bool global = known.globals.contains(use.name);
        const bool platform = review.build.global_arguments.contains(use.name) && !global;
        const bool is_mistake = global || platform || known.stages.contains(use.name) ||
                                review.base(stage.index).has_known_content();
        if (!is_mistake || is_given(use.name) || sets_itself(step, use.name) ||
            declares(known, stage.index, use.name)) {
            continue;
        }
        review.report(
            "undefined-variable", step.instruction->range,
            global || platform
                ? fmt::format("${} is known to FROM only; declare it here with ARG", use.name)
                : fmt::format("${} is not set in this stage", use.name));
    }
}

Known gather(const Build& build) {
    Known known;
    add_declared(build.globals, std::nullopt, known.globals);
    for (const Stage& stage : build.stages) {
        add_declared(stage.steps, stage.index, known.stages);
        known.parents.push_back(
            stage.parent ? known.parents[*stage.parent]
                         : std::vector<bool>(build.stages.size(), false));
        known.parents.back()[stage.index] = true;
    }
    return known;
}

} // namespace

void check_variables(Review& review) {
    const Known known = gather(review.build);
    for (const Stage& stage : review.build.stages) {
        for (const Step& step : stage.steps) {
            check_step(review, stage, step, known);
        }
        for (const Use& use : stage.unset) {
            review.report(
                "from-argument-without-default", stage.from.base.range,
                fmt::format("${} has no value", use.name));
        }
    }
}

} // namespace pare::audit
