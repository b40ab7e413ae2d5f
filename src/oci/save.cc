// SPDX-License-Identifier: Apache-2.0
// The documents of an image go out as they came in. The writers of layout.cc and archives.cc take
// images as values; here a value holds no more of an image than which blobs it has.
#include "oci/save.hh"

#include "oci/blobs.hh"
#include "oci/documents.hh"
#include "oci/layout.hh"

#include <utility>

namespace pare::oci {

namespace {

TaggedDocuments as_it_is(const NamedGraph& named) {
    TaggedDocuments tagged{.tag = named.tag, .manifests = named.graph.documents};
    tagged.index.push_back(std::move(tagged.manifests.back()));
    tagged.manifests.pop_back();
    Image& blobs = tagged.images.emplace_back();
    for (const Descriptor& blob : named.graph.blobs) {
        blobs.layers.push_back({.descriptor = blob});
    }
    return tagged;
}

/// The images among the documents, for docker.
TaggedDocuments images_of(const NamedGraph& named, const Content& content) {
    TaggedDocuments tagged{.tag = named.tag};
    for (const Document& document : named.graph.documents) {
        if (!is_manifest(document.descriptor) || is_attestation(document.descriptor)) {
            continue;
        }
        const Links links =
            parse_links(document.bytes, document.descriptor.media_type, content.name());
        const Descriptor& config = links.blobs.front();
        tagged.configs.push_back({.bytes = content.document(config), .descriptor = config});
        tagged.images.push_back(
            parse_image(document.bytes, tagged.configs.back().bytes, content.name()));
        tagged.manifests.push_back(document);
    }
    return tagged;
}

} // namespace

void save_graphs(
    const std::filesystem::path& output, OutputFormat format, const std::vector<NamedGraph>& graphs,
    const Content& content, const FindBlob& find_blob) {
    std::vector<TaggedDocuments> tags;
    for (const NamedGraph& named : graphs) {
        if (format != OutputFormat::docker_archive) {
            tags.push_back(as_it_is(named));
        } else if (tags.empty()) {
            tags.push_back(images_of(named, content));
        }
    }
    switch (format) {
    case OutputFormat::oci:
        return write_layout(output, tags, find_blob);
    case OutputFormat::oci_archive:
        return write_oci_archive(output, tags, find_blob);
    case OutputFormat::docker_archive:
        return write_docker_archive(output, tags, find_blob);
    }
}

GrowingLayout::GrowingLayout(std::filesystem::path root) : root_(std::move(root)) {
    check_is_layout(root_);
    const BlobDirectory made(root_);
}

bool GrowingLayout::has(const Descriptor& blob) const {
    return BlobDirectory(root_).has(blob);
}

void GrowingLayout::put(const Descriptor& blob, const std::filesystem::path& file) {
    const std::lock_guard lock(mutex_);
    BlobDirectory blobs(root_);
    if (!blobs.has(blob)) {
        blobs.put_file(blob, file);
    }
}

std::filesystem::path GrowingLayout::path_of(const Descriptor& blob) const {
    return BlobDirectory(root_).path_of(blob);
}

} // namespace pare::oci
