// SPDX-License-Identifier: Apache-2.0
#include "cli/progress.hh"
#include "unit/cli/screen.hh"

#include <doctest/doctest.h>

using namespace pare;
using namespace pare::cli;
using pare::cli::test::Screen;

namespace {

using Lines = std::vector<std::string>;

constexpr TimePoint kStart{};

TimePoint after(double seconds) {
    return kStart +
           std::chrono::duration_cast<TimePoint::duration>(std::chrono::duration<double>(seconds));
}

/// A display over a screen, with a clock that stands still until told.
struct Watched {
    explicit Watched(bool live, Verbosity verbosity = Verbosity::normal, Area area = {})
        : screen(area),
          progress(screen.terminal(live), verbosity, Drawing::on_request, [this] { return now; }) {}

    Screen screen;
    TimePoint now = kStart;
    Progress progress;
};

} // namespace

TEST_CASE("a live line tells stage, counts, bytes, rate, time left and the name of the work") {
    ProgressModel model;
    model.expect(Stage::download, 4, 10'000'000);
    model.begin(1, Stage::download, "libc6", 5'000'000, kStart);
    model.advance(1, 2'000'000, after(1));
    CHECK(
        model.live_lines({.columns = 100, .rows = 24}, after(1)) ==
        Lines{
            "download [####----------------] 0/4  2.0 MB of 10.0 MB  2.0 MB/s  0:04 left  libc6"});
}

TEST_CASE("work that is ahead is shown before it begins") {
    ProgressModel model;
    model.expect(Stage::download, 2, 3000);
    CHECK(model.live_lines({}, kStart) == Lines{"download [--------------------] 0/2"});
    CHECK(model.take_all().empty());
}

TEST_CASE("the rate is that of the last seconds") {
    ProgressModel model;
    model.begin(1, Stage::download, "x", 100'000'000, kStart);
    for (int second = 1; second <= 10; ++second) {
        model.advance(1, 5'000'000, after(second));
    }
    for (int second = 11; second <= 16; ++second) {
        model.advance(1, 1'000'000, after(second));
    }
    const Lines lines = model.live_lines({.columns = 100, .rows = 24}, after(16));
    REQUIRE(lines.size() == 1);
    CHECK(lines[0].find("  1.0 MB/s  0:44 left") != std::string::npos);
}

TEST_CASE("lines are cut to the width, and to the height, of the terminal") {
    ProgressModel model;
    for (const Stage stage : {Stage::index, Stage::download, Stage::cut, Stage::assemble}) {
        model.begin(static_cast<std::uint64_t>(stage), stage, std::string(300, 'n'), 0, kStart);
    }
    const Lines lines = model.live_lines({.columns = 20, .rows = 3}, kStart);
    REQUIRE(lines.size() == 2);
    CHECK(lines[0].size() == 19);
}

TEST_CASE("work that has ended is no longer shown, whatever the order") {
    ProgressModel model;
    model.begin(1, Stage::cut, "a", 0, kStart);
    model.begin(2, Stage::cut, "b", 0, kStart);
    model.end(1, kStart);
    CHECK(model.live_lines({}, kStart) == Lines{"cut      [##########----------] 1/2  b"});
    model.end(2, kStart);
    CHECK(model.live_lines({}, kStart).empty());
    model.end(7, kStart);
    model.advance(7, 1, kStart);
}

TEST_CASE("elsewhere than on a terminal each stage gets one line, when it is over") {
    Watched watched(false);
    Progress& progress = watched.progress;
    progress.expect(Stage::download, 2, 3000);
    progress.begin(1, Stage::download, "a", 1000);
    progress.begin(2, Stage::cut, "a", 0);
    progress.advance(1, 1000);
    progress.end(1);
    CHECK(watched.screen.lines().empty());
    progress.begin(3, Stage::download, "b", 2000);
    progress.advance(3, 2000);
    watched.now = after(1.5);
    progress.end(3);
    CHECK(watched.screen.lines() == Lines{"download: 2 packages, 3.0 kB in 1.50 s"});
    progress.end(2);
    progress.finish();
    CHECK(
        watched.screen.lines() ==
        Lines{"download: 2 packages, 3.0 kB in 1.50 s", "cut: 1 package in 1.50 s"});
    CHECK(watched.screen.raw().find('\x1b') == std::string::npos);
}

TEST_CASE("a message pushes the live display down and is not damaged by it") {
    Watched watched(true);
    Progress& progress = watched.progress;
    progress.begin(1, Stage::download, "libc6", 0);
    progress.begin(2, Stage::cut, "tzdata", 0);
    progress.redraw();
    const Lines both{
        "download [--------------------] 0/1  libc6",
        "cut      [--------------------] 0/1  tzdata"};
    CHECK(watched.screen.lines() == both);
    progress.message(Severity::warning, "the mirror is slow");
    progress.redraw();
    CHECK(watched.screen.lines() == Lines{"warning: the mirror is slow", both[0], both[1]});
    progress.end(1);
    progress.redraw();
    CHECK(watched.screen.lines() == Lines{"warning: the mirror is slow", both[1]});
    progress.end(2);
    progress.finish();
    CHECK(watched.screen.lines() == Lines{"warning: the mirror is slow"});
}

TEST_CASE("the display survives the bottom of the screen") {
    Watched watched(true, Verbosity::normal, {.columns = 40, .rows = 4});
    Progress& progress = watched.progress;
    progress.begin(1, Stage::download, "libc6", 0);
    progress.begin(2, Stage::cut, "tzdata", 0);
    for (int i = 0; i < 6; ++i) {
        progress.message(Severity::info, "message " + std::to_string(i));
        progress.redraw();
    }
    CHECK(
        watched.screen.lines() == Lines{
                                      "message 0", "message 1", "message 2", "message 3",
                                      "message 4", "message 5", "download  0/1  libc6",
                                      "cut       0/1  tzdata"});
}

TEST_CASE("quiet leaves warnings, normal adds information, verbose all") {
    const auto shown = [](Verbosity verbosity) {
        Watched watched(false, verbosity);
        watched.progress.begin(1, Stage::cut, "a", 0);
        watched.progress.end(1);
        watched.progress.message(Severity::debug, "debug");
        watched.progress.message(Severity::info, "info");
        watched.progress.message(Severity::warning, "careful");
        watched.progress.finish();
        return watched.screen.lines();
    };
    CHECK(shown(Verbosity::quiet) == Lines{"warning: careful"});
    CHECK(
        shown(Verbosity::normal) == Lines{"info", "warning: careful", "cut: 1 package in 0.00 s"});
    CHECK(
        shown(Verbosity::verbose) ==
        Lines{"debug", "info", "warning: careful", "cut: 1 package in 0.00 s"});
}

TEST_CASE("names from outside cannot steer the terminal") {
    Watched watched(true);
    watched.progress.begin(1, Stage::download, "a\x1b[2Jb\nc", 0);
    watched.progress.message(Severity::info, "x\x1b]0;title\x07y");
    watched.progress.redraw();
    CHECK(
        watched.screen.lines() ==
        Lines{"x\\x1b]0;title\\x07y", "download [--------------------] 0/1  a\\x1b[2Jb c"});
}

TEST_CASE("events after the end of the display give messages only") {
    Watched watched(true);
    watched.progress.begin(1, Stage::download, "a", 0);
    watched.progress.finish();
    watched.progress.begin(2, Stage::cut, "b", 0);
    watched.progress.redraw();
    watched.progress.message(Severity::info, "done");
    CHECK(watched.screen.lines() == Lines{"done"});
}
