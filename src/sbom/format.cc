// SPDX-License-Identifier: Apache-2.0
#include "sbom/format.hh"

#include "sbom/cyclonedx.hh"
#include "sbom/spdx.hh"
#include "support/error.hh"
#include "support/json.hh"

#include <fmt/core.h>

#include <utility>

namespace pare::sbom {

Format parse_format(std::string_view text) {
    if (text == "spdx") {
        return Format::spdx;
    }
    if (text == "cyclonedx") {
        return Format::cyclonedx;
    }
    throw Error(
        ErrorKind::usage, fmt::format("unknown SBOM format {}", text), "use spdx or cyclonedx");
}

std::vector<Format> parse_formats(std::string_view text) {
    if (text == "none") {
        return {};
    }
    if (text == "both") {
        return {Format::spdx, Format::cyclonedx};
    }
    if (text != "spdx" && text != "cyclonedx") {
        throw Error(
            ErrorKind::usage, fmt::format("unknown SBOM format {}", text),
            "use spdx, cyclonedx, both or none");
    }
    return {parse_format(text)};
}

std::string media_type(Format format) {
    return format == Format::spdx ? "application/spdx+json" : "application/vnd.cyclonedx+json";
}

std::string file_suffix(Format format) {
    return format == Format::spdx ? ".spdx.json" : ".cdx.json";
}

Written write(const Document& document, Format format) {
    return format == Format::spdx ? write_spdx(document) : write_cyclonedx(document);
}

Written write(const IndexDocument& document, Format format) {
    return format == Format::spdx ? write_spdx(document) : write_cyclonedx(document);
}

Written read_written(Bytes bytes, Format format) {
    const json::Value json = json::parse(bytes, "the attached SBOM");
    Written written{.bytes = std::move(bytes)};
    if (format == Format::spdx) {
        written.id = json.at("documentNamespace").as_string();
        return written;
    }
    constexpr std::string_view kUuid = "urn:uuid:";
    const std::string& serial = json.at("serialNumber").as_string();
    if (!serial.starts_with(kUuid)) {
        throw Error(ErrorKind::refused, "the attached SBOM has a serial number that is no UUID");
    }
    written.id =
        fmt::format("urn:cdx:{}/{}", serial.substr(kUuid.size()), json.at("version").as_integer());
    return written;
}

} // namespace pare::sbom
