// SPDX-License-Identifier: Apache-2.0
// Which libraries a program needs, and those libraries in turn, found as ld.so(8) finds them: a
// value in, a value out; no file is opened.
#pragma once

#include "elf/elf.hh"
#include "support/image_path.hh"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace pare::wrap {

/// A file or link that could be in the image.
struct Offered {
    std::string package{}; ///< empty: the user's own
    std::string link{};    ///< of a symlink: its text
    elf::Elf elf{};        ///< of a file
    std::uint64_t size = 0;
};

/// Everything that could be in the image, usr-merged.
using Offer = std::map<ImagePath, Offered>;

/// One file or link that is needed, and by whom.
struct Need {
    ImagePath path{};
    std::string package{};
    ImagePath by{};   ///< the root for what the user named
    std::string as{}; ///< how `by` names it: `libz.so.1`; or why, of an extra one

    bool operator==(const Need&) const = default;
};

/// A library that a file needs and that is not there.
struct Missing {
    std::string library{};
    ImagePath by{};

    bool operator==(const Missing&) const = default;
};

/// A version of symbols that a file needs of a library, which is there, but older.
struct MissingVersion {
    std::string version{};
    ImagePath library{};
    ImagePath by{};

    bool operator==(const MissingVersion&) const = default;
};

struct Closure {
    std::vector<Need> needs{}; ///< in the order in which they were found
    std::vector<Missing> missing{};
    std::vector<MissingVersion> missing_versions{};

    /// From what the user named to that file; empty when it is not needed.
    [[nodiscard]] std::vector<Need> chain_to(const ImagePath& path) const;
};

/// A library that no file needs by its headers, and why it is wanted all the same.
struct Extra {
    std::string library{};
    std::string because{};
};

/// Where the loader looks beside what the files themselves say.
struct SearchPath {
    std::string triplet{};                      ///< of the architecture (`x86_64-linux-gnu`)
    std::vector<std::string> directories{};     ///< of LD_LIBRARY_PATH
    std::map<std::string, std::string> cache{}; ///< of ld.so.cache: path by name
    bool everywhere = false; ///< last of all in any directory: some program may know where
};

/// What each of these files needs as a process of its own: one closure a root.
[[nodiscard]] std::vector<Closure>
find_closures(const Offer& offer, const std::vector<ImagePath>& roots, const SearchPath& search);

/// What each of these files names itself, and nothing that those need in turn: one closure a file.
[[nodiscard]] std::vector<Closure>
find_named(const Offer& offer, const std::vector<ImagePath>& files, const SearchPath& search);

/// What these files need, and the extra libraries, which the first of them opens. Without files
/// these are the program's own business. `triplet` is that of the architecture
/// (`x86_64-linux-gnu`).
[[nodiscard]] Closure find_closure(
    const Offer& offer, const std::vector<ImagePath>& roots, const std::vector<Extra>& extras,
    const std::string& triplet);

} // namespace pare::wrap
