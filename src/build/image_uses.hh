// SPDX-License-Identifier: Apache-2.0
// Which files of an image use which others, as far as their headers and first lines say.
#pragma once

#include "inspect/filesystem.hh"
#include "oci/image.hh"

#include <compare>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pare::build {

/// A file that another one names: a library, an ELF interpreter, the interpreter of a script.
struct Use {
    ImagePath by{};
    ImagePath of{};   ///< the file itself, at the end of all links
    std::string as{}; ///< how `by` names it

    auto operator<=>(const Use&) const = default;
};

/// A name that leads nowhere.
struct Unmet {
    ImagePath by{};
    std::string name{};

    auto operator<=>(const Unmet&) const = default;
};

struct Uses {
    std::vector<Use> libraries{}; ///< of ELF files; by `by`
    std::vector<Use> scripts{};   ///< likewise of scripts
    std::vector<Unmet> unmet{};   ///< libraries and interpreters that are not there
};

/// How many files of an image are of which kind.
struct ElfSummary {
    /// `x86-64, dynamic`: programs and libraries for a machine, by how they are linked.
    std::map<std::string, std::size_t> kinds{};
    std::map<std::string, std::size_t> interpreters{}; ///< by the path that ELF files name
    std::map<std::string, std::size_t> scripts{};      ///< by the program of the first line

    bool operator==(const ElfSummary&) const = default;
};

/// Contents must have been asked for when the layers were read.
[[nodiscard]] Uses find_uses(
    const inspect::Filesystem& files, const oci::RunConfig& config, const oci::Platform& platform);
[[nodiscard]] ElfSummary summarize(const inspect::Filesystem& files);

/// The file at the end of all links that a command's first word means; nothing when it is not
/// there.
[[nodiscard]] std::optional<ImagePath>
find_program(const inspect::Filesystem& files, const oci::RunConfig& config, std::string_view word);

} // namespace pare::build
