// SPDX-License-Identifier: Apache-2.0
#include "deb/library_index.hh"

#include "deb/contents.hh"
#include "net/url.hh"
#include "support/digest.hh"

#include <fmt/core.h>

namespace pare::deb {

namespace {

/// Raise it when the same Contents would be boiled down to something else.
constexpr int kFormatVersion = 1;

std::string key_of(const WantedIndex& index) {
    return hash_hex(fmt::format("libraries {} {}", kFormatVersion, index.plan.packed.sha256));
}

void boil_down(const WantedIndex& index, BytesView packed, AtomicFile& libraries) {
    const std::string name = net::redacted(index.name());
    ViewSource source(packed);
    const auto plain = archive::decompress(source, index.plan.codec, {}, name);
    libraries.write(index_libraries(*plain, name));
}

} // namespace

IndexForm libraries_form() {
    return {
        .key = key_of,
        .size = [](const WantedIndex&) -> std::optional<std::uint64_t> { return std::nullopt; },
        .make = boil_down};
}

} // namespace pare::deb
