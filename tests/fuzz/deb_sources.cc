// SPDX-License-Identifier: Apache-2.0
// APT sources in both forms, as a definition or the host has them. What is accepted is fetched from
// below the archive's URL.
#include "deb/suite.hh"
#include "support/error.hh"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

using pare::ensure;
using pare::deb::Source;

namespace {

void check(const std::vector<Source>& sources) {
    for (const Source& source : sources) {
        const std::string url = pare::deb::suite_url(source);
        ensure(url.starts_with(source.uri) && url.ends_with('/'), "a suite is in its archive");
        ensure(
            url.find("/../") == std::string::npos || source.uri.find("/..") != source.uri.npos,
            "a suite does not leave its archive");
    }
}

template <typename Parse>
void try_parse(Parse parse) {
    try {
        check(parse());
    } catch (const pare::Error& error) {
        ensure(error.kind() == pare::ErrorKind::definition, "a bad source is a bad definition");
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string input(reinterpret_cast<const char*>(data), size);
    try_parse([&] { return pare::deb::parse_list(input, "fuzz.list"); });
    try_parse([&] { return pare::deb::parse_deb822_sources(input, "fuzz.sources"); });
    try_parse([&] { return pare::deb::expand_shorthand(input, {"http://a/", "http://b/"}); });
    const auto mirror = pare::deb::choose_mirror(
        pare::deb::known_distributions().back(),
        {.files = {{"a.list", input}, {"b.sources", input}}});
    ensure(mirror.main.ends_with('/') && mirror.security.ends_with('/'), "mirrors are directories");
    return 0;
}
