// SPDX-License-Identifier: Apache-2.0
// What is accepted has only whole fields; an index made of it is scanned to the same paragraphs.
#include "deb/control.hh"
#include "deb/universe.hh"
#include "support/error.hh"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace {

void read_as_control(std::string_view text) {
    try {
        for (const auto& paragraph : pare::deb::parse_control(text, "fuzz")) {
            if (paragraph.fields.empty() || paragraph.line == 0) {
                __builtin_trap();
            }
            for (const auto& [name, value] : paragraph.fields) {
                if (!paragraph.has(name) || paragraph.value(name) != value) {
                    __builtin_trap();
                }
            }
        }
    } catch (const pare::Error&) {
    }
}

void read_as_packages(std::string_view text) {
    try {
        const auto universe = pare::deb::make_universe(
            {{.text = text, .base_url = "http://deb.example/", .suite = "s", .name = "fuzz"}},
            "amd64");
        for (std::uint32_t i = 0; i < universe->size(); ++i) {
            const auto& package = universe->candidate(pare::package::CandidateId{i});
            if (universe->named(package.name).empty()) {
                __builtin_trap();
            }
            for (const auto& provided : package.provides) {
                if (provided.name != package.name && universe->providers(provided.name).empty()) {
                    __builtin_trap();
                }
            }
        }
        (void)universe->similar(text.substr(0, 20));
    } catch (const pare::Error&) {
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    read_as_control(text);
    read_as_packages(text);
    return 0;
}
