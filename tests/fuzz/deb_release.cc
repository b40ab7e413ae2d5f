// SPDX-License-Identifier: Apache-2.0
// Release files of strangers. What is listed stays below the suite, and planning what to fetch
// throws nothing but Error.
#include "deb/suite.hh"
#include "support/digest.hh"
#include "support/error.hh"

#include <cstddef>
#include <cstdint>

using pare::ensure;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    try {
        const pare::deb::Release release = pare::deb::parse_release(input, "fuzz");
        for (const auto& [path, file] : release.files) {
            ensure(pare::is_hex(file.sha256, 64), "a hash is one");
            ensure(
                !path.starts_with('/') && !path.starts_with("../"), "a path stays below its suite");
        }
        pare::deb::Source source{.uri = "http://a/", .suite = "x", .components = {"main"}};
        for (const char* suite : {"x", "./"}) {
            source.suite = suite;
            for (const auto& plan : pare::deb::plan_indexes(source, release, "amd64")) {
                ensure(release.files.contains(plan.path), "what is planned is listed");
            }
        }
        pare::deb::check_release(source, release, std::nullopt, 1'800'000'000);
    } catch (const pare::Error& error) {
        if (error.kind() == pare::ErrorKind::bug) {
            throw;
        }
    }
    return 0;
}
