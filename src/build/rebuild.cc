// SPDX-License-Identifier: Apache-2.0
// Problem: that an image is what a builder says it is can be believed, or found out. Here it is
// found out: built again from the recorded definitions and the recorded lock, in a store of its own
// (fresh_store.hh), it has the same digest or not. When it has, its blobs are read all the same, so
// that not only the digests but the bytes were looked at.
// Refused: provenance of another image, sources that are not the recorded ones.
#include "build/rebuild.hh"

#include "build/fresh_store.hh"
#include "build/image_source.hh"
#include "build/made.hh"
#include "build/recorded_sources.hh"
#include "build/resolve.hh"
#include "support/digest.hh"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace pare::build {

namespace {

namespace fs = std::filesystem;

/// The same directory; what lies in it has its path from that.
fs::path without_slash(fs::path directory) {
    return directory.has_filename() ? std::move(directory) : directory.parent_path();
}

class Rebuild {
public:
    Rebuild(const RebuildRequest& request, const Tools& tools)
        : request_(request), provenance_(request.provenance), tools_(tools),
          source_(open_source(request.image, tools)),
          root_(without_slash(fs::absolute(request.source).lexically_normal())),
          library_(recorded_library(tools.library, provenance_, root_)) {}

    RebuildResult run() {
        RebuildResult result{.digest = source_->top().digest, .notes = notes()};
        // Nothing is planned, much less built, from a file that is not the recorded one.
        check_files(provenance_, root_);
        FreshStore store(tools_, provenance_.lock);
        const Tools fresh = store.tools(library_);
        const Options options = build_options();
        StageClock clock;
        const Plan plan = resolve_plan(options, fresh, clock);
        check_plan(plan, provenance_, root_);
        const Made made = make_planned(plan, options, fresh, clock);
        store.give_back();
        result.rebuilt_digest = made.result.written.front().descriptor.digest;
        if (!options.output.empty()) {
            write(made, options, fresh);
            result.written = made.result.written;
        }
        if (request_.verify) {
            compare(made.result, open_stored_layers(fresh.store), result);
        }
        return result;
    }

private:
    [[nodiscard]] Options build_options() const {
        const attest::BuildParameters& given = provenance_.parameters;
        const std::string reference = recorded_reference(provenance_, root_);
        Options options{
            .request = request_.request,
            .locks = {{reference, provenance_.lock}},
            .compression = archive::parse_compression(given.compression),
            .format = request_.format,
            .output = request_.output,
            .tags = request_.tags,
            .tool_version = request_.tool_version};
        options.request.definitions = {reference};
        options.request.variants = {given.variant};
        options.request.archs = given.architectures;
        options.request.distributions = {given.distribution};
        options.request.source_date_epoch = given.source_date_epoch;
        if (options.tags.empty() && !source_->tag().empty()) {
            options.tags = {source_->tag()};
        }
        return options;
    }

    [[nodiscard]] std::vector<std::string> notes() const {
        std::vector<std::string> notes;
        if (provenance_.pare_version != request_.tool_version) {
            notes.push_back(fmt::format(
                "the image was built by pare {}, and this is pare {}", provenance_.pare_version,
                request_.tool_version));
        }
        for (const attest::DefinitionSource& definition : provenance_.definitions) {
            const auto text =
                definition.text ? definition.text : tools_.library.built_in(definition.name);
            if (!text || hash_hex(*text) != definition.sha256) {
                notes.push_back(fmt::format(
                    "the built-in definition {} is another one by now", definition.name));
            }
        }
        return notes;
    }

    void compare(const Result& built, const OpenLayer& open_rebuilt, RebuildResult& result) const {
        const OpenLayer open = [this](const oci::Layer& layer) {
            return source_->open_layer(layer);
        };
        std::vector<const BuiltImage*> left_over;
        for (const BuiltImage& image : built.images) {
            left_over.push_back(&image);
        }
        for (const oci::ImageEntry& entry : source_->images()) {
            ComparedPlatform compared{
                .platform = entry.image.platform, .digest = entry.manifest.digest};
            const auto same = std::ranges::find_if(left_over, [&](const BuiltImage* image) {
                return image->image.platform == entry.image.platform;
            });
            if (same != left_over.end()) {
                compared.rebuilt_digest = (*same)->manifest_digest;
                if (compared.digest == compared.rebuilt_digest) {
                    read_blobs(entry.image);
                } else {
                    compared.difference =
                        compare_images({entry.image, open}, {(*same)->image, open_rebuilt});
                }
                left_over.erase(same);
            }
            result.platforms.push_back(std::move(compared));
        }
        for (const BuiltImage* image : left_over) {
            result.platforms.push_back(
                {.platform = image->image.platform, .rebuilt_digest = image->manifest_digest});
        }
    }

    /// Their bytes are held against their digests.
    void read_blobs(const oci::Image& image) const {
        for (const oci::Layer& layer : image.layers) {
            static_cast<void>(source_->open_blob(layer.descriptor));
        }
    }

    const RebuildRequest& request_;
    const attest::Provenance& provenance_;
    const Tools& tools_;
    std::unique_ptr<inspect::ImageSource> source_;
    fs::path root_;
    definition::Library library_;
};

} // namespace

RebuildResult rebuild(const RebuildRequest& request, const Tools& tools) {
    return Rebuild(request, tools).run();
}

} // namespace pare::build
