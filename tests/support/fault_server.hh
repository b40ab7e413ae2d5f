// SPDX-License-Identifier: Apache-2.0
// An HTTP/1.1 server on the loopback interface, in this process, that serves a directory or bytes
// in memory, misbehaves when asked to, and remembers what it was asked. `fault_server` is the same
// as a program (fault_server_main.cc).
#pragma once

#include "support/fault_answer.hh"
#include "support/files.hh"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace pare::test {

class FaultServer {
public:
    /// Serves the files below `directory`, if given, and what put() adds. Listens on return.
    explicit FaultServer(std::filesystem::path directory = {});
    FaultServer(const FaultServer&) = delete;
    FaultServer& operator=(const FaultServer&) = delete;
    /// Closes all connections and waits for the threads.
    ~FaultServer();

    /// Serves `body` at `path`, which begins with '/'.
    void put(const std::string& path, Bytes body);
    /// Of the faults that match a request, the first that is neither skipping nor used up is made.
    void add(Fault fault);
    /// Is told of each request when it has been answered, one at a time.
    void on_request(std::function<void(const SeenRequest&)> listener);

    [[nodiscard]] std::uint16_t port() const { return port_; }

    /// `http://127.0.0.1:PORT` and `path`.
    [[nodiscard]] std::string url(std::string_view path = {}) const;
    /// All requests that have been answered, in the order of their ends. Waits a little for those
    /// that are being answered: a client may know the end of an answer before its server does.
    [[nodiscard]] std::vector<SeenRequest> requests() const;
    /// How many of them were for `path`.
    [[nodiscard]] std::size_t count(std::string_view path) const;
    /// Bytes of bodies sent for `path`.
    [[nodiscard]] std::uint64_t body_sent(std::string_view path) const;
    /// How many connections were accepted.
    [[nodiscard]] unsigned connections() const;

private:
    struct ActiveFault {
        Fault fault;
        unsigned seen = 0;
    };

    void accept_all();
    void serve(int socket, unsigned connection);
    /// Returns whether the connection can be used again.
    bool answer(int socket, SeenRequest& request, std::string& buffer);
    bool send_body(int socket, const Answer& answer, const Fault& fault, SeenRequest& request);
    void wait(std::chrono::milliseconds time);
    /// Takes the lock when no request is half answered, or none has ended for a while.
    [[nodiscard]] std::unique_lock<std::mutex> settle() const;
    [[nodiscard]] Fault fault_for(const std::string& path);
    [[nodiscard]] std::optional<Resource> resource(const std::string& path) const;

    std::filesystem::path directory_;
    Descriptor listener_;
    std::uint16_t port_ = 0;
    mutable std::mutex mutex_;
    std::condition_variable stopped_;
    mutable std::condition_variable idle_;
    bool stopping_ = false;
    unsigned busy_ = 0;
    std::map<std::string, Resource> resources_;
    std::vector<ActiveFault> faults_;
    std::vector<SeenRequest> requests_;
    std::function<void(const SeenRequest&)> on_request_;
    std::set<int> sockets_;
    unsigned connections_ = 0;
    std::vector<std::thread> workers_;
    std::thread acceptor_;
};

} // namespace pare::test
