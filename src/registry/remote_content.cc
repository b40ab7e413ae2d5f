// SPDX-License-Identifier: Apache-2.0
// Manifests are kept in memory (4 MiB each at most, and few), blobs as files that were held against
// their digests while they came.
#include "registry/remote_content.hh"

#include "oci/documents.hh"
#include "oci/graph.hh"
#include "support/digest.hh"

#include <fmt/core.h>

#include <utility>

namespace pare::registry {

RemoteContent::RemoteContent(
    const oci::ImageReference& reference, Registries& registries,
    const std::filesystem::path& folder)
    : RemoteContent(
          reference,
          Repository(
              registries.endpoint(reference.host, reference.repository), reference.repository,
              Access::pull),
          folder) {}

RemoteContent::RemoteContent(
    const oci::ImageReference& reference, Repository repository,
    const std::filesystem::path& folder)
    : name_(oci::to_string(reference)),
      tag_(
          reference.tag.empty()
              ? ""
              : fmt::format("{}/{}:{}", reference.host, reference.repository, reference.tag)),
      folder_(folder), repository_(std::move(repository)) {
    auto document =
        repository_.get_manifest(reference.digest.empty() ? reference.tag : reference.digest);
    if (!document) {
        throw Error(
            ErrorKind::usage, fmt::format("there is no image {}", name_),
            fmt::format("see what there is: pare ls {}", repository_.full_name()));
    }
    tops_.push_back(document->descriptor);
    documents_.emplace(document->descriptor.digest, std::move(document->bytes));
}

std::filesystem::path RemoteContent::path_of(const oci::Descriptor& blob) const {
    return folder_.path() / digest_hex(blob.digest);
}

bool RemoteContent::bring(const oci::Descriptor& blob) const {
    const std::filesystem::path path = path_of(blob);
    return std::filesystem::exists(path) || repository_.fetch_blob(blob, path);
}

std::filesystem::path RemoteContent::fetch(const oci::Descriptor& blob) const {
    if (!bring(blob)) {
        throw Error(
            ErrorKind::refused, fmt::format("{} lacks the blob {}", name_, blob.digest),
            "the image is not whole: push it again");
    }
    return path_of(blob);
}

void RemoteContent::forget(const oci::Descriptor& blob) const {
    std::error_code ignored;
    std::filesystem::remove(path_of(blob), ignored);
}

std::optional<oci::Extent> RemoteContent::find(const oci::Descriptor& blob) const {
    return bring(blob) ? oci::find_file(path_of(blob)) : std::nullopt;
}

oci::Extent RemoteContent::open(const oci::Descriptor& blob) const {
    std::optional<oci::Extent> extent = oci::find_file(fetch(blob));
    ensure(extent.has_value(), "a blob that was just fetched is there");
    return std::move(*extent);
}

Bytes RemoteContent::document(const oci::Descriptor& document) const {
    if (document.size > oci::kMaxDocument) {
        throw Error(
            ErrorKind::refused,
            fmt::format("{} is a document of {} bytes", document.digest, document.size));
    }
    {
        const std::lock_guard lock(mutex_);
        const auto known = documents_.find(document.digest);
        if (known != documents_.end()) {
            return known->second;
        }
    }
    Bytes bytes;
    if (oci::is_manifest(document) || oci::is_index(document)) {
        auto found = repository_.get_manifest(document.digest);
        if (!found) {
            throw Error(
                ErrorKind::refused, fmt::format("{} lacks the manifest {}", name_, document.digest),
                "the image is not whole; --platform takes a part of it");
        }
        bytes = std::move(found->bytes);
    } else {
        bytes = Content::document(document);
    }
    if (bytes.size() != document.size) {
        throw Error(
            ErrorKind::refused,
            fmt::format(
                "{} has {} bytes, expected {}", document.digest, bytes.size(), document.size));
    }
    const std::lock_guard lock(mutex_);
    return documents_.emplace(document.digest, std::move(bytes)).first->second;
}

std::vector<oci::Referrer> RemoteContent::referrers(const std::string& digest) const {
    return repository_.referrers(digest);
}

std::shared_ptr<const oci::Content> open_content(
    const oci::ImageReference& reference, Registries& registries,
    const std::filesystem::path& folder) {
    if (reference.transport != oci::Transport::registry) {
        return oci::open_content(reference);
    }
    return with_context("opening " + oci::to_string(reference), [&] {
        return std::make_shared<RemoteContent>(reference, registries, folder);
    });
}

} // namespace pare::registry
