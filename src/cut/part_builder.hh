// SPDX-License-Identifier: Apache-2.0
// Writes the part of a cut, and keeps account of what is in it: the items, and where the content of
// each is.
#pragma once

#include "archive/tar.hh"
#include "cut/cut.hh"
#include "support/stream.hh"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace pare::cut {

/// What a tar entry is in an image; device nodes and fifos throw ErrorKind::refused. `name` is what
/// messages call the archive.
[[nodiscard]] tree::EntryType entry_type(const archive::TarHeader& header, const std::string& name);
/// The number of an owner as images have it; larger ones throw ErrorKind::refused.
[[nodiscard]] std::uint32_t owner_number(std::uint64_t number, const std::string& name);

class PartBuilder {
public:
    explicit PartBuilder(Sink& part);

    /// A link, which has no content.
    void add(tree::Entry entry);
    /// A file of `entry.size` bytes; `see` gets every piece of them.
    void
    add_file(tree::Entry entry, Source& content, const std::function<void(BytesView)>& see = {});
    /// A file with that content.
    void add_text(tree::Entry entry, BytesView text);

    /// The items so far, behind those of these directories that are wanted or hold something.
    [[nodiscard]] std::vector<Item> take_items(
        std::vector<tree::Entry> directories,
        const std::function<bool(const tree::Entry&)>& is_wanted);

    /// The item at that path, which must be there.
    [[nodiscard]] const tree::Entry& entry_at(const ImagePath& path) const;

    [[nodiscard]] std::uint64_t size() const { return size_; }

private:
    void write(BytesView bytes);
    void pad(std::uint64_t size);

    Sink& part_;
    std::uint64_t size_ = 0;
    std::vector<char> buffer_;
    std::vector<Item> items_{};
};

} // namespace pare::cut
