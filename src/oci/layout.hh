// SPDX-License-Identifier: Apache-2.0
// The parts of writing images that the output formats share.
#pragma once

#include "oci/output.hh"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace pare::oci {

/// All documents of the images under one tag.
struct TaggedDocuments {
    std::string tag{};
    std::vector<Image> images{};       ///< in the order given
    std::vector<Document> configs{};   ///< of each image
    std::vector<Document> manifests{}; ///< of each image
    std::vector<Document> index{};     ///< none when there is one image
    /// Of an attachment: the digest of what it is about. It takes the place of an older one of its
    /// type.
    std::string subject{};

    /// What the tag stands for.
    [[nodiscard]] const Descriptor& top() const {
        return index.empty() ? manifests.front().descriptor : index.front().descriptor;
    }
};

/// Throws ErrorKind::usage for a file, and for a directory that holds something else.
void check_is_layout(const std::filesystem::path& root);
/// The entry of index.json for a tag: its descriptor with its names.
[[nodiscard]] json::Object tag_entry(const TaggedDocuments& tagged);
/// index.json with those entries, sorted by name; entries without a name come first.
[[nodiscard]] Bytes write_layout_index(json::Object index, json::Array entries);
/// `oci-layout` (image-layout.md).
[[nodiscard]] BytesView layout_file();

/// Lets `edit` change the entries of the layout's index.json; nobody else changes it meanwhile.
void edit_layout_index(
    const std::filesystem::path& root, const std::function<void(json::Array& entries)>& edit);

void write_layout(
    const std::filesystem::path& root, const std::vector<TaggedDocuments>& tags,
    const FindBlob& find_blob);
void write_oci_archive(
    const std::filesystem::path& file, const std::vector<TaggedDocuments>& tags,
    const FindBlob& find_blob);
void write_docker_archive(
    const std::filesystem::path& file, const std::vector<TaggedDocuments>& tags,
    const FindBlob& find_blob);

} // namespace pare::oci
