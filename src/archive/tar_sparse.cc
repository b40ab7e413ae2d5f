// SPDX-License-Identifier: Apache-2.0
// Sparse files of GNU tar (manual, appendix "Sparse Formats").
//
// Old GNU, type S: 4 entries of offset[12] size[12] in the header at byte 386, then, when byte 482
// says so, blocks of 21 more, each with its own flag at byte 504; the real size is at byte 483.
// pax 1.0: the content begins with decimal lines COUNT, OFFSET, SIZE, OFFSET, ..., filled up to a
// whole block.
#include "archive/tar_sparse.hh"

#include "archive/tar_block.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace pare::archive {

namespace {

constexpr std::size_t kNumber = 12;
constexpr std::size_t kMap = 386;
constexpr std::size_t kMapSize = 8 * kNumber;
constexpr std::size_t kIsExtended = 482;
constexpr std::size_t kRealSize = 483;
constexpr std::size_t kMoreMapSize = 42 * kNumber;
constexpr std::size_t kMoreIsExtended = 504;

std::uint64_t map_number(const Tape& tape, BytesView field) {
    const auto number = parse_tar_number(field);
    if (!number || *number < 0) {
        tape.refuse_here("the map of a sparse file holds a bad number");
    }
    return static_cast<std::uint64_t>(*number);
}

void append_gnu_entries(const Tape& tape, BytesView entries, std::vector<std::uint64_t>& numbers) {
    for (; !entries.empty() && entries[kNumber] != '\0'; entries.remove_prefix(2 * kNumber)) {
        numbers.push_back(map_number(tape, entries.substr(0, kNumber)));
        numbers.push_back(map_number(tape, entries.substr(kNumber, kNumber)));
    }
}

[[noreturn]] void refuse_large_map(const Tape& tape) {
    tape.refuse_here("the map of a sparse file is too large");
}

/// The decimal lines of a pax 1.0 map as they are read, block by block.
class MapText {
public:
    [[nodiscard]] bool is_complete() const { return wanted_ > 0 && lines_ >= wanted_; }

    void add(const Tape& tape, BytesView block) {
        text_ += block;
        lines_ += static_cast<std::uint64_t>(std::ranges::count(block, '\n'));
        if (wanted_ == 0 && lines_ > 0) {
            const auto count = parse_number(std::string_view(text_).substr(0, text_.find('\n')));
            if (!count || *count > std::uint64_t{1} << 32) {
                tape.refuse_here("the map of a sparse file has no good count");
            }
            wanted_ = 1 + 2 * *count;
        }
    }

    [[nodiscard]] std::vector<std::uint64_t> numbers(const Tape& tape) const {
        const std::vector<std::string_view> lines = split(text_, '\n');
        std::vector<std::uint64_t> numbers;
        for (std::size_t i = 1; i < wanted_; ++i) {
            const auto number = parse_number(lines[i]);
            if (!number) {
                tape.refuse_here("the map of a sparse file holds a bad number");
            }
            numbers.push_back(*number);
        }
        return numbers;
    }

private:
    Bytes text_{};
    std::uint64_t lines_ = 0;
    std::uint64_t wanted_ = 0; ///< lines in all, 0 until the first is known
};

} // namespace

SparseMap read_gnu_map(Tape& tape, BytesView block, std::uint64_t limit) {
    SparseMap map;
    append_gnu_entries(tape, block.substr(kMap, kMapSize), map.numbers);
    map.real_size = map_number(tape, block.substr(kRealSize, kNumber));
    bool more = block[kIsExtended] != '\0';
    std::array<char, kTarBlock> next;
    for (std::uint64_t taken = kTarBlock; more; taken += kTarBlock) {
        if (taken > limit) {
            refuse_large_map(tape);
        }
        tape.read_fully(next.data(), next.size());
        append_gnu_entries(tape, BytesView(next.data(), kMoreMapSize), map.numbers);
        more = next[kMoreIsExtended] != '\0';
    }
    return map;
}

SparseMap
read_pax_map(Tape& tape, const PaxSparse& sparse, std::uint64_t stored, std::uint64_t limit) {
    SparseMap map{.real_size = sparse.real_size.value_or(0)};
    MapText text;
    std::array<char, kTarBlock> block;
    while (!text.is_complete()) {
        if (map.map_size + kTarBlock > std::min(stored, limit)) {
            refuse_large_map(tape);
        }
        tape.read_fully(block.data(), block.size());
        map.map_size += kTarBlock;
        text.add(tape, BytesView(block.data(), block.size()));
    }
    map.numbers = text.numbers(tape);
    return map;
}

std::vector<Extent> check_extents(const Tape& tape, const SparseMap& map, std::uint64_t stored) {
    const std::vector<std::uint64_t>& numbers = map.numbers;
    if (numbers.size() % 2 != 0) {
        tape.refuse_here("the map of a sparse file has an offset without a size");
    }
    std::vector<Extent> extents;
    std::uint64_t end = 0;
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < numbers.size(); i += 2) {
        const Extent extent{.offset = numbers[i], .size = numbers[i + 1]};
        const bool fits = extent.offset >= end && extent.offset <= map.real_size &&
                          extent.size <= map.real_size - extent.offset;
        if (!fits) {
            tape.refuse_here("the map of a sparse file overlaps itself or passes its end");
        }
        end = extent.offset + extent.size;
        sum += extent.size;
        if (extent.size > 0) {
            extents.push_back(extent);
        }
    }
    if (sum != stored) {
        tape.refuse_here(fmt::format(
            "the map of a sparse file tells of {} bytes, but {} are stored", sum, stored));
    }
    return extents;
}

} // namespace pare::archive
