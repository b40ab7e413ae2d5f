// SPDX-License-Identifier: Apache-2.0
#include "support/run_command.hh"

#include "support/files.hh"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>

namespace pare::test {

namespace {

[[noreturn]] void become(std::vector<char*>& arguments, const CommandOptions& options, int output) {
    ::dup2(output, STDOUT_FILENO);
    ::dup2(output, STDERR_FILENO);
    for (const auto& [name, value] : options.environment) {
        ::setenv(name.c_str(), value.c_str(), 1);
    }
    if (options.directory.empty() || ::chdir(options.directory.c_str()) == 0) {
        ::execvp(arguments.front(), arguments.data());
    }
    ::_exit(127);
}

} // namespace

CommandResult
run_command(const std::vector<std::string>& arguments, const CommandOptions& options) {
    std::vector<char*> pointers;
    for (const std::string& argument : arguments) {
        pointers.push_back(const_cast<char*>(argument.c_str()));
    }
    pointers.push_back(nullptr);
    std::array<int, 2> ends{};
    ensure(::pipe(ends.data()) == 0, "a pipe can be made");
    const pid_t child = ::fork();
    if (child == 0) {
        become(pointers, options, ends[1]);
    }
    ::close(ends[1]);
    const Descriptor reading(ends[0]);
    CommandResult result;
    std::array<char, 4096> buffer{};
    while (true) {
        const ssize_t count = ::read(reading.number(), buffer.data(), buffer.size());
        if (count == 0 || (count < 0 && errno != EINTR)) {
            break;
        }
        result.output.append(buffer.data(), count < 0 ? 0 : static_cast<std::size_t>(count));
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    result.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return result;
}

bool has_program(const std::string& name) {
    return run_command({"sh", "-c", "command -v \"$0\"", name}).status == 0;
}

std::filesystem::path find_fixture(const std::string& name) {
    const char* chosen = std::getenv("PARE_FIXTURES");
    // The compiler may have been given a relative name of this file.
    const char* source = std::getenv("PARE_SOURCE");
    const auto sources = source != nullptr
                             ? std::filesystem::path(source)
                             : std::filesystem::path(__FILE__).parent_path() / ".." / "..";
    const auto root =
        chosen != nullptr ? std::filesystem::path(chosen) : sources / ".." / "shared" / "fixtures";
    return std::filesystem::exists(root / name) ? root / name : std::filesystem::path();
}

} // namespace pare::test
