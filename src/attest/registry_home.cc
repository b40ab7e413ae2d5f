// SPDX-License-Identifier: Apache-2.0
// Problem: a tag in a registry may move at any time, and others write there too.
// What the tag stands for is asked once; everything after that is asked by its digest and held
// against it. A referrer is believed for what its manifest says, not for being listed: a list may
// still name what was deleted, and it may be the index at a tag, which anybody who may push can
// write. Signatures under cosign's tags are layers of one manifest, which is changed as
// Repository::change_tag() does it.
// Refuses: more than 1 000 referrers, bytes that are not what their digest says.
#include "attest/image_home.hh"
#include "attest/referrers.hh"
#include "oci/extent.hh"
#include "oci/reference.hh"
#include "registry/remote_content.hh"
#include "support/error.hh"

#include <fmt/core.h>

#include <map>
#include <utility>

namespace pare::attest {

namespace {

class RegistryHome final : public ImageHome {
public:
    RegistryHome(
        const oci::ImageReference& reference, registry::Repository repository,
        const std::string& name)
        : content_(reference, std::move(repository)), image_(content_.tops().front()),
          name_(name.empty() ? content_.repository().full_name() : name) {}

    [[nodiscard]] const oci::Descriptor& image() const override { return image_; }

    [[nodiscard]] const std::string& repository() const override { return name_; }

    [[nodiscard]] std::optional<oci::Document> find_tag(const std::string& tag) const override {
        return content_.repository().get_manifest(tag);
    }

    [[nodiscard]] std::vector<oci::Document> referrers() const override {
        const auto listed = content_.repository().manifests_about(image_.digest);
        if (listed.size() > kMaxAttached) {
            throw too_many_attached();
        }
        return choose_referrers(
            image_, listed, [this](const oci::Descriptor& entry) { return read(entry.digest); });
    }

    [[nodiscard]] Bytes read_blob(const oci::Descriptor& blob, std::uint64_t limit) const override {
        if (blob.size > limit) {
            throw Error(
                ErrorKind::refused,
                fmt::format(
                    "{} is said to have {} bytes, {} at most", blob.digest, blob.size, limit));
        }
        return read_all(*oci::open_extent(content_.open(blob)), limit);
    }

    void put_blob(const oci::Document& blob) override {
        registry::Repository& repository = content_.repository();
        if (!repository.has_blob(blob.descriptor)) {
            repository.put_blob(blob.descriptor, net::outgoing(blob.bytes));
        }
    }

    void add_referrer(const oci::Document& manifest) override {
        content_.repository().put_manifest(manifest, manifest.descriptor.digest);
    }

    void change_tag(const std::string& tag, const oci::DocumentChange& change) override {
        content_.repository().change_tag(tag, change);
    }

private:
    /// What is there under a digest stays the same: it is fetched once.
    [[nodiscard]] std::optional<oci::Document> read(const std::string& digest) const {
        auto known = manifests_.find(digest);
        if (known == manifests_.end()) {
            known = manifests_.emplace(digest, content_.repository().get_manifest(digest)).first;
        }
        return known->second;
    }

    registry::RemoteContent content_;
    oci::Descriptor image_;
    std::string name_;
    mutable std::map<std::string, std::optional<oci::Document>> manifests_; ///< by digest
};

} // namespace

std::unique_ptr<ImageHome> open_registry_home(
    const oci::ImageReference& reference, registry::Repository repository,
    const std::string& name) {
    return std::make_unique<RegistryHome>(reference, std::move(repository), name);
}

} // namespace pare::attest
