// SPDX-License-Identifier: Apache-2.0
// image-layout.md of the OCI image specification 1.1, seen from what lies beside images: a manifest
// that is about another has an entry of its own in index.json, without a name or with the tag that
// registries would have for it.
#include "oci/layout_directory.hh"

#include "oci/blobs.hh"
#include "oci/documents.hh"
#include "oci/layout.hh"
#include "support/digest.hh"
#include "support/files.hh"

#include <fmt/core.h>

#include <algorithm>

namespace pare::oci {

namespace {

bool has_tag(const Descriptor& entry, std::string_view tag) {
    return !tag.empty() && annotation(entry.annotations, kReferenceName) == tag;
}

json::Object entry_json(Descriptor descriptor, const std::string& tag) {
    if (!tag.empty()) {
        descriptor.annotations[kReferenceName] = tag;
    }
    return descriptor_json(descriptor);
}

} // namespace

LayoutDirectory::LayoutDirectory(std::filesystem::path root) : root_(std::move(root)) {
    if (!std::filesystem::exists(root_ / "oci-layout") ||
        !std::filesystem::exists(root_ / "index.json")) {
        throw Error(
            ErrorKind::refused, fmt::format("{} is no OCI layout", root_.string()),
            "name the directory of a layout: oci:DIRECTORY[:TAG]");
    }
}

std::vector<Descriptor> LayoutDirectory::entries() const {
    const std::filesystem::path path = root_ / "index.json";
    return parse_index(read_file(path, kMaxDocument), path.string());
}

Bytes LayoutDirectory::read(const Descriptor& blob, std::uint64_t limit) const {
    const std::filesystem::path path = root_ / "blobs" / "sha256" / digest_hex(blob.digest);
    if (blob.size > limit) {
        throw Error(
            ErrorKind::refused,
            fmt::format("{} is said to have {} bytes, {} at most", blob.digest, blob.size, limit));
    }
    if (!std::filesystem::is_regular_file(path)) {
        throw Error(
            ErrorKind::refused, fmt::format("{} lacks the blob {}", root_.string(), blob.digest));
    }
    Bytes bytes = read_file(path, limit);
    if (bytes.size() != blob.size || oci_digest(bytes) != blob.digest) {
        throw Error(
            ErrorKind::refused, fmt::format(
                                    "{} is {} in {} bytes, expected {}", path.string(),
                                    oci_digest(bytes), bytes.size(), blob.size));
    }
    return bytes;
}

Document LayoutDirectory::document(const Descriptor& blob) const {
    return {.bytes = read(blob, kMaxDocument), .descriptor = blob};
}

std::optional<Descriptor> LayoutDirectory::find_tag(std::string_view tag) const {
    for (const Descriptor& entry : entries()) {
        if (has_tag(entry, tag)) {
            return entry;
        }
    }
    return std::nullopt;
}

void LayoutDirectory::put(const Document& blob) const {
    BlobDirectory(root_).put(blob);
}

void LayoutDirectory::add(const Document& manifest) const {
    put(manifest);
    edit_layout_index(root_, [&](json::Array& entries) {
        const bool known = std::any_of(entries.begin(), entries.end(), [&](const auto& entry) {
            return parse_descriptor(entry).digest == manifest.descriptor.digest;
        });
        if (!known) {
            entries.emplace_back(entry_json(manifest.descriptor, {}));
        }
    });
}

void LayoutDirectory::change_tag(const std::string& tag, const DocumentChange& change) const {
    edit_layout_index(root_, [&](json::Array& entries) {
        std::optional<Document> old;
        if (const std::optional<Descriptor> entry = find_tag(tag)) {
            old = document(*entry);
        }
        const Document changed = change(old);
        put(changed);
        std::erase_if(
            entries, [&](const auto& entry) { return has_tag(parse_descriptor(entry), tag); });
        entries.emplace_back(entry_json(changed.descriptor, tag));
    });
}

} // namespace pare::oci
