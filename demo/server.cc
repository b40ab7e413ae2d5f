// SPDX-License-Identifier: Apache-2.0
// A small HTTP server, dynamically linked on purpose: it stands for any C++ program that needs its
// libraries. Answers every request with 200 and what it knows of where it runs.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <thread>

namespace {

std::string describe() {
    std::ostringstream text;
    text << "uid " << ::getuid() << ", ";
    text << (std::ofstream("/pare-was-here") ? "root is writable" : "root is read-only") << ", ";
    text << (std::ifstream("/etc/ssl/certs/ca-certificates.crt") ? "CA bundle" : "no CA bundle");
    text << ", "
         << (std::ifstream("/usr/share/zoneinfo/Europe/Berlin") ? "time zones" : "no zones");
    text << ", " << (::access("/bin/sh", F_OK) == 0 ? "a shell" : "no shell") << "\n";
    return text.str();
}

void answer(int client) {
    std::string request(4096, '\0');
    const ssize_t size = ::read(client, request.data(), request.size());
    const std::string body = size > 0 && request.starts_with("GET /healthz ") ? "ok\n" : describe();
    const std::string response =
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) +
        "\r\n\r\n" + body;
    if (::write(client, response.data(), response.size()) < 0) {
        std::cerr << "the client went away\n";
    }
    ::close(client);
}

} // namespace

int main(int argc, char** argv) {
    std::signal(SIGTERM, [](int) { std::_Exit(0); });
    const int port = argc > 1 ? std::atoi(argv[1]) : 8080;
    const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
    const int yes = 1;
    ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(listener, 16) != 0) {
        std::cerr << "cannot listen on port " << port << "\n";
        return 1;
    }
    std::cout << "listening on 127.0.0.1:" << port << std::endl;
    while (true) {
        const int client = ::accept(listener, nullptr, nullptr);
        if (client >= 0) {
            std::thread(answer, client).detach();
        }
    }
}
