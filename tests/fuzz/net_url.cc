// SPDX-License-Identifier: Apache-2.0
// URLs and headers from strangers: the first line is a URL, the second a rule's `from`, the third
// its `to`, the fourth a Content-Range.
#include "net/url.hh"
#include "support/error.hh"
#include "support/text.hh"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

using namespace pare;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const BytesView input(reinterpret_cast<const char*>(data), size);
    std::array<std::string, 4> lines;
    const auto pieces = split(input, '\n');
    for (std::size_t i = 0; i < std::min(lines.size(), pieces.size()); ++i) {
        lines[i] = pieces[i];
    }
    const auto range = net::parse_content_range(lines[3]);
    ensure(!range || range->first <= range->last, "a range runs forwards");
    try {
        const std::string shown = net::redacted(lines[0]);
        ensure(shown.find('\x1b') == std::string::npos, "no control byte is shown");
        const std::array rules = {net::Rewrite{lines[1], lines[2]}};
        const auto path = net::local_path(net::rewrite(lines[0], rules));
        ensure(!path || path->is_absolute(), "a file has an absolute path");
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::bug) {
            throw;
        }
    }
    return 0;
}
