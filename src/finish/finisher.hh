// SPDX-License-Identifier: Apache-2.0
// A finisher makes what a maintainer script would have made. One file a finisher, one line in the
// table of finishers.cc; docs/adding-a-finisher.md walks through one.
#pragma once

#include "definition/definition.hh"
#include "elf/elf.hh"
#include "support/bytes.hh"
#include "tree/tree.hh"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace pare::finish {

/// What a finisher may look at: values only.
struct Context {
    const tree::Tree& tree;                     ///< everything so far, the parent's steps included
    const definition::Step& step;               ///< what this step of the definition says
    const std::vector<definition::User>& users; ///< of the whole chain so far, this step's last
    const std::vector<definition::Group>& groups;
    std::string architecture{}; ///< Debian name
    std::int64_t time = 0;      ///< mtime for what is made
    /// Of an ELF file of the tree; null for others.
    std::function<const elf::Elf*(const ImagePath&)> elf{};
    /// Bytes of a file of the tree; nothing for those of a base image.
    std::function<std::optional<Bytes>(const ImagePath&)> content{};
    /// Files that packages of this step hold but that were not included in the image, by path,
    /// with their bytes: those that a `reads` pattern matched.
    const std::map<ImagePath, Bytes>& aside;
    /// Whether this step brought or changed anything below that path (else the parent's work
    /// holds).
    std::function<bool(const ImagePath&)> touched{};
};

/// What a finisher made. Missing parents are made by who takes it, 0755 and root's.
struct Generated {
    tree::Entry entry{}; ///< `size` is that of `content`
    Bytes content{};
    /// The bytes stay those of the tree's file at that path (`content` is empty): only owner or
    /// mode changed.
    bool same_content = false;
};

/// Files of a package that a finisher needs the bytes of, or makes itself in their stead.
struct PackagePattern {
    std::string_view package{}; ///< `*`: any
    std::string_view glob{};    ///< over the usr-merged path without leading '/'
};

struct Finisher {
    std::string_view name{};
    std::string_view replaces_script{}; ///< which maintainer script's work it does, in words
    std::span<const PackagePattern> reads{};
    /// Paths that are left out of the packages because this finisher makes them, when wanted() says
    /// so.
    std::span<const PackagePattern> makes{};
    bool (*wanted)(const definition::Step& step) = nullptr; ///< null: always
    std::vector<Generated> (*run)(const Context& context) = nullptr;
};

/// In the order in which they run.
[[nodiscard]] std::span<const Finisher> finishers();

} // namespace pare::finish
