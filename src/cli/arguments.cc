// SPDX-License-Identifier: Apache-2.0
// From words to a command with its options filled. CLI11 splits options from arguments and values;
// it is seen by this file only. The table is walked first, so that only the chosen command's
// options are ever made. Refused, with the nearest name: unknown commands and options.
#include "cli/arguments.hh"

#include "cli/help.hh"
#include "support/error.hh"
#include "support/text.hh"

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <algorithm>
#include <memory>

namespace pare::cli {

namespace {

using Words = std::vector<std::string>;

std::vector<Option> common_options(CommonOptions& common, bool& help) {
    return {
        {.names = "--json", .help = "print the result as JSON", .target = &common.json},
        {.names = "-v,--verbose", .help = "say more; twice: all", .target = &common.verbose},
        {.names = "-q,--quiet",
         .help = "no progress, only warnings and errors",
         .target = &common.quiet},
        {.names = "-h,--help", .help = "show this help", .target = &help},
    };
}

/// One CLI11 option for one of ours.
class Adder {
public:
    Adder(CLI::App& app, const Option& option) : app_(app), option_(option) {}

    CLI::Option* operator()(bool* target) const { return app_.add_flag(name(), *target); }

    CLI::Option* operator()(int* target) const { return app_.add_flag(name(), *target); }

    CLI::Option* operator()(std::vector<std::string>* target) const {
        CLI::Option* added = app_.add_option(name(), *target);
        // An option takes one value each time it is given; arguments take all that are left.
        return is_positional(option_) ? added : added->allow_extra_args(false)->take_all();
    }

    template <typename Value>
    CLI::Option* operator()(Value* target) const {
        return app_.add_option(name(), *target)->take_last();
    }

private:
    [[nodiscard]] const std::string& name() const { return option_.names; }

    CLI::App& app_;
    const Option& option_;
};

Words option_names(const std::vector<Option>& options) {
    Words names;
    for (const Option& option : options) {
        if (!is_positional(option)) {
            for (const std::string_view name : split(option.names, ',')) {
                names.emplace_back(name);
            }
        }
    }
    return names;
}

/// The name that was meant. Wider than nearest(): there are few names, and two letters in the
/// wrong order count as two errors.
std::optional<std::string> find_meant(std::string_view given, const Words& names) {
    const std::size_t tolerance = given.size() < 4 ? 1 : std::max<std::size_t>(2, given.size() / 3);
    const auto best = std::min_element(names.begin(), names.end(), [&](auto& left, auto& right) {
        return edit_distance(given, left) < edit_distance(given, right);
    });
    const bool near = best != names.end() && edit_distance(given, *best) <= tolerance;
    return near ? std::optional(*best) : std::nullopt;
}

[[noreturn]] void throw_unknown_option(
    const std::string& given, std::string_view command, const std::vector<Option>& options) {
    const std::string name = given.substr(0, given.find('='));
    const auto near = find_meant(name, option_names(options));
    throw Error(
        ErrorKind::usage, fmt::format("pare {} has no option {}", command, name),
        near ? fmt::format("did you mean {}?", *near) : fmt::format("see pare {} --help", command));
}

[[noreturn]] void throw_unknown_command(const std::string& given) {
    Words names;
    for (const CommandRow& row : commands()) {
        names.emplace_back(row.name);
        names.emplace_back(row.name.substr(0, row.name.find(' ')));
    }
    const auto near = find_meant(given, names);
    throw Error(
        ErrorKind::usage, fmt::format("there is no command \"{}\"", given),
        near ? fmt::format("did you mean pare {}?", *near) : "see pare --help");
}

bool is_group(std::string_view word) {
    const auto rows = commands();
    return std::any_of(rows.begin(), rows.end(), [&](const CommandRow& row) {
        return row.name.starts_with(word) && row.name.substr(word.size()).starts_with(' ');
    });
}

const CommandRow* find_command(std::string_view name) {
    for (const CommandRow& row : commands()) {
        if (row.name == name) {
            return &row;
        }
    }
    return nullptr;
}

void check_required(const CLI::App& app, const Command& command, std::string_view name) {
    for (const Option& option : command.options) {
        const std::string key(split(option.names, ',').back());
        if (option.need == Need::required && app.get_option(key)->count() == 0) {
            throw Error(
                ErrorKind::usage,
                fmt::format(
                    "pare {} needs {}{}{}", name, key, option.value.empty() ? "" : " ",
                    option.value),
                fmt::format("see pare {} --help", name));
        }
    }
}

void check_extras(const CLI::App& app, std::string_view name, const std::vector<Option>& options) {
    const Words extras = app.remaining();
    for (const std::string& extra : extras) {
        if (extra.starts_with('-') && extra != "-") {
            throw_unknown_option(extra, name, options);
        }
    }
    if (!extras.empty()) {
        throw Error(
            ErrorKind::usage, fmt::format("pare {} does not take \"{}\"", name, extras.front()),
            fmt::format("see pare {} --help", name));
    }
}

/// Reads the words after the command's name.
Invocation parse_command(const CommandRow& row, Words words) {
    Invocation invocation{.command = row.make()};
    bool help = false;
    const std::vector<Option> common = common_options(invocation.common, help);
    std::vector<Option> options = invocation.command.options;
    options.insert(options.end(), common.begin(), common.end());
    CLI::App app;
    app.set_help_flag();
    app.allow_extras();
    for (const Option& option : options) {
        std::visit(Adder(app, option), option.target);
    }
    try {
        std::reverse(words.begin(), words.end());
        app.parse(words);
    } catch (const CLI::ParseError& error) {
        throw Error(
            ErrorKind::usage, fmt::format("pare {}: {}", row.name, error.what()),
            fmt::format("see pare {} --help", row.name));
    }
    if (help) {
        invocation.help = render_help(row.name, invocation.command, common);
        return invocation;
    }
    check_extras(app, row.name, options);
    check_required(app, invocation.command, row.name);
    return invocation;
}

/// `pare`, `pare --help`, `pare show`, `pare show --help`.
Invocation help_for_group(std::string_view group) {
    Invocation invocation;
    invocation.help = group.empty() ? overview()
                                    : fmt::format(
                                          "Usage: pare {} COMMAND [OPTION...]\n\nCommands:\n{}"
                                          "\nSee pare {} COMMAND --help.\n",
                                          group, render_commands(std::string(group) + " "), group);
    return invocation;
}

bool is_help(const std::string& word) {
    return word == "--help" || word == "-h";
}

Invocation parse_group(const std::string& group, Words words) {
    if (words.empty()) {
        throw Error(
            ErrorKind::usage, fmt::format("pare {} needs to know what", group),
            fmt::format("see pare {} --help", group));
    }
    if (is_help(words.front())) {
        return help_for_group(group);
    }
    const std::string name = group + " " + words.front();
    const CommandRow* row = find_command(name);
    if (row == nullptr) {
        throw_unknown_command(name);
    }
    words.erase(words.begin());
    return parse_command(*row, std::move(words));
}

} // namespace

std::string overview() {
    return fmt::format(
        "Usage: pare COMMAND [OPTION...]\n\n"
        "Builds container images that hold a program, what it needs to run, and nothing else.\n\n"
        "Commands:\n{}\n"
        "See pare COMMAND --help for options and examples.\n",
        render_commands(""));
}

Invocation parse_arguments(const std::vector<std::string>& arguments) {
    Words words = arguments;
    if (!words.empty() && words.front() == "help") {
        words.erase(words.begin());
        words.emplace_back("--help");
    }
    if (words.empty()) {
        throw Error(ErrorKind::usage, "no command is given", "see pare --help");
    }
    std::string first = words.front();
    if (is_help(first)) {
        return help_for_group("");
    }
    if (first == "--version" || first == "-V") {
        first = "version";
    }
    words.erase(words.begin());
    if (first.starts_with('-')) {
        throw Error(
            ErrorKind::usage, fmt::format("the option {} stands before a command", first),
            "options come after the command: pare COMMAND [OPTION...]");
    }
    if (const CommandRow* row = find_command(first)) {
        return parse_command(*row, std::move(words));
    }
    if (is_group(first)) {
        return parse_group(first, std::move(words));
    }
    throw_unknown_command(first);
}

} // namespace pare::cli
