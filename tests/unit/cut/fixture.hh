// SPDX-License-Identifier: Apache-2.0
// What the tests of this room share: packages made in memory, and what is in their cuts.
#pragma once

#include "archive/tar.hh"
#include "cut/cut.hh"
#include "support/deb_builder.hh"
#include "support/expect.hh"
#include "support/files.hh"
#include "support/shell.hh"
#include "tree/tar_entry.hh"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace pare::test {

using cut::Selection;
using tree::EntryType;

inline constexpr const char* kControl = "Package: sample\nVersion: 1:1.2-3\nArchitecture: amd64\n"
                                        "Maintainer: A <a@deb.example>\nDescription: sample\n";
/// When the packages of these tests were built.
inline constexpr std::int64_t kDate = 1'700'000'000;
inline constexpr std::string_view kStatus = "var/lib/dpkg/status.d/sample";

/// A cut and its part.
struct CutPackage {
    cut::Cut cut{};
    Bytes part{};

    /// The item at that path, or null.
    [[nodiscard]] const cut::Item* find(std::string_view path) const {
        const auto found = std::ranges::find_if(
            cut.items, [&](const cut::Item& item) { return item.entry.path.relative() == path; });
        return found == cut.items.end() ? nullptr : &*found;
    }

    [[nodiscard]] bool has(std::string_view path) const { return find(path) != nullptr; }

    [[nodiscard]] const tree::Entry& entry(std::string_view path) const {
        const cut::Item* item = find(path);
        REQUIRE_MESSAGE(item != nullptr, path);
        return item->entry;
    }

    /// What stands in the part where the item says that its file is.
    [[nodiscard]] Bytes content(std::string_view path) const {
        const cut::Item* item = find(path);
        REQUIRE_MESSAGE(item != nullptr, path);
        REQUIRE(item->entry.type == EntryType::file);
        return part.substr(item->offset, item->entry.size);
    }

    /// Paths of directories, in order.
    [[nodiscard]] Names directories() const {
        Names paths;
        for (const cut::Item& item : cut.items) {
            if (item.entry.type == EntryType::directory) {
                paths.push_back(item.entry.path.relative());
            }
        }
        return paths;
    }

    /// Paths of files and links, in order, without those of status.d.
    [[nodiscard]] Names files() const {
        Names paths;
        for (const cut::Item& item : cut.items) {
            const std::string& path = item.entry.path.relative();
            if (item.entry.type != EntryType::directory && !path.starts_with(kStatus)) {
                paths.push_back(path);
            }
        }
        return paths;
    }

    /// The list of files with their sums that scanners read.
    [[nodiscard]] Bytes md5sums() const { return content(std::string(kStatus) + ".md5sums"); }

    /// A layer of this cut alone.
    [[nodiscard]] Bytes layer() const {
        Bytes tar;
        for (const cut::Item& item : cut.items) {
            if (item.entry.type == EntryType::directory) {
                tar += archive::tar_header(tree::tar_header_of(item.entry));
            }
        }
        return tar + part + Bytes(archive::tar_end());
    }
};

inline CutPackage cut_bytes(const Bytes& deb, const Selection& selection = {}) {
    BytesSink part;
    CutPackage made;
    made.cut = cut::cut_deb(deb, selection, "sample.deb", part);
    made.part = part.take();
    return made;
}

/// Cuts a package with that data archive.
inline CutPackage cut_entries(const Tar& entries, const Selection& selection = {}) {
    return cut_bytes(
        build_deb({.control = kControl, .entries = entries, .mtime = kDate}), selection);
}

} // namespace pare::test
