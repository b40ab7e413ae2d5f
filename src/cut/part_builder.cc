// SPDX-License-Identifier: Apache-2.0
#include "cut/part_builder.hh"

#include "tree/tar_entry.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <set>
#include <utility>

namespace pare::cut {

namespace {

constexpr std::size_t kPiece = std::size_t{256} * 1024;
constexpr std::array<char, 512> kZeros{};

} // namespace

tree::EntryType entry_type(const archive::TarHeader& header, const std::string& name) {
    if (const auto type = tree::entry_type_of(header.type)) {
        return *type;
    }
    throw Error(
        ErrorKind::refused,
        fmt::format(
            "{}: '{}' is a device node or fifo, which no package may bring into an image", name,
            header.name));
}

std::uint32_t owner_number(std::uint64_t number, const std::string& name) {
    if (number > UINT32_MAX) {
        throw Error(ErrorKind::refused, fmt::format("{}: owner {} is too large", name, number));
    }
    return static_cast<std::uint32_t>(number);
}

PartBuilder::PartBuilder(Sink& part) : part_(part), buffer_(kPiece) {}

void PartBuilder::write(BytesView bytes) {
    part_.write(bytes);
    size_ += bytes.size();
}

void PartBuilder::pad(std::uint64_t size) {
    write(BytesView(kZeros.data(), archive::tar_padding(size)));
}

void PartBuilder::add(tree::Entry entry) {
    write(archive::tar_header(tree::tar_header_of(entry)));
    items_.push_back({.entry = std::move(entry)});
}

void PartBuilder::add_file(
    tree::Entry entry, Source& content, const std::function<void(BytesView)>& see) {
    write(archive::tar_header(tree::tar_header_of(entry)));
    const std::uint64_t offset = size_;
    while (const std::size_t count = content.read(buffer_.data(), buffer_.size())) {
        const BytesView piece(buffer_.data(), count);
        write(piece);
        if (see) {
            see(piece);
        }
    }
    pad(entry.size);
    items_.push_back({.entry = std::move(entry), .offset = offset});
}

void PartBuilder::add_text(tree::Entry entry, BytesView text) {
    entry.size = text.size();
    ViewSource content(text);
    add_file(std::move(entry), content);
}

std::vector<Item> PartBuilder::take_items(
    std::vector<tree::Entry> directories,
    const std::function<bool(const tree::Entry&)>& is_wanted) {
    std::set<ImagePath> holding;
    for (const Item& item : items_) {
        for (ImagePath up = item.entry.path.parent(); !up.is_root(); up = up.parent()) {
            holding.insert(up);
        }
    }
    std::vector<Item> items;
    for (tree::Entry& directory : directories) {
        // Asked of each, because who answers also counts what its globs match.
        const bool wanted = is_wanted(directory);
        if (wanted || holding.contains(directory.path)) {
            items.push_back({.entry = std::move(directory)});
        }
    }
    std::move(items_.begin(), items_.end(), std::back_inserter(items));
    items_.clear();
    return items;
}

const tree::Entry& PartBuilder::entry_at(const ImagePath& path) const {
    const auto found = std::ranges::find(
        items_, path, [](const Item& item) -> const ImagePath& { return item.entry.path; });
    ensure(found != items_.end(), "a hard link names what is not in the cut");
    return found->entry;
}

} // namespace pare::cut
