// SPDX-License-Identifier: Apache-2.0
// The registry is asked first for the manifest, which vouches for everything below it, then for the
// manifests of an index, then for each blob; only what it lacks is sent. Blobs on disk go straight
// from their file into the connection: the registry checks their digests, and a blob that it
// refuses is hashed here to say whose fault that is.
#include "registry/sender.hh"

#include "support/digest.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <utility>

namespace pare::registry {

namespace {

/// Tells an activity of the bytes that a source gives, each once however often it is sent.
class WatchedSource final : public Source {
public:
    struct Watch {
        Activity activity;
        std::uint64_t told = 0;
    };

    WatchedSource(std::unique_ptr<Source> source, std::uint64_t at, std::shared_ptr<Watch> watch)
        : source_(std::move(source)), at_(at), watch_(std::move(watch)) {}

    std::size_t read(char* buffer, std::size_t size) override {
        const std::size_t count = source_->read(buffer, size);
        at_ += count;
        if (at_ > watch_->told) {
            watch_->activity.advance(at_ - watch_->told);
            watch_->told = at_;
        }
        return count;
    }

private:
    std::unique_ptr<Source> source_;
    std::uint64_t at_;
    std::shared_ptr<Watch> watch_;
};

net::Outgoing outgoing_extent(const oci::Extent& extent, const std::string& name, Events& events) {
    const std::shared_ptr<WatchedSource::Watch> watch(
        new WatchedSource::Watch{.activity = Activity(events, Stage::push, name, extent.size)});
    return {.size = extent.size, .open = [extent, watch](std::uint64_t offset) {
                oci::Extent rest = extent;
                rest.offset += offset;
                rest.size -= offset;
                return std::make_unique<WatchedSource>(oci::open_extent(rest), offset, watch);
            }};
}

} // namespace

/// Which documents the repository has. When it has the top, it has all.
std::vector<bool> Sender::find_documents(const oci::Graph& graph) {
    const std::size_t count = graph.documents.size();
    if (to_.find_manifest(graph.top().descriptor.digest)) {
        return std::vector<bool>(count, true);
    }
    std::vector<char> found(count, 0);
    TaskGroup tasks(mover_.pool);
    for (std::size_t i = 0; i + 1 < count; ++i) {
        tasks.run(1, [&, i] {
            found[i] = to_.find_manifest(graph.documents[i].descriptor.digest) ? 1 : 0;
        });
    }
    tasks.wait();
    return {found.begin(), found.end()};
}

/// The blobs of missing documents that the repository does not have either.
std::vector<oci::Descriptor>
Sender::missing_blobs(const oci::Graph& graph, const std::vector<bool>& present) {
    std::set<std::string> wanted;
    for (std::size_t i = 0; i < graph.documents.size(); ++i) {
        const oci::Document& document = graph.documents[i];
        if (!present[i]) {
            for (const oci::Descriptor& blob :
                 oci::parse_links(document.bytes, document.descriptor.media_type, from_.name())
                     .blobs) {
                wanted.insert(blob.digest);
            }
        }
    }
    std::vector<oci::Descriptor> missing;
    TaskGroup tasks(mover_.pool);
    for (const oci::Descriptor& blob : graph.blobs) {
        if (!wanted.contains(blob.digest)) {
            note(blob);
            const std::lock_guard lock(mutex_);
            ++counts_.present;
            continue;
        }
        tasks.run(1, [&] {
            const bool there = to_.has_blob(blob);
            if (there) {
                note(blob);
            }
            const std::lock_guard lock(mutex_);
            if (there) {
                ++counts_.present;
            } else {
                missing.push_back(blob);
            }
        });
    }
    tasks.wait();
    return missing;
}

void Sender::upload(const oci::Descriptor& blob) {
    const std::optional<oci::Extent> extent = from_.find(blob);
    if (!extent) {
        throw Error(
            ErrorKind::refused, fmt::format("{} lacks the blob {}", from_.name(), blob.digest));
    }
    try {
        to_.put_blob(blob, outgoing_extent(*extent, blob.digest, mover_.events));
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::environment) {
            oci::check_extent(*extent, blob);
        }
        throw;
    }
    if (remote_ != nullptr) {
        remote_->forget(blob);
    }
}

void Sender::note(const oci::Descriptor& blob) {
    places_.note(to_.endpoint().host(), blob.digest, to_.name());
}

void Sender::send_blob(const oci::Descriptor& blob) {
    const std::string other = places_.find(to_.endpoint().host(), blob.digest);
    const bool mounted = !other.empty() && other != to_.name() && to_.mount_blob(blob, other);
    if (!mounted) {
        upload(blob);
    }
    note(blob);
    const std::lock_guard lock(mutex_);
    if (mounted) {
        ++counts_.mounted;
    } else {
        ++counts_.sent;
        counts_.bytes += blob.size;
    }
}

void Sender::send_blobs(const std::vector<oci::Descriptor>& blobs) {
    std::uint64_t bytes = 0;
    for (const oci::Descriptor& blob : blobs) {
        bytes += blob.size;
    }
    mover_.events.expect(Stage::push, blobs.size(), bytes);
    TaskGroup tasks(mover_.pool);
    for (const oci::Descriptor& blob : blobs) {
        tasks.run(blob.size, [this, &blob] { send_blob(blob); });
    }
    tasks.wait();
}

void Sender::send(const oci::Graph& graph, const std::string& tag) {
    const std::vector<bool> present = find_documents(graph);
    send_blobs(missing_blobs(graph, present));
    for (std::size_t i = 0; i < graph.documents.size(); ++i) {
        const oci::Document& document = graph.documents[i];
        const bool is_top = i + 1 == graph.documents.size();
        if (is_top && !tag.empty()) {
            to_.put_manifest(document, tag);
        } else if (!present[i]) {
            to_.put_manifest(document, document.descriptor.digest);
        }
    }
}

} // namespace pare::registry
