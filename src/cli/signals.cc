// SPDX-License-Identifier: Apache-2.0
// Signals as bytes of a signalfd(2), read by a thread: a stop source must not be touched from a
// signal handler.
#include "cli/signals.hh"

#include "support/error.hh"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>

namespace pare::cli {

namespace {

constexpr int kInterrupted = 130;

sigset_t watched_signals() {
    sigset_t set;
    ::sigemptyset(&set);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        // nohup(1) and shells that start a job in the background ignore a signal on purpose.
        struct sigaction action{};
        ::sigaction(signal, nullptr, &action);
        if (action.sa_handler != SIG_IGN) {
            ::sigaddset(&set, signal);
        }
    }
    return set;
}

} // namespace

SignalWatch::SignalWatch() {
    // A server that hangs up must not end the program.
    ::signal(SIGPIPE, SIG_IGN);
    const sigset_t set = watched_signals();
    ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
    signals_ = Descriptor(::signalfd(-1, &set, SFD_CLOEXEC));
    end_ = Descriptor(::eventfd(0, EFD_CLOEXEC));
    if (!signals_.is_open() || !end_.is_open()) {
        throw_errno(errno, "watch", "signals");
    }
    thread_ = std::thread([this] { watch(); });
}

SignalWatch::~SignalWatch() {
    const std::uint64_t one = 1;
    if (::write(end_.number(), &one, sizeof one) == sizeof one) {
        thread_.join();
    } else {
        thread_.detach();
    }
}

void SignalWatch::watch() {
    while (true) {
        std::array<pollfd, 2> waiting = {
            {{.fd = signals_.number(), .events = POLLIN, .revents = 0},
             {.fd = end_.number(), .events = POLLIN, .revents = 0}}};
        if (::poll(waiting.data(), waiting.size(), -1) < 0 && errno != EINTR) {
            return;
        }
        if ((waiting[1].revents & POLLIN) != 0) {
            return;
        }
        if ((waiting[0].revents & POLLIN) == 0) {
            continue;
        }
        signalfd_siginfo received{};
        if (::read(signals_.number(), &received, sizeof received) != sizeof received) {
            return;
        }
        if (!source_.request_stop()) {
            ::_exit(kInterrupted);
        }
    }
}

} // namespace pare::cli
