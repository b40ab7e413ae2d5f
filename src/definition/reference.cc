// SPDX-License-Identifier: Apache-2.0
// Built-in definitions have plain names; whatever has a '/' or ends in .yaml is a file, so that a
// file in the current directory never takes the place of a built-in one by accident.
#include "definition/reference.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace pare::definition {

namespace {

constexpr std::array<std::string_view, 3> kTransports = {"oci:", "oci-archive:", "docker-archive:"};

const std::string_view* transport_of(std::string_view text) {
    const auto* const known =
        std::find_if(kTransports.begin(), kTransports.end(), [&](std::string_view transport) {
            return text.starts_with(transport);
        });
    return known == kTransports.end() ? nullptr : known;
}

bool is_image(std::string_view text) {
    return transport_of(text) != nullptr || text.starts_with("docker://") ||
           text.find("@sha256:") != std::string_view::npos;
}

bool is_yaml(std::string_view name) {
    return name.ends_with(".yaml") || name.ends_with(".yml");
}

} // namespace

Reference parse_reference(const std::string& text) {
    if (is_image(text)) {
        return {.kind = ReferenceKind::image, .name = text};
    }
    Reference reference{.name = text};
    const std::size_t colon = text.rfind(':');
    const bool has_variant =
        colon != std::string::npos && text.find('/', colon) == std::string::npos;
    if (has_variant) {
        reference.name = text.substr(0, colon);
        reference.variant = text.substr(colon + 1);
    }
    if (reference.name.empty() || (has_variant && reference.variant.empty())) {
        throw Error(
            ErrorKind::definition, fmt::format("'{}' names no definition", text),
            "write NAME, NAME:VARIANT or FILE.yaml");
    }
    if (reference.name.find('/') != std::string::npos || is_yaml(reference.name)) {
        reference.kind = ReferenceKind::file;
    }
    return reference;
}

Reference parse_reference(const Parent& parent) {
    if (parent.kind == ParentKind::file) {
        return {.kind = ReferenceKind::file, .name = parent.reference};
    }
    try {
        return parse_reference(parent.reference);
    } catch (Error& error) {
        throw error.at(parent.where);
    }
}

std::string image_below(const std::string& reference, const std::filesystem::path& directory) {
    const std::string_view* const transport = transport_of(reference);
    if (transport == nullptr) {
        return reference;
    }
    const std::string path = reference.substr(transport->size());
    return std::string(*transport) + (directory / path).lexically_normal().string();
}

} // namespace pare::definition
