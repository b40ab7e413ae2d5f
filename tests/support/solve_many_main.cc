// SPDX-License-Identifier: Apache-2.0
// What pare would choose: `solve_many ARCHITECTURE PACKAGES-FILE... < REQUESTS`. A request is a
// line of package names; the answer is a line `REQUEST<tab>NAME=VERSION...`, sorted, or
// `REQUEST<tab>none`. Reasons of refusals and the times go to stderr.
#include "deb/universe.hh"
#include "solve/solve.hh"
#include "support/error.hh"
#include "support/files.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <deque>
#include <iostream>
#include <string>
#include <vector>

namespace {

using namespace pare;
using Clock = std::chrono::steady_clock;

double milliseconds_since(Clock::time_point start) {
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

std::string answer(const package::Universe& universe, const std::string& request) {
    solve::Problem problem;
    for (const std::string_view name : split_words(request)) {
        problem.requests.push_back({.relation = {.name = std::string(name)}});
    }
    const solve::Result result = solve::solve(universe, problem);
    if (const auto* conflict = std::get_if<solve::Conflict>(&result)) {
        fmt::print(stderr, "{}: {}\n", request, join(conflict->chain, "; "));
        return "none";
    }
    std::vector<std::string> chosen;
    for (const solve::Chosen& one : std::get<solve::Solution>(result).packages) {
        const package::Package& package = universe.candidate(one.id);
        chosen.push_back(package.name + "=" + package.version);
    }
    std::ranges::sort(chosen);
    return join(chosen, " ");
}

void run(const std::vector<std::string>& arguments) {
    const auto start = Clock::now();
    std::deque<MappedFile> files;
    std::vector<deb::PackagesIndex> indexes;
    for (std::size_t i = 1; i < arguments.size(); ++i) {
        files.emplace_back(arguments[i]);
        indexes.push_back({.text = files.back().bytes(), .name = arguments[i]});
    }
    const auto universe = deb::make_universe(indexes, arguments.at(0));
    const double load = milliseconds_since(start);
    std::vector<double> times;
    for (std::string request; std::getline(std::cin, request);) {
        const auto before = Clock::now();
        const std::string answered = answer(*universe, request);
        times.push_back(milliseconds_since(before));
        fmt::print("{}\t{}\n", request, answered);
    }
    std::ranges::sort(times);
    const auto at = [&times](double part) {
        return times.empty()
                   ? 0.0
                   : times[static_cast<std::size_t>(part * static_cast<double>(times.size() - 1))];
    };
    fmt::print(
        stderr, "times: load {:.0f} ms, solve p50 {:.2f} ms, p99 {:.2f} ms, max {:.2f} ms\n", load,
        at(0.5), at(0.99), at(1.0));
}

} // namespace

int main(int argc, char** argv) {
    try {
        run(std::vector<std::string>(argv + 1, argv + argc));
        return 0;
    } catch (const Error& error) {
        fmt::print(stderr, "{}\n", error.what());
        return 1;
    }
}
