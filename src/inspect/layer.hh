// SPDX-License-Identifier: Apache-2.0
// A layer of an image as a value: its entries, and what it hides of the layers below it.
#pragma once

#include "inspect/entry.hh"
#include "support/stream.hh"

#include <functional>
#include <map>
#include <set>
#include <string>

namespace pare::inspect {

/// What is kept of large files in place of their bytes.
struct Extract {
    std::function<bool(const ImagePath&)> wants{}; ///< none: no file
    std::function<Bytes(BytesView whole)> make{};
};

struct Layer {
    std::map<ImagePath, Entry> entries{};
    std::set<ImagePath> whiteouts{}; ///< paths that are gone, with all that was below them
    std::set<ImagePath> opaque{};    ///< directories of which nothing from below is seen
};

/// What a reader wants beside headers, which are cheap.
struct Look {
    bool contents = false; ///< digests, ELF headers, the programs of scripts
    bool sha1 = false;     ///< that digest too, which SPDX demands; with `contents`
    bool go = false;       ///< build info of Go programs; with `contents`
    /// Files whose bytes are kept; none of it: no file.
    std::function<bool(const ImagePath&)> keeps{};
    Extract extract{};
};

/// Reads the tar of a layer to its end. `name` is for messages. Throws ErrorKind::refused for what
/// is malformed, for paths that climb, and beyond 512 MiB of names, attributes and kept files.
[[nodiscard]] Layer read_layer(Source& tar, const std::string& name, const Look& look);

} // namespace pare::inspect
