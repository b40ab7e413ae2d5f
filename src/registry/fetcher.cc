// SPDX-License-Identifier: Apache-2.0
// Each blob is held against its digest on its way: those of a registry while they come, those on
// disk by reading them. A layout gets each as soon as it is whole, so that a run that was
// interrupted has not fetched in vain.
#include "registry/fetcher.hh"

#include "support/digest.hh"

namespace pare::registry {

std::filesystem::path Fetcher::file_of(const std::string& digest) const {
    const auto found = files_.find(digest);
    ensure(found != files_.end(), "a blob of an image was not fetched");
    return found->second;
}

std::filesystem::path Fetcher::bring_one(const oci::Descriptor& blob) const {
    if (remote_ != nullptr) {
        return remote_->fetch(blob);
    }
    const oci::Extent extent = content_.open(blob);
    if (auto file = content_.file_of(blob)) {
        return *std::move(file);
    }
    const std::filesystem::path path = extracted_.path() / digest_hex(blob.digest);
    AtomicFile file(path);
    const auto source = oci::open_extent(extent);
    copy_all(*source, file);
    file.commit();
    return path;
}

void Fetcher::keep(const oci::Descriptor& blob, oci::GrowingLayout* layout) {
    std::filesystem::path file = bring_one(blob);
    if (layout != nullptr) {
        layout->put(blob, file);
        file = layout->path_of(blob);
        if (remote_ != nullptr) {
            remote_->forget(blob);
        }
    }
    const std::lock_guard lock(mutex_);
    files_[blob.digest] = std::move(file);
    ++counts_.sent;
    counts_.bytes += blob.size;
}

void Fetcher::bring(const std::vector<oci::NamedGraph>& graphs, oci::GrowingLayout* layout) {
    std::map<std::string, const oci::Descriptor*> wanted;
    std::uint64_t bytes = 0;
    for (const oci::NamedGraph& named : graphs) {
        for (const oci::Descriptor& blob : named.graph.blobs) {
            if (layout != nullptr && layout->has(blob)) {
                const bool is_new = files_.emplace(blob.digest, layout->path_of(blob)).second;
                counts_.present += is_new ? 1U : 0U;
            } else if (wanted.emplace(blob.digest, &blob).second) {
                bytes += blob.size;
            }
        }
    }
    if (remote_ != nullptr) {
        mover_.events.expect(Stage::pull, wanted.size(), bytes);
    }
    TaskGroup tasks(mover_.pool);
    for (const auto& [digest, blob] : wanted) {
        tasks.run(blob->size, [this, blob, layout] { keep(*blob, layout); });
    }
    tasks.wait();
}

} // namespace pare::registry
