// SPDX-License-Identifier: Apache-2.0
// References to images on disk, in the form of skopeo and podman (containers-transports(5)):
// `TRANSPORT:PATH[:NAME]`. A path holds no ':', a name may hold more of them.
#include "oci/read.hh"
#include "support/digest.hh"

#include <fmt/core.h>

#include <array>
#include <utility>

namespace pare::oci {

namespace {

constexpr std::array<std::pair<std::string_view, Transport>, 3> kTransports = {{
    {"oci:", Transport::oci},
    {"oci-archive:", Transport::oci_archive},
    {"docker-archive:", Transport::docker_archive},
}};

/// Takes `@sha256:<hex>` from the end of the path; any other '@' belongs to the path.
void split_digest(ImageReference& reference, std::string& path) {
    const std::size_t at = path.rfind("@sha256:");
    if (at != std::string::npos && is_hex(std::string_view(path).substr(at + 8), 64)) {
        reference.digest = path.substr(at + 1);
        path.resize(at);
    }
}

} // namespace

bool is_image_reference(std::string_view text) {
    for (const auto& [prefix, transport] : kTransports) {
        if (text.starts_with(prefix)) {
            return true;
        }
    }
    return false;
}

ImageReference parse_image_reference(std::string_view text) {
    for (const auto& [prefix, transport] : kTransports) {
        if (!text.starts_with(prefix)) {
            continue;
        }
        ImageReference reference{.transport = transport};
        std::string path(text.substr(prefix.size()));
        split_digest(reference, path);
        const std::size_t colon = path.find(':');
        if (colon != std::string::npos) {
            reference.tag = path.substr(colon + 1);
            path.resize(colon);
        }
        const bool empty_tag = colon != std::string::npos && reference.tag.empty();
        const bool named_twice = !reference.tag.empty() && !reference.digest.empty();
        if (path.empty() || empty_tag || named_twice) {
            break;
        }
        reference.path = path;
        return reference;
    }
    throw Error(
        ErrorKind::usage, fmt::format("\"{}\" is not a reference to an image", text),
        "use oci:DIRECTORY[:TAG], oci-archive:FILE[:TAG] or docker-archive:FILE[:NAME]");
}

std::string to_string(const ImageReference& reference) {
    std::string text;
    for (const auto& [prefix, transport] : kTransports) {
        if (transport == reference.transport) {
            text = prefix;
        }
    }
    text += reference.path.string();
    if (!reference.tag.empty()) {
        text += ":" + reference.tag;
    }
    if (!reference.digest.empty()) {
        text += "@" + reference.digest;
    }
    return text;
}

} // namespace pare::oci
