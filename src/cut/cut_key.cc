// SPDX-License-Identifier: Apache-2.0
#include "cut/cut.hh"
#include "support/digest.hh"

#include <fmt/core.h>

namespace pare::cut {

namespace {

/// Raise it when the same package and selection would give other bytes.
constexpr int kFormatVersion = 6;

} // namespace

std::string cut_key(const std::string& package_sha256, const Selection& selection) {
    Hasher hasher;
    const auto add = [&](std::string_view text) {
        hasher.write(fmt::format("{}:", text.size()));
        hasher.write(text);
    };
    const auto add_all = [&](const auto& texts) {
        hasher.write(fmt::format("[{}]", texts.size()));
        for (const std::string& text : texts) {
            add(text);
        }
    };
    hasher.write(fmt::format("cut {} strip {} ", kFormatVersion, selection.strip));
    add(package_sha256);
    add(selection.to);
    for (const auto* slices : {&selection.slices, &selection.below}) {
        hasher.write(fmt::format("slices {} ", slices->size()));
        for (const Slice& slice : *slices) {
            add(slice.name);
            add_all(slice.include);
            add_all(slice.exclude);
        }
    }
    add_all(selection.include);
    add_all(selection.locales);
    add_all(selection.leave_out);
    add_all(selection.reads);
    add_all(selection.dropped);
    return hasher.hex();
}

} // namespace pare::cut
