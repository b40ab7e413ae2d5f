// SPDX-License-Identifier: Apache-2.0
// Problem: a fix in a base image reaches the images on it only when each is built again, by
// pipelines that may be gone. A rebase puts the image's own layers, byte for byte, on the new base;
// that is right only when a rebuild would have given the same, so every doubt is a refusal
// (rebase_checks.hh, config_merge.hh).
// Refused: see RebaseCheck.
#include "build/rebase.hh"

#include "build/config_merge.hh"
#include "build/image_source.hh"
#include "inspect/contents.hh"
#include "support/digest.hh"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

namespace pare::build {

namespace {

using inspect::ImageSource;

std::string name_of(const oci::Platform& platform) {
    return fmt::format(
        "{}/{}{}{}", platform.os, platform.architecture, platform.variant.empty() ? "" : "/",
        platform.variant);
}

/// An image and where it is; nothing when it was not found.
struct Found {
    const ImageSource* source = nullptr;
    const oci::ImageEntry* entry = nullptr;
};

bool begins_with(const oci::Image& image, const oci::Image& base) {
    return base.layers.size() <= image.layers.size() &&
           std::equal(
               base.layers.begin(), base.layers.end(), image.layers.begin(),
               [](const oci::Layer& left, const oci::Layer& right) {
                   return left.diff_id == right.diff_id;
               });
}

std::vector<PackageChange>
changes_between(const inspect::Filesystem& before, const inspect::Filesystem& after) {
    std::map<std::string, PackageChange> changes;
    for (const inspect::DeclaredPackage& package : inspect::declared_packages(before)) {
        changes[package.name].before = package.version;
    }
    for (const inspect::DeclaredPackage& package : inspect::declared_packages(after)) {
        changes[package.name].after = package.version;
    }
    std::vector<PackageChange> changed;
    for (auto& [name, change] : changes) {
        change.name = name;
        if (change.before != change.after) {
            changed.push_back(std::move(change));
        }
    }
    return changed;
}

class Rebaser {
public:
    Rebaser(const RebaseRequest& request, const Tools& tools)
        : request_(request), tools_(tools), image_(open_source(request.image, tools)),
          onto_(open_source(request.onto, tools)) {
        if (!request.base.empty()) {
            base_ = open_source(request.base, tools);
        }
    }

    RebaseResult run() {
        RebaseResult result;
        const std::vector<std::string> tags =
            request_.check ? std::vector<std::string>() : this->tags();
        const std::filesystem::path output = request_.check ? "" : this->output();
        for (const oci::ImageEntry& entry : image_->images()) {
            result.platforms.push_back(rebase(entry));
        }
        if (request_.check || !result.is_safe()) {
            return result;
        }
        std::vector<oci::TaggedImage> tagged;
        for (const std::string& tag : tags) {
            for (const Rebased& rebased : result.platforms) {
                tagged.push_back({tag, rebased.image});
            }
        }
        result.written =
            oci::write_output(output, request_.format, tagged, [this](const std::string& digest) {
                return find_blob(digest);
            });
        return result;
    }

private:
    [[nodiscard]] std::vector<std::string> tags() const {
        if (!request_.tags.empty()) {
            return request_.tags;
        }
        if (image_->tag().empty()) {
            throw Error(
                ErrorKind::usage, fmt::format("{} has no name", image_->name()),
                "give it one: --tag NAME");
        }
        return {image_->tag()};
    }

    [[nodiscard]] std::filesystem::path output() const {
        if (!request_.output.empty()) {
            return request_.output;
        }
        const auto layout = image_->layout();
        if (!layout || request_.format != oci::OutputFormat::oci) {
            throw Error(
                ErrorKind::usage, "pare rebase needs --output OUTPUT",
                "only an image in a layout can be rebased where it is");
        }
        return *layout;
    }

    Rebased rebase(const oci::ImageEntry& entry) {
        Rebased rebased{.platform = entry.image.platform};
        const Found next{onto_.get(), inspect::find_platform(*onto_, rebased.platform)};
        if (next.entry == nullptr) {
            refuse(
                rebased, RebaseCheck::platform,
                fmt::format("{} has no image for {}", onto_->name(), name_of(rebased.platform)),
                "build the new base for that platform, too");
            return rebased;
        }
        rebased.new_base = next.entry->manifest.digest;
        const Found old = find_base(entry, rebased);
        if (old.entry == nullptr) {
            return rebased;
        }
        rebased.old_base = old.entry->manifest.digest;
        check(entry, old, next, rebased);
        return rebased;
    }

    static void refuse(Rebased& rebased, RebaseCheck check, std::string message, std::string hint) {
        rebased.refusals.push_back({check, std::move(message), std::move(hint)});
    }

    /// The base that the image was built on, or a refusal.
    Found find_base(const oci::ImageEntry& entry, Rebased& rebased) {
        const Found old = base_
                              ? Found{base_.get(), inspect::find_platform(*base_, rebased.platform)}
                              : recorded_base(entry);
        if (old.entry == nullptr) {
            const std::string digest = oci::annotation(entry.image.annotations, oci::kBaseDigest);
            refuse(
                rebased, base_ ? RebaseCheck::platform : RebaseCheck::base,
                base_ ? fmt::format(
                            "{} has no image for {}", base_->name(), name_of(rebased.platform))
                : digest.empty()
                    ? fmt::format("{} does not say which base it was built on", image_->name())
                    : fmt::format(
                          "the base {} that {} was built on is neither beside it nor beside {}",
                          digest, image_->name(), onto_->name()),
                "name the base that it was built on: --base oci:DIR:TAG");
            return {};
        }
        if (!begins_with(entry.image, old.entry->image)) {
            refuse(
                rebased, RebaseCheck::base,
                fmt::format(
                    "{} is not built on {}: its layers do not begin with those of that image",
                    image_->name(), old.source->name()),
                "name the base that it was built on: --base oci:DIR:TAG");
            return {};
        }
        return old;
    }

    /// By the image's annotations, where the image and the new base are.
    Found recorded_base(const oci::ImageEntry& entry) {
        const std::string digest = oci::annotation(entry.image.annotations, oci::kBaseDigest);
        const std::string name = oci::annotation(entry.image.annotations, oci::kBaseName);
        for (const ImageSource* place : {image_.get(), onto_.get()}) {
            if (is_digest(digest)) {
                if (const Found found = keep(place->find_digest(digest), entry); found.entry) {
                    return found;
                }
            }
        }
        // A name may have moved on since, to an image that this one is not built on.
        for (const ImageSource* place : {image_.get(), onto_.get()}) {
            if (!name.empty()) {
                const Found found = keep(place->find_tag(name), entry);
                if (found.entry != nullptr && begins_with(entry.image, found.entry->image)) {
                    return found;
                }
            }
        }
        return {};
    }

    static bool is_digest(const std::string& text) {
        return text.starts_with("sha256:") && is_hex(std::string_view(text).substr(7), 64);
    }

    Found keep(std::unique_ptr<ImageSource> source, const oci::ImageEntry& entry) {
        if (!source) {
            return {};
        }
        const oci::ImageEntry* found = inspect::find_platform(*source, entry.image.platform);
        kept_.push_back(std::move(source));
        return {kept_.back().get(), found};
    }

    void
    check(const oci::ImageEntry& entry, const Found& old, const Found& next, Rebased& rebased) {
        const std::vector<LayerPtr> old_layers = read(old.source, old.entry->image.layers);
        const std::vector<LayerPtr> new_layers = read(next.source, next.entry->image.layers);
        const std::vector<oci::Layer> own(
            entry.image.layers.begin() + static_cast<std::ptrdiff_t>(old_layers.size()),
            entry.image.layers.end());
        const std::vector<LayerPtr> own_layers = read(image_.get(), own);
        const inspect::Filesystem old_base = stack(old_layers, {});
        const inspect::Filesystem new_base = stack(new_layers, {});
        const inspect::Filesystem before = stack(old_layers, own_layers);
        const inspect::Filesystem after = stack(new_layers, own_layers);

        MergedImage merged = merge_images(old.entry->image, entry.image, next.entry->image);
        const Side old_side{before, entry.image.config, old_layers.size()};
        const Side new_side{after, merged.image.config, new_layers.size()};
        add(rebased, check_overlap(old_base, new_base, own_layers));
        add(rebased, check_libraries(old_side, new_side, rebased.platform));
        add(rebased, check_programs(old_side, new_side));
        add(rebased, check_accounts(old_side, new_side));
        for (std::string& conflict : merged.conflicts) {
            refuse(
                rebased, RebaseCheck::config, std::move(conflict),
                "rebuild the image on the new base");
        }
        rebased.packages = changes_between(old_base, new_base);
        rebased.own_layers = own.size();
        if (rebased.refusals.empty()) {
            finish(std::move(merged.image), next, rebased);
            remember(next.source, next.entry->image.layers);
            remember(image_.get(), own);
        }
    }

    static void add(Rebased& rebased, Findings findings) {
        std::ranges::move(findings.refusals, std::back_inserter(rebased.refusals));
        std::ranges::move(findings.notes, std::back_inserter(rebased.notes));
    }

    void finish(oci::Image image, const Found& next, Rebased& rebased) const {
        image.annotations[oci::kBaseDigest] = next.entry->manifest.digest;
        if (oci::is_full_reference(next.source->tag())) {
            image.annotations[oci::kBaseName] = next.source->tag();
        }
        image.created = request_.source_date_epoch.value_or(image.created);
        rebased.manifest_digest =
            oci::write_manifest(image, oci::write_config(image).descriptor).descriptor.digest;
        rebased.image = std::move(image);
    }

    /// The layers as values, each read once, however many images have it.
    std::vector<LayerPtr> read(const ImageSource* source, const std::vector<oci::Layer>& layers) {
        TaskGroup group(tools_.pool);
        for (const oci::Layer& layer : layers) {
            const auto [place, is_new] = layers_.try_emplace(layer.diff_id);
            if (is_new) {
                // Places in a map stay where they are.
                group.run(layer.descriptor.size, [source, &layer, slot = &place->second] {
                    const auto tar = source->open_layer(layer);
                    *slot = std::make_shared<const inspect::Layer>(inspect::read_layer(
                        *tar, layer.descriptor.digest,
                        {.contents = true, .keeps = read_by_checks}));
                });
            }
        }
        group.wait();
        std::vector<LayerPtr> all;
        all.reserve(layers.size());
        for (const oci::Layer& layer : layers) {
            all.push_back(layers_.at(layer.diff_id));
        }
        return all;
    }

    static inspect::Filesystem
    stack(const std::vector<LayerPtr>& below, const std::vector<LayerPtr>& above) {
        inspect::Filesystem files;
        for (const auto* layers : {&below, &above}) {
            for (const LayerPtr& layer : *layers) {
                files.lay(layer);
            }
        }
        return files;
    }

    void remember(const ImageSource* source, const std::vector<oci::Layer>& layers) {
        for (const oci::Layer& layer : layers) {
            blobs_.try_emplace(layer.descriptor.digest, source, layer.descriptor);
        }
    }

    /// Where a blob lies that the output does not have yet. Its bytes are held against its digest.
    [[nodiscard]] std::filesystem::path find_blob(const std::string& digest) const {
        const auto& [source, blob] = blobs_.at(digest);
        const auto bytes = source->open_blob(blob);
        if (const auto file = source->blob_file(blob)) {
            return *file;
        }
        const std::string key = digest_hex(digest);
        if (!tools_.store.has(store::Kind::blob, key)) {
            AtomicFile copy = tools_.store.create(store::Kind::blob);
            copy_all(*bytes, copy);
            tools_.store.keep(std::move(copy), store::Kind::blob, key);
        }
        return tools_.store.path(store::Kind::blob, key);
    }

    const RebaseRequest& request_;
    const Tools& tools_;
    std::unique_ptr<ImageSource> image_;
    std::unique_ptr<ImageSource> onto_;
    std::unique_ptr<ImageSource> base_{};
    std::vector<std::unique_ptr<ImageSource>> kept_{};
    std::map<std::string, LayerPtr> layers_{}; ///< by diff_id
    std::map<std::string, std::pair<const ImageSource*, oci::Descriptor>> blobs_{};
};

} // namespace

bool RebaseResult::is_safe() const {
    return std::ranges::all_of(
        platforms, [](const Rebased& rebased) { return rebased.refusals.empty(); });
}

RebaseResult rebase(const RebaseRequest& request, const Tools& tools) {
    return Rebaser(request, tools).run();
}

std::string_view check_name(RebaseCheck check) {
    switch (check) {
    case RebaseCheck::base:
        return "base";
    case RebaseCheck::platform:
        return "platform";
    case RebaseCheck::overlap:
        return "overlap";
    case RebaseCheck::libraries:
        return "libraries";
    case RebaseCheck::programs:
        return "programs";
    case RebaseCheck::accounts:
        return "accounts";
    case RebaseCheck::config:
        return "config";
    }
    return "";
}

} // namespace pare::build
