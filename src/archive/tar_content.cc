// SPDX-License-Identifier: Apache-2.0
// Reads the content of tar entries. A sparse file is given with its holes filled, so that nobody
// above knows that there are such files.
#include "archive/tar_content.hh"

#include "archive/refuse.hh"

#include <algorithm>
#include <array>

namespace pare::archive {

namespace {

constexpr std::size_t kPiece = std::size_t{32} * 1024;

} // namespace

std::size_t Tape::fill(char* buffer, std::size_t size) {
    std::size_t filled = 0;
    while (filled < size) {
        const std::size_t count = read(buffer + filled, size - filled);
        if (count == 0) {
            break;
        }
        filled += count;
    }
    return filled;
}

void Tape::read_fully(char* buffer, std::size_t size) {
    if (fill(buffer, size) != size) {
        refuse_cut();
    }
}

void Tape::skip(std::uint64_t size) {
    std::array<char, kPiece> piece;
    while (size > 0) {
        const std::size_t count = read(piece.data(), std::min<std::uint64_t>(size, kPiece));
        if (count == 0) {
            refuse_cut();
        }
        size -= count;
    }
}

void Tape::drain() {
    std::array<char, kPiece> piece;
    while (const std::size_t count = read(piece.data(), kPiece)) {
        if (BytesView(piece.data(), count).find_first_not_of('\0') != BytesView::npos) {
            refuse_here("data follows the end of the tar archive");
        }
    }
}

void Tape::refuse_here(std::string_view why) const {
    refuse(name_, fmt::format("{} (before byte {})", why, position_));
}

void EntryContent::open(std::uint64_t size) {
    left_ = size;
    stored_ = size;
    is_sparse_ = false;
}

void EntryContent::open_sparse(
    std::vector<Extent> extents, std::uint64_t real_size, std::uint64_t stored) {
    left_ = real_size;
    stored_ = stored;
    is_sparse_ = true;
    extents_ = std::move(extents);
    next_extent_ = 0;
    position_ = 0;
}

std::size_t EntryContent::read(char* buffer, std::size_t size) {
    size = std::min<std::uint64_t>(size, left_);
    if (size == 0) {
        return 0;
    }
    const std::size_t count = is_sparse_ ? read_sparse(buffer, size) : read_stored(buffer, size);
    left_ -= count;
    return count;
}

void EntryContent::skip() {
    if (stored_ > 0) {
        tape_.skip(stored_);
    }
    left_ = 0;
    stored_ = 0;
}

std::size_t EntryContent::read_stored(char* buffer, std::size_t size) {
    const std::size_t count = tape_.read(buffer, size);
    if (count == 0) {
        tape_.refuse_cut();
    }
    stored_ -= count;
    return count;
}

std::size_t EntryContent::read_sparse(char* buffer, std::size_t size) {
    const bool in_last_hole = next_extent_ == extents_.size();
    if (in_last_hole || position_ < extents_[next_extent_].offset) {
        const std::uint64_t hole = in_last_hole ? left_ : extents_[next_extent_].offset - position_;
        const std::size_t count = std::min<std::uint64_t>(size, hole);
        std::fill_n(buffer, count, '\0');
        position_ += count;
        return count;
    }
    const Extent& extent = extents_[next_extent_];
    const std::uint64_t end = extent.offset + extent.size;
    const std::size_t count = read_stored(buffer, std::min<std::uint64_t>(size, end - position_));
    position_ += count;
    next_extent_ += position_ == end ? 1 : 0;
    return count;
}

} // namespace pare::archive
