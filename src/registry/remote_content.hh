// SPDX-License-Identifier: Apache-2.0
// An image in a registry as content: documents and blobs come when they are asked for.
#pragma once

#include "oci/content.hh"
#include "registry/endpoint.hh"
#include "registry/repository.hh"
#include "support/files.hh"

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace pare::registry {

class RemoteContent final : public oci::Content {
public:
    /// Blobs are put into a directory of their own below `folder` (empty: the system's for
    /// temporary files), which goes with this. Asks for what the reference names: nothing of that
    /// name is ErrorKind::usage.
    RemoteContent(
        const oci::ImageReference& reference, Registries& registries,
        const std::filesystem::path& folder = {});
    /// Likewise, in a repository that is open already.
    RemoteContent(
        const oci::ImageReference& reference, Repository repository,
        const std::filesystem::path& folder = {});

    [[nodiscard]] const std::string& name() const override { return name_; }

    [[nodiscard]] const std::string& tag() const override { return tag_; }

    [[nodiscard]] const std::vector<oci::Descriptor>& tops() const override { return tops_; }

    [[nodiscard]] std::optional<oci::Extent> find(const oci::Descriptor& blob) const override;
    [[nodiscard]] oci::Extent open(const oci::Descriptor& blob) const override;
    [[nodiscard]] Bytes document(const oci::Descriptor& document) const override;
    [[nodiscard]] std::vector<oci::Referrer> referrers(const std::string& digest) const override;

    /// Fetches the blob, unless it is there, and says where it is. It is what its digest says.
    [[nodiscard]] std::filesystem::path fetch(const oci::Descriptor& blob) const;
    /// Removes what was fetched.
    void forget(const oci::Descriptor& blob) const;

    [[nodiscard]] Repository& repository() const { return repository_; }

private:
    [[nodiscard]] std::filesystem::path path_of(const oci::Descriptor& blob) const;
    /// Fetches the blob unless it is there; false when the registry does not have it.
    [[nodiscard]] bool bring(const oci::Descriptor& blob) const;

    std::string name_;
    std::string tag_; ///< in full: `HOST/REPOSITORY:TAG`
    TemporaryDirectory folder_;
    mutable Repository repository_; ///< talks to the registry, which changes nothing here
    mutable std::mutex mutex_;
    mutable std::map<std::string, Bytes> documents_; ///< by digest
    std::vector<oci::Descriptor> tops_;
};

/// The seam for everything that reads images: on disk or in a registry. `folder` as above.
[[nodiscard]] std::shared_ptr<const oci::Content> open_content(
    const oci::ImageReference& reference, Registries& registries,
    const std::filesystem::path& folder = {});

} // namespace pare::registry
