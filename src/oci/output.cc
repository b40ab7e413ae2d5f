// SPDX-License-Identifier: Apache-2.0
// From images with names to the documents of a layout; which format they are written in is
// decided here, how in layout.cc and archives.cc. Refused: no image, names that tools would not
// take back (image-layout.md and the reference grammar of the distribution specification), two
// images for one name and platform.
#include "oci/output.hh"

#include "oci/layout.hh"

#include <fmt/core.h>

#include <algorithm>
#include <set>

namespace pare::oci {

namespace {

constexpr std::size_t kMaxTag = 255;

bool is_alphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

void check_tag(std::string_view tag) {
    const bool clean = std::all_of(tag.begin(), tag.end(), [](char c) {
        return is_alphanumeric(c) || std::string_view("-._:@/+").find(c) != std::string_view::npos;
    });
    if (!clean || tag.empty() || tag.size() > kMaxTag || !is_alphanumeric(tag.front()) ||
        !is_alphanumeric(tag.back())) {
        throw Error(
            ErrorKind::usage, fmt::format("\"{}\" cannot be the name of an image", tag),
            "use a name such as server:1.0 or registry.example/team/server:1.0");
    }
}

std::string to_string(const Platform& platform) {
    return fmt::format(
        "{}/{}{}{}", platform.os, platform.architecture, platform.variant.empty() ? "" : "/",
        platform.variant);
}

void check_platforms(const TaggedDocuments& tagged) {
    std::set<Platform> seen;
    for (const Image& image : tagged.images) {
        if (!seen.insert(image.platform).second) {
            throw Error(
                ErrorKind::usage,
                fmt::format(
                    "two images for {} are called {}", to_string(image.platform), tagged.tag),
                "give each definition a name of its own");
        }
    }
}

/// The images by tag; tags in the order of their first image.
std::vector<TaggedDocuments> group(const std::vector<TaggedImage>& images) {
    std::vector<TaggedDocuments> tags;
    for (const TaggedImage& tagged : images) {
        auto found = std::find_if(
            tags.begin(), tags.end(), [&](const auto& other) { return other.tag == tagged.tag; });
        if (found == tags.end()) {
            check_tag(tagged.tag);
            found = tags.insert(tags.end(), {.tag = tagged.tag});
        }
        found->images.push_back(tagged.image);
    }
    return tags;
}

void make_documents(TaggedDocuments& tagged) {
    std::vector<Descriptor> manifests;
    for (const Image& image : tagged.images) {
        tagged.configs.push_back(write_config(image));
        tagged.manifests.push_back(write_manifest(image, tagged.configs.back().descriptor));
        manifests.push_back(tagged.manifests.back().descriptor);
    }
    if (manifests.size() > 1) {
        tagged.index.push_back(write_index(manifests, {}));
    }
}

std::vector<TaggedDocuments> documents_of(const std::vector<TaggedImage>& images) {
    std::vector<TaggedDocuments> tags = group(images);
    for (TaggedDocuments& tagged : tags) {
        check_platforms(tagged);
        make_documents(tagged);
    }
    return tags;
}

std::vector<Written> report(const std::vector<TaggedDocuments>& tags) {
    std::vector<Written> written;
    written.reserve(tags.size());
    for (const TaggedDocuments& tagged : tags) {
        written.push_back({.tag = tagged.tag, .descriptor = tagged.top()});
        for (const Document& manifest : tagged.manifests) {
            written.back().manifests.push_back(manifest.descriptor);
        }
    }
    return written;
}

/// An attachment as what a layout lists without a name.
TaggedDocuments documents_of(const Attachment& attachment) {
    std::vector<Document> documents = write_attachment(attachment);
    TaggedDocuments attached{.subject = attachment.subject.digest};
    attached.manifests.push_back(std::move(documents.back()));
    documents.pop_back();
    attached.configs = std::move(documents);
    return attached;
}

/// The images and what goes beside them, each once.
std::vector<TaggedDocuments>
with_attachments(std::vector<TaggedDocuments> tags, const std::vector<Attachment>& attachments) {
    std::set<std::string> seen;
    for (const Attachment& attachment : attachments) {
        TaggedDocuments attached = documents_of(attachment);
        if (seen.insert(attached.top().digest).second) {
            tags.push_back(std::move(attached));
        }
    }
    return tags;
}

/// All of it for whoever takes documents and blobs one by one.
MadeGraph graph_of(const TaggedDocuments& tagged) {
    MadeGraph made{.tag = tagged.tag, .subject = tagged.subject, .blobs = tagged.configs};
    made.graph.documents = tagged.manifests;
    made.graph.documents.insert(
        made.graph.documents.end(), tagged.index.begin(), tagged.index.end());
    std::set<std::string> seen;
    const auto add = [&](const Descriptor& blob) {
        if (seen.insert(blob.digest).second) {
            made.graph.blobs.push_back(blob);
        }
    };
    for (const Document& blob : made.blobs) {
        add(blob.descriptor);
    }
    for (const Image& image : tagged.images) {
        for (const Layer& layer : image.layers) {
            add(layer.descriptor);
        }
    }
    return made;
}

void refuse_attachments(const std::vector<Attachment>& attachments) {
    if (!attachments.empty()) {
        throw Error(
            ErrorKind::usage,
            fmt::format("a docker-archive has no place for {}", attachments.front().artifact_type),
            "use --format oci or oci-archive");
    }
}

} // namespace

OutputFormat parse_output_format(std::string_view text) {
    if (text == "oci") {
        return OutputFormat::oci;
    }
    if (text == "oci-archive") {
        return OutputFormat::oci_archive;
    }
    if (text == "docker-archive") {
        return OutputFormat::docker_archive;
    }
    throw Error(
        ErrorKind::usage, fmt::format("unknown output format {}", text),
        "use oci, oci-archive or docker-archive");
}

std::vector<Written> describe_output(const std::vector<TaggedImage>& images) {
    return report(documents_of(images));
}

std::vector<MadeGraph>
make_graphs(const std::vector<TaggedImage>& images, const std::vector<Attachment>& attachments) {
    std::vector<MadeGraph> graphs;
    for (const TaggedDocuments& tagged : with_attachments(documents_of(images), attachments)) {
        graphs.push_back(graph_of(tagged));
    }
    return graphs;
}

std::vector<Written> write_output(
    const std::filesystem::path& output, OutputFormat format,
    const std::vector<TaggedImage>& images, const FindBlob& find_blob,
    const std::vector<Attachment>& attachments) {
    ensure(!images.empty(), "there is no image to write");
    const std::vector<TaggedDocuments> tags = documents_of(images);
    switch (format) {
    case OutputFormat::oci:
        write_layout(output, with_attachments(tags, attachments), find_blob);
        break;
    case OutputFormat::oci_archive:
        write_oci_archive(output, with_attachments(tags, attachments), find_blob);
        break;
    case OutputFormat::docker_archive:
        refuse_attachments(attachments);
        write_docker_archive(output, tags, find_blob);
        break;
    }
    return report(tags);
}

} // namespace pare::oci
