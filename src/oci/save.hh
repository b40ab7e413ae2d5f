// SPDX-License-Identifier: Apache-2.0
// Writing images that others made: every byte as it is, so that digests stay.
#pragma once

#include "oci/graph.hh"
#include "oci/output.hh"

#include <filesystem>
#include <mutex>
#include <string>
#include <vector>

namespace pare::oci {

struct NamedGraph {
    std::string tag{}; ///< empty: an entry without a name, for what belongs to an image
    Graph graph{};
};

/// Writes the graphs like write_output(). docker-archive has no place for what belongs to images,
/// nor for indexes: it gets one image a platform.
void save_graphs(
    const std::filesystem::path& output, OutputFormat format, const std::vector<NamedGraph>& graphs,
    const Content& content, const FindBlob& find_blob);

/// A layout into which blobs are put as they come, before save_graphs() names them. Safe for
/// several threads.
class GrowingLayout {
public:
    /// Makes the directories when they are missing. Throws ErrorKind::usage for a directory that
    /// holds something else.
    explicit GrowingLayout(std::filesystem::path root);

    [[nodiscard]] bool has(const Descriptor& blob) const;
    /// Takes the blob from a file with its bytes.
    void put(const Descriptor& blob, const std::filesystem::path& file);
    [[nodiscard]] std::filesystem::path path_of(const Descriptor& blob) const;

private:
    std::filesystem::path root_;
    std::mutex mutex_;
};

} // namespace pare::oci
