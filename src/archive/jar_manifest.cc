// SPDX-License-Identifier: Apache-2.0
// A manifest is lines of `Name: value`, 72 bytes at most, so that long values go on behind a line
// break and a space; its first section, up to an empty line, is about the jar.
#include "archive/jar_manifest.hh"

#include "support/text.hh"

#include <algorithm>
#include <vector>

namespace pare::archive {

namespace {

/// Lines of a manifest, with those put together that were broken.
std::vector<std::string> main_section(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
        const std::string_view line = text.substr(0, end);
        const std::size_t width = text.substr(end).starts_with("\r\n") ? 2 : 1;
        text.remove_prefix(std::min(end + width, text.size()));
        if (line.empty()) {
            break;
        }
        if (line.starts_with(' ') && !lines.empty()) {
            lines.back() += line.substr(1);
        } else {
            lines.emplace_back(line);
        }
    }
    return lines;
}

std::string lower(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return result;
}

} // namespace

std::map<std::string, std::string> read_jar_manifest(std::string_view text) {
    std::map<std::string, std::string> attributes;
    for (const std::string& line : main_section(text)) {
        const std::size_t colon = line.find(':');
        if (colon != std::string::npos) {
            attributes[lower(line.substr(0, colon))] =
                trim(std::string_view(line).substr(colon + 1));
        }
    }
    return attributes;
}

} // namespace pare::archive
