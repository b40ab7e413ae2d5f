// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "support/files.hh"

#include <stop_token>
#include <thread>

namespace pare::cli {

/// Turns the first SIGINT, SIGTERM or SIGHUP into a stop request and ends the program at the
/// second. Made before any other thread, so that all of them leave these signals alone.
class SignalWatch {
public:
    SignalWatch();
    SignalWatch(const SignalWatch&) = delete;
    SignalWatch& operator=(const SignalWatch&) = delete;
    ~SignalWatch();

    [[nodiscard]] std::stop_token token() const { return source_.get_token(); }

private:
    void watch();

    std::stop_source source_;
    Descriptor signals_;
    Descriptor end_;
    std::thread thread_;
};

} // namespace pare::cli
