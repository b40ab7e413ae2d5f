// SPDX-License-Identifier: Apache-2.0
// The keys below `entrypoint` and `healthcheck`: the programs that a runtime starts.
#include "definition/bind.hh"
#include "probe/target.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

namespace pare::definition {

namespace {

using yaml::Node;

/// apko's supervisor of several services is no part of a distroless image.
void refuse_services(const Node& node) {
    throw Error(
        ErrorKind::definition, "services need s6, which pare does not put into images",
        "run one program in an image, with entrypoint.command")
        .at(node.where);
}

constexpr std::array kEntrypointKeys = {
    Key{.name = "command",
        .shape = Shape::command,
        .description = "The program and its fixed arguments.",
        .read = given_into_step<&Step::entrypoint, given_command_of>},
    Key{.name = "shell-fragment",
        .description = "A script for /bin/sh -c, in place of `command`; the image must hold a "
                       "shell.",
        .read = ignored<given_text_of>},
    Key{.name = "type",
        .description = "Only for apko's sake; service-bundle is an error.",
        .read =
            [](const Node& node, Draft& /*draft*/) {
                if (given_text_of(node) == "service-bundle") {
                    refuse_services(node);
                }
            }},
    Key{.name = "services",
        .shape = Shape::text_map,
        .description = "Only for apko's sake; an error when it names any.",
        .read =
            [](const Node& node, Draft& /*draft*/) {
                if (!text_map_of(node).empty()) {
                    refuse_services(node);
                }
            }},
};

/// Docker's form: the first word says how the others are run.
std::vector<std::string> test_of(const Node& node) {
    if (node.kind == yaml::NodeKind::scalar) {
        return {"CMD-SHELL", text_of(node)};
    }
    std::vector<std::string> test = texts_of(node);
    const bool is_none = test.size() == 1 && test.front() == "NONE";
    const bool is_shell = test.size() == 2 && test.front() == "CMD-SHELL";
    const bool is_program = test.size() > 1 && test.front() == "CMD";
    if (!is_none && !is_shell && !is_program) {
        throw Error(
            ErrorKind::definition, "'healthcheck.test' does not say how it is run",
            "write [CMD, PROGRAM, ARGUMENT...], [CMD-SHELL, SCRIPT] or [NONE]")
            .at(node.where);
    }
    return test;
}

template <auto kMember, auto kRead>
void into_healthcheck(const Node& node, Draft& draft) {
    auto& check = draft.step.healthcheck;
    (check ? *check : check.emplace()).*kMember = kRead(node);
}

std::vector<std::string> program_test_of(const Node& node) {
    std::vector<std::string> test = command_of(node);
    if (test.empty()) {
        wrong_type(node, "a program");
    }
    test.insert(test.begin(), "CMD");
    return test;
}

/// A URL that the probe will take.
std::string probe_of(const Node& node) {
    std::string url = text_of(node);
    probe::Target target;
    if (const char* wrong = probe::parse_target(url.c_str(), target)) {
        throw Error(
            ErrorKind::definition,
            fmt::format(
                "{} cannot be probed{}", describe(node),
                wrong == url.c_str() ? "" : fmt::format(" from '{}' on", wrong)),
            "write http://127.0.0.1:8080/healthz, tcp://[::1]:5432, unix:///run/app.sock or "
            "file:///run/alive?max-age=30s; a host is an address or localhost")
            .at(node.where);
    }
    return url;
}

std::string status_of(const Node& node) {
    std::string text = text_of(node);
    if (probe::Statuses statuses; !probe::parse_statuses(text.c_str(), statuses)) {
        wrong_type(node, "an HTTP status or a range of them, like 200-299");
    }
    return text;
}

constexpr std::array kHealthcheckKeys = {
    Key{.name = "probe",
        .description = "URL that pare's own probe, which comes into the image, asks: http://, "
                       "tcp://, unix:// or file:// with an address or localhost.",
        .read = into_healthcheck<&Healthcheck::probe, probe_of>},
    Key{.name = "status",
        .description = "Answers of an http:// probe that are well, like 200 or 200-299. Default "
                       "200-399.",
        .read = into_healthcheck<&Healthcheck::status, status_of>},
    Key{.name = "command",
        .shape = Shape::command,
        .description = "The program that checks, and its arguments; no shell is used.",
        .read = into_healthcheck<&Healthcheck::test, program_test_of>},
    Key{.name = "test",
        .shape = Shape::command,
        .description = "In place of `command`, Docker's form: [CMD, PROGRAM, ...], [CMD-SHELL, "
                       "SCRIPT], [NONE], or a script.",
        .read = into_healthcheck<&Healthcheck::test, test_of>},
    Key{.name = "interval",
        .description = "Time between two checks, like 30s.",
        .read = into_healthcheck<&Healthcheck::interval, duration_of>},
    Key{.name = "timeout",
        .description = "Time that a check may take, like 3s.",
        .read = into_healthcheck<&Healthcheck::timeout, duration_of>},
    Key{.name = "start-period",
        .description = "Time after the start in which failures do not count.",
        .read = into_healthcheck<&Healthcheck::start_period, duration_of>},
    Key{.name = "retries",
        .shape = Shape::number,
        .description = "Failures in a row after which the program counts as unhealthy.",
        .read = into_healthcheck<&Healthcheck::retries, count_of>},
};

} // namespace

Keys entrypoint_keys() {
    return kEntrypointKeys;
}

Keys healthcheck_keys() {
    return kHealthcheckKeys;
}

void read_entrypoint(const Node& node, Draft& draft) {
    read_mapping(node, kEntrypointKeys, "entrypoint", draft);
    if (const Node* fragment = node.find("shell-fragment")) {
        if (const auto script = given_text_of(*fragment)) {
            draft.step.entrypoint = std::vector<std::string>{"/bin/sh", "-c", *script};
        }
    }
}

void read_healthcheck(const Node& node, Draft& draft) {
    if (node.kind == yaml::NodeKind::null) {
        return;
    }
    draft.step.healthcheck.reset();
    if (node.kind == yaml::NodeKind::scalar) {
        draft.step.healthcheck = Healthcheck{.probe = probe_of(node)};
        return;
    }
    read_mapping(node, kHealthcheckKeys, "healthcheck", draft);
    constexpr std::array kForms = {"probe", "command", "test"};
    const auto forms =
        std::ranges::count_if(kForms, [&](const char* form) { return node.find(form) != nullptr; });
    if (forms != 1) {
        throw Error(ErrorKind::definition, "'healthcheck' has one of 'probe', 'command' and 'test'")
            .at(node.where);
    }
    const Node* const status = node.find("status");
    if (status != nullptr && !draft.step.healthcheck->probe.starts_with("http://")) {
        throw Error(ErrorKind::definition, "'status' is for a 'probe' with http://")
            .at(status->where);
    }
}

} // namespace pare::definition
