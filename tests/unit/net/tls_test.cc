// SPDX-License-Identifier: Apache-2.0
// Against a TLS server that we did not write: openssl s_server.
#include "net_fixture.hh"
#include "support/run_command.hh"
#include "support/text.hh"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <thread>

using namespace pare;
using namespace pare::net;
using namespace pare::net::test;
using pare::test::run_command;

namespace {

/// Serves the files of a directory over TLS, each as a whole answer with its head, with a
/// certificate for `localhost` that only `cert.pem` in that directory vouches for.
class TlsServer {
public:
    explicit TlsServer(const std::filesystem::path& directory) {
        const pare::test::CommandOptions here{.directory = directory};
        const auto made = run_command(
            {"openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem",
             "-out", "cert.pem", "-days", "2", "-subj", "/CN=localhost", "-addext",
             "subjectAltName=DNS:localhost"},
            here);
        REQUIRE(made.status == 0);
        pid_ = ::fork();
        if (pid_ == 0) {
            become_server(directory);
        }
        port_ = wait_for_port(directory / "log");
    }

    TlsServer(const TlsServer&) = delete;
    TlsServer& operator=(const TlsServer&) = delete;

    ~TlsServer() {
        ::kill(pid_, SIGTERM);
        ::waitpid(pid_, nullptr, 0);
    }

    [[nodiscard]] std::string url(std::string_view host, std::string_view path) const {
        return fmt::format("https://{}:{}{}", host, port_, path);
    }

private:
    [[noreturn]] static void become_server(const std::filesystem::path& directory) {
        // Should this program be killed, the server ends by itself.
        const int log = ::open((directory / "log").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        if (::dup2(log, STDOUT_FILENO) >= 0 && ::dup2(log, STDERR_FILENO) >= 0 &&
            ::chdir(directory.c_str()) == 0) {
            ::execlp(
                "timeout", "timeout", "60", "openssl", "s_server", "-accept", "127.0.0.1:0", "-key",
                "key.pem", "-cert", "cert.pem", "-HTTP", nullptr);
        }
        ::_exit(127);
    }

    static std::string wait_for_port(const std::filesystem::path& log) {
        constexpr std::string_view kMark = "ACCEPT 127.0.0.1:";
        for (int i = 0; i < 3000; ++i) {
            const Bytes text = std::filesystem::exists(log) ? read_file(log) : Bytes();
            const std::size_t at = text.find(kMark);
            const std::size_t end = text.find('\n', std::min(at, text.size()));
            if (end != Bytes::npos) {
                const std::size_t begin = at + kMark.size();
                return std::string(trim(text.substr(begin, end - begin)));
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
        FAIL("openssl s_server does not start");
        return {};
    }

    pid_t pid_ = 0;
    std::string port_{};
};

} // namespace

TEST_CASE_FIXTURE(
    Fixture, "TLS is trusted by its certificate authority and for its own name only") {
    if (!pare::test::has_program("openssl")) {
        MESSAGE("not tested: there is no openssl");
        return;
    }
    const TemporaryDirectory site;
    write_file(site.path() / "a", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ntext");
    const TlsServer tls(site.path());
    const auto message_of = [this](const std::string& url) {
        const auto error = fetch({.url = url, .destination = destination()});
        return error ? error->message() + " / " + error->hint() : std::string("trusted");
    };
    {
        const Variable system("SSL_CERT_FILE", nullptr);
        const std::string message = message_of(tls.url("localhost", "/a"));
        CHECK(contains(message, "the certificate cannot be verified"));
        CHECK(contains(message, "SSL_CERT_FILE"));
        CHECK_FALSE(contains(message, "tried"));
    }
    const std::string authority = (site.path() / "cert.pem").string();
    const Variable own("SSL_CERT_FILE", authority.c_str());
    CHECK(contains(message_of(tls.url("127.0.0.1", "/a")), "the certificate cannot be verified"));
    CHECK(message_of(tls.url("localhost", "/a")) == "trusted");
    CHECK(read_file(destination()) == "text");
}

TEST_CASE_FIXTURE(Fixture, "a redirect from https to http is not followed") {
    if (!pare::test::has_program("openssl")) {
        MESSAGE("not tested: there is no openssl");
        return;
    }
    const TemporaryDirectory site;
    const TlsServer tls(site.path());
    server.put("/plain", "text");
    write_file(
        site.path() / "to-http",
        fmt::format(
            "HTTP/1.1 302 Found\r\nLocation: {}\r\nContent-Length: 0\r\n\r\n",
            server.url("/plain")));
    const std::string authority = (site.path() / "cert.pem").string();
    const Variable own("SSL_CERT_FILE", authority.c_str());
    const auto error =
        fetch({.url = tls.url("localhost", "/to-http"), .destination = destination()});
    REQUIRE(error);
    CHECK(contains(error->message(), "protocol that is not allowed"));
    CHECK(server.requests().empty());
}
