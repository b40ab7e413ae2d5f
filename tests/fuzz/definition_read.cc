// SPDX-License-Identifier: Apache-2.0
// What is accepted is shown as a definition that reads as the same one. No file but the input is
// read.
#include "definition/built_in.hh"
#include "definition/reference.hh"

#include <cstddef>
#include <cstdint>

using namespace pare;
using namespace pare::definition;

namespace {

std::vector<Chain> read_all(const std::string& text) {
    const Library standard = built_in_library();
    const Library library{
        .built_in = [&](std::string_view name) -> std::optional<std::string> {
            return name == "fuzz" ? text : standard.built_in(name);
        },
        .names = {"fuzz"}};
    return read_definition({.reference = "fuzz", .variants = {"all"}}, library);
}

bool names_a_file(const std::string& text) {
    const Draft draft = read_draft(text, "fuzz", {});
    return draft.parent && parse_reference(*draft.parent).kind == ReferenceKind::file;
}

/// Without the comment in the first line, which names the variant.
std::string shown(const Chain& chain) {
    const std::string text = show_config(chain);
    return text.substr(text.find('\n'));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    std::vector<Chain> chains;
    try {
        if (names_a_file(text)) {
            return 0;
        }
        chains = read_all(text);
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::definition) {
            __builtin_trap();
        }
    }
    for (const Chain& chain : chains) {
        if (shown(read_all(show_config(chain)).front()) != shown(chain)) {
            __builtin_trap();
        }
    }
    return 0;
}
