// SPDX-License-Identifier: Apache-2.0
// Credential helpers are programs (docker-credential-helpers, "Development"): the verb is their
// argument, the server or the credentials come on standard input, the answer goes to standard
// output, and so do errors, with status 1. Nothing of what is written or read is ever shown but
// their errors. Refused: names that are more than a name, answers over 64 KiB.
#include "registry/credentials.hh"
#include "support/files.hh"
#include "support/text.hh"

#include <fcntl.h>
#include <fmt/core.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

extern char** environ;

namespace pare::registry {

namespace {

constexpr std::size_t kMaxAnswer = 65'536;

bool is_plain_name(const std::string& name) {
    return !name.empty() && name.front() != '-' &&
           std::all_of(name.begin(), name.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '-' || c == '_' || c == '.';
           });
}

/// Our end and the program's end of its standard input and output.
std::pair<Descriptor, Descriptor> make_channel() {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        throw_errno(errno, "make", "a socket");
    }
    return {Descriptor(ends[0]), Descriptor(ends[1])};
}

pid_t start(const std::string& program, const std::string& verb, int channel) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, channel, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, channel, STDOUT_FILENO);
    // The signals that this program leaves to one thread are not to be blocked in another program.
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    std::string name = program;
    std::string argument = verb;
    std::array<char*, 3> arguments = {name.data(), argument.data(), nullptr};
    pid_t child = 0;
    const int problem =
        ::posix_spawnp(&child, name.c_str(), &actions, &attributes, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    if (problem != 0) {
        throw_errno(problem, "run", program);
    }
    return child;
}

std::string read_answer(int channel, const std::string& program) {
    std::string answer;
    std::array<char, 4096> piece{};
    while (true) {
        const ssize_t count = ::recv(channel, piece.data(), piece.size(), 0);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            return answer;
        }
        answer.append(piece.data(), static_cast<std::size_t>(count));
        if (answer.size() > kMaxAnswer) {
            throw Error(
                ErrorKind::refused,
                fmt::format("{} answers with more than {} bytes", program, kMaxAnswer));
        }
    }
}

void write_input(int channel, std::string_view input) {
    while (!input.empty()) {
        const ssize_t count = ::send(channel, input.data(), input.size(), MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            break;
        }
        input.remove_prefix(static_cast<std::size_t>(count));
    }
    ::shutdown(channel, SHUT_WR);
}

int wait_for(pid_t child) {
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

} // namespace

std::string run_helper(const std::string& name, const std::string& verb, const std::string& input) {
    if (!is_plain_name(name)) {
        throw Error(
            ErrorKind::environment, fmt::format("\"{}\" is not the name of a helper", name),
            "correct credsStore and credHelpers in the file of the credentials");
    }
    const std::string program = "docker-credential-" + name;
    auto [ours, theirs] = make_channel();
    const pid_t child = start(program, verb, theirs.number());
    theirs = Descriptor();
    std::string answer;
    std::exception_ptr problem;
    try {
        write_input(ours.number(), input);
        answer = read_answer(ours.number(), program);
    } catch (...) {
        problem = std::current_exception();
    }
    ours = Descriptor();
    const int status = wait_for(child);
    if (problem) {
        std::rethrow_exception(problem);
    }
    if (status != 0) {
        throw Error(
            ErrorKind::environment,
            fmt::format("{} {} fails: {}", program, verb, trim(answer).substr(0, 200)));
    }
    return answer;
}

} // namespace pare::registry
