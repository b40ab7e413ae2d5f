// SPDX-License-Identifier: Apache-2.0
// The misbehaving HTTP server as a program, for tests in shell:
//
//   fault_server --directory DIR [--port-file FILE] [--log FILE] [--seconds N]
//                [--fault 'PATH-GLOB key=value ...']...
//
//   --directory DIR   serve the files below DIR
//   --port-file FILE  the port, as a line; appears whole, as soon as the server listens
//   --log FILE        a line a request, when it has been answered:
//                     METHOD TARGET STATUS BODY-BYTES CONNECTION
//   --seconds N       exit after so long (default 600)
//   --fault ...       as parse_fault() in fault_answer.hh says; first match wins:
//       '**/Packages.gz status=503 times=2 retry-after=1'   fails twice
//       '/pool/** cut=1000 times=1'     closes the connection after 1000 bytes of the body
//       '/a cut-upload=9'               closes the connection after 9 bytes of the request's body
//       '/a stall=10'                   sends 10 bytes and then nothing
//       '/a length=99'                  Content-Length: 99
//       '/a flip=5'                     inverts the byte at offset 5
//       '/a redirect=http://other/b', '/a auth=user:password', '/a delay=500' (milliseconds)
//       '/a drop', '/a ignore-range', '/a no-tag', '/a chunked', '/a content-range=...', skip=N
//
// A path begins with '/'; `*` matches within a component, `**` anything. Without --port-file the
// port goes to stdout. The program ends by itself: after --seconds, when its parent ends, or when
// stdin is a pipe and its other end is closed. (A shell gives a background job /dev/null as stdin;
// that is no pipe and does not end it.)
//
//   fault_server --directory repo --port-file port & server=$!
//   until [ -s port ]; do sleep 0.05; done
#include "support/fault_server.hh"
#include "support/text.hh"

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

namespace {

using namespace pare;

constexpr int kTickMs = 200;

struct Arguments {
    std::filesystem::path directory{};
    std::filesystem::path port_file{};
    std::filesystem::path log{};
    std::uint64_t seconds = 600;
    std::vector<test::Fault> faults{};
};

Arguments parse(const std::vector<std::string>& words) {
    Arguments arguments;
    for (std::size_t i = 0; i < words.size(); i += 2) {
        const std::string& option = words[i];
        if (i + 1 == words.size()) {
            throw Error(ErrorKind::usage, fmt::format("{} needs a value", option));
        }
        const std::string& value = words[i + 1];
        if (option == "--directory") {
            arguments.directory = value;
        } else if (option == "--port-file") {
            arguments.port_file = value;
        } else if (option == "--log") {
            arguments.log = value;
        } else if (option == "--fault") {
            arguments.faults.push_back(test::parse_fault(value));
        } else if (option == "--seconds" && parse_number(value)) {
            arguments.seconds = *parse_number(value);
        } else {
            throw Error(ErrorKind::usage, fmt::format("unknown option: {} {}", option, value));
        }
    }
    return arguments;
}

bool stdin_is_pipe() {
    struct stat status{};
    return ::fstat(STDIN_FILENO, &status) == 0 &&
           (S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode));
}

/// Returns when there is no reason to live any more.
void wait_for_the_end(std::uint64_t seconds, pid_t parent) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
    const bool watch_stdin = stdin_is_pipe();
    while (std::chrono::steady_clock::now() < end && ::getppid() == parent) {
        pollfd input{.fd = watch_stdin ? STDIN_FILENO : -1, .events = POLLIN, .revents = 0};
        if (::poll(&input, 1, kTickMs) > 0) {
            std::array<char, 4096> ignored{};
            if (::read(STDIN_FILENO, ignored.data(), ignored.size()) <= 0) {
                return;
            }
        }
    }
}

void run(const Arguments& arguments, pid_t parent) {
    Descriptor log;
    test::FaultServer server(arguments.directory);
    for (const test::Fault& fault : arguments.faults) {
        server.add(fault);
    }
    if (!arguments.log.empty()) {
        log = Descriptor(
            ::open(arguments.log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666));
        server.on_request([&log](const test::SeenRequest& request) {
            const std::string line = fmt::format(
                "{} {} {} {} {}\n", request.method, request.target, request.status,
                request.body_sent, request.connection);
            if (::write(log.number(), line.data(), line.size()) < 0) {
                std::perror("fault_server: log");
            }
        });
    }
    const std::string port = fmt::format("{}\n", server.port());
    if (arguments.port_file.empty()) {
        std::fputs(port.c_str(), stdout);
        std::fflush(stdout);
    } else {
        write_file(arguments.port_file, port);
    }
    wait_for_the_end(arguments.seconds, parent);
}

} // namespace

int main(int argc, char** argv) {
    const pid_t parent = ::getppid();
    try {
        run(parse(std::vector<std::string>(argv + 1, argv + argc)), parent);
        return 0;
    } catch (const Error& error) {
        std::fprintf(stderr, "fault_server: %s\n", error.what());
        return error.kind() == ErrorKind::usage ? 2 : 1;
    }
}
