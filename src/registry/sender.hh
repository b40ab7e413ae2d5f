// SPDX-License-Identifier: Apache-2.0
// One image into one repository, for the files of this room.
#pragma once

#include "oci/graph.hh"
#include "registry/copy.hh"
#include "registry/remote_content.hh"
#include "registry/repository.hh"

#include <string>
#include <vector>

namespace pare::registry {

class Sender {
public:
    Sender(
        const oci::Content& from, Repository& to, BlobPlaces& places, Mover mover, Copied& counts)
        : from_(from), remote_(dynamic_cast<const RemoteContent*>(&from)), to_(to), places_(places),
          mover_(mover), counts_(counts) {}

    /// Sends what is missing, and then writes the tag; without a tag the digest names it.
    void send(const oci::Graph& graph, const std::string& tag);

private:
    [[nodiscard]] std::vector<bool> find_documents(const oci::Graph& graph);
    [[nodiscard]] std::vector<oci::Descriptor>
    missing_blobs(const oci::Graph& graph, const std::vector<bool>& present);
    void note(const oci::Descriptor& blob);
    void send_blobs(const std::vector<oci::Descriptor>& blobs);
    void send_blob(const oci::Descriptor& blob);
    void upload(const oci::Descriptor& blob);

    const oci::Content& from_;
    const RemoteContent* remote_;
    Repository& to_;
    BlobPlaces& places_;
    Mover mover_;
    Copied& counts_;
    std::mutex mutex_{};
};

} // namespace pare::registry
