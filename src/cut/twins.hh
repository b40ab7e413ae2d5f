// SPDX-License-Identifier: Apache-2.0
// Files of a package that are the same, byte for byte: they become one file with several names. A
// layer then has their bytes once, and so has every node that unpacks it.
#pragma once

#include "support/bytes.hh"
#include "support/image_path.hh"
#include "tree/entry.hh"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pare::cut {

class Twins {
public:
    /// `md5sums` is the package's own list (deb-md5sums(5)): it only says which files are worth a
    /// look.
    explicit Twins(std::string_view md5sums);

    /// Whether the file at that path (usr-merged) may have a twin. Not so for small ones, which
    /// save nothing; for large ones, which would have to be kept in memory; nor below /etc, where a
    /// change of one is not meant for the other.
    [[nodiscard]] bool may_have(const ImagePath& path, std::uint64_t size) const;

    /// Where an earlier file is that has the same content, mode, owner and attributes; null when
    /// there is none: then this one is remembered.
    [[nodiscard]] const ImagePath* find(const tree::Entry& entry, BytesView content);

private:
    std::map<ImagePath, std::string> sums_; ///< of those that occur more than once
    std::vector<std::pair<tree::Entry, Bytes>> seen_;
};

} // namespace pare::cut
