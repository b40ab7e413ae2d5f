// SPDX-License-Identifier: Apache-2.0
// Problem: the Contents of Debian are 120 MB of text, and a program wants to know of ten libraries.
// So each Contents is read once, and what could be a library is kept, sorted, in about 4 MB.
// Format kept: FILENAME \t PATH \t PACKAGE \n, in bytewise order.
// Refuses: lines longer than any path may be.
#include "deb/contents.hh"

#include "support/error.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace pare::deb {

namespace {

constexpr std::size_t kPiece = std::size_t{256} * 1024;
constexpr std::size_t kLongestLine = std::size_t{1} << 20;

/// Where loaders look; other libraries are plug-ins, which programs name by their paths.
bool is_library(std::string_view path, std::string_view name) {
    const bool is_named_so = name.find(".so") != std::string_view::npos;
    const bool is_placed = path.starts_with("usr/lib") || path.starts_with("lib");
    const bool is_debug = path.find("/debug/") != std::string_view::npos;
    return is_named_so && is_placed && !is_debug;
}

std::string usr_merged(std::string_view path) {
    return path.starts_with("usr/") ? std::string(path) : fmt::format("usr/{}", path);
}

void index_line(std::string_view line, std::set<std::string>& lines) {
    const std::size_t end = line.find_last_of(" \t");
    if (end == std::string_view::npos) {
        return;
    }
    const std::string_view path = trim(line.substr(0, end));
    const std::string_view name = path.substr(path.rfind('/') + 1);
    if (!is_library(path, name) || path.find('\t') != std::string_view::npos) {
        return;
    }
    for (const std::string_view place : split(line.substr(end + 1), ',')) {
        lines.insert(
            fmt::format("{}\t{}\t{}", name, usr_merged(path), place.substr(place.rfind('/') + 1)));
    }
}

/// The first line of a sorted text that does not come before `key`.
std::size_t lower_bound(BytesView text, std::string_view key) {
    std::size_t low = 0;
    std::size_t high = text.size();
    while (low < high) {
        const std::size_t middle = low + (high - low) / 2;
        const std::size_t before = middle == 0 ? BytesView::npos : text.rfind('\n', middle - 1);
        const std::size_t start = before == BytesView::npos ? 0 : before + 1;
        const std::size_t end = std::min(text.find('\n', middle), text.size());
        if (text.substr(start, end - start) < key) {
            low = std::min(end + 1, text.size());
        } else {
            high = start;
        }
    }
    return low;
}

} // namespace

Bytes index_libraries(pare::Source& contents, const std::string& name) {
    std::set<std::string> lines;
    Bytes rest;
    Bytes buffer(kPiece, '\0');
    while (const std::size_t count = contents.read(buffer.data(), buffer.size())) {
        rest.append(buffer, 0, count);
        std::size_t start = 0;
        for (std::size_t end = rest.find('\n'); end != Bytes::npos; end = rest.find('\n', start)) {
            index_line(BytesView(rest).substr(start, end - start), lines);
            start = end + 1;
        }
        rest.erase(0, start);
        if (rest.size() > kLongestLine) {
            throw Error(ErrorKind::refused, fmt::format("{} has an endless line", name));
        }
    }
    index_line(rest, lines);
    Bytes text;
    for (const std::string& line : lines) {
        text += line;
        text += '\n';
    }
    return text;
}

std::vector<LibraryFile>
find_libraries(const std::vector<BytesView>& indexes, std::string_view file_name) {
    const std::string key = fmt::format("{}\t", file_name);
    std::set<std::pair<std::string, std::string>> found;
    for (const BytesView text : indexes) {
        for (std::size_t at = lower_bound(text, key); text.substr(at).starts_with(key);) {
            const std::size_t end = std::min(text.find('\n', at), text.size());
            const auto fields = split(text.substr(at, end - at), '\t');
            if (fields.size() == 3) {
                found.emplace(fields[1], fields[2]);
            }
            at = std::min(end + 1, text.size());
        }
    }
    std::vector<LibraryFile> libraries;
    for (const auto& [path, package] : found) {
        libraries.push_back({path, package});
    }
    return libraries;
}

} // namespace pare::deb
