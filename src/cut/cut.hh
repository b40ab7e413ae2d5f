// SPDX-License-Identifier: Apache-2.0
// A cut: one package after selection and normalising. Its directories, files and links as entries,
// and its part of a layer: the tar of everything but directories, without an end mark, so that
// parts can be put one after the other behind the directories of a layer.
#pragma once

#include "cut/slices.hh"
#include "elf/elf.hh"
#include "support/bytes.hh"
#include "support/stream.hh"
#include "tree/entry.hh"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace pare::cut {

/// Which entries of a package are wanted, and where they go. Globs (support/text.hh) are matched
/// against the usr-merged path without a leading '/'.
struct Selection {
    std::vector<Slice> slices{};          ///< of these, together; empty: everything
    std::vector<std::string> include{};   ///< and of that; empty: everything
    std::vector<std::string> locales{};   ///< names of those wanted, in place of `include`
    std::uint64_t strip = 0;              ///< components cut from included paths
    std::string to{};                     ///< directory that included paths go below
    std::vector<std::string> leave_out{}; ///< globs of what a finisher makes instead
    std::vector<std::string> reads{};     ///< globs of files whose bytes a finisher needs
    std::set<std::string> dropped{};      ///< exact paths that lost to another package
    /// What the image below has of the same package: left there, but still listed among the
    /// package's files.
    std::vector<Slice> below{};

    bool operator==(const Selection&) const = default;
};

struct Item {
    tree::Entry entry{};
    std::uint64_t offset = 0;      ///< of a file's content in the part
    std::optional<elf::Elf> elf{}; ///< of an ELF file

    bool operator==(const Item&) const = default;
};

struct Cut {
    std::string package{};
    std::string version{};
    std::string architecture{};
    std::string source{};
    std::int64_t date = 0;                ///< when the package was built, seconds since the epoch
    std::vector<std::string> scripts{};   ///< maintainer scripts that were not run
    std::vector<std::string> replaces{};  ///< names of packages whose files it may take over
    std::vector<Item> items{};            ///< directories first
    std::map<ImagePath, Bytes> kept{};    ///< bytes of files that are in the cut, for finishers
    std::map<ImagePath, Bytes> aside{};   ///< bytes of files that are not in it, for finishers
    std::vector<std::string> unmatched{}; ///< `SLICE: GLOB` for globs of slices that match nothing
    std::vector<std::string> left_out{};  ///< paths of shared libraries that no slice took
    std::uint64_t part_size = 0;

    bool operator==(const Cut&) const = default;
};

/// What the cut of that package file and selection is kept under: hex of a SHA-256. Changes with
/// the format version.
[[nodiscard]] std::string cut_key(const std::string& package_sha256, const Selection& selection);

/// Cuts a .deb; its part goes to `part`. Everything of a package that an image cannot hold (device
/// nodes, paths that climb, more than a million entries) throws ErrorKind::refused. The ELF members
/// of the items are still empty.
[[nodiscard]] Cut
cut_deb(BytesView deb, const Selection& selection, const std::string& name, Sink& part);

/// Fills in what the ELF files say, from the finished part. Gives a sentence for each damaged one:
/// packages ship such as data of tests, so it stays in the image as a file that nothing loads.
[[nodiscard]] std::vector<std::string> inspect_elf_files(Cut& cut, BytesView part);

/// Binary form for the store, and back; throws ErrorKind::refused for anything else.
[[nodiscard]] Bytes write_manifest(const Cut& cut);
[[nodiscard]] Cut parse_manifest(BytesView bytes);

} // namespace pare::cut
