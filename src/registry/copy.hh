// SPDX-License-Identifier: Apache-2.0
// Images from where they are to where they shall be, with their digests and with what belongs to
// them.
#pragma once

#include "oci/graph.hh"
#include "oci/output.hh"
#include "registry/endpoint.hh"
#include "registry/repository.hh"
#include "support/thread_pool.hh"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pare::registry {

enum class Referrers { leave, take };

struct CopyOptions {
    Referrers referrers = Referrers::leave;
    std::optional<oci::Platform> platform{}; ///< take the image for this alone
    UploadSizes sizes{};
};

struct Copied {
    oci::Descriptor top{};                ///< of the image
    bool unchanged = false;               ///< the target had it already
    std::uint64_t sent = 0;               ///< blobs
    std::uint64_t mounted = 0;            ///< blobs that another repository of the registry had
    std::uint64_t present = 0;            ///< blobs that were there
    std::uint64_t bytes = 0;              ///< of the blobs that were sent
    std::vector<std::string> referrers{}; ///< digests of what belongs to the image
};

/// Which repositories have which blobs, as far as that is known: a registry takes over from one to
/// another what it has. Safe for several threads.
class BlobPlaces {
public:
    /// `anything`: a repository that has what is not known better, or nothing.
    explicit BlobPlaces(std::string anything = {}) : anything_(std::move(anything)) {}

    void note(const std::string& host, const std::string& digest, const std::string& repository);
    /// Empty when no repository is known to have it.
    [[nodiscard]] std::string find(const std::string& host, const std::string& digest) const;

private:
    std::string anything_;
    mutable std::mutex mutex_{};
    std::map<std::pair<std::string, std::string>, std::string> places_{}; ///< by host and digest
};

/// Threads for a Mover's pool: 8 transfers at once, for the thread that waits for them takes part.
inline constexpr unsigned kTransferThreads = 7;

/// Where blobs are moved, side by side.
struct Mover {
    Registries& registries;
    ThreadPool& pool;
    Events& events;
};

/// To a registry. What is there is not sent; a tag is written last, when everything that it stands
/// for is whole.
[[nodiscard]] Copied copy_to_registry(
    const oci::ImageReference& from, const oci::ImageReference& to, const CopyOptions& options,
    Mover mover);

/// An image, and what goes beside it.
struct Publication {
    const oci::Content& content; ///< has all blobs
    const oci::Graph& image;
    /// Of several of one type, the one about the top is last: when it is there, all are.
    std::vector<const oci::Graph*> beside{};
};

/// Likewise, for an image that was just made: first everything that the image consists of, then
/// what goes beside it, then the tag.
[[nodiscard]] Copied publish(
    const Publication& publication, const oci::ImageReference& to, BlobPlaces& places, Mover mover);

/// To disk, under `name` (empty: the source's). What a layout has is not fetched.
[[nodiscard]] Copied copy_to_disk(
    const oci::ImageReference& from, const std::filesystem::path& to, oci::OutputFormat format,
    const std::string& name, const CopyOptions& options, Mover mover);

} // namespace pare::registry
