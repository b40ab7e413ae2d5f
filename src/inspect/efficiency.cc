// SPDX-License-Identifier: Apache-2.0
// The formulas are those of dive (dive/filetree/efficiency.go): of each layer its leaves count,
// that is, what has nothing below it in that layer. A leaf has the size that its tar header says,
// so a hard link has none; a whiteout has the size of all files below the directory that it hides,
// and none when it hides anything else. Of each path the sum and the least of its sizes are known:
// the score is the sum of the least by the sum of all, and what is wasted are the sums of the paths
// that were met more than once. dive passes opaque directories over; here such a directory counts
// as the whiteouts that say the same.
#include "inspect/efficiency.hh"

#include "inspect/filesystem.hh"

#include <algorithm>
#include <map>
#include <utility>

namespace pare::inspect {

namespace {

/// What a header of the tar says.
std::uint64_t size_of(const Entry& entry) {
    return entry.type == archive::TarType::file ? entry.size : 0;
}

bool holds_any(const std::set<ImagePath>& paths, const ImagePath& directory) {
    const auto next = paths.upper_bound(directory);
    return next != paths.end() && next->is_within(directory);
}

class Measurement {
public:
    void add(const std::shared_ptr<const Layer>& layer) {
        std::uint64_t bytes = 0;
        for (auto entry = layer->entries.begin(); entry != layer->entries.end(); ++entry) {
            const auto& [path, said] = *entry;
            bytes += size_of(said);
            const auto next = std::next(entry);
            const bool is_leaf = (next == layer->entries.end() || !next->first.is_within(path)) &&
                                 !holds_any(layer->whiteouts, path);
            if (is_leaf) {
                meet(path, size_of(said));
            }
        }
        if (!layer->whiteouts.empty() || !layer->opaque.empty()) {
            lay_below();
        }
        for (const ImagePath& path : layer->whiteouts) {
            meet(path, hidden_below(path));
        }
        for (const ImagePath& path : layer->opaque) {
            hide_below(path, *layer);
        }
        result_.bytes += bytes;
        result_.own_bytes += layers_.empty() ? 0 : bytes;
        layers_.push_back(layer);
    }

    Efficiency finish() {
        std::uint64_t least = 0;
        std::uint64_t all = 0;
        for (const auto& [path, met] : paths_) {
            least += met.least;
            all += met.bytes;
            if (met.count > 1) {
                result_.wasted += met.bytes;
                result_.repeated.push_back({path, met.bytes, met.count});
            }
        }
        result_.score = all == 0 ? 1 : static_cast<double>(least) / static_cast<double>(all);
        std::ranges::stable_sort(result_.repeated, std::greater(), &RepeatedPath::bytes);
        return std::move(result_);
    }

private:
    struct Met {
        std::uint64_t bytes = 0;
        std::uint64_t least = 0;
        std::size_t count = 0;
    };

    /// What lies below is only looked at by a layer that hides something.
    void lay_below() {
        for (; laid_ < layers_.size(); ++laid_) {
            below_.lay(layers_[laid_]);
        }
    }

    void meet(const ImagePath& path, std::uint64_t size) {
        Met& met = paths_[path];
        met.least = met.count == 0 ? size : std::min(met.least, size);
        met.bytes += size;
        ++met.count;
    }

    /// What a layer brought at that path; a hard link to a lower file has brought nothing.
    [[nodiscard]] std::uint64_t size_at(const ImagePath& path, const Placed& placed) const {
        const auto& entries = layers_[placed.layer]->entries;
        const auto own = entries.find(path);
        return own != entries.end() && &own->second == placed.entry ? size_of(*placed.entry) : 0;
    }

    [[nodiscard]] std::uint64_t hidden_below(const ImagePath& directory) const {
        std::uint64_t bytes = 0;
        const auto& entries = below_.entries();
        for (auto entry = entries.upper_bound(directory);
             entry != entries.end() && entry->first.is_within(directory); ++entry) {
            bytes += size_at(entry->first, entry->second);
        }
        return bytes;
    }

    /// One whiteout for each thing in the directory that the layer does not bring itself.
    void hide_below(const ImagePath& directory, const Layer& layer) {
        const auto& entries = below_.entries();
        auto entry = entries.upper_bound(directory);
        while (entry != entries.end() && entry->first.is_within(directory)) {
            const ImagePath path = entry->first;
            const auto own = layer.entries.find(path);
            const bool goes_on = own != layer.entries.end() && own->second.is_directory();
            if (own == layer.entries.end()) {
                meet(path, hidden_below(path));
            }
            ++entry;
            while (!goes_on && entry != entries.end() && entry->first.is_within(path)) {
                ++entry;
            }
        }
    }

    std::vector<std::shared_ptr<const Layer>> layers_{};
    Filesystem below_{};
    std::size_t laid_ = 0; ///< how many of the layers are in `below_`
    std::map<ImagePath, Met> paths_{};
    Efficiency result_{};
};

} // namespace

std::optional<double> Efficiency::wasted_part() const {
    return own_bytes == 0
               ? std::nullopt
               : std::optional(static_cast<double>(wasted) / static_cast<double>(own_bytes));
}

Efficiency measure(const std::vector<std::shared_ptr<const Layer>>& layers) {
    Measurement measurement;
    for (const auto& layer : layers) {
        measurement.add(layer);
    }
    return measurement.finish();
}

} // namespace pare::inspect
