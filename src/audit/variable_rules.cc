// SPDX-License-Identifier: Apache-2.0
// Variables that come to nothing. What a base image sets is known for few of them; a variable of
// another base is a mistake only when the Dockerfile itself shows what was meant.
#include "audit/dockerfile_rules.hh"

#include <fmt/core.h>

#include <set>

namespace pare::audit {

using namespace dockerfile;

namespace {

using Names = std::set<std::string>;

void add_declared(const std::vector<Step>& steps, Names& names) {
    for (const Step& step : steps) {
        if (const Arg* arg = std::get_if<Arg>(&step.command)) {
            for (const Assignment& argument : arg->arguments) {
                names.insert(argument.name.text);
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
        for (const Assignment& variable : env->variables) {
            if (variable.name.text == name) {
                return true;
            }
        }
    }
    return false;
}

struct Known {
    Names globals;    ///< ARG before FROM
    Names everywhere; ///< ARG of any stage
};

void check_step(
    Review& review, const Stage& stage, const Step& step, const Names& own, const Known& known) {
    for (const Use& use : step.unset) {
        const bool global = known.globals.contains(use.name);
        const bool platform = review.build.global_arguments.contains(use.name) && !global;
        const bool is_mistake = global || platform || known.everywhere.contains(use.name) ||
                                review.base(stage.index).has_known_content();
        if (own.contains(use.name) || is_given(use.name) || sets_itself(step, use.name) ||
            !is_mistake) {
            continue;
        }
        review.report(
            "undefined-variable", step.instruction->range,
            global || platform
                ? fmt::format("${} is known to FROM only; declare it here with ARG", use.name)
                : fmt::format("${} is not set in this stage", use.name));
    }
}

} // namespace

void check_variables(Review& review) {
    Known known;
    add_declared(review.build.globals, known.globals);
    for (const Stage& stage : review.build.stages) {
        add_declared(stage.steps, known.everywhere);
    }
    std::vector<Names> own(review.build.stages.size());
    for (const Stage& stage : review.build.stages) {
        Names& names = own[stage.index];
        if (stage.parent) {
            names = own[*stage.parent];
        }
        add_declared(stage.steps, names);
        for (const Step& step : stage.steps) {
            check_step(review, stage, step, names, known);
        }
        for (const Use& use : stage.unset) {
            review.report(
                "from-argument-without-default", stage.from.base.range,
                fmt::format("${} has no value", use.name));
        }
    }
}

} // namespace pare::audit
