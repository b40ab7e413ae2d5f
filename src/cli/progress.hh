// SPDX-License-Identifier: Apache-2.0
// Progress and messages on standard error: a live display on a terminal, a line a stage elsewhere.
#pragma once

#include "cli/progress_model.hh"
#include "cli/terminal.hh"
#include "support/events.hh"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace pare::cli {

enum class Verbosity { quiet, normal, verbose };

/// Who calls redraw(): a thread of the display's own, ten times a second, or only the caller.
enum class Drawing { by_itself, on_request };

/// A few lines that are drawn over again and again below what has been written. Between two
/// drawings the cursor stands at their beginning, where a shell's prompt or any other program's
/// output overwrites them: nothing has to be put right when the program is killed. The cursor is
/// never hidden for the same reason.
class LiveArea {
public:
    /// What to write so that `lines` take the place of what was drawn before.
    [[nodiscard]] std::string draw(const std::vector<std::string>& lines);
    /// What to write so that nothing is left of the drawing.
    [[nodiscard]] std::string erase();

private:
    bool drawn_ = false;
};

class Progress final : public Events {
public:
    using Now = std::function<TimePoint()>;

    Progress(
        Terminal terminal, Verbosity verbosity, Drawing drawing = Drawing::by_itself,
        Now now = std::chrono::steady_clock::now);
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;
    ~Progress() override;

    void
    begin(std::uint64_t id, Stage stage, const std::string& name, std::uint64_t total) override;
    void advance(std::uint64_t id, std::uint64_t bytes) override;
    void end(std::uint64_t id) override;
    void expect(Stage stage, std::uint64_t count, std::uint64_t bytes) override;
    void message(Severity severity, const std::string& text) override;

    /// Ends the display, so that others may write to the terminal. Events after it only give
    /// messages.
    void finish();

    [[nodiscard]] const Terminal& terminal() const { return terminal_; }

    /// Draws now.
    void redraw();

private:
    void start_drawing();
    void draw_forever(const std::stop_token& stop);
    void write_above(const std::string& text);
    void tell_ended();

    Terminal terminal_;
    Verbosity verbosity_;
    Drawing drawing_;
    Now now_;
    std::mutex mutex_;
    ProgressModel model_;
    LiveArea area_;
    bool finished_ = false;
    std::condition_variable_any wake_;
    std::jthread drawer_;
};

} // namespace pare::cli
