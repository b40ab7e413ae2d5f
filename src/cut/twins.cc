// SPDX-License-Identifier: Apache-2.0
#include "cut/twins.hh"

#include "elf/elf.hh"
#include "support/text.hh"
#include "tree/tree.hh"

#include <algorithm>

namespace pare::cut {

namespace {

constexpr std::uint64_t kSmallest = 4096;
constexpr std::uint64_t kLargest = 4U << 20;

} // namespace

Twins::Twins(std::string_view md5sums) {
    std::map<std::string, int, std::less<>> count;
    for (const std::string_view line : split(md5sums, '\n')) {
        const std::size_t gap = line.find("  ");
        if (gap == std::string_view::npos) {
            continue;
        }
        const ImagePath original = ImagePath::parse(line.substr(gap + 2));
        const ImagePath merged = tree::usr_merged(original).value_or(original);
        std::string sum(line.substr(0, gap));
        ++count[sum];
        sums_.emplace(merged, std::move(sum));
    }
    std::erase_if(sums_, [&](const auto& each) { return count[each.second] < 2; });
}

bool Twins::may_have(const ImagePath& path, std::uint64_t size) const {
    return size >= kSmallest && size <= kLargest && sums_.contains(path) &&
           !path.relative().starts_with("etc/");
}

const ImagePath* Twins::find(const tree::Entry& entry, BytesView content) {
    // Programs and libraries keep what is known of them at each of their paths.
    if (elf::looks_like_elf(content)) {
        return nullptr;
    }
    const auto twin = std::ranges::find_if(seen_, [&](const auto& earlier) {
        const auto& [other, bytes] = earlier;
        return other.mode == entry.mode && other.uid == entry.uid && other.gid == entry.gid &&
               other.xattrs == entry.xattrs && bytes == content;
    });
    if (twin != seen_.end()) {
        return &twin->first.path;
    }
    seen_.emplace_back(entry, Bytes(content));
    return nullptr;
}

} // namespace pare::cut
