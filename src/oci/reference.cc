// SPDX-License-Identifier: Apache-2.0
// References to images. On disk in the form of skopeo and podman (containers-transports(5)):
// `TRANSPORT:PATH[:NAME]`; a path holds no ':', a name may hold more of them. In registries in
// docker's form:
//
//   reference  = ["docker://"] [host "/"] repository [":" tag] ["@sha256:" hex]
//   host       = name with '.' or ':', or "localhost"; docker.io when there is none
//   repository = part *("/" part), part = [a-z0-9]+ *(("." / "_" / "__" / 1*"-") [a-z0-9]+)
//   tag        = [A-Za-z0-9_] *127[A-Za-z0-9_.-]
//
// docker.io keeps its own images below `library/`. Distribution specification 1.1, "Pulling
// manifests"; refused: digests other than SHA-256, names over 255 bytes.
#include "oci/reference.hh"

#include "support/digest.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

namespace pare::oci {

namespace {

constexpr std::array<std::pair<std::string_view, Transport>, 3> kTransports = {{
    {"oci:", Transport::oci},
    {"oci-archive:", Transport::oci_archive},
    {"docker-archive:", Transport::docker_archive},
}};

constexpr std::string_view kDocker = "docker://";
constexpr std::string_view kHub = "docker.io";
constexpr std::size_t kMaxName = 255;
constexpr std::size_t kMaxTag = 128;

[[noreturn]] void refuse(std::string_view text, const std::string& why = {}) {
    throw Error(
        ErrorKind::usage,
        fmt::format(
            "\"{}\" is not a reference to an image{}{}", text, why.empty() ? "" : ": ", why),
        "use HOST/REPOSITORY:TAG, oci:DIRECTORY[:TAG], oci-archive:FILE[:TAG] or "
        "docker-archive:FILE[:NAME]");
}

bool is_small(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool is_letter_or_digit(char c) {
    return is_small(c) || (c >= 'A' && c <= 'Z');
}

/// Takes `@sha256:<hex>` from the end of the path; any other '@' belongs to the path.
void split_digest(ImageReference& reference, std::string& path) {
    const std::size_t at = path.rfind("@sha256:");
    if (at != std::string::npos && is_hex(std::string_view(path).substr(at + 8), 64)) {
        reference.digest = path.substr(at + 1);
        path.resize(at);
    }
}

ImageReference parse_on_disk(std::string_view text, std::string_view prefix, Transport transport) {
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
        refuse(text);
    }
    reference.path = path;
    return reference;
}

/// One part of the path of a repository.
bool is_repository_part(std::string_view part) {
    if (part.empty() || !is_small(part.front()) || !is_small(part.back())) {
        return false;
    }
    for (std::size_t i = 0; i < part.size();) {
        const std::size_t end = std::min(
            part.size(),
            static_cast<std::size_t>(
                std::find_if(part.begin() + static_cast<std::ptrdiff_t>(i), part.end(), is_small) -
                part.begin()));
        const std::string_view between = part.substr(i, end - i);
        const bool dashes = between.find_first_not_of('-') == std::string_view::npos;
        if (!between.empty() && between != "." && between != "_" && between != "__" && !dashes) {
            return false;
        }
        i = end + 1;
    }
    return true;
}

bool is_repository(std::string_view text) {
    const auto parts = split(text, '/');
    return std::all_of(parts.begin(), parts.end(), is_repository_part);
}

bool is_port(std::string_view text) {
    const auto number = parse_number(text);
    return number && *number > 0 && *number < 65'536;
}

/// `name`, `name:port`, `[v6]`, `[v6]:port`.
bool is_host(std::string_view text) {
    std::string_view name = text;
    std::string_view allowed = ".-";
    std::size_t after = text.rfind(':');
    if (text.starts_with('[')) {
        const std::size_t close = text.find(']');
        if (close == std::string_view::npos) {
            return false;
        }
        name = text.substr(1, close - 1);
        allowed = ":.";
        after = close + 1 == text.size() ? std::string_view::npos : close + 1;
    } else {
        name = text.substr(0, after);
    }
    const bool port_is_good =
        after == std::string_view::npos || (text[after] == ':' && is_port(text.substr(after + 1)));
    return port_is_good && !name.empty() && name.front() != '-' && name.front() != '.' &&
           std::all_of(name.begin(), name.end(), [allowed](char c) {
               return is_letter_or_digit(c) || allowed.find(c) != std::string_view::npos;
           });
}

std::string lower(std::string_view text) {
    std::string lowered(text);
    for (char& c : lowered) {
        c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
    }
    return lowered;
}

/// docker.io answers to several names.
std::string plain_host(std::string_view host) {
    const std::string name = lower(host);
    return name == "index.docker.io" || name == "registry-1.docker.io" ? std::string(kHub) : name;
}

/// Takes the host from the front of `name`.
std::string split_host(std::string_view& name) {
    const std::size_t slash = name.find('/');
    const std::string_view first = name.substr(0, slash);
    if (slash == std::string_view::npos ||
        (first != "localhost" && first.find_first_of(".:") == std::string_view::npos)) {
        return std::string(kHub);
    }
    name.remove_prefix(slash + 1);
    return std::string(first);
}

} // namespace

bool is_image_reference(std::string_view text) {
    return std::any_of(kTransports.begin(), kTransports.end(), [text](const auto& transport) {
        return text.starts_with(transport.first);
    });
}

bool is_tag(std::string_view text) {
    return !text.empty() && text.size() <= kMaxTag && text.front() != '.' && text.front() != '-' &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return is_letter_or_digit(c) || c == '_' || c == '.' || c == '-';
           });
}

std::string parse_registry_host(std::string_view text) {
    if (!is_host(text)) {
        throw Error(
            ErrorKind::usage, fmt::format("\"{}\" is not the name of a registry", text),
            "use HOST or HOST:PORT, like registry.example or 127.0.0.1:5000");
    }
    return plain_host(text);
}

ImageReference parse_registry_reference(std::string_view text) {
    ImageReference reference{.transport = Transport::registry};
    std::string_view name = text;
    if (name.starts_with(kDocker)) {
        name.remove_prefix(kDocker.size());
    }
    if (const std::size_t at = name.find('@'); at != std::string_view::npos) {
        reference.digest = name.substr(at + 1);
        name = name.substr(0, at);
        if (!reference.digest.starts_with("sha256:") || !is_hex(reference.digest.substr(7), 64)) {
            refuse(text, "a digest is sha256: and 64 digits in lower-case hex");
        }
    }
    const std::string host = split_host(name);
    if (!is_host(host)) {
        refuse(text, fmt::format("\"{}\" is no host", host));
    }
    reference.host = plain_host(host);
    if (const std::size_t colon = name.find(':'); colon != std::string_view::npos) {
        reference.tag = name.substr(colon + 1);
        name = name.substr(0, colon);
        if (!is_tag(reference.tag)) {
            refuse(text, fmt::format("\"{}\" is no tag", reference.tag));
        }
    }
    const bool is_official = reference.host == kHub && name.find('/') == std::string_view::npos;
    reference.repository = (is_official ? "library/" : "") + std::string(name);
    if (!is_repository(name) || reference.host.size() + reference.repository.size() > kMaxName) {
        refuse(text, fmt::format("\"{}\" is no repository", name));
    }
    return reference;
}

ImageReference parse_image_reference(std::string_view text) {
    for (const auto& [prefix, transport] : kTransports) {
        if (text.starts_with(prefix)) {
            return parse_on_disk(text, prefix, transport);
        }
    }
    ImageReference reference = parse_registry_reference(text);
    if (reference.tag.empty() && reference.digest.empty()) {
        reference.tag = "latest";
    }
    return reference;
}

std::string to_string(const ImageReference& reference) {
    std::string text = reference.host + "/" + reference.repository;
    for (const auto& [prefix, transport] : kTransports) {
        if (transport == reference.transport) {
            text = std::string(prefix) + reference.path.string();
        }
    }
    if (!reference.tag.empty()) {
        text += ":" + reference.tag;
    }
    if (!reference.digest.empty()) {
        text += "@" + reference.digest;
    }
    return text;
}

} // namespace pare::oci
