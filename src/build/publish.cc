// SPDX-License-Identifier: Apache-2.0
// Everything that goes to a registry lies in the store: layers since they were made, configurations
// and attachments are put there now. Images go one after the other, their blobs side by side, so
// that what the first one brought is there for the others.
#include "build/publish.hh"

#include "build/made.hh"
#include "oci/output.hh"
#include "support/digest.hh"

#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <utility>

namespace pare::build {

namespace {

/// Blobs by their digests.
class StoredContent final : public oci::Content {
public:
    explicit StoredContent(const store::Store& store) : store_(store) {}

    [[nodiscard]] const std::string& name() const override { return name_; }

    [[nodiscard]] const std::string& tag() const override { return tag_; }

    [[nodiscard]] const std::vector<oci::Descriptor>& tops() const override { return tops_; }

    [[nodiscard]] std::optional<oci::Extent> find(const oci::Descriptor& blob) const override {
        return oci::find_file(store_.path(store::Kind::blob, digest_hex(blob.digest)));
    }

    [[nodiscard]] std::vector<oci::Referrer>
    referrers(const std::string& /*digest*/) const override {
        return {};
    }

private:
    const store::Store& store_;
    std::string name_ = "the store";
    std::string tag_{};
    std::vector<oci::Descriptor> tops_{};
};

bool is_folder(const std::string& reference) {
    return reference.ends_with('/');
}

/// Where an image goes.
oci::ImageReference target(const std::string& reference, const std::string& tag) {
    const oci::ImageReference parsed =
        oci::parse_image_reference(is_folder(reference) ? reference + tag : reference);
    if (parsed.transport != oci::Transport::registry) {
        throw Error(
            ErrorKind::usage, fmt::format("{} is not in a registry", reference),
            "pare build writes images to disk");
    }
    if (!parsed.digest.empty()) {
        throw Error(
            ErrorKind::usage, fmt::format("{} names a digest", reference),
            "give a tag: the digest comes from the build");
    }
    return parsed;
}

/// Throws for references that cannot take the images of a request.
void check(const PublishRequest& request, const Tools& tools) {
    std::set<std::string> tags;
    for (const Planned& image : matrix(request.options.request, tools)) {
        tags.insert(image.tag);
    }
    for (const std::string& reference : request.references) {
        for (const std::string& tag : tags) {
            static_cast<void>(target(reference, tag));
        }
        if (tags.size() > 1 && !is_folder(reference)) {
            throw Error(
                ErrorKind::usage,
                fmt::format("{} would name {} different images", reference, tags.size()),
                fmt::format(
                    "end it with '/': then they are {0}/{1} and so on", reference, *tags.begin()));
        }
    }
}

class Publisher {
public:
    Publisher(const Made& made, const Tools& tools)
        : tools_(tools), content_(tools.store),
          graphs_(oci::make_graphs(made.tagged, made.attachments)) {
        for (const oci::MadeGraph& made_graph : graphs_) {
            for (const oci::Document& blob : made_graph.blobs) {
                const std::string key = digest_hex(blob.descriptor.digest);
                if (!tools_.store.has(store::Kind::blob, key)) {
                    tools_.store.put(store::Kind::blob, key, blob.bytes);
                }
            }
        }
    }

    std::vector<Published> publish(const std::string& reference) {
        std::vector<Published> published;
        for (const oci::MadeGraph& image : graphs_) {
            if (image.tag.empty()) {
                continue;
            }
            const oci::ImageReference to = target(reference, image.tag);
            const registry::Publication publication{
                .content = content_, .image = image.graph, .beside = beside(image.graph)};
            published.push_back(
                {oci::to_string(to),
                 registry::publish(
                     publication, to, places_, {tools_.registries, pool_, tools_.events})});
        }
        return published;
    }

private:
    /// What is about the documents of an image; they are in the same order.
    [[nodiscard]] std::vector<const oci::Graph*> beside(const oci::Graph& image) const {
        std::vector<const oci::Graph*> found;
        for (const oci::Document& document : image.documents) {
            for (const oci::MadeGraph& graph : graphs_) {
                if (graph.subject == document.descriptor.digest) {
                    found.push_back(&graph.graph);
                }
            }
        }
        return found;
    }

    const Tools& tools_;
    StoredContent content_;
    std::vector<oci::MadeGraph> graphs_;
    registry::BlobPlaces places_;
    ThreadPool pool_{registry::kTransferThreads};
};

} // namespace

Publications publish(const PublishRequest& request, const Tools& tools) {
    check(request, tools);
    Made made = make(request.options, tools);
    Publisher publisher(made, tools);
    Publications publications{.result = std::move(made.result)};
    for (const std::string& reference : request.references) {
        std::ranges::move(publisher.publish(reference), std::back_inserter(publications.published));
    }
    return publications;
}

} // namespace pare::build
