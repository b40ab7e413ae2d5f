// SPDX-License-Identifier: Apache-2.0
// What is going on, as numbers and as lines of text. No input or output, no clock, no threads:
// progress.hh has those.
#pragma once

#include "cli/terminal.hh"
#include "support/events.hh"

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

namespace pare::cli {

using TimePoint = std::chrono::steady_clock::time_point;

class ProgressModel {
public:
    void begin(
        std::uint64_t id, Stage stage, const std::string& name, std::uint64_t total, TimePoint now);
    void advance(std::uint64_t id, std::uint64_t bytes, TimePoint now);
    void end(std::uint64_t id, TimePoint now);
    void expect(Stage stage, std::uint64_t count, std::uint64_t bytes);

    /// One line a stage at work or with work ahead, each at most `columns` wide and at most `rows`
    /// in all.
    [[nodiscard]] std::vector<std::string> live_lines(Area area, TimePoint now) const;
    /// A line for each stage that has ended since the last call: nothing of it is running, all
    /// that was expected is done and a later stage has begun.
    [[nodiscard]] std::vector<std::string> take_ended();
    /// A line for each stage that has begun and was not told of yet.
    [[nodiscard]] std::vector<std::string> take_all();

private:
    static constexpr std::size_t kStages = static_cast<std::size_t>(Stage::push) + 1;

    struct Work {
        Stage stage{};
        std::string name{};
        std::uint64_t total = 0;
        std::uint64_t done = 0;
    };

    struct Sample {
        TimePoint time{};
        std::uint64_t bytes = 0;
    };

    struct State {
        std::uint64_t begun = 0;
        std::uint64_t ended = 0;
        std::uint64_t expected = 0;       ///< things
        std::uint64_t expected_bytes = 0; ///< as announced
        std::uint64_t begun_bytes = 0;    ///< totals of what has begun
        std::uint64_t bytes = 0;
        TimePoint first{};
        TimePoint last{};
        std::deque<Sample> samples{}; ///< of the last seconds, for the rate
        bool told = false;
    };

    [[nodiscard]] static std::uint64_t total_bytes(const State& state);
    [[nodiscard]] static double rate(const State& state, TimePoint now);
    [[nodiscard]] std::string
    live_line(std::size_t stage, std::size_t columns, TimePoint now) const;
    [[nodiscard]] std::string current_name(std::size_t stage) const;
    [[nodiscard]] bool has_ended(std::size_t stage) const;
    [[nodiscard]] std::string ended_line(std::size_t stage);

    std::array<State, kStages> stages_{};
    std::map<std::uint64_t, Work> running_;
};

} // namespace pare::cli
