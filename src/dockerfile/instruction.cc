// SPDX-License-Identifier: Apache-2.0
// One reader a keyword. What is refused, and what is not, is BuildKit's choice: an empty CMD is
// good, a HEALTHCHECK without a command is not.
#include "dockerfile/instruction.hh"

#include "dockerfile/flags.hh"
#include "dockerfile/heredoc.hh"
#include "dockerfile/line.hh"
#include "support/error.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <limits>

namespace pare::dockerfile {

namespace {

/// What every reader works on.
struct Request {
    const Instruction& instruction;
    const std::string& file;
    Flags flags;

    [[noreturn]] void refuse(std::string message, std::string hint) const {
        refuse_word(file, instruction.written, std::move(message), std::move(hint));
    }

    [[nodiscard]] const std::string& keyword() const { return instruction.written.text; }

    void needs_words() const {
        if (instruction.words.empty()) {
            refuse(
                fmt::format("{} requires at least one argument", keyword()),
                "say what it is about, or take it away");
        }
    }

    [[nodiscard]] const Word& only_word() const {
        if (instruction.words.size() != 1) {
            refuse(
                fmt::format("{} requires exactly one argument", keyword()),
                fmt::format("write {} VALUE", keyword()));
        }
        return instruction.words.front();
    }
};

CommandLine command_line(const Request& request, std::size_t first = 0) {
    const Instruction& instruction = request.instruction;
    CommandLine command{
        .form = instruction.form, .heredocs = instruction.heredocs, .range = instruction.range};
    command.words.assign(
        instruction.words.begin() + static_cast<std::ptrdiff_t>(first), instruction.words.end());
    return command;
}

bool is_stage_name(std::string_view text) {
    const auto is_small = [](char c) { return c >= 'a' && c <= 'z'; };
    return !text.empty() && is_small(text.front()) &&
           std::all_of(text.begin(), text.end(), [&](char c) {
               return is_small(c) || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
           });
}

Command read_from(const Request& request) {
    const std::vector<Word>& words = request.instruction.words;
    const bool named = words.size() == 3 && to_lower(words[1].text) == "as";
    if (words.size() != 1 && !named) {
        request.refuse(
            "FROM requires either one or three arguments",
            "write FROM IMAGE or FROM IMAGE AS NAME");
    }
    From from{.base = words.front(), .platform = request.flags.find("platform")};
    if (named) {
        from.as = words[1];
        from.name = Word{to_lower(words[2].text), words[2].range};
        if (!is_stage_name(from.name->text)) {
            refuse_word(
                request.file, words[2],
                fmt::format("\"{}\" cannot be the name of a stage", words[2].text),
                "begin with a letter, go on with letters, digits, '-', '_' and '.'");
        }
    }
    return from;
}

std::vector<Pair> read_pairs(const Request& request) {
    request.needs_words();
    const std::vector<Word>& words = request.instruction.words;
    std::vector<Pair> pairs;
    for (std::size_t i = 0; i + 2 < words.size(); i += 3) {
        if (words[i].text.empty()) {
            refuse_word(
                request.file, words[i], fmt::format("{} names can not be blank", request.keyword()),
                "write name=value");
        }
        pairs.push_back({.name = words[i], .value = words[i + 1]});
    }
    return pairs;
}

Command read_arg(const Request& request) {
    request.needs_words();
    Arg arg;
    for (const Word& word : request.instruction.words) {
        const std::size_t equals = word.text.find('=');
        Assignment assignment{.name = {word.text.substr(0, equals), word.range}};
        if (equals != std::string::npos) {
            assignment.value = Word{word.text.substr(equals + 1), word.range};
        }
        if (assignment.name.text.empty()) {
            refuse_word(request.file, word, "ARG names can not be blank", "write name=value");
        }
        arg.arguments.push_back(std::move(assignment));
    }
    return arg;
}

/// BuildKit looks a name up among all here-documents; the last one of that name wins.
Heredoc content_named(const Instruction& instruction, const Heredoc& word) {
    for (auto at = instruction.heredocs.rbegin(); at != instruction.heredocs.rend(); ++at) {
        if (at->name == word.name) {
            return *at;
        }
    }
    return word;
}

Command read_copy(const Request& request) {
    const Instruction& instruction = request.instruction;
    if (instruction.words.size() < 2) {
        request.refuse(
            fmt::format("{} requires at least two arguments", request.keyword()),
            fmt::format("write {} SOURCE DESTINATION", request.keyword()));
    }
    Copy copy{
        .is_add = instruction.keyword == "add",
        .destination = instruction.words.back(),
        .from = request.flags.find("from"),
        .chown = request.flags.find("chown"),
        .chmod = request.flags.find("chmod"),
        .checksum = request.flags.find("checksum"),
        .exclude = request.flags.all("exclude"),
        .link = request.flags.is_true("link"),
        .parents = request.flags.is_true("parents"),
        .keep_git_dir = request.flags.is_true("keep-git-dir"),
        .unpack = request.flags.is_true("unpack")};
    const auto heredoc_in = [&](const Word& word) {
        return instruction.heredocs.empty() ? std::nullopt : parse_heredoc(word.text);
    };
    if (heredoc_in(copy.destination)) {
        refuse_word(
            request.file, copy.destination,
            fmt::format("{} cannot accept a heredoc as a destination", request.keyword()),
            "a here-document is a source; name a path behind it");
    }
    for (std::size_t i = 0; i + 1 < instruction.words.size(); ++i) {
        const Word& word = instruction.words[i];
        if (const auto heredoc = heredoc_in(word)) {
            copy.contents.push_back(content_named(instruction, *heredoc));
        } else {
            copy.sources.push_back(word);
        }
    }
    return copy;
}

void check_flag_value(
    const Request& request, std::string_view flag, const std::vector<std::string>& allowed) {
    const auto value = request.flags.find(flag);
    if (value && std::find(allowed.begin(), allowed.end(), value->text) == allowed.end()) {
        refuse_word(
            request.file, *value, fmt::format("\"{}\" is no value of --{}", value->text, flag),
            "it is " + join(allowed, ", "));
    }
}

Command read_run(const Request& request) {
    check_flag_value(request, "network", {"default", "none", "host"});
    check_flag_value(request, "security", {"sandbox", "insecure"});
    Run run{
        .command = command_line(request),
        .network = request.flags.find("network"),
        .security = request.flags.find("security"),
        .devices = request.flags.all("device")};
    for (const Word& flag : request.flags.all("mount")) {
        run.mounts.push_back(parse_mount(flag, request.file));
    }
    return run;
}

std::chrono::nanoseconds read_duration(const Request& request, std::string_view flag) {
    const auto value = request.flags.find(flag);
    if (!value || value->text.empty()) {
        return std::chrono::nanoseconds(0);
    }
    const auto duration = parse_duration(value->text);
    if (!duration || (duration->count() != 0 && *duration < std::chrono::milliseconds(1))) {
        refuse_word(
            request.file, *value, fmt::format("\"{}\" is no duration of 1ms or more", value->text),
            "write it like 30s, 1m30s or 500ms");
    }
    return *duration;
}

std::uint32_t read_retries(const Request& request) {
    const auto value = request.flags.find("retries");
    if (!value || value->text.empty()) {
        return 0;
    }
    const auto number = parse_number(value->text);
    if (!number || *number > std::numeric_limits<std::int32_t>::max()) {
        refuse_word(
            request.file, *value, fmt::format("\"{}\" is no number of retries", value->text),
            "write a number from 0 on");
    }
    return static_cast<std::uint32_t>(*number);
}

Command read_health_check(const Request& request) {
    request.needs_words();
    const std::vector<Word>& words = request.instruction.words;
    const std::string type = to_lower(words.front().text);
    if (type == "none") {
        if (words.size() != 1) {
            request.refuse("HEALTHCHECK NONE takes no arguments", "take them away");
        }
        return HealthCheck{.none = true};
    }
    if (type != "cmd") {
        refuse_word(
            request.file, words.front(),
            fmt::format("HEALTHCHECK has no type \"{}\"", words.front().text),
            "write HEALTHCHECK CMD or HEALTHCHECK NONE");
    }
    if (words.size() == 1) {
        request.refuse("HEALTHCHECK CMD has no command", "write the command behind CMD");
    }
    return HealthCheck{
        .command = command_line(request, 1),
        .interval = read_duration(request, "interval"),
        .timeout = read_duration(request, "timeout"),
        .start_period = read_duration(request, "start-period"),
        .start_interval = read_duration(request, "start-interval"),
        .retries = read_retries(request)};
}

Command read_volume(const Request& request) {
    request.needs_words();
    for (const Word& word : request.instruction.words) {
        if (trim_both(word.text).empty()) {
            request.refuse("a path of VOLUME is empty", "name a directory");
        }
    }
    return Volume{request.instruction.words};
}

Command read_shell(const Request& request) {
    request.needs_words();
    if (request.instruction.form != Form::json) {
        request.refuse(
            "SHELL requires the arguments to be in JSON form",
            "write it like SHELL [\"/bin/sh\", \"-c\"]");
    }
    return Shell{request.instruction.words};
}

Command read_onbuild(const Request& request) {
    const std::vector<Instruction>& trigger = request.instruction.trigger;
    if (trigger.empty()) {
        request.refuse("ONBUILD requires at least one argument", "write an instruction behind it");
    }
    const std::string& keyword = trigger.front().keyword;
    if (keyword == "from" || keyword == "maintainer") {
        refuse_word(
            request.file, trigger.front().written,
            fmt::format("{} isn't allowed as an ONBUILD trigger", trigger.front().written.text),
            "take the line away");
    }
    return OnBuild{&trigger.front()};
}

bool is_legacy(const Instruction& instruction) {
    return instruction.words.size() == 3 && instruction.words[2].text.empty();
}

Command read_cmd(const Request& request) {
    return Cmd{command_line(request)};
}

Command read_entrypoint(const Request& request) {
    return Entrypoint{command_line(request)};
}

Command read_env(const Request& request) {
    return Env{.variables = read_pairs(request), .legacy = is_legacy(request.instruction)};
}

Command read_label(const Request& request) {
    return Label{.labels = read_pairs(request), .legacy = is_legacy(request.instruction)};
}

Command read_expose(const Request& request) {
    request.needs_words();
    return Expose{request.instruction.words};
}

Command read_user(const Request& request) {
    return User{request.only_word()};
}

Command read_workdir(const Request& request) {
    return Workdir{request.only_word()};
}

Command read_stop_signal(const Request& request) {
    return StopSignal{request.only_word()};
}

Command read_maintainer(const Request& request) {
    return Maintainer{request.only_word()};
}

struct Reader {
    std::string_view keyword;
    Command (*read)(const Request&);
};

constexpr std::array kReaders = {
    Reader{"add", read_copy},
    Reader{"arg", read_arg},
    Reader{"cmd", read_cmd},
    Reader{"copy", read_copy},
    Reader{"entrypoint", read_entrypoint},
    Reader{"env", read_env},
    Reader{"expose", read_expose},
    Reader{"from", read_from},
    Reader{"healthcheck", read_health_check},
    Reader{"label", read_label},
    Reader{"maintainer", read_maintainer},
    Reader{"onbuild", read_onbuild},
    Reader{"run", read_run},
    Reader{"shell", read_shell},
    Reader{"stopsignal", read_stop_signal},
    Reader{"user", read_user},
    Reader{"volume", read_volume},
    Reader{"workdir", read_workdir},
};

[[noreturn]] void refuse_unknown(const Instruction& instruction, const std::string& file) {
    constexpr std::size_t kShown = 40;
    std::vector<std::string> names;
    names.reserve(kReaders.size());
    for (const Reader& row : kReaders) {
        names.emplace_back(row.keyword);
    }
    const std::string word = instruction.keyword.substr(0, kShown);
    const auto close = nearest(word, names);
    refuse_word(
        file, instruction.written,
        fmt::format("there is no instruction {}", instruction.written.text.substr(0, kShown)),
        close ? fmt::format("did you mean {}?", *close)
              : "a line that goes on needs a backslash at the end of the line before");
}

} // namespace

Command read_command(const Instruction& instruction, const std::string& file) {
    const auto reader = std::find_if(kReaders.begin(), kReaders.end(), [&](const Reader& row) {
        return row.keyword == instruction.keyword;
    });
    if (reader == kReaders.end()) {
        refuse_unknown(instruction, file);
    }
    return reader->read({instruction, file, Flags(instruction, file)});
}

} // namespace pare::dockerfile
