// SPDX-License-Identifier: Apache-2.0
// ECMA-427, section 5.4: letters, digits and `.-_~:` stand for themselves, all other bytes are
// percent-encoded; in the value of a qualifier '/' stands for itself too.
#include "sbom/purl.hh"

#include "support/text.hh"

#include <fmt/core.h>

namespace pare::sbom {

namespace {

std::string encode(std::string_view text, std::string_view also_plain = "") {
    std::string encoded;
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') ||
                           std::string_view(".-_~:").find(c) != std::string_view::npos ||
                           also_plain.find(c) != std::string_view::npos;
        if (plain) {
            encoded += c;
        } else {
            encoded += fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
        }
    }
    return encoded;
}

} // namespace

std::string to_string(const PackageUrl& url) {
    std::string text = "pkg:" + url.type + "/";
    for (const std::string_view part : split(url.space, '/')) {
        text += part.empty() ? "" : encode(part) + "/";
    }
    text += encode(url.name);
    text += url.version.empty() ? "" : "@" + encode(url.version);
    char before = '?';
    for (const auto& [key, value] : url.qualifiers) {
        if (!value.empty()) {
            text += fmt::format("{}{}={}", before, key, encode(value, "/"));
            before = '&';
        }
    }
    return text;
}

} // namespace pare::sbom
