// SPDX-License-Identifier: Apache-2.0
#include "cli/progress.hh"

#include <fmt/core.h>

#include <utility>

namespace pare::cli {

namespace {

/// Shorter work is over before anybody could read of it.
constexpr auto kFirstDrawing = std::chrono::milliseconds(150);
constexpr auto kInterval = std::chrono::milliseconds(100);

} // namespace

std::string LiveArea::draw(const std::vector<std::string>& lines) {
    std::string text = "\r";
    for (const std::string& line : lines) {
        text += line + "\x1b[K\n";
    }
    // Lines of the last drawing that are no longer needed go; then back to the first line.
    text += "\x1b[J";
    if (!lines.empty()) {
        text += fmt::format("\x1b[{}A", lines.size());
    }
    drawn_ = !lines.empty();
    return text;
}

std::string LiveArea::erase() {
    const bool drawn = std::exchange(drawn_, false);
    return drawn ? "\r\x1b[J" : "";
}

Progress::Progress(Terminal terminal, Verbosity verbosity, Drawing drawing, Now now)
    : terminal_(std::move(terminal)), verbosity_(verbosity), drawing_(drawing),
      now_(std::move(now)) {}

Progress::~Progress() {
    finish();
}

void Progress::start_drawing() {
    const bool wanted = terminal_.live && verbosity_ != Verbosity::quiet && !finished_;
    if (wanted && drawing_ == Drawing::by_itself && !drawer_.joinable()) {
        drawer_ = std::jthread([this](const std::stop_token& stop) { draw_forever(stop); });
    }
}

void Progress::draw_forever(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    auto pause = kFirstDrawing;
    while (!wake_.wait_for(lock, stop, pause, [] { return false; }) && !stop.stop_requested()) {
        terminal_.write(area_.draw(model_.live_lines(terminal_.area(), now_())));
        pause = kInterval;
    }
}

void Progress::redraw() {
    const std::lock_guard lock(mutex_);
    if (terminal_.live && verbosity_ != Verbosity::quiet && !finished_) {
        terminal_.write(area_.draw(model_.live_lines(terminal_.area(), now_())));
    }
}

void Progress::write_above(const std::string& text) {
    terminal_.write(area_.erase() + text);
}

void Progress::tell_ended() {
    if (terminal_.live || verbosity_ == Verbosity::quiet) {
        return;
    }
    for (const std::string& line : model_.take_ended()) {
        terminal_.write(line + "\n");
    }
}

void Progress::begin(std::uint64_t id, Stage stage, const std::string& name, std::uint64_t total) {
    const std::lock_guard lock(mutex_);
    model_.begin(id, stage, name, total, now_());
    start_drawing();
    tell_ended();
}

void Progress::advance(std::uint64_t id, std::uint64_t bytes) {
    const std::lock_guard lock(mutex_);
    model_.advance(id, bytes, now_());
}

void Progress::end(std::uint64_t id) {
    const std::lock_guard lock(mutex_);
    model_.end(id, now_());
    tell_ended();
}

void Progress::expect(Stage stage, std::uint64_t count, std::uint64_t bytes) {
    const std::lock_guard lock(mutex_);
    model_.expect(stage, count, bytes);
}

void Progress::message(Severity severity, const std::string& text) {
    const bool wanted = severity == Severity::warning ||
                        (severity == Severity::info && verbosity_ != Verbosity::quiet) ||
                        verbosity_ == Verbosity::verbose;
    if (!wanted) {
        return;
    }
    const std::string prefix =
        severity == Severity::warning ? terminal_.styled(Style::yellow, "warning:") + " " : "";
    const std::lock_guard lock(mutex_);
    write_above(prefix + printable(text) + "\n");
}

void Progress::finish() {
    {
        const std::lock_guard lock(mutex_);
        if (std::exchange(finished_, true)) {
            return;
        }
    }
    // From here nobody starts the thread, which needs the lock to end.
    if (drawer_.joinable()) {
        drawer_.request_stop();
        drawer_.join();
    }
    const std::lock_guard lock(mutex_);
    terminal_.write(area_.erase());
    if (!terminal_.live && verbosity_ != Verbosity::quiet) {
        for (const std::string& line : model_.take_all()) {
            terminal_.write(line + "\n");
        }
    }
}

} // namespace pare::cli
