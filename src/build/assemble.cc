// SPDX-License-Identifier: Apache-2.0
#include "build/assemble.hh"

#include "build/libraries.hh"
#include "build/user_files.hh"
#include "support/text.hh"
#include "tree/conflict.hh"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

namespace pare::build {

namespace {

/// Registries and runtimes bear more, but every layer costs a request and a mount.
constexpr std::size_t kMostLayers = 10;

class Assembler {
public:
    Assembler(
        const StepNode& node, const StepState& parent, const Options& options, const Tools& tools,
        Cutting& cutting)
        : node_(node), options_(options), tools_(tools), cutting_(cutting), state_(parent) {
        state_.layers_below += state_.layers.size();
        state_.layers.clear();
    }

    StepState run() {
        take_cuts();
        add_accounts();
        add_packages();
        add_user_files();
        run_finishers();
        check_libraries(state_, node_, first_origin_);
        // From here the tree is complete; what lost its place must not be in a layer of this step.
        cut_again_without_losers();
        plan_layers();
        return std::move(state_);
    }

private:
    void take_cuts() {
        std::int64_t newest = 0;
        jobs_ = cut_jobs(node_);
        for (const CutJob& job : jobs_) {
            cuts_.push_back(cutting_.cut(job));
            newest = std::max(newest, cuts_.back()->cut.date);
            report_unmatched(job, cuts_.back()->cut);
        }
        archive_jobs_ = archive_jobs(node_);
        for (const ArchiveJob& job : archive_jobs_) {
            cuts_.push_back(cutting_.cut(job));
            newest = std::max(newest, cuts_.back()->cut.date);
        }
        time_ = newest == 0 ? state_.date : newest;
        state_.date = std::max(state_.date, newest);
        if (options_.request.source_date_epoch) {
            time_ = *options_.request.source_date_epoch;
            state_.date = time_;
        }
    }

    /// Of built-in slices a test of ours finds that out, for every release.
    void report_unmatched(const CutJob& job, const cut::Cut& cut) const {
        const cut::SliceFile* file = node_.slices->find(job.package.name);
        if (file == nullptr || file->built_in) {
            return;
        }
        for (const std::string& glob : cut.unmatched) {
            tools_.events.message(
                Severity::warning,
                fmt::format(
                    "slice {}_{} matches nothing in {} ({}); see its files: pare show files with "
                    "{}_all",
                    job.package.name, glob, label(*cuts_.back()), cut.architecture,
                    job.package.name));
        }
    }

    void add_accounts() {
        const definition::Step& step = node_.step;
        state_.users.insert(state_.users.end(), step.users.begin(), step.users.end());
        state_.groups.insert(state_.groups.end(), step.groups.begin(), step.groups.end());
    }

    std::size_t add_origin(tree::Origin origin, Bringer bringer) {
        state_.bringers.push_back(std::move(bringer));
        return state_.tree.add_origin(std::move(origin));
    }

    void add_packages() {
        first_origin_ = state_.bringers.size();
        for (std::size_t i = 0; i < cuts_.size(); ++i) {
            const cut::Cut& cut = cuts_[i]->cut;
            const bool is_package = i < jobs_.size();
            const std::size_t origin = add_origin(
                {.kind = is_package ? tree::OriginKind::package : tree::OriginKind::archive,
                 .name = cut.package,
                 .replaces = cut.replaces},
                {.cut = cuts_[i]});
            add_cut(*cuts_[i], origin);
            // What lies aside of a package that is below already was taken there.
            if (is_package && jobs_[i].selection.below.empty()) {
                aside_.insert(cut.aside.begin(), cut.aside.end());
            }
        }
    }

    [[nodiscard]] tree::Origin users_files() const {
        return {.kind = tree::OriginKind::user, .name = node_.step.name};
    }

    void add_user_files() {
        std::vector<finish::Generated> written;
        for (const definition::UserFile& file : node_.step.files) {
            if (file.content) {
                written.push_back(written_in_place(file, *file.content));
                continue;
            }
            const CutPtr cut = cut_user_file(file, time_, options_.compression, tools_);
            const std::size_t origin = add_origin(users_files(), {.cut = cut});
            add_cut(*cut, origin);
            user_cuts_.push_back({&file, cut});
        }
        take_generated(users_files(), std::move(written));
    }

    /// Text that stands in the definition itself: it needs no layer of its own.
    [[nodiscard]] finish::Generated
    written_in_place(const definition::UserFile& file, const std::string& content) const {
        return {
            .entry =
                {.path = ImagePath::parse(file.to),
                 .mode = file.mode.value_or(0644),
                 .uid = file.uid,
                 .gid = file.gid,
                 .mtime = time_},
            .content = content};
    }

    void add_cut(const StoredCut& stored, std::size_t origin) {
        for (const cut::Item& item : stored.cut.items) {
            refuse_detour(item.entry.path, stored);
            state_.tree.add_missing_parents(item.entry.path, origin, time_);
            add_entry(item.entry, origin, [&](const tree::Node& earlier, const tree::Entry&) {
                return bytes_of(earlier) == read_part(stored, item);
            });
        }
    }

    /// Runtimes do not agree on what an entry behind a symlink of another layer means, and nothing
    /// good places files that way.
    void refuse_detour(const ImagePath& path, const StoredCut& stored) const {
        const ImagePath real = state_.tree.real_path(path);
        if (real != path) {
            throw Error(
                ErrorKind::refused,
                fmt::format(
                    "{}: '{}' lies behind a symlink; it would end up at '{}'",
                    stored.cut.package.empty() ? tree::describe(users_files()) : stored.cut.package,
                    path.absolute(), real.absolute()),
                "leave the path or the package with the symlink out (include, !NAME)");
        }
    }

    /// Adds one entry and notes whose place was taken, if any.
    template <typename SameContent>
    void add_entry(const tree::Entry& entry, std::size_t origin, SameContent same_content) {
        const tree::Node* before = state_.tree.find(entry.path);
        const std::size_t earlier = before == nullptr ? origin : before->origin;
        switch (state_.tree.add(entry, origin, same_content)) {
        case tree::Tree::Added::placed:
            break;
        case tree::Tree::Added::kept_earlier:
            if (entry.type != tree::EntryType::directory) {
                losers_[origin].insert(entry.path.relative());
            }
            return;
        case tree::Tree::Added::replaced_earlier:
            losers_[earlier].insert(entry.path.relative());
            break;
        }
        touched_.insert(entry.path);
    }

    [[nodiscard]] Bytes read_part(const StoredCut& stored, const cut::Item& item) const {
        const MappedFile part(tools_.store.path(store::Kind::part, stored.key));
        return Bytes(part.bytes().substr(item.offset, item.entry.size));
    }

    /// The content of a file of the tree, wherever it is.
    [[nodiscard]] std::optional<Bytes> bytes_of(const tree::Node& node) const {
        const Bringer& bringer = state_.bringers[node.origin];
        if (bringer.made) {
            const auto made = bringer.made->find(node.entry.path);
            return made == bringer.made->end() ? std::nullopt : std::optional(made->second);
        }
        const cut::Item* item = bringer.cut ? bringer.cut->find(node.entry.path) : nullptr;
        return item == nullptr ? std::nullopt : std::optional(read_part(*bringer.cut, *item));
    }

    /// The content of a file whose owner or mode changes, so that it comes once more in this layer.
    [[nodiscard]] Bytes content_to_change(const ImagePath& path) const {
        const tree::Node* node = state_.tree.find(path);
        ensure(node != nullptr, "a finisher changes a file that is not there");
        std::optional<Bytes> content = bytes_of(*node);
        if (!content) {
            throw Error(
                ErrorKind::definition,
                fmt::format(
                    "'{}' cannot be changed: its content is in the base image", path.absolute()),
                "change it where the base image is made");
        }
        return *std::move(content);
    }

    [[nodiscard]] bool touched(const ImagePath& path) const {
        const auto first = touched_.lower_bound(path);
        return first != touched_.end() && first->is_within(path);
    }

    void run_finishers() {
        for (const finish::Finisher& finisher : finish::finishers()) {
            const finish::Context context{
                .tree = state_.tree,
                .step = node_.step,
                .users = state_.users,
                .groups = state_.groups,
                .architecture = node_.debian_architecture,
                .time = time_,
                .elf = [this](const ImagePath& path) { return state_.elf_at(path); },
                .content =
                    [this](const ImagePath& path) {
                        const tree::Node* node = state_.tree.find(path);
                        return node == nullptr ? std::nullopt : bytes_of(*node);
                    },
                .aside = aside_,
                .touched = [this](const ImagePath& path) { return touched(path); }};
            take_generated(
                {.kind = tree::OriginKind::finisher, .name = std::string(finisher.name)},
                finisher.run(context));
        }
        std::sort(generated_.begin(), generated_.end(), [](const auto& left, const auto& right) {
            return left.entry.path < right.entry.path;
        });
    }

    void take_generated(tree::Origin by, std::vector<finish::Generated> generated) {
        if (generated.empty()) {
            return;
        }
        auto made = std::make_shared<std::map<ImagePath, Bytes>>();
        const std::size_t origin = add_origin(std::move(by), {.made = made});
        for (finish::Generated& one : generated) {
            if (one.same_content) {
                one.content = content_to_change(one.entry.path);
            }
            state_.tree.add_missing_parents(one.entry.path, origin, time_);
            if (one.entry.type == tree::EntryType::file) {
                one.entry.size = one.content.size();
                made->insert_or_assign(one.entry.path, one.content);
            }
            add_entry(one.entry, origin, [](const auto&, const auto&) { return false; });
            std::erase_if(generated_, [&](const auto& earlier) {
                return earlier.entry.path == one.entry.path;
            });
            generated_.push_back(std::move(one));
        }
    }

    void cut_again_without_losers() {
        for (const auto& [origin, paths] : losers_) {
            if (origin < first_origin_ || origin - first_origin_ >= cuts_.size()) {
                continue; // a parent's, which stays below, or one that is no package
            }
            const std::size_t index = origin - first_origin_;
            // Dropped are packaged paths; relocated ones would need their origin, and nothing else
            // puts files where relocations go.
            if (index < jobs_.size()) {
                jobs_[index].selection.dropped = paths;
                cuts_[index] = cutting_.cut(jobs_[index]);
            } else {
                ArchiveJob& job = archive_jobs_[index - jobs_.size()];
                job.selection.dropped = paths;
                cuts_[index] = cutting_.cut(job);
            }
        }
    }

    /// How many layers the packages and generated files of this step may make.
    [[nodiscard]] std::size_t budget() const {
        if (node_.step.layer_budget) {
            return std::max<std::size_t>(1, *node_.step.layer_budget);
        }
        const std::size_t taken = state_.layers_below + user_cuts_.size();
        return taken + 1 >= kMostLayers ? 1 : kMostLayers - taken;
    }

    /// The largest packages get layers of their own, the rest and what finishers made share one.
    void plan_layers() {
        std::vector<CutPtr> by_size = cuts_;
        std::sort(by_size.begin(), by_size.end(), [](const CutPtr& left, const CutPtr& right) {
            return std::tie(right->cut.part_size, left->cut.package) <
                   std::tie(left->cut.part_size, right->cut.package);
        });
        const std::size_t alone = by_size.size() + (generated_.empty() ? 0 : 1) <= budget()
                                      ? by_size.size()
                                      : budget() - 1;
        LayerPlan rest;
        for (const CutPtr& cut : cuts_) {
            const auto place = std::find(by_size.begin(), by_size.end(), cut) - by_size.begin();
            if (static_cast<std::size_t>(place) < alone) {
                state_.layers.push_back({.created_by = "pare: " + label(*cut), .cuts = {cut}});
            } else {
                rest.cuts.push_back(cut);
            }
        }
        rest.generated = std::move(generated_);
        if (!rest.cuts.empty() || !rest.generated.empty()) {
            rest.created_by = describe(rest);
            state_.layers.push_back(std::move(rest));
        }
        state_.layers.reserve(state_.layers.size() + user_cuts_.size());
        for (const auto& [file, cut] : user_cuts_) {
            state_.layers.push_back(
                {.created_by = fmt::format("pare: file {}", file->to), .cuts = {cut}});
        }
    }

    static std::string label(const StoredCut& cut) {
        return cut.cut.package + " " + cut.cut.version;
    }

    static std::string describe(const LayerPlan& layer) {
        std::vector<std::string> parts;
        parts.reserve(layer.cuts.size() + 1);
        for (const CutPtr& cut : layer.cuts) {
            parts.push_back(label(*cut));
        }
        if (!layer.generated.empty()) {
            parts.emplace_back("generated files");
        }
        return "pare: " + join(parts, ", ");
    }

    const StepNode& node_;
    const Options& options_;
    const Tools& tools_;
    Cutting& cutting_;
    StepState state_;
    std::vector<CutJob> jobs_;             ///< one a package of this step
    std::vector<ArchiveJob> archive_jobs_; ///< one an archive
    std::vector<CutPtr> cuts_;             ///< of the packages, then of the archives
    std::vector<std::pair<const definition::UserFile*, CutPtr>> user_cuts_;
    std::vector<finish::Generated> generated_;
    std::map<ImagePath, Bytes> aside_;
    std::set<ImagePath> touched_;
    std::map<std::size_t, std::set<std::string>> losers_; ///< by origin: paths that others took
    std::size_t first_origin_ = 0;
    std::int64_t time_ = 0;
};

} // namespace

const elf::Elf* StepState::elf_at(const ImagePath& path) const {
    const tree::Node* node = tree.find(path);
    if (node == nullptr) {
        return nullptr;
    }
    const Bringer& bringer = bringers[node->origin];
    if (bringer.base) {
        const auto found = bringer.base->find(path);
        return found == bringer.base->end() ? nullptr : found->second.get();
    }
    const cut::Item* item = bringer.cut ? bringer.cut->find(path) : nullptr;
    return item == nullptr || !item->elf ? nullptr : &*item->elf;
}

StepState assemble(
    const StepNode& node, const StepState& parent, const Options& options, const Tools& tools,
    Cutting& cutting) {
    return Assembler(node, parent, options, tools, cutting).run();
}

} // namespace pare::build
