// SPDX-License-Identifier: Apache-2.0
// Which package has a shared library: Contents files (wiki.debian.org/DebianRepository/Format,
// "Contents"), boiled down to what a dynamic loader could load.
#pragma once

#include "support/bytes.hh"
#include "support/files.hh"
#include "support/stream.hh"

#include <string>
#include <string_view>
#include <vector>

namespace pare::deb {

/// One file that is, by its name, a shared library or a dynamic loader.
struct LibraryFile {
    std::string path{};    ///< usr-merged, without leading '/'
    std::string package{}; ///< one of those that have it

    bool operator==(const LibraryFile&) const = default;
};

/// Reads a Contents file, a line a file: path, white space, SECTION/PACKAGE separated by commas.
/// Gives the text that find_libraries() searches: a line a library and package, sorted by file
/// name.
[[nodiscard]] Bytes index_libraries(pare::Source& contents, const std::string& name);

/// The libraries of that file name (`libz.so.1`) in texts of index_libraries(), sorted by path and
/// package.
[[nodiscard]] std::vector<LibraryFile>
find_libraries(const std::vector<BytesView>& indexes, std::string_view file_name);

} // namespace pare::deb
