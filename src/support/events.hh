// SPDX-License-Identifier: Apache-2.0
// What a room tells the outside while it works. Rooms emit; only cli/ renders.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

namespace pare {

/// The stages of the work, in order of the way of the data.
enum class Stage { index, solve, download, cut, finish, assemble, output, pull, push };

enum class Severity { debug, info, warning };

/// Receives events, from any thread. Implementations must not throw.
class Events {
public:
    Events() = default;
    Events(const Events&) = delete;
    Events& operator=(const Events&) = delete;
    virtual ~Events() = default;

    /// Work of `stage` began on `name` (a URL, a package); `total` bytes, 0 when unknown.
    virtual void
    begin(std::uint64_t id, Stage stage, const std::string& name, std::uint64_t total) = 0;
    /// `bytes` more were done.
    virtual void advance(std::uint64_t id, std::uint64_t bytes) = 0;
    /// The work ended, well or not.
    virtual void end(std::uint64_t id) = 0;
    /// How many things a stage will do in all, when that becomes known; adds to what was said.
    virtual void expect(Stage stage, std::uint64_t count, std::uint64_t bytes) = 0;
    virtual void message(Severity severity, const std::string& text) = 0;
};

/// Swallows all events: for tests and for parts that nobody watches.
class NoEvents final : public Events {
public:
    void begin(std::uint64_t, Stage, const std::string&, std::uint64_t) override {}

    void advance(std::uint64_t, std::uint64_t) override {}

    void end(std::uint64_t) override {}

    void expect(Stage, std::uint64_t, std::uint64_t) override {}

    void message(Severity, const std::string&) override {}
};

/// One piece of work, from construction to destruction.
class Activity {
public:
    Activity(Events& events, Stage stage, const std::string& name, std::uint64_t total = 0)
        : events_(events), id_(next_id()) {
        events_.begin(id_, stage, name, total);
    }

    Activity(const Activity&) = delete;
    Activity& operator=(const Activity&) = delete;

    ~Activity() { events_.end(id_); }

    void advance(std::uint64_t bytes) { events_.advance(id_, bytes); }

private:
    static std::uint64_t next_id() {
        static std::atomic<std::uint64_t> last{0};
        return ++last;
    }

    Events& events_;
    std::uint64_t id_;
};

} // namespace pare
