// SPDX-License-Identifier: Apache-2.0
#include "cli/progress_model.hh"

#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>

namespace pare::cli {

namespace {

constexpr auto kWindow = std::chrono::seconds(3);
constexpr auto kSampleInterval = std::chrono::milliseconds(100);

struct StageText {
    const char* name;
    const char* one;
    const char* many;
};

constexpr std::array<StageText, 9> kTexts = {{
    {"index", "index", "indexes"},
    {"solve", "definition", "definitions"},
    {"download", "package", "packages"},
    {"cut", "package", "packages"},
    {"finish", "step", "steps"},
    {"assemble", "layer", "layers"},
    {"output", "image", "images"},
    {"pull", "blob", "blobs"},
    {"push", "blob", "blobs"},
}};

double seconds(std::chrono::steady_clock::duration duration) {
    return std::chrono::duration<double>(duration).count();
}

/// `[######------]`
std::string bar(std::uint64_t done, std::uint64_t total) {
    constexpr std::uint64_t kWidth = 20;
    const std::uint64_t filled = total == 0 ? 0 : kWidth * std::min(done, total) / total;
    return fmt::format("[{:#<{}}{:-<{}}]", "", filled, "", kWidth - filled);
}

} // namespace

void ProgressModel::begin(
    std::uint64_t id, Stage stage, const std::string& name, std::uint64_t total, TimePoint now) {
    State& state = stages_[static_cast<std::size_t>(stage)];
    if (state.begun == 0) {
        state.first = now;
    }
    state.last = now;
    ++state.begun;
    state.begun_bytes += total;
    running_[id] = {.stage = stage, .name = name, .total = total};
}

void ProgressModel::advance(std::uint64_t id, std::uint64_t bytes, TimePoint now) {
    const auto found = running_.find(id);
    if (found == running_.end()) {
        return;
    }
    found->second.done += bytes;
    State& state = stages_[static_cast<std::size_t>(found->second.stage)];
    state.bytes += bytes;
    if (state.samples.empty() || now - state.samples.back().time >= kSampleInterval) {
        state.samples.push_back({.time = now, .bytes = state.bytes});
    }
    while (state.samples.size() > 2 && now - state.samples.front().time > kWindow) {
        state.samples.pop_front();
    }
}

void ProgressModel::end(std::uint64_t id, TimePoint now) {
    const auto found = running_.find(id);
    if (found == running_.end()) {
        return;
    }
    State& state = stages_[static_cast<std::size_t>(found->second.stage)];
    ++state.ended;
    state.last = now;
    running_.erase(found);
}

void ProgressModel::expect(Stage stage, std::uint64_t count, std::uint64_t bytes) {
    State& state = stages_[static_cast<std::size_t>(stage)];
    state.expected += count;
    state.expected_bytes += bytes;
}

std::uint64_t ProgressModel::total_bytes(const State& state) {
    return std::max({state.expected_bytes, state.begun_bytes, state.bytes});
}

double ProgressModel::rate(const State& state, TimePoint now) {
    if (state.samples.empty()) {
        return 0;
    }
    // Until there is a window, the stage's whole time counts.
    const Sample start = state.samples.size() > 2 ? state.samples.front() : Sample{state.first, 0};
    const double time = seconds(now - start.time);
    return time < 0.2 ? 0 : static_cast<double>(state.bytes - start.bytes) / time;
}

std::string ProgressModel::current_name(std::size_t stage) const {
    // The latest one: what takes long was begun first and stays long enough to be seen anyway.
    for (auto work = running_.rbegin(); work != running_.rend(); ++work) {
        if (static_cast<std::size_t>(work->second.stage) == stage) {
            return printable_line(work->second.name);
        }
    }
    return "";
}

std::string ProgressModel::live_line(std::size_t stage, std::size_t columns, TimePoint now) const {
    const State& state = stages_[stage];
    const std::uint64_t count = std::max(state.expected, state.begun);
    const std::uint64_t total = total_bytes(state);
    std::string line = fmt::format("{:9}", kTexts[stage].name);
    if (columns >= 80) {
        line += total > 0 ? bar(state.bytes, total) : bar(state.ended, count);
    }
    line += fmt::format(" {}/{}", state.ended, count);
    if (state.bytes > 0) {
        line += fmt::format("  {} of {}", format_size(state.bytes), format_size(total));
    }
    const double speed = rate(state, now);
    if (speed >= 1) {
        line += fmt::format("  {}/s", format_size(static_cast<std::uint64_t>(speed)));
        const auto left =
            static_cast<std::uint64_t>(static_cast<double>(total - state.bytes) / speed);
        line += left > 0 ? fmt::format("  {}:{:02} left", left / 60, left % 60) : "";
    }
    if (const std::string name = current_name(stage); !name.empty()) {
        line += "  " + name;
    }
    // One column stays free: a full last column makes some terminals wrap.
    if (line.size() >= columns) {
        line.resize(columns - 1);
    }
    return line;
}

std::vector<std::string> ProgressModel::live_lines(Area area, TimePoint now) const {
    std::vector<std::string> lines;
    for (std::size_t stage = 0; stage < kStages; ++stage) {
        const State& state = stages_[stage];
        const bool at_work = state.ended < std::max(state.begun, state.expected);
        if (at_work && lines.size() + 1 < area.rows && area.columns > 1) {
            lines.push_back(live_line(stage, area.columns, now));
        }
    }
    return lines;
}

bool ProgressModel::has_ended(std::size_t stage) const {
    const State& state = stages_[stage];
    const bool idle = state.begun > 0 && state.ended >= std::max(state.begun, state.expected);
    return idle && std::any_of(
                       stages_.begin() + static_cast<std::ptrdiff_t>(stage) + 1, stages_.end(),
                       [](const State& later) { return later.begun > 0; });
}

std::string ProgressModel::ended_line(std::size_t stage) {
    State& state = stages_[stage];
    state.told = true;
    const StageText& text = kTexts[stage];
    std::string line =
        fmt::format("{}: {} {}", text.name, state.ended, state.ended == 1 ? text.one : text.many);
    if (state.bytes > 0) {
        line += ", " + format_size(state.bytes);
    }
    return line + " in " + format_duration(state.last - state.first);
}

std::vector<std::string> ProgressModel::take_ended() {
    std::vector<std::string> lines;
    for (std::size_t stage = 0; stage < kStages; ++stage) {
        if (!stages_[stage].told && has_ended(stage)) {
            lines.push_back(ended_line(stage));
        }
    }
    return lines;
}

std::vector<std::string> ProgressModel::take_all() {
    std::vector<std::string> lines;
    for (std::size_t stage = 0; stage < kStages; ++stage) {
        if (!stages_[stage].told && stages_[stage].begun > 0) {
            lines.push_back(ended_line(stage));
        }
    }
    return lines;
}

} // namespace pare::cli
