// SPDX-License-Identifier: Apache-2.0
// One thread accepts, one thread serves each connection, as long as the client keeps it.
#include "support/fault_server.hh"

#include "support/text.hh"

#include <arpa/inet.h>
#include <fmt/core.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <utility>

namespace pare::test {

namespace {

constexpr std::size_t kHeadLimit = 65'536;
constexpr std::size_t kChunk = 16'384;
constexpr std::chrono::seconds kPatience{5};
constexpr std::int64_t kModified = 1'700'000'000;

/// Returns when the client, or the destructor of the server, has closed the connection.
void wait_for_hang_up(int socket) {
    std::string ignored(4096, '\0');
    while (::recv(socket, ignored.data(), ignored.size(), 0) > 0) {
    }
}

/// Sends all of `bytes`, or nothing more when the client is gone.
bool send_all(int socket, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count <= 0) {
            return false;
        }
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

/// The next head on the connection; `buffer` keeps what came behind it. Empty at the end.
std::string read_head(int socket, std::string& buffer) {
    while (true) {
        const std::size_t end = buffer.find("\r\n\r\n");
        if (end != std::string::npos) {
            std::string head = buffer.substr(0, end);
            buffer.erase(0, end + 4);
            return head;
        }
        std::string piece(4096, '\0');
        const ssize_t count = ::recv(socket, piece.data(), piece.size(), 0);
        if (count <= 0 || buffer.size() > kHeadLimit) {
            return {};
        }
        buffer.append(piece, 0, static_cast<std::size_t>(count));
    }
}

/// The body of a request, as far as it comes and no further than `limit`.
std::string read_body(int socket, std::string& buffer, std::uint64_t length, std::uint64_t limit) {
    const std::uint64_t wanted = std::min(length, limit);
    std::string piece(kChunk, '\0');
    while (buffer.size() < wanted) {
        const ssize_t count = ::recv(socket, piece.data(), piece.size(), 0);
        if (count <= 0) {
            break;
        }
        buffer.append(piece, 0, static_cast<std::size_t>(count));
    }
    std::string body = buffer.substr(0, wanted);
    buffer.erase(0, body.size());
    return body;
}

bool send_part(int socket, std::string_view bytes, const Fault& fault) {
    if (!fault.chunked) {
        return send_all(socket, bytes);
    }
    while (!bytes.empty()) {
        const std::string_view chunk = bytes.substr(0, kChunk);
        bytes.remove_prefix(chunk.size());
        if (!send_all(socket, fmt::format("{:x}\r\n{}\r\n", chunk.size(), chunk))) {
            return false;
        }
    }
    return true;
}

} // namespace

FaultServer::FaultServer(std::filesystem::path directory)
    : directory_(std::move(directory)),
      listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* const plain = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof address;
    if (::bind(listener_.number(), plain, size) != 0 || ::listen(listener_.number(), 64) != 0 ||
        ::getsockname(listener_.number(), plain, &size) != 0) {
        throw_errno(errno, "listen on", "127.0.0.1");
    }
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { accept_all(); });
}

FaultServer::~FaultServer() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        ::shutdown(listener_.number(), SHUT_RDWR);
        for (const int socket : sockets_) {
            ::shutdown(socket, SHUT_RDWR);
        }
    }
    stopped_.notify_all();
    acceptor_.join();
    for (std::thread& worker : workers_) {
        worker.join();
    }
}

void FaultServer::put(const std::string& path, Bytes body) {
    const std::lock_guard lock(mutex_);
    resources_[path] = {.body = std::move(body), .modified = kModified};
}

void FaultServer::add(Fault fault) {
    const std::lock_guard lock(mutex_);
    faults_.push_back({std::move(fault)});
}

void FaultServer::on_request(std::function<void(const SeenRequest&)> listener) {
    const std::lock_guard lock(mutex_);
    on_request_ = std::move(listener);
}

std::string FaultServer::url(std::string_view path) const {
    return fmt::format("http://127.0.0.1:{}{}", port_, path);
}

std::vector<SeenRequest> FaultServer::requests() const {
    const auto lock = settle();
    return requests_;
}

std::size_t FaultServer::count(std::string_view path) const {
    const auto lock = settle();
    return static_cast<std::size_t>(
        std::count_if(requests_.begin(), requests_.end(), [path](const SeenRequest& request) {
            return request.path == path;
        }));
}

std::uint64_t FaultServer::body_sent(std::string_view path) const {
    const auto lock = settle();
    std::uint64_t sum = 0;
    for (const SeenRequest& request : requests_) {
        sum += request.path == path ? request.body_sent : 0;
    }
    return sum;
}

unsigned FaultServer::connections() const {
    const std::lock_guard lock(mutex_);
    return connections_;
}

void FaultServer::accept_all() {
    while (true) {
        const int socket = ::accept4(listener_.number(), nullptr, nullptr, SOCK_CLOEXEC);
        const std::lock_guard lock(mutex_);
        if (stopping_ || socket < 0) {
            const Descriptor closed(socket);
            return;
        }
        const int yes = 1;
        ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        sockets_.insert(socket);
        workers_.emplace_back(
            [this, socket, connection = ++connections_] { serve(socket, connection); });
    }
}

void FaultServer::serve(int socket, unsigned connection) {
    std::string buffer;
    bool usable = true;
    while (usable) {
        const std::string head = read_head(socket, buffer);
        if (head.empty()) {
            break;
        }
        {
            const std::lock_guard lock(mutex_);
            ++busy_;
        }
        SeenRequest request;
        try {
            request = parse_request(head);
            request.connection = connection;
            usable = answer(socket, request, buffer);
        } catch (const std::exception&) {
            send_all(socket, "HTTP/1.1 400 Bad\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
            request.status = 400;
            usable = false;
        }
        const std::lock_guard lock(mutex_);
        requests_.push_back(request);
        if (on_request_) {
            on_request_(request);
        }
        if (--busy_ == 0) {
            idle_.notify_all();
        }
    }
    const std::lock_guard lock(mutex_);
    sockets_.erase(socket);
    const Descriptor closed(socket);
}

bool FaultServer::answer(int socket, SeenRequest& request, std::string& buffer) {
    const Fault fault = fault_for(request.path);
    const std::uint64_t length = parse_number(request.header("Content-Length")).value_or(0);
    request.body = read_body(socket, buffer, length, fault.cut_upload.value_or(length));
    if (request.body.size() < length || fault.cut_upload) {
        return false;
    }
    wait(std::chrono::milliseconds(fault.delay_ms));
    if (fault.drop) {
        return false;
    }
    const std::optional<Resource> found = resource(request.path);
    Answer answer = make_answer(request, found ? &*found : nullptr, fault);
    request.status = answer.status;
    if (fault.chunked) {
        answer.headers.emplace_back("Transfer-Encoding", "chunked");
    } else if (answer.status != 304) {
        answer.headers.emplace_back("Content-Length", std::to_string(answer.length));
    }
    if (!send_all(socket, answer.head())) {
        return false;
    }
    return request.method == "HEAD" || send_body(socket, answer, fault, request);
}

bool FaultServer::send_body(
    int socket, const Answer& answer, const Fault& fault, SeenRequest& request) {
    const std::uint64_t stop =
        std::min(fault.cut.value_or(answer.body.size()), fault.stall.value_or(answer.body.size()));
    const std::string_view part = std::string_view(answer.body).substr(0, stop);
    if (!send_part(socket, part, fault)) {
        return false;
    }
    request.body_sent = part.size();
    if (fault.stall) {
        wait_for_hang_up(socket);
        return false;
    }
    if (fault.cut || fault.length) {
        return false;
    }
    return !fault.chunked || send_all(socket, "0\r\n\r\n");
}

void FaultServer::wait(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    stopped_.wait_for(lock, time, [this] { return stopping_; });
}

std::unique_lock<std::mutex> FaultServer::settle() const {
    std::unique_lock lock(mutex_);
    idle_.wait_for(lock, kPatience, [this] { return busy_ == 0; });
    return lock;
}

Fault FaultServer::fault_for(const std::string& path) {
    const std::lock_guard lock(mutex_);
    for (ActiveFault& active : faults_) {
        const Fault& fault = active.fault;
        if (!glob_matches(fault.path, path)) {
            continue;
        }
        const unsigned before = active.seen++;
        if (before >= fault.skip && (!fault.times || before - fault.skip < *fault.times)) {
            return fault;
        }
    }
    return {};
}

std::optional<Resource> FaultServer::resource(const std::string& path) const {
    {
        const std::lock_guard lock(mutex_);
        const auto found = resources_.find(path);
        if (found != resources_.end()) {
            return found->second;
        }
    }
    const auto parts = split(path, '/');
    const bool climbs = std::find(parts.begin(), parts.end(), "..") != parts.end();
    struct stat status{};
    const std::filesystem::path file = directory_ / std::string_view(path).substr(1);
    if (directory_.empty() || climbs || ::stat(file.c_str(), &status) != 0 ||
        !S_ISREG(status.st_mode)) {
        return std::nullopt;
    }
    return Resource{.body = read_file(file), .modified = status.st_mtim.tv_sec};
}

} // namespace pare::test
