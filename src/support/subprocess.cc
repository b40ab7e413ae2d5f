// SPDX-License-Identifier: Apache-2.0
// posix_spawn(3) instead of fork(2): the program has threads, and a child of it may do next to
// nothing before it becomes another program.
#include "support/subprocess.hh"

#include "support/error.hh"
#include "support/files.hh"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <string_view>
#include <utility>

namespace pare {

namespace {

struct Pipe {
    Descriptor reading{};
    Descriptor writing{};
};

Pipe make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        throw_errno(errno, "make", "a pipe");
    }
    return {Descriptor(ends[0]), Descriptor(ends[1])};
}

/// Text in the form that the kernel wants: pointers, and a null one at the end. The strings stay
/// where they are.
std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    pointers.reserve(texts.size() + 1);
    for (std::string& text : texts) {
        pointers.push_back(text.data());
    }
    pointers.push_back(nullptr);
    return pointers;
}

std::vector<std::string> environment_without(const std::vector<std::string>& names) {
    std::vector<std::string> variables;
    for (char** variable = environ; *variable != nullptr; ++variable) {
        const std::string_view text = *variable;
        const std::string_view name = text.substr(0, text.find('='));
        if (std::ranges::find(names, name) == names.end()) {
            variables.emplace_back(text);
        }
    }
    return variables;
}

/// Where the child's standard streams and its directory are set.
class FileActions {
public:
    FileActions(const Pipe& output, const Pipe& errors, const std::filesystem::path& directory) {
        ::posix_spawn_file_actions_init(&actions_);
        ::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        ::posix_spawn_file_actions_adddup2(&actions_, output.writing.number(), STDOUT_FILENO);
        ::posix_spawn_file_actions_adddup2(&actions_, errors.writing.number(), STDERR_FILENO);
        if (!directory.empty()) {
            ::posix_spawn_file_actions_addchdir_np(&actions_, directory.c_str());
        }
    }

    FileActions(const FileActions&) = delete;
    FileActions& operator=(const FileActions&) = delete;

    ~FileActions() { ::posix_spawn_file_actions_destroy(&actions_); }

    [[nodiscard]] const posix_spawn_file_actions_t* get() const { return &actions_; }

private:
    posix_spawn_file_actions_t actions_{};
};

/// The signals that we block or ignore mean to the child what they mean to everybody.
class Attributes {
public:
    Attributes() {
        ::posix_spawnattr_init(&attributes_);
        sigset_t signals;
        ::sigemptyset(&signals);
        ::posix_spawnattr_setsigmask(&attributes_, &signals);
        ::sigaddset(&signals, SIGPIPE);
        ::posix_spawnattr_setsigdefault(&attributes_, &signals);
        ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    }

    Attributes(const Attributes&) = delete;
    Attributes& operator=(const Attributes&) = delete;

    ~Attributes() { ::posix_spawnattr_destroy(&attributes_); }

    [[nodiscard]] const posix_spawnattr_t* get() const { return &attributes_; }

private:
    posix_spawnattr_t attributes_{};
};

/// Reads what is there; false at the end. What is too much is read and dropped, so that the child
/// does not wait for us.
bool read_some(const Descriptor& from, Bytes& to, std::size_t most) {
    std::array<char, 4096> buffer{};
    const ssize_t count = ::read(from.number(), buffer.data(), buffer.size());
    if (count <= 0) {
        return count < 0 && errno == EINTR;
    }
    to.append(
        buffer.data(),
        std::min<std::size_t>(static_cast<std::size_t>(count), most - std::min(most, to.size())));
    return true;
}

void read_both(
    const Descriptor& output, const Descriptor& errors, std::size_t most,
    SubprocessResult& result) {
    std::array<pollfd, 2> watched = {
        pollfd{.fd = output.number(), .events = POLLIN, .revents = 0},
        pollfd{.fd = errors.number(), .events = POLLIN, .revents = 0}};
    while (watched[0].fd >= 0 || watched[1].fd >= 0) {
        if (::poll(watched.data(), watched.size(), /*timeout=*/-1) < 0) {
            if (errno == EINTR) {
                continue;
            }
            throw_errno(errno, "read", "what a program prints");
        }
        if (watched[0].revents != 0 && !read_some(output, result.output, most)) {
            watched[0].fd = -1;
        }
        if (watched[1].revents != 0 && !read_some(errors, result.errors, most)) {
            watched[1].fd = -1;
        }
    }
}

int wait_for(pid_t child) {
    int status = 0;
    while (::waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) {
            throw_errno(errno, "wait for", "a program");
        }
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

} // namespace

SubprocessResult
run_subprocess(const std::vector<std::string>& arguments, const SubprocessOptions& options) {
    ensure(!arguments.empty(), "there is a program to run");
    std::vector<std::string> words = arguments;
    std::vector<std::string> variables = environment_without(options.without);
    Pipe output = make_pipe();
    Pipe errors = make_pipe();
    const FileActions actions(output, errors, options.directory);
    const Attributes attributes;
    pid_t child = 0;
    const int problem = ::posix_spawn(
        &child, words.front().c_str(), actions.get(), attributes.get(), pointers_to(words).data(),
        pointers_to(variables).data());
    if (problem != 0) {
        throw_errno(problem, "run", words.front());
    }
    output.writing = Descriptor();
    errors.writing = Descriptor();
    SubprocessResult result;
    read_both(output.reading, errors.reading, options.most_output, result);
    result.status = wait_for(child);
    return result;
}

} // namespace pare
