// SPDX-License-Identifier: Apache-2.0
// What an instruction says, by its kind. Words keep quotes and variables; model.hh expands them.
#pragma once

#include "dockerfile/document.hh"
#include "dockerfile/mount.hh"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace pare::dockerfile {

/// `name=value`, or `name` alone.
struct Assignment {
    Word name{};
    std::optional<Word> value{};
};

/// `name=value`.
struct Pair {
    Word name{};
    Word value{};
};

/// A command: words to execute in JSON form, else one text for a shell.
struct CommandLine {
    Form form = Form::plain;
    std::vector<Word> words{};
    std::vector<Heredoc> heredocs{};
    Range range{}; ///< of the whole instruction
};

struct From {
    Word base{};
    std::optional<Word> name{}; ///< in lower case
    std::optional<Word> as{};   ///< the word AS, as written
    std::optional<Word> platform{};
};

struct Arg {
    std::vector<Assignment> arguments{};
};

struct Env {
    std::vector<Pair> variables{};
    bool legacy = false; ///< `ENV name value`
};

struct Label {
    std::vector<Pair> labels{};
    bool legacy = false;
};

/// COPY and ADD.
struct Copy {
    bool is_add = false;
    std::vector<Word> sources{}; ///< without here-documents
    std::vector<Heredoc> contents{};
    Word destination{};
    std::optional<Word> from{};
    std::optional<Word> chown{};
    std::optional<Word> chmod{};
    std::optional<Word> checksum{};
    std::vector<Word> exclude{};
    bool link = false;
    bool parents = false;
    bool keep_git_dir = false;
    bool unpack = false;
};

struct Run {
    CommandLine command{};
    std::vector<Mount> mounts{};
    std::optional<Word> network{};
    std::optional<Word> security{};
    std::vector<Word> devices{};
};

struct Cmd {
    CommandLine command{};
};

struct Entrypoint {
    CommandLine command{};
};

struct HealthCheck {
    bool none = false;
    CommandLine command{};
    std::chrono::nanoseconds interval{}; ///< 0: the default
    std::chrono::nanoseconds timeout{};
    std::chrono::nanoseconds start_period{};
    std::chrono::nanoseconds start_interval{};
    std::uint32_t retries = 0;
};

struct Expose {
    std::vector<Word> ports{};
};

struct User {
    Word user{};
};

struct Workdir {
    Word path{};
};

struct Volume {
    std::vector<Word> paths{};
};

struct StopSignal {
    Word signal{};
};

struct Shell {
    std::vector<Word> words{};
};

struct OnBuild {
    const Instruction* trigger = nullptr; ///< of the document
};

struct Maintainer {
    Word name{};
};

using Command = std::variant<
    From, Arg, Env, Label, Copy, Run, Cmd, Entrypoint, HealthCheck, Expose, User, Workdir, Volume,
    StopSignal, Shell, OnBuild, Maintainer>;

/// Throws ErrorKind::definition, with its place in `file`, for everything that BuildKit refuses:
/// an instruction or a flag that does not exist, a wrong number of words, a wrong duration.
/// `instruction` must outlive the result.
[[nodiscard]] Command read_command(const Instruction& instruction, const std::string& file);

/// `1m30s`, `1.5h`, `300ms` as Go writes durations; nothing when it is none.
[[nodiscard]] std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text);

} // namespace pare::dockerfile
