// SPDX-License-Identifier: Apache-2.0
// An entry begins with `SOURCE (VERSION) SUITES; KEYS` in the first column; all else is indented.
// What stands before the first entry, and lines that are none of it, is taken over as text.
#include "deb/changelog.hh"

#include "deb/version.hh"

#include <algorithm>

namespace pare::deb {

namespace {

/// The version in the first line of an entry; empty for any other line.
std::string_view version_in(std::string_view line) {
    const std::size_t open = line.find(" (");
    const std::size_t close = line.find(')');
    const bool is_first = !line.empty() && line.front() != ' ' && line.front() != '\t' &&
                          open != std::string_view::npos && close != std::string_view::npos &&
                          close > open;
    return is_first ? line.substr(open + 2, close - open - 2) : std::string_view();
}

} // namespace

std::string entries_after(BytesView changelog, std::string_view version) {
    std::size_t end = 0;
    bool found = false;
    while (end < changelog.size()) {
        const std::size_t feed = std::min(changelog.find('\n', end), changelog.size());
        const std::string_view of_entry = version_in(changelog.substr(end, feed - end));
        if (!of_entry.empty()) {
            if (compare_versions(of_entry, version) <= 0) {
                break;
            }
            found = true;
        }
        end = std::min(feed + 1, changelog.size());
    }
    const BytesView entries = found ? changelog.substr(0, end) : BytesView();
    return std::string(entries.substr(0, entries.find_last_not_of(" \t\r\n") + 1));
}

} // namespace pare::deb
