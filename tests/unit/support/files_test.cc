// SPDX-License-Identifier: Apache-2.0
#include "support/files.hh"

#include <doctest/doctest.h>

#include <filesystem>

using pare::TemporaryDirectory;

namespace {

std::size_t count(const std::filesystem::path& directory) {
    std::size_t entries = 0;
    for (const auto& entry : std::filesystem::directory_iterator(directory)) {
        entries += entry.exists() ? 1U : 0U;
    }
    return entries;
}

} // namespace

TEST_CASE("a file appears whole at commit, and not at all without") {
    const TemporaryDirectory directory;
    const auto path = directory.path() / "file";
    {
        pare::AtomicFile abandoned(path);
        abandoned.write("half");
        CHECK_FALSE(std::filesystem::exists(path));
    }
    CHECK(count(directory.path()) == 0);
    pare::write_file(path, "whole");
    CHECK(pare::read_file(path) == "whole");
    CHECK(count(directory.path()) == 1);
}

TEST_CASE("a file larger than its limit is refused before it is read") {
    const TemporaryDirectory directory;
    pare::write_file(directory.path() / "file", std::string(100, 'x'));
    CHECK_THROWS_AS((void)pare::read_file(directory.path() / "file", 99), pare::Error);
}

TEST_CASE("an error names the file and the cause") {
    CHECK_THROWS_WITH_AS(
        (void)pare::read_file("/nonexistent/file"),
        "cannot open /nonexistent/file: No such file or directory", pare::Error);
    const TemporaryDirectory directory;
    CHECK_THROWS_AS((void)pare::read_file(directory.path()), pare::Error);
}
