// SPDX-License-Identifier: Apache-2.0
// Where an image lies, and what is attached to it there: the one seam between signatures and the
// places that images are in.
#pragma once

#include "oci/image.hh"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pare::oci {
struct ImageReference;
}

namespace pare::registry {
class Repository;
}

namespace pare::attest {

/// All bytes that it gives are what their digest says. Throws ErrorKind::refused for what is
/// damaged and ErrorKind::environment for what cannot be reached.
class ImageHome {
public:
    ImageHome() = default;
    ImageHome(const ImageHome&) = delete;
    ImageHome& operator=(const ImageHome&) = delete;
    virtual ~ImageHome() = default;

    /// The manifest or index that signatures are about: media type, digest and size.
    [[nodiscard]] virtual const oci::Descriptor& image() const = 0;
    /// `registry.example/team/server`; empty when the image has no name.
    [[nodiscard]] virtual const std::string& repository() const = 0;

    /// The manifest under a tag beside the image.
    [[nodiscard]] virtual std::optional<oci::Document> find_tag(const std::string& tag) const = 0;
    /// Manifests whose subject is the image.
    [[nodiscard]] virtual std::vector<oci::Document> referrers() const = 0;
    [[nodiscard]] virtual Bytes
    read_blob(const oci::Descriptor& blob, std::uint64_t limit) const = 0;

    virtual void put_blob(const oci::Document& blob) = 0;
    /// A manifest whose subject is the image; its blobs are there already.
    virtual void add_referrer(const oci::Document& manifest) = 0;
    /// Lets the tag stand for what `change` makes of what it stood for; it may be asked more than
    /// once.
    virtual void change_tag(const std::string& tag, const oci::DocumentChange& change) = 0;
};

/// An image in a layout directory. `repository` is what it is called; by default that is its tag
/// as far as it names a repository.
[[nodiscard]] std::unique_ptr<ImageHome>
open_layout_home(const oci::ImageReference& reference, const std::string& repository);
/// An image in that repository of a registry, by tag or digest. `name` is what it is called; by
/// default `HOST/REPOSITORY`. Nothing of that name is ErrorKind::usage.
[[nodiscard]] std::unique_ptr<ImageHome> open_registry_home(
    const oci::ImageReference& reference, registry::Repository repository, const std::string& name);

} // namespace pare::attest
