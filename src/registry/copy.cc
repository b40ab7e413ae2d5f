// SPDX-License-Identifier: Apache-2.0
// What an image consists of is read first (oci/graph.hh), then blobs go side by side, then
// manifests, then indexes, and the tag last: whoever asks for it at any moment gets something
// whole. Referrers of referrers come along, 4 deep and 1 000 at most.
#include "registry/copy.hh"

#include "oci/save.hh"
#include "registry/fetcher.hh"
#include "registry/remote_content.hh"
#include "registry/sender.hh"
#include "support/digest.hh"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace pare::registry {

namespace {

constexpr int kMaxDepth = 4;
constexpr std::size_t kMaxReferrers = 1000;

/// The one manifest or index that is to be copied.
oci::Descriptor choose_top(const oci::Content& content, const CopyOptions& options) {
    const std::vector<oci::Descriptor>& tops = content.tops();
    const bool is_one = !tops.empty() && std::ranges::all_of(tops, [&](const auto& top) {
        return top.digest == tops.front().digest;
    });
    if (!is_one) {
        throw Error(
            ErrorKind::usage,
            fmt::format("{} holds {} images without a name", content.name(), tops.size()),
            "name one by its digest: oci:DIRECTORY@sha256:...");
    }
    return options.platform ? oci::choose_platform(content, tops.front(), *options.platform)
                            : tops.front();
}

/// All that belongs to the documents of an image, and to what belongs to them.
class ReferrerWalk {
public:
    explicit ReferrerWalk(const oci::Content& content) : content_(content) {}

    void below(const oci::Graph& graph, int depth) {
        for (const oci::Document& document : graph.documents) {
            for (const oci::Referrer& referrer : content_.referrers(document.descriptor.digest)) {
                add(referrer, depth);
            }
        }
    }

    std::vector<oci::NamedGraph> take() { return std::move(found_); }

private:
    void add(const oci::Referrer& referrer, int depth) {
        const bool is_new = seen_.insert(referrer.tag + "@" + referrer.manifest.digest).second;
        if (!is_new || depth >= kMaxDepth) {
            return;
        }
        if (seen_.size() > kMaxReferrers) {
            throw Error(
                ErrorKind::refused,
                fmt::format("over {} things belong to {}", kMaxReferrers, content_.name()),
                "leave them with --no-referrers");
        }
        oci::Graph graph = oci::read_graph(content_, referrer.manifest);
        below(graph, depth + 1);
        found_.push_back({.tag = referrer.tag, .graph = std::move(graph)});
    }

    const oci::Content& content_;
    std::vector<oci::NamedGraph> found_;
    std::set<std::string> seen_;
};

std::vector<oci::NamedGraph> collect_referrers(
    const oci::Content& content, const oci::Graph& graph, const CopyOptions& options) {
    if (options.referrers == Referrers::leave) {
        return {};
    }
    ReferrerWalk walk(content);
    walk.below(graph, 0);
    return walk.take();
}

void check_target(const oci::ImageReference& to, const oci::Descriptor& top) {
    if (!to.digest.empty() && to.digest != top.digest) {
        throw Error(
            ErrorKind::usage,
            fmt::format("the image has the digest {}, not that of {}", top.digest, to_string(to)),
            "leave the digest out of the target");
    }
}

/// The name of an image on disk when none is given: the one that it has; of a registry, in full.
std::string default_name(
    const oci::Content& content, const oci::ImageReference& from, const oci::Descriptor& top) {
    if (!content.tag().empty() || from.transport != oci::Transport::registry) {
        return content.tag();
    }
    return fmt::format(
        "{}/{}:sha256-{}", from.host, from.repository, digest_hex(top.digest).substr(0, 12));
}

/// The repository that blobs can be mounted from.
std::string mount_source(const oci::ImageReference& from, const oci::ImageReference& to) {
    const bool one_registry = from.transport == oci::Transport::registry && from.host == to.host;
    return one_registry && from.repository != to.repository ? from.repository : std::string();
}

/// Whether that tag or digest stands for that manifest already.
bool is_there(Repository& repository, const std::string& reference, const oci::Descriptor& top) {
    const auto found = repository.find_manifest(reference);
    return found && found->digest == top.digest;
}

void note_referrers(const std::vector<oci::NamedGraph>& referrers, Copied& copied) {
    for (const oci::NamedGraph& referrer : referrers) {
        copied.referrers.push_back(referrer.graph.top().descriptor.digest);
    }
}

/// Whether the last of each type is there, of which the others are before it.
bool all_beside(Repository& repository, const Publication& publication) {
    std::map<std::string, std::string> last;
    for (const oci::Graph* graph : publication.beside) {
        const oci::Descriptor& top = graph->top().descriptor;
        last[top.artifact_type] = top.digest;
    }
    return std::ranges::all_of(
        last, [&](const auto& each) { return repository.find_manifest(each.second).has_value(); });
}

} // namespace

void BlobPlaces::note(
    const std::string& host, const std::string& digest, const std::string& repository) {
    const std::lock_guard lock(mutex_);
    places_.emplace(std::pair(host, digest), repository);
}

std::string BlobPlaces::find(const std::string& host, const std::string& digest) const {
    const std::lock_guard lock(mutex_);
    const auto place = places_.find({host, digest});
    return place == places_.end() ? anything_ : place->second;
}

Copied publish(
    const Publication& publication, const oci::ImageReference& to, BlobPlaces& places,
    Mover mover) {
    Copied copied{.top = publication.image.top().descriptor};
    check_target(to, copied.top);
    for (const oci::Graph* graph : publication.beside) {
        copied.referrers.push_back(graph->top().descriptor.digest);
    }
    Repository repository(
        mover.registries.endpoint(to.host, to.repository), to.repository, Access::push);
    copied.unchanged =
        is_there(repository, to.tag.empty() ? copied.top.digest : to.tag, copied.top) &&
        all_beside(repository, publication);
    if (copied.unchanged) {
        for (const oci::Descriptor& blob : publication.image.blobs) {
            places.note(to.host, blob.digest, to.repository);
        }
        return copied;
    }
    Sender sender(publication.content, repository, places, mover, copied);
    if (!publication.beside.empty()) {
        sender.send(publication.image, "");
        for (const oci::Graph* graph : publication.beside) {
            sender.send(*graph, "");
        }
    }
    sender.send(publication.image, to.tag);
    return copied;
}

Copied copy_to_registry(
    const oci::ImageReference& from, const oci::ImageReference& to, const CopyOptions& options,
    Mover mover) {
    const auto content = open_content(from, mover.registries);
    Copied copied{.top = choose_top(*content, options)};
    check_target(to, copied.top);
    Repository repository(
        mover.registries.endpoint(to.host, to.repository), to.repository, Access::push,
        options.sizes);
    copied.unchanged =
        is_there(repository, to.tag.empty() ? copied.top.digest : to.tag, copied.top);
    if (copied.unchanged && options.referrers == Referrers::leave) {
        return copied;
    }
    const oci::Graph graph = oci::read_graph(*content, copied.top);
    BlobPlaces places(mount_source(from, to));
    Sender sender(*content, repository, places, mover, copied);
    if (!copied.unchanged) {
        sender.send(graph, to.tag);
    }
    const std::vector<oci::NamedGraph> referrers = collect_referrers(*content, graph, options);
    for (const oci::NamedGraph& referrer : referrers) {
        if (referrer.tag.empty() ||
            !is_there(repository, referrer.tag, referrer.graph.top().descriptor)) {
            sender.send(referrer.graph, referrer.tag);
        }
    }
    note_referrers(referrers, copied);
    return copied;
}

Copied copy_to_disk(
    const oci::ImageReference& from, const std::filesystem::path& to, oci::OutputFormat format,
    const std::string& name, const CopyOptions& options, Mover mover) {
    std::optional<oci::GrowingLayout> layout;
    if (format == oci::OutputFormat::oci) {
        layout.emplace(to);
    }
    // Beside the target: what has come is linked there, not copied.
    const std::filesystem::path folder = layout ? to : std::filesystem::absolute(to).parent_path();
    const auto content = open_content(from, mover.registries, folder);
    Copied copied{.top = choose_top(*content, options)};
    std::vector<oci::NamedGraph> graphs = {
        {.tag = name.empty() ? default_name(*content, from, copied.top) : name,
         .graph = oci::read_graph(*content, copied.top)}};
    if (format != oci::OutputFormat::docker_archive) {
        std::vector<oci::NamedGraph> referrers =
            collect_referrers(*content, graphs.front().graph, options);
        note_referrers(referrers, copied);
        std::move(referrers.begin(), referrers.end(), std::back_inserter(graphs));
    }
    Fetcher fetcher(*content, folder, mover, copied);
    fetcher.bring(graphs, layout ? &*layout : nullptr);
    oci::save_graphs(to, format, graphs, *content, [&](const std::string& digest) {
        return fetcher.file_of(digest);
    });
    return copied;
}

} // namespace pare::registry
