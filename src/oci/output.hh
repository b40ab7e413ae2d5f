// SPDX-License-Identifier: Apache-2.0
// Writing images where other tools read them: an OCI layout directory, the same in a tar
// (oci-archive), or what `docker load` takes (docker-archive).
#pragma once

#include "oci/artifact.hh"
#include "oci/graph.hh"
#include "oci/image.hh"

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace pare::oci {

enum class OutputFormat { oci, oci_archive, docker_archive };

/// `oci`, `oci-archive`, `docker-archive`; throws ErrorKind::usage.
[[nodiscard]] OutputFormat parse_output_format(std::string_view text);

/// One image under one name; several images with the same tag become one index.
struct TaggedImage {
    std::string tag{}; ///< `cc:latest`, or a full reference
    Image image{};
};

/// Where a layer blob lies on disk, by digest.
using FindBlob = std::function<std::filesystem::path(const std::string& digest)>;

/// What was written: a line of the result each.
struct Written {
    std::string tag{};
    Descriptor descriptor{}; ///< of the index, or of the manifest when there is one image
    std::vector<Descriptor> manifests{}; ///< by platform, in the order given
};

/// What write_output() would report, without writing anything.
[[nodiscard]] std::vector<Written> describe_output(const std::vector<TaggedImage>& images);

/// What a tag of an output stands for, or what goes beside an image, for whoever takes documents
/// and blobs one by one.
struct MadeGraph {
    std::string tag{};     ///< empty: it goes beside an image
    std::string subject{}; ///< then the digest of what it is about
    Graph graph{};
    std::vector<Document> blobs{}; ///< those of the graph that lie nowhere yet
};

/// The images by tag, then the attachments in their order, each once.
[[nodiscard]] std::vector<MadeGraph>
make_graphs(const std::vector<TaggedImage>& images, const std::vector<Attachment>& attachments);

/// Writes all images to `output`, and what goes beside them.
/// oci: a directory, made when missing; blobs that are there with the right size stay, others are
///   reflinked, hard-linked or copied; index.json is replaced last, by rename, and keeps the
///   entries of other tags. `blobs/sha256` holds no half-written file at any moment.
/// archives: one file, written beside and renamed. Members are in a fixed order with mtime 0.
///   docker-archive takes one platform a tag (the tag gets `-amd64`, `-armv7`, ... when there are
///   more), with
///   uncompressed or gzip layers; several tags become several entries of manifest.json. It has no
///   place for attachments: ErrorKind::usage.
[[nodiscard]] std::vector<Written> write_output(
    const std::filesystem::path& output, OutputFormat format,
    const std::vector<TaggedImage>& images, const FindBlob& find_blob,
    const std::vector<Attachment>& attachments = {});

} // namespace pare::oci
