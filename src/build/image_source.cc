// SPDX-License-Identifier: Apache-2.0
#include "build/image_source.hh"

#include "build/config.hh"
#include "definition/reference.hh"
#include "oci/documents.hh"
#include "oci/graph.hh"
#include "registry/remote_content.hh"
#include "support/digest.hh"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace pare::build {

namespace {

/// An image in a registry, through the store.
class KeptContent final : public oci::Content {
public:
    KeptContent(oci::ImageReference reference, const Tools& tools)
        : reference_(std::move(reference)), name_(oci::to_string(reference_)), tools_(tools) {
        const auto known = known_top();
        tops_ = known ? std::vector{*known} : remote().tops();
        if (!reference_.tag.empty()) {
            tag_ = reference_.host + "/" + reference_.repository + ":" + reference_.tag;
        }
    }

    [[nodiscard]] const std::string& name() const override { return name_; }

    [[nodiscard]] const std::string& tag() const override { return tag_; }

    [[nodiscard]] const std::vector<oci::Descriptor>& tops() const override { return tops_; }

    [[nodiscard]] std::optional<oci::Extent> find(const oci::Descriptor& blob) const override {
        const std::filesystem::path path = path_of(blob);
        if (!std::filesystem::exists(path)) {
            fetch(blob);
        }
        return oci::find_file(path);
    }

    [[nodiscard]] std::optional<std::filesystem::path>
    file_of(const oci::Descriptor& blob) const override {
        std::filesystem::path path = path_of(blob);
        return std::filesystem::exists(path) ? std::optional(std::move(path)) : std::nullopt;
    }

    [[nodiscard]] std::vector<oci::Referrer> referrers(const std::string& digest) const override {
        return remote().referrers(digest);
    }

private:
    /// What the digest stands for, when the store has it.
    [[nodiscard]] std::optional<oci::Descriptor> known_top() const {
        const auto bytes = reference_.digest.empty()
                               ? std::nullopt
                               : tools_.store.get(store::Kind::blob, digest_hex(reference_.digest));
        if (!bytes || bytes->size() > oci::kMaxDocument) {
            return std::nullopt;
        }
        oci::Descriptor top = oci::describe_document(*bytes, name_);
        return top.digest == reference_.digest ? std::optional(std::move(top)) : std::nullopt;
    }

    [[nodiscard]] const registry::RemoteContent& remote() const {
        const std::lock_guard lock(mutex_);
        if (!remote_) {
            remote_.emplace(reference_, tools_.registries, tools_.store.root());
        }
        return *remote_;
    }

    [[nodiscard]] std::filesystem::path path_of(const oci::Descriptor& blob) const {
        return tools_.store.path(store::Kind::blob, digest_hex(blob.digest));
    }

    void fetch(const oci::Descriptor& blob) const {
        const std::string key = digest_hex(blob.digest);
        if (oci::is_manifest(blob) || oci::is_index(blob)) {
            tools_.store.put(store::Kind::blob, key, remote().document(blob));
            return;
        }
        const std::filesystem::path fetched = remote().fetch(blob);
        AtomicFile file = tools_.store.create(store::Kind::blob);
        FileSource source(fetched);
        copy_all(source, file);
        tools_.store.keep(std::move(file), store::Kind::blob, key);
        remote().forget(blob);
    }

    oci::ImageReference reference_;
    std::string name_;
    Tools tools_;
    std::string tag_{}; ///< in full
    std::vector<oci::Descriptor> tops_{};
    mutable std::mutex mutex_{};
    mutable std::optional<registry::RemoteContent> remote_{};
};

/// Whether the first part of a name can only be that of a registry.
bool begins_with_host(const std::string& text) {
    const std::size_t slash = text.find('/');
    const std::string host = slash == std::string::npos ? std::string() : text.substr(0, slash);
    const bool is_path = host.empty() || host.front() == '.';
    return !is_path && (host == "localhost" || host.find_first_of(".:") != std::string::npos);
}

} // namespace

bool names_image(const std::string& text) {
    if (definition::parse_reference(text).kind == definition::ReferenceKind::image) {
        return true;
    }
    std::error_code problem;
    const bool is_yaml =
        text.find(".yaml") != std::string::npos || text.find(".yml") != std::string::npos;
    return begins_with_host(text) && !is_yaml && !std::filesystem::exists(text, problem);
}

std::shared_ptr<const oci::Content>
open_content(const oci::ImageReference& reference, const Tools& tools) {
    if (reference.transport != oci::Transport::registry) {
        return oci::open_content(reference);
    }
    return with_context("opening " + oci::to_string(reference), [&] {
        return std::make_shared<KeptContent>(reference, tools);
    });
}

std::unique_ptr<inspect::ImageSource>
open_source(const std::string& reference, const Tools& tools) {
    return inspect::open_source(reference, [tools](const oci::ImageReference& parsed) {
        return open_content(parsed, tools);
    });
}

bool is_wanted(const oci::ImageEntry& entry, const std::vector<std::string>& architectures) {
    return architectures.empty() ||
           std::ranges::any_of(architectures, [&](const std::string& architecture) {
               return architecture == "all" || platform_of(architecture) == entry.image.platform;
           });
}

std::vector<const oci::ImageEntry*>
wanted_images(const inspect::ImageSource& source, const std::vector<std::string>& architectures) {
    std::vector<const oci::ImageEntry*> wanted;
    for (const oci::ImageEntry& entry : source.images()) {
        if (is_wanted(entry, architectures)) {
            wanted.push_back(&entry);
        }
    }
    if (wanted.empty()) {
        throw Error(
            ErrorKind::usage, fmt::format("{} has no image for that architecture", source.name()),
            "leave --arch out");
    }
    return wanted;
}

} // namespace pare::build
