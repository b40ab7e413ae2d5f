// SPDX-License-Identifier: Apache-2.0
// Slices: named parts of a package's files, so that an image takes what it uses. The built-in ones
// (slices/) are compiled into the program; a directory of the user's wins over them. The format
// is in docs/slices.md.
#pragma once

#include "support/error.hh"

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace pare::cut {

/// The slice that a package's name alone stands for, where a definition has it.
constexpr std::string_view kRuntimeSlice = "runtime";
/// Every file; every package has it.
constexpr std::string_view kAllSlice = "all";

/// `libc6_gconv`; the slice is empty where the name alone is given.
struct SliceName {
    std::string package{};
    std::string slice{};

    auto operator<=>(const SliceName&) const = default;
};

/// Splits at the first '_', which no name of a package holds.
[[nodiscard]] SliceName parse_slice_name(std::string_view text);

/// Globs are matched against the usr-merged path without leading '/'; one that ends in '/' asks for
/// a directory that may be empty.
struct Slice {
    std::string name{};
    std::string hint{};
    std::vector<std::string> include{};
    std::vector<std::string> exclude{};
    std::vector<SliceName> needs{};     ///< slices that come along
    std::vector<std::string> without{}; ///< names of packages that only left out files depend on

    bool operator==(const Slice&) const = default;
};

/// One file: the slices of a package, which may have several names in several releases.
struct SliceFile {
    std::vector<std::string> packages{};
    std::vector<Slice> slices{};
    bool built_in = false;

    [[nodiscard]] const Slice* find(std::string_view name) const;
};

/// Reads a slice file. Throws ErrorKind::definition with the place for unknown keys and wrong
/// types.
[[nodiscard]] SliceFile parse_slices(std::string_view text, const std::string& name);

/// The slice files of a directory, sorted. Throws ErrorKind::definition when it cannot be read.
[[nodiscard]] std::vector<std::filesystem::path>
slice_files(const std::filesystem::path& directory);

/// All slice definitions that a step can use.
class SliceLibrary {
public:
    /// The built-in ones.
    SliceLibrary();
    /// Those of the directory's *.yaml, then what was known before.
    void add_directory(const std::filesystem::path& directory);

    /// Null for a package without slices. Parses built-in ones on first use; safe from one thread
    /// only. The pointer stays good as long as the library.
    [[nodiscard]] const SliceFile* find(const std::string& package) const;

    /// Changes when any definition does.
    [[nodiscard]] const std::string& digest() const { return digest_; }

private:
    mutable std::map<std::string, SliceFile> files_{}; ///< by package
    std::string digest_{};
};

/// The slices of `package` that `wanted` (names; empty: the package's name alone) stands for. An
/// empty answer means all but documentation. Throws ErrorKind::definition for a slice that is not
/// there, naming those that are.
[[nodiscard]] std::vector<Slice> slices_of(
    const SliceLibrary& library, const std::string& package, const std::set<std::string>& wanted);

/// All but documentation: what a package without slices comes to.
[[nodiscard]] const Slice& without_documentation();
/// Every file.
[[nodiscard]] const Slice& everything();

} // namespace pare::cut
