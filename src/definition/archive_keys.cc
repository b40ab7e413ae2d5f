// SPDX-License-Identifier: Apache-2.0
// The keys of an entry of contents.archives: an archive that no distribution packages, where its
// versions and hashes are published, and which of its files go where. Refused is what could not be
// pinned: an archive without a hash has a name and a version, under which the lock of archives
// keeps it.
#include "definition/bind.hh"
#include "support/digest.hh"

#include <fmt/core.h>

#include <array>

namespace pare::definition {

namespace {

using yaml::Node;

std::string url_of(const Node& node) {
    std::string url = text_of(node);
    if (!url.starts_with("https://") && !url.starts_with("http://") &&
        !url.starts_with("file:///")) {
        wrong_type(node, "a URL: https://..., http://... or file:///...");
    }
    return url;
}

std::string version_of(const Node& node) {
    std::string version = text_of(node);
    if (!is_made_of(version, ".+-_~")) {
        wrong_type(node, "a version, or its beginning like 22 or 1.4");
    }
    return version;
}

std::string hash_of(const Node& node) {
    std::string hash = text_of(node);
    if (!is_hex(hash, 64)) {
        wrong_type(node, "a SHA-256 of 64 lower-case hex digits");
    }
    return hash;
}

std::map<std::string, std::string> hashes_of(const Node& node) {
    if (node.kind != yaml::NodeKind::mapping) {
        return {{"", hash_of(node)}};
    }
    std::map<std::string, std::string> hashes;
    for (const auto& [architecture, hash] : node.members) {
        hashes[architecture_of(architecture)] = hash_of(hash);
    }
    return hashes;
}

std::map<std::string, std::string> arch_names_of(const Node& node) {
    if (node.kind != yaml::NodeKind::mapping) {
        wrong_type(node, "a mapping of architectures to names");
    }
    std::map<std::string, std::string> names;
    for (const auto& [architecture, name] : node.members) {
        names[architecture_of(architecture)] = text_of(name);
    }
    return names;
}

using Request = ArchiveRequest;

constexpr std::array kArchiveKeys = {
    Key{.name = "name",
        .description = "Name of the archive; the lock of archives has its version and hashes "
                       "under it.",
        .read = into_last<&Step::archives, &Request::name, file_name_of>},
    Key{.name = "url",
        .description = "Where the tar archive is (.tar, .tar.gz, .tar.xz, .tar.zst); ${version} "
                       "and ${arch} are filled in.",
        .read = into_last<&Step::archives, &Request::url, url_of>,
        .need = Need::required},
    Key{.name = "version",
        .description = "The version, or its beginning, of which `pare update` takes the newest.",
        .read = into_last<&Step::archives, &Request::version, version_of>},
    Key{.name = "arch-names",
        .shape = Shape::text_map,
        .description = "What ${arch} is for each architecture; it is made for no other then.",
        .read = into_last<&Step::archives, &Request::arch_names, arch_names_of>},
    Key{.name = "sha256",
        .shape = Shape::hashes,
        .description = "Its hash, or one for each architecture; else the lock of archives has it.",
        .read = into_last<&Step::archives, &Request::sha256, hashes_of>},
    Key{.name = "releases",
        .description = "For `pare update`: URL of a JSON list whose entries have a `version` or "
                       "`tag_name`.",
        .read = into_last<&Step::archives, &Request::releases, url_of>},
    Key{.name = "checksums",
        .description = "For `pare update`: URL of hashes as sha256sum writes them; ${version} is "
                       "filled in.",
        .read = into_last<&Step::archives, &Request::checksums, url_of>},
    Key{.name = "strip",
        .shape = Shape::number,
        .description = "Leading directories to cut from all paths of the archive.",
        .read = into_last<&Step::archives, &Request::strip, count_of>},
    Key{.name = "include",
        .shape = Shape::texts,
        .description = "Globs of the files to take, after `strip`; ** crosses directories.",
        .read = into_last<&Step::archives, &Request::include, globs_of>},
    Key{.name = "to",
        .description = "Directory in the image that the files go to.",
        .read = into_last<&Step::archives, &Request::to, image_path_of>,
        .need = Need::required},
};

void check(const Node& node, ArchiveRequest& request) {
    request.where = node.where;
    if (request.name.empty()) {
        if (request.sha256.empty()) {
            throw Error(
                ErrorKind::definition,
                "an archive without 'sha256' needs a 'name', under which its hash is locked")
                .at(node.where);
        }
        request.name = request.url.substr(request.url.rfind('/') + 1);
    }
    if (request.sha256.empty() && request.version.empty()) {
        throw Error(
            ErrorKind::definition,
            fmt::format("archive '{}' has neither 'sha256' nor a 'version' to lock", request.name))
            .at(node.where);
    }
    const bool uses_arch = request.url.find("${arch}") != std::string::npos;
    if (uses_arch && request.sha256.contains("")) {
        throw Error(
            ErrorKind::definition,
            fmt::format(
                "archive '{}' is another for each architecture, but has one 'sha256'",
                request.name),
            "write sha256: {amd64: ..., arm64: ...}")
            .at(node.where);
    }
}

} // namespace

Keys archive_keys() {
    return kArchiveKeys;
}

void read_archives(const Node& node, Draft& draft) {
    read_entries<&Step::archives>(node, kArchiveKeys, "contents.archives", draft, check);
}

} // namespace pare::definition
