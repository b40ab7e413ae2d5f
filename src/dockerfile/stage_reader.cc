// SPDX-License-Identifier: Apache-2.0
// Expanded are the words of ADD, COPY, ENV, LABEL, EXPOSE, USER, VOLUME, WORKDIR, STOPSIGNAL, the
// defaults of ARG and the mounts of RUN; commands are left to the shell, or to nobody. All words of
// one line see the variables as they were before it. An ENTRYPOINT makes the CMD of a parent void.
#include "dockerfile/stage_reader.hh"

#include "support/error.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace pare::dockerfile {

namespace {

/// `path` below `directory`, without `.`, `..` and doubled slashes; a slash at its end stays.
std::string join_path(const std::string& directory, const std::string& path) {
    const std::string whole = path.starts_with('/') ? path : directory + "/" + path;
    std::vector<std::string> parts;
    for (const std::string_view part : split(whole, '/')) {
        if (part == ".." && !parts.empty()) {
            parts.pop_back();
        } else if (!part.empty() && part != "." && part != "..") {
            parts.emplace_back(part);
        }
    }
    const bool is_directory = path.empty() || path.ends_with('/') || path == "." ||
                              path.ends_with("/.") || path.ends_with("..");
    return "/" + join(parts, "/") + (is_directory && !parts.empty() ? "/" : "");
}

bool is_port_number(std::string_view text) {
    const auto number = parse_number(text);
    return number && *number < 65'536;
}

} // namespace

StageReader::StageReader(
    const Document& document, const BuildOptions& options, const Build& build, Stage& stage,
    Budget& budget)
    : document_(document), options_(options), build_(build), stage_(stage),
      scope_(document, budget) {
    for (const auto& [name, value] : stage.arguments) {
        scope_.set_argument(name, value);
    }
    for (const auto& [name, value] : stage.config.environment) {
        scope_.set_environment(name, value);
    }
}

void StageReader::read(const Instruction& instruction) {
    Step step{.instruction = &instruction, .command = read_command(instruction, document_.name)};
    std::visit([&](auto& command) { apply(command, step.unset); }, step.command);
    stage_.steps.push_back(std::move(step));
}

const std::string* StageReader::given_argument(const std::string& name) const {
    const auto given = options_.arguments.find(name);
    if (given != options_.arguments.end()) {
        return &given->second;
    }
    const auto global = build_.global_arguments.find(name);
    return global != build_.global_arguments.end() ? &global->second : nullptr;
}

void StageReader::apply(Arg& arg, std::vector<Use>& unset) {
    for (Assignment& argument : arg.arguments) {
        scope_.expand_word(argument.name, unset);
        if (argument.value) {
            scope_.expand_word(*argument.value, unset);
        }
    }
    for (const Assignment& argument : arg.arguments) {
        const std::string& name = argument.name.text;
        const std::string* value = given_argument(name);
        if (argument.value && !options_.arguments.contains(name)) {
            value = &argument.value->text;
        }
        if (value != nullptr) {
            stage_.arguments[name] = *value;
            scope_.set_argument(name, *value);
        }
    }
}

void StageReader::apply(Env& env, std::vector<Use>& unset) {
    for (Pair& variable : env.variables) {
        scope_.expand_word(variable.name, unset);
        scope_.expand_word(variable.value, unset);
    }
    for (const Pair& variable : env.variables) {
        stage_.config.environment[variable.name.text] = variable.value.text;
        scope_.set_environment(variable.name.text, variable.value.text);
    }
}

void StageReader::apply(Label& label, std::vector<Use>& unset) {
    for (Pair& pair : label.labels) {
        scope_.expand_word(pair.name, unset);
        scope_.expand_word(pair.value, unset);
        stage_.config.labels[pair.name.text] = pair.value.text;
    }
}

void StageReader::apply(Copy& copy, std::vector<Use>& unset) {
    for (Word& source : copy.sources) {
        scope_.expand_word(source, unset);
    }
    for (Word& pattern : copy.exclude) {
        scope_.expand_word(pattern, unset);
    }
    for (std::optional<Word>* flag : {&copy.chown, &copy.chmod, &copy.checksum}) {
        if (*flag) {
            scope_.expand_word(**flag, unset);
        }
    }
    scope_.expand_word(copy.destination, unset);
    const std::string& directory = stage_.config.workdir;
    if (directory.starts_with('/') || copy.destination.text.starts_with('/')) {
        copy.destination.text = join_path(directory, copy.destination.text);
    }
}

void StageReader::apply(Run& run, std::vector<Use>& unset) {
    for (Mount& mount : run.mounts) {
        for (std::string* field : {&mount.source, &mount.target, &mount.id}) {
            Word word{*field, run.command.range};
            scope_.expand_word(word, unset);
            *field = std::move(word.text);
        }
    }
}

void StageReader::apply(Cmd& cmd, std::vector<Use>& /*unset*/) {
    stage_.config.command = cmd.command;
    has_command_ = true;
}

void StageReader::apply(Entrypoint& entrypoint, std::vector<Use>& /*unset*/) {
    stage_.config.entrypoint = entrypoint.command;
    if (!has_command_) {
        stage_.config.command.reset();
    }
}

void StageReader::apply(HealthCheck& check, std::vector<Use>& /*unset*/) {
    stage_.config.health_check = check;
}

void StageReader::apply(Expose& expose, std::vector<Use>& unset) {
    std::vector<Word> ports;
    for (const Word& port : expose.ports) {
        for (Word& word : scope_.expand_words(port, unset)) {
            check_port(word);
            ports.push_back(std::move(word));
        }
    }
    expose.ports = ports;
    stage_.config.ports.insert(stage_.config.ports.end(), ports.begin(), ports.end());
}

/// `80`, `80/tcp`, `8000-8010/udp`; `127.0.0.1:80:80` is for docker run, but taken.
void StageReader::check_port(const Word& port) const {
    const std::string_view text = port.text;
    const std::size_t slash = text.find('/');
    std::string_view numbers = text.substr(0, slash);
    const std::size_t colon = numbers.rfind(':');
    numbers.remove_prefix(colon == std::string_view::npos ? 0 : colon + 1);
    const std::size_t dash = numbers.find('-');
    const bool good = is_port_number(numbers.substr(0, dash)) &&
                      (dash == std::string_view::npos || is_port_number(numbers.substr(dash + 1)));
    const std::string_view protocol =
        slash == std::string_view::npos ? "tcp" : text.substr(slash + 1);
    constexpr std::array<std::string_view, 6> kProtocols = {"tcp", "udp", "sctp",
                                                            "TCP", "UDP", "SCTP"};
    if (!good || std::find(kProtocols.begin(), kProtocols.end(), protocol) == kProtocols.end()) {
        Error error(
            ErrorKind::definition, fmt::format("\"{}\" is no port", port.text),
            "write a number up to 65535, as in 8080, 8080/udp or 8080-8090");
        error.at({document_.name, port.range.begin.line, port.range.begin.column});
        throw error;
    }
}

void StageReader::apply(User& user, std::vector<Use>& unset) {
    scope_.expand_word(user.user, unset);
    stage_.config.user = user.user;
}

void StageReader::apply(Workdir& workdir, std::vector<Use>& unset) {
    scope_.expand_word(workdir.path, unset);
    std::string& current = stage_.config.workdir;
    const std::string& path = workdir.path.text;
    if (path.starts_with('/') || current.starts_with('/')) {
        current = join_path(current, path);
        if (current.size() > 1 && current.ends_with('/')) {
            current.pop_back();
        }
    } else if (!path.empty()) {
        current += (current.empty() ? "" : "/") + path;
    }
}

void StageReader::apply(Volume& volume, std::vector<Use>& unset) {
    for (Word& path : volume.paths) {
        scope_.expand_word(path, unset);
        stage_.config.volumes.push_back(path);
    }
}

void StageReader::apply(StopSignal& signal, std::vector<Use>& unset) {
    scope_.expand_word(signal.signal, unset);
    stage_.config.stop_signal = signal.signal;
}

void StageReader::apply(Shell& shell, std::vector<Use>& /*unset*/) {
    stage_.config.shell.clear();
    for (const Word& word : shell.words) {
        stage_.config.shell.push_back(word.text);
    }
}

void StageReader::apply(OnBuild& onbuild, std::vector<Use>& /*unset*/) {
    stage_.triggers.push_back(onbuild.trigger);
}

void StageReader::apply(Maintainer& /*maintainer*/, std::vector<Use>& /*unset*/) {}

void StageReader::apply(From& from, std::vector<Use>& /*unset*/) {
    ensure(from.base.text.empty(), "FROM begins a stage and is not read inside of one");
}

} // namespace pare::dockerfile
