// SPDX-License-Identifier: Apache-2.0
// Reads ld.so.conf (ldconfig(8)): a line is a directory, maybe followed by `=TYPE`, which is an old
// habit without effect; or `include GLOB...`; `#` starts a comment. `hwcap` lines are of the past.
// Relative directories are ignored, as ldconfig does.
#include "finish/ld_so_conf.hh"

#include "support/error.hh"
#include "support/text.hh"

#include <fmt/core.h>

namespace pare::finish {

namespace {

constexpr std::size_t kLargestFile = std::size_t{1} << 20;

} // namespace

std::vector<LdSoConfLine> parse_ld_so_conf(std::string_view text, const ImagePath& file) {
    if (text.size() > kLargestFile) {
        throw Error(
            ErrorKind::refused, fmt::format("{} is larger than a megabyte", file.absolute()),
            "a list of library directories has a few lines; leave the file out");
    }
    std::vector<LdSoConfLine> lines;
    for (const std::string_view raw : split(text, '\n')) {
        const std::string_view line = trim(raw.substr(0, raw.find('#')));
        const std::vector<std::string_view> words = split_words(line);
        if (words.empty() || words.front() == "hwcap") {
            continue;
        }
        if (words.front() == "include") {
            for (std::size_t i = 1; i < words.size(); ++i) {
                const std::string glob =
                    words[i].starts_with('/')
                        ? std::string(words[i])
                        : fmt::format("{}/{}", file.parent().absolute(), words[i]);
                lines.push_back({.kind = LdSoConfLine::Kind::include, .text = glob});
            }
            continue;
        }
        std::string_view directory = trim(line.substr(0, line.find('=')));
        while (directory.size() > 1 && directory.ends_with('/')) {
            directory.remove_suffix(1);
        }
        if (directory.starts_with('/')) {
            lines.push_back({.text = std::string(directory)});
        }
    }
    return lines;
}

} // namespace pare::finish
