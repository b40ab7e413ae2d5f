// SPDX-License-Identifier: Apache-2.0
// Symlinks for the applets of /busybox/busybox: what `busybox --install -s` makes, without running
// it, so that any architecture's image can be made anywhere. Busybox keeps the names of its applets
// (applet_names) as one run of NUL-terminated strings, sorted bytewise, in its read-only data: the
// longest such run that holds `cat`, `ls` and `sh` is it. `[` is the smallest name; what stands
// before it by chance is cut off.
#include "finish/busybox.hh"

#include "finish/parts.hh"
#include "finish/table.hh"

#include <algorithm>
#include <array>
#include <string_view>

namespace pare::finish {

namespace {

constexpr std::size_t kLongestName = 32;
constexpr std::size_t kMostApplets = 2000;
constexpr std::size_t kLargestBinary = std::size_t{64} << 20;

/// No list of applets goes without these, and hardly another sorted run holds them.
constexpr std::array<std::string_view, 3> kProof = {"cat", "ls", "sh"};

constexpr std::array<PackagePattern, 1> kReads = {{{"busybox-static", "usr/bin/busybox"}}};

bool is_name_byte(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '[' ||
           c == '_' || c == '-' || c == '.' || c == '+';
}

/// The name that ends with a NUL at the start of `bytes`; empty when there is none.
std::string_view name_at(BytesView bytes) {
    std::size_t size = 0;
    while (size < bytes.size() && size <= kLongestName && is_name_byte(bytes[size])) {
        ++size;
    }
    const bool ends = size < bytes.size() && size <= kLongestName && bytes[size] == '\0';
    return ends ? bytes.substr(0, size) : BytesView();
}

bool is_table(const std::vector<std::string_view>& run) {
    return std::all_of(kProof.begin(), kProof.end(), [&](std::string_view name) {
        return std::binary_search(run.begin(), run.end(), name);
    });
}

std::vector<Generated> run(const Context& context) {
    const ImagePath binary = ImagePath::parse("busybox/busybox");
    const tree::Node* node = context.tree.find(binary);
    if (node == nullptr || node->entry.type != tree::EntryType::file || !context.touched(binary)) {
        return {};
    }
    const std::optional<Bytes> bytes = context.content(binary);
    if (!bytes || !elf::looks_like_elf(*bytes)) {
        return {};
    }
    std::vector<Generated> made;
    for (const std::string& applet : busybox_applets(*bytes)) {
        const ImagePath link = binary.parent() / applet;
        if (context.tree.find(link) == nullptr) {
            made.push_back(make_symlink(context, link, binary.absolute()));
        }
    }
    return made;
}

} // namespace

std::vector<std::string> busybox_applets(BytesView binary) {
    binary = binary.substr(0, kLargestBinary);
    std::vector<std::string_view> best;
    std::vector<std::string_view> names;
    const auto close_run = [&] {
        if (names.size() > best.size() && names.size() <= kMostApplets && is_table(names)) {
            best = names;
        }
        names.clear();
    };
    std::size_t at = 0;
    while (at < binary.size()) {
        const std::string_view name = name_at(binary.substr(at));
        if (name.empty() || (!names.empty() && name <= names.back())) {
            close_run();
        }
        if (!name.empty()) {
            names.push_back(name);
            at += name.size() + 1;
            continue;
        }
        while (at < binary.size() && is_name_byte(binary[at])) {
            ++at;
        }
        ++at;
    }
    close_run();
    const auto first = std::find(best.begin(), best.end(), "[");
    return {first == best.end() ? best.begin() : first, best.end()};
}

Finisher busybox_finisher() {
    return {
        .name = "busybox",
        .replaces_script = "busybox --install: a symlink for each applet",
        .reads = kReads,
        .run = run};
}

} // namespace pare::finish
