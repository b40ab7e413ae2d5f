// SPDX-License-Identifier: Apache-2.0
// Problem: a layout has neither repositories nor a list of referrers.
// A signature under a tag is an entry of index.json with that tag, as skopeo and oras copy it. A
// referrer is an entry without a name whose manifest has the image as its subject; a tag of the
// form that registries without the referrers API have (distribution specification 1.1, "Referrers
// Tag Schema") may list more of them. `cosign save` names what belongs to the layout's only image
// by the annotation `kind`.
// Refuses: archives, which cannot be added to, and references to several images at once.
#include "attest/image_home.hh"
#include "attest/referrers.hh"
#include "oci/content.hh"
#include "oci/documents.hh"
#include "oci/layout_directory.hh"
#include "oci/read.hh"

#include <fmt/core.h>

#include <algorithm>

namespace pare::attest {

namespace {

/// `registry.example/server` of `registry.example/server:1.0`.
std::string repository_of(const std::string& name) {
    const std::size_t slash = name.rfind('/');
    const std::size_t colon = name.rfind(':');
    return colon == name.npos || (slash != name.npos && colon < slash) ? name
                                                                       : name.substr(0, colon);
}

class LayoutHome final : public ImageHome {
public:
    LayoutHome(const oci::ImageReference& reference, const std::string& repository)
        : directory_(reference.path) {
        const oci::Descriptor top = oci::ImageReader(reference).top();
        const std::vector<oci::Descriptor> entries = directory_.entries();
        const auto entry = std::find_if(entries.begin(), entries.end(), [&](const auto& one) {
            return one.digest == top.digest &&
                   (reference.tag.empty() ||
                    oci::annotation(one.annotations, oci::kReferenceName) == reference.tag ||
                    oci::annotation(one.annotations, oci::kContainerdName) == reference.tag);
        });
        if (entry == entries.end()) {
            throw Error(
                ErrorKind::usage,
                fmt::format("{} stands for several images", oci::to_string(reference)),
                "name one by its tag or @sha256:DIGEST");
        }
        image_ = {.media_type = top.media_type, .digest = top.digest, .size = top.size};
        repository_ = repository.empty()
                          ? repository_of(oci::annotation(entry->annotations, oci::kReferenceName))
                          : repository;
    }

    [[nodiscard]] const oci::Descriptor& image() const override { return image_; }

    [[nodiscard]] const std::string& repository() const override { return repository_; }

    [[nodiscard]] std::optional<oci::Document> find_tag(const std::string& tag) const override {
        std::optional<oci::Descriptor> entry = directory_.find_tag(tag);
        if (!entry) {
            entry = find_saved(tag);
        }
        return entry ? std::optional(directory_.document(*entry)) : std::nullopt;
    }

    [[nodiscard]] std::vector<oci::Document> referrers() const override {
        std::vector<oci::Descriptor> entries = directory_.entries();
        const std::string list = oci::fallback_tag(image_.digest);
        if (const auto tagged = directory_.find_tag(list)) {
            const oci::Document index = directory_.document(*tagged);
            const auto listed = oci::parse_index(index.bytes, list);
            entries.insert(entries.end(), listed.begin(), listed.end());
        }
        return choose_referrers(
            image_, entries, [this](const auto& entry) { return directory_.document(entry); });
    }

    [[nodiscard]] Bytes read_blob(const oci::Descriptor& blob, std::uint64_t limit) const override {
        return directory_.read(blob, limit);
    }

    void put_blob(const oci::Document& blob) override { directory_.put(blob); }

    void add_referrer(const oci::Document& manifest) override { directory_.add(manifest); }

    void change_tag(const std::string& tag, const oci::DocumentChange& change) override {
        directory_.change_tag(tag, change);
    }

private:
    /// What `cosign save` wrote in place of that tag.
    [[nodiscard]] std::optional<oci::Descriptor> find_saved(const std::string& tag) const {
        const std::string kind = tag.ends_with(".sig")   ? "dev.cosignproject.cosign/sigs"
                                 : tag.ends_with(".att") ? "dev.cosignproject.cosign/atts"
                                                         : "";
        for (const oci::Descriptor& entry : directory_.entries()) {
            if (!kind.empty() && oci::annotation(entry.annotations, "kind") == kind) {
                return entry;
            }
        }
        return std::nullopt;
    }

    oci::LayoutDirectory directory_;
    oci::Descriptor image_{};
    std::string repository_{};
};

} // namespace

std::unique_ptr<ImageHome>
open_layout_home(const oci::ImageReference& reference, const std::string& repository) {
    if (reference.transport != oci::Transport::oci) {
        throw Error(
            ErrorKind::usage,
            fmt::format(
                "{} is an archive, and signatures lie beside an image", to_string(reference)),
            "use a layout directory: oci:DIRECTORY[:TAG]");
    }
    return std::make_unique<LayoutHome>(reference, repository);
}

} // namespace pare::attest
