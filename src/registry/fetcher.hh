// SPDX-License-Identifier: Apache-2.0
// The blobs of images, as files on disk, for the files of this room.
#pragma once

#include "oci/save.hh"
#include "registry/copy.hh"
#include "registry/remote_content.hh"
#include "support/files.hh"

#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace pare::registry {

class Fetcher {
public:
    /// What lies in an archive is put into files below `folder`, which go with this.
    Fetcher(
        const oci::Content& content, const std::filesystem::path& folder, Mover mover,
        Copied& counts)
        : content_(content), remote_(dynamic_cast<const RemoteContent*>(&content)),
          extracted_(folder), mover_(mover), counts_(counts) {}

    /// Brings all blobs of the images, side by side; into the layout, when there is one.
    void bring(const std::vector<oci::NamedGraph>& graphs, oci::GrowingLayout* layout);
    /// Where a blob is now.
    [[nodiscard]] std::filesystem::path file_of(const std::string& digest) const;

private:
    [[nodiscard]] std::filesystem::path bring_one(const oci::Descriptor& blob) const;
    void keep(const oci::Descriptor& blob, oci::GrowingLayout* layout);

    const oci::Content& content_;
    const RemoteContent* remote_;
    TemporaryDirectory extracted_;
    Mover mover_;
    Copied& counts_;
    std::mutex mutex_{};
    std::map<std::string, std::filesystem::path> files_{};
};

} // namespace pare::registry
