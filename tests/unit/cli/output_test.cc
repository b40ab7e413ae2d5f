// SPDX-License-Identifier: Apache-2.0
#include "cli/lock_changes.hh"
#include "cli/output.hh"

#include <doctest/doctest.h>

using namespace pare;
using namespace pare::cli;

TEST_CASE("tables stand in columns and have no blanks at the ends of lines") {
    CHECK(render_table({{"a", "bb", "c"}, {"aaa", "b", ""}, {"x"}}) == "a    bb  c\naaa  b\nx\n");
    CHECK(render_table({{"a\x1b[31m\n"}}) == "a\\x1b[31m\n");
    CHECK(render_table({}).empty());
}

TEST_CASE("changes between locks are told once for all architectures") {
    const auto lock_of = [](const std::string& libc, const std::string& only_amd) {
        package::Lock lock;
        for (const char* architecture : {"amd64", "arm64"}) {
            lock.architectures[architecture] = {
                {.definition = "x", .packages = {{.name = "libc6", .version = libc}}}};
        }
        lock.architectures["amd64"][0].packages.push_back({.name = only_amd, .version = "1"});
        return lock;
    };
    const auto changes = find_changes(lock_of("2.40", "old"), lock_of("2.41", "new"));
    CHECK(changes.size() == 4);
    CHECK(
        render_changes(changes) == "changed  libc6  2.40 -> 2.41  amd64,arm64\n"
                                   "added    new    1             amd64\n"
                                   "removed  old    1             amd64\n");
    CHECK(find_changes(lock_of("1", "a"), lock_of("1", "a")).empty());
}
