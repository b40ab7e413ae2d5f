// SPDX-License-Identifier: Apache-2.0
// debug/buildinfo of Go: 14 bytes of magic at an offset divisible by 16, the size of a pointer, and
// flags; with the second bit set, two strings behind their varint lengths follow at byte 32. The
// modules stand between two marks of 16 bytes. Older programs have pointers instead, which are
// passed over, and so is what only looks like it.
#include "elf/go_build_info.hh"

#include <string_view>

namespace pare::elf {

namespace {

constexpr std::string_view kMagic = "\xff Go buildinf:";
constexpr std::size_t kAlignment = 16;
constexpr std::size_t kHeader = 32;
constexpr std::size_t kMark = 16;
constexpr std::size_t kLargest = std::size_t{4} << 20;
constexpr unsigned kInline = 2;

/// A string behind its length, cut off the front of `bytes`; nothing when that ends too early.
std::optional<BytesView> take_string(BytesView& bytes) {
    std::size_t size = 0;
    for (unsigned shift = 0; shift < 32; shift += 7) {
        if (bytes.empty()) {
            return std::nullopt;
        }
        const auto byte = static_cast<unsigned char>(bytes.front());
        bytes.remove_prefix(1);
        size |= static_cast<std::size_t>(byte & 0x7fU) << shift;
        if ((byte & 0x80U) == 0) {
            if (size > bytes.size() || size > kLargest) {
                return std::nullopt;
            }
            const BytesView text = bytes.substr(0, size);
            bytes.remove_prefix(size);
            return text;
        }
    }
    return std::nullopt;
}

std::optional<GoBuildInfo> read_at(BytesView bytes) {
    if (bytes.size() < kHeader || (static_cast<unsigned char>(bytes[15]) & kInline) == 0) {
        return std::nullopt;
    }
    bytes.remove_prefix(kHeader);
    const auto version = take_string(bytes);
    const auto modules = version ? take_string(bytes) : std::nullopt;
    if (!modules || !version->starts_with("go")) {
        return std::nullopt;
    }
    GoBuildInfo info{.version = std::string(*version)};
    if (modules->size() > 2 * kMark) {
        info.modules = modules->substr(kMark, modules->size() - 2 * kMark);
    }
    return info;
}

} // namespace

std::optional<GoBuildInfo> find_go_build_info(BytesView file) {
    for (std::size_t at = 0; at + kHeader <= file.size(); at += kAlignment) {
        if (file.substr(at, kMagic.size()) == kMagic) {
            if (auto info = read_at(file.substr(at))) {
                return info;
            }
        }
    }
    return std::nullopt;
}

} // namespace pare::elf
