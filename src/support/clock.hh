// SPDX-License-Identifier: Apache-2.0
// Time is asked of a Clock that main makes. Only freshness (Valid-Until, rollback, ages in the
// cache) may depend on it; no byte of an image does.
#pragma once

#include <cstdint>

namespace pare {

class Clock {
public:
    Clock() = default;
    Clock(const Clock&) = delete;
    Clock& operator=(const Clock&) = delete;
    virtual ~Clock() = default;
    /// Seconds since 1970-01-01T00:00:00Z.
    [[nodiscard]] virtual std::int64_t now() const = 0;
};

class SystemClock final : public Clock {
public:
    [[nodiscard]] std::int64_t now() const override;
};

/// A clock that stands still, for tests.
class FixedClock final : public Clock {
public:
    explicit FixedClock(std::int64_t time) : time_(time) {}

    [[nodiscard]] std::int64_t now() const override { return time_; }

private:
    std::int64_t time_;
};

} // namespace pare
