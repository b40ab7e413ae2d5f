// SPDX-License-Identifier: Apache-2.0
#include "audit/lint.hh"
#include "audit/report.hh"
#include "audit/rules.hh"
#include "cli/command.hh"
#include "cli/session.hh"
#include "dockerfile/parse.hh"
#include "support/files.hh"
#include "support/stream.hh"

#include <fmt/core.h>

#include <memory>

namespace pare::cli {

namespace {

constexpr std::size_t kLargestDockerfile = std::size_t{4} << 20U;

struct LintCommandOptions {
    std::string file{};
    std::string format{};
    std::string fail_on{};
    std::vector<std::string> ignored{};
    std::vector<std::string> arguments{};
    std::string target{};
    std::string platform{};
    bool fix = false;
    bool list_rules = false;
};

void tell_rules(Session& session) {
    if (session.output.form() == ResultForm::json) {
        json::Array list;
        for (const audit::Rule& rule : audit::rules()) {
            list.emplace_back(json::Object{
                {"rule", rule.id},
                {"severity", audit::severity_name(rule.severity)},
                {"what", rule.what},
                {"why", rule.why},
                {"mend", rule.mend}});
        }
        session.output.json(json::Object{{"rules", std::move(list)}});
        return;
    }
    std::vector<std::vector<std::string>> rows;
    for (const audit::Rule& rule : audit::rules()) {
        rows.push_back(
            {std::string(rule.id), std::string(audit::severity_name(rule.severity)),
             std::string(rule.what)});
    }
    session.output.text(render_table(rows));
}

audit::Severity fail_severity(const LintCommandOptions& options) {
    const auto severity =
        audit::parse_severity(options.fail_on.empty() ? "warning" : options.fail_on);
    if (!severity) {
        throw Error(
            ErrorKind::usage, fmt::format("\"{}\" is no severity", options.fail_on),
            "use note, warning or error");
    }
    return *severity;
}

audit::ReportFormat report_format(const LintCommandOptions& options, const Session& session) {
    if (options.format.empty()) {
        return session.output.form() == ResultForm::json ? audit::ReportFormat::json
                                                         : audit::ReportFormat::text;
    }
    const auto format = audit::parse_report_format(options.format);
    if (!format) {
        throw Error(
            ErrorKind::usage, fmt::format("\"{}\" is no format of a report", options.format),
            "use text, json, sarif, junit or github");
    }
    return *format;
}

audit::LintOptions lint_options(const LintCommandOptions& options, const Session& session) {
    audit::LintOptions lint{.ignored = options.ignored};
    lint.build.target = options.target;
    if (!options.platform.empty()) {
        lint.build.platform = options.platform;
    }
    for (const std::string& argument : options.arguments) {
        const std::size_t equals = argument.find('=');
        const std::string name = argument.substr(0, equals);
        if (name.empty()) {
            throw Error(
                ErrorKind::usage, fmt::format("--build-arg \"{}\" has no name", argument),
                "write --build-arg NAME=VALUE");
        }
        // As docker build: a name alone takes its value from the environment, if it is there.
        const std::string outer = session.environment(name.c_str());
        if (equals != std::string::npos) {
            lint.build.arguments[name] = argument.substr(equals + 1);
        } else if (!outer.empty()) {
            lint.build.arguments[name] = outer;
        }
    }
    return lint;
}

std::string read_text(const std::string& file) {
    FileSource source(file == "-" ? "/dev/stdin" : file);
    return read_all(source, kLargestDockerfile);
}

std::vector<audit::Finding>
lint_text(const std::string& text, const std::string& name, const audit::LintOptions& options) {
    return audit::lint_dockerfile(dockerfile::parse(text, name), options);
}

/// Mends the file until there is nothing left that can be mended; what one change uncovers is
/// mended too.
void fix_file(const std::string& file, std::string& text, const audit::LintOptions& options) {
    constexpr int kRounds = 5;
    const std::string before = text;
    for (int round = 0; round < kRounds; ++round) {
        std::string fixed = audit::apply_fixes(text, lint_text(text, file, options));
        if (fixed == text) {
            break;
        }
        text = std::move(fixed);
    }
    if (text != before) {
        write_file(file, text);
    }
}

int run(const LintCommandOptions& options, Session& session) {
    if (options.list_rules) {
        tell_rules(session);
        return 0;
    }
    const audit::Severity severity = fail_severity(options);
    const audit::ReportFormat format = report_format(options, session);
    const audit::LintOptions lint = lint_options(options, session);
    const std::string file = options.file.empty() ? "Dockerfile" : options.file;
    if (file.ends_with(".yaml") || file.ends_with(".yml")) {
        throw Error(
            ErrorKind::usage, fmt::format("{} is no Dockerfile", file),
            "pare show config FILE checks a definition");
    }
    if (options.fix && file == "-") {
        throw Error(ErrorKind::usage, "--fix cannot change standard input", "name a file");
    }
    std::string text = read_text(file);
    if (options.fix) {
        fix_file(file, text, lint);
    }
    const std::string name = file == "-" ? "stdin" : file;
    const std::vector<audit::Finding> findings = lint_text(text, name, lint);
    session.progress.finish();
    session.output.text(
        audit::render(format, findings, {.name = name, .source = text, .version = PARE_VERSION}));
    return audit::any_at_least(findings, severity) ? 1 : 0;
}

std::vector<Option> lint_arguments(LintCommandOptions& options) {
    return {
        {.names = "file",
         .value = "FILE",
         .help = "a Dockerfile, or - for standard input [Dockerfile]",
         .target = &options.file},
        {.names = "--format",
         .value = "FORMAT",
         .help = "text, json, sarif, junit or github [text]",
         .target = &options.format},
        {.names = "--fail-on",
         .value = "SEVERITY",
         .help = "exit with 1 from note, warning or error on [warning]",
         .target = &options.fail_on},
        {.names = "--ignore",
         .value = "RULE",
         .help = "leave a rule out; may be repeated",
         .target = &options.ignored},
        {.names = "--build-arg",
         .value = "NAME=VALUE",
         .help = "the value of an ARG; may be repeated",
         .target = &options.arguments},
        {.names = "--target",
         .value = "STAGE",
         .help = "the stage that is built [the last one]",
         .target = &options.target},
        {.names = "--platform",
         .value = "PLATFORM",
         .help = "for TARGETARCH and its like [linux/amd64]",
         .target = &options.platform},
        {.names = "--fix",
         .help = "change the file where a rule can be met mechanically",
         .target = &options.fix},
        {.names = "--list-rules", .help = "print all rules", .target = &options.list_rules},
    };
}

} // namespace

Command lint_command() {
    const auto options = std::make_shared<LintCommandOptions>();
    return {
        .details = "Reads a Dockerfile and tells what does not do what was meant: above all what "
                   "cannot work\nin an image without a shell. Fetches nothing and builds nothing. "
                   "A comment\n`# pare ignore=RULE[,RULE]` above an instruction leaves rules out "
                   "for it. Exit status 1:\nthere are findings of --fail-on or worse; 2: the "
                   "Dockerfile cannot be parsed.\n",
        .examples = "pare lint\npare lint build/Dockerfile --fix\n"
                    "pare lint Dockerfile --format sarif\n"
                    "pare lint Dockerfile --ignore base-without-digest --fail-on note",
        .options = lint_arguments(*options),
        .run = [options](Session& session) { return run(*options, session); }};
}

} // namespace pare::cli
