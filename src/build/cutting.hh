// SPDX-License-Identifier: Apache-2.0
// The third stage: every package of every step is fetched, checked and cut, side by side. A package
// is cut as soon as its download is complete and verified, while others still come.
#pragma once

#include "build/cut_jobs.hh"
#include "cut/cut.hh"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace pare::build {

/// A cut whose part is in the store under the same key.
struct StoredCut {
    std::string key{};
    cut::Cut cut{};
    std::map<ImagePath, std::size_t> index{}; ///< of the items, by path

    StoredCut(std::string part_key, cut::Cut of);
    /// The item at that path, or null.
    [[nodiscard]] const cut::Item* find(const ImagePath& path) const;
};

using CutPtr = std::shared_ptr<const StoredCut>;

class Cutting {
public:
    Cutting(const Options& options, const Tools& tools);

    /// Makes sure that all cuts of these nodes are in the store, in both forms.
    void make_all(const std::vector<const StepNode*>& nodes);
    /// Likewise for single packages.
    void make_all(const std::vector<CutJob>& jobs);
    /// The cut of a job; made now when it is missing.
    [[nodiscard]] CutPtr cut(const CutJob& job);
    [[nodiscard]] CutPtr cut(const ArchiveJob& job);

    /// Bytes that had to be fetched.
    [[nodiscard]] std::uint64_t downloaded() const { return downloaded_; }

private:
    enum class Trust { verified_now, from_store };

    /// A job in the form that both kinds have.
    struct Order {
        std::string label{};
        std::string url{};
        std::string sha256{};
        std::optional<std::uint64_t> size{}; ///< of the file, when the lock says it
        std::function<cut::Cut(BytesView file, Sink& part)> cut{};
    };

    using Orders = std::map<std::string, Order>; ///< by the key of the cut

    [[nodiscard]] static Order order_of(const CutJob& job);
    [[nodiscard]] static Order order_of(const ArchiveJob& job);
    [[nodiscard]] CutPtr cut(const std::string& key, Order order);
    /// Adds those of the jobs whose cuts are not in the store.
    template <class Jobs>
    void add_missing(Orders& orders, const Jobs& jobs) const;
    [[nodiscard]] bool is_complete(const std::string& key) const;
    void make(const Order& order, const std::string& key, Trust trust);
    void fetch_and_make(const Orders& orders);

    const Options& options_;
    const Tools& tools_;
    std::mutex mutex_;
    std::map<std::string, CutPtr> cuts_;
    std::uint64_t downloaded_ = 0;
};

} // namespace pare::build
