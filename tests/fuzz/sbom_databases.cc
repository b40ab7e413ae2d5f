// SPDX-License-Identifier: Apache-2.0
// Package databases of foreign images: the first byte says which. Whatever a reader takes goes on
// into a document, which must be JSON in both formats.
#include "sbom/catalog.hh"
#include "sbom/databases.hh"
#include "sbom/format.hh"
#include "sbom/java_archives.hh"
#include "support/error.hh"
#include "support/json.hh"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace {

constexpr std::array<const char*, 7> kPlaces = {
    "var/lib/dpkg/status",
    "var/lib/dpkg/status.d/x",
    "lib/apk/db/installed",
    "usr/lib/python3/x.dist-info/METADATA",
    "app/node_modules/x/package.json",
    "app/x-1.jar",
    "etc/os-release"};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace pare;
    if (size == 0) {
        return 0;
    }
    const auto text = std::make_shared<const Bytes>(data + 1, data + size);
    static_cast<void>(sbom::read_md5sums(*text));
    static_cast<void>(sbom::read_dpkg_list(*text));
    static_cast<void>(sbom::read_record(*text, ImagePath::parse("usr/lib")));
    try {
        static_cast<void>(sbom::read_java_archive(sbom::extract_java_archive(*text), "x-1.jar"));
    } catch (const Error& error) {
        ensure(error.kind() == ErrorKind::refused, "what cannot be read is refused");
    }
    const ImagePath place = ImagePath::parse(kPlaces[data[0] % kPlaces.size()]);
    sbom::ImageFiles image;
    image.files.push_back({.path = place});
    image.contents.emplace(place, text);
    image.content = [&](const ImagePath& path) { return path == place ? text.get() : nullptr; };
    const sbom::Catalog catalog = sbom::make_document(
        image, {}, {.name = "x", .digest = "sha256:" + std::string(64, '0')}, "0");
    for (const sbom::Format format : {sbom::Format::spdx, sbom::Format::cyclonedx}) {
        const sbom::Written written = sbom::write(catalog.document, format);
        static_cast<void>(json::parse(written.bytes, "the document"));
    }
    return 0;
}
