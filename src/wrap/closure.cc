// SPDX-License-Identifier: Apache-2.0
// The search is that of ld.so(8): DT_RPATH of the loading file (when it has no DT_RUNPATH) and of
// those that loaded it, LD_LIBRARY_PATH, DT_RUNPATH, ld.so.cache, the default directories; $ORIGIN
// is the directory of the file that says it. Where there is no cache yet, what lies elsewhere below
// /usr/lib is taken for reached by alternatives or the cache to come. A library that was found once
// by its name serves everybody, as in a process.
#include "wrap/closure.hh"

#include "support/text.hh"
#include "tree/tree.hh"

#include <algorithm>
#include <deque>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

namespace pare::wrap {

namespace {

constexpr int kMostLinks = 40;

/// What all searches in one offer share.
class Places {
public:
    Places(const Offer& offer, const SearchPath& search) : cache_(search.cache) {
        for (const std::string& directory :
             {"usr/local/lib/" + search.triplet, std::string("usr/local/lib"),
              "usr/lib/" + search.triplet, std::string("usr/lib"), std::string("usr/lib64")}) {
            defaults_.push_back(ImagePath::parse(directory));
        }
        for (const std::string& directory : search.directories) {
            first_.push_back(tree::usr_merged_aim(ImagePath(), directory));
        }
        if (search.everywhere) {
            for (const auto& [path, file] : offer) {
                by_name_[std::string(path.name())].push_back(path);
            }
        }
    }

    [[nodiscard]] const std::vector<ImagePath>& first() const { return first_; }

    /// Behind all that files say themselves.
    void add_last(std::vector<ImagePath>& places, const std::string& library) const {
        if (const auto cached = cache_.find(library); cached != cache_.end()) {
            places.push_back(tree::usr_merged_aim(ImagePath(), cached->second));
        }
        for (const ImagePath& directory : defaults_) {
            places.push_back(directory / library);
        }
        if (const auto named = by_name_.find(library); named != by_name_.end()) {
            places.insert(places.end(), named->second.begin(), named->second.end());
        }
    }

private:
    const std::map<std::string, std::string>& cache_;
    std::vector<ImagePath> first_{};
    std::vector<ImagePath> defaults_{};
    std::map<std::string, std::vector<ImagePath>> by_name_{};
};

class Finder {
public:
    Finder(const Offer& offer, const Places& places) : offer_(offer), places_(places) {}

    Closure run(const std::vector<ImagePath>& roots, const std::vector<Extra>& extras) {
        for (const ImagePath& root : roots) {
            take(root, {}, "");
        }
        const ImagePath program = roots.empty() ? ImagePath() : roots.front();
        for (const Extra& extra : extras) {
            need(extra.library, program, extra.because);
        }
        while (!queue_.empty()) {
            const ImagePath path = queue_.front();
            queue_.pop_front();
            need_named(path);
        }
        check_versions();
        return std::move(closure_);
    }

    Closure run_named(const ImagePath& file) {
        take(file, {}, "");
        need_named(file);
        return std::move(closure_);
    }

private:
    void need_named(const ImagePath& path) {
        const elf::Elf& elf = offer_.at(path).elf;
        if (!elf.interpreter.empty()) {
            need(elf.interpreter, path, elf.interpreter);
        }
        for (const std::string& library : elf.needed) {
            need(library, path, library);
        }
    }

    /// Every version that a file needs must be defined by the library that serves it.
    void check_versions() {
        for (const Need& need : closure_.needs) {
            for (const elf::VersionNeed& wanted : offer_.at(need.path).elf.version_needs) {
                const auto served = served_.find(wanted.library);
                if (served == served_.end()) {
                    continue; // missing altogether
                }
                const auto& defined = offer_.at(served->second).elf.version_definitions;
                // Of a library without any versions the loader takes all symbols as they come.
                for (const std::string& version : wanted.versions) {
                    if (!defined.empty() && std::ranges::find(defined, version) == defined.end()) {
                        closure_.missing_versions.push_back({version, served->second, need.path});
                    }
                }
            }
        }
    }

    void need(const std::string& library, const ImagePath& by, const std::string& as) {
        if (!known_.insert(library).second) {
            return;
        }
        for (const ImagePath& place : places_of(library, by)) {
            if (const auto file = follow(place, by, as)) {
                take(*file, by, as);
                // It serves under what it calls itself, too.
                const std::string& soname = offer_.at(*file).elf.soname;
                known_.insert(soname);
                served_.emplace(library, *file);
                served_.emplace(soname, *file);
                return;
            }
        }
        closure_.missing.push_back({library, by});
    }

    /// Where a library may be, in the order of the search.
    [[nodiscard]] std::vector<ImagePath>
    places_of(const std::string& library, const ImagePath& by) const {
        if (library.find('/') != std::string::npos) {
            return {tree::usr_merged_aim(ImagePath(), library)};
        }
        std::vector<ImagePath> directories;
        const std::string runpath = by.is_root() ? "" : offer_.at(by).elf.runpath;
        if (runpath.empty()) {
            for (ImagePath file = by; !file.is_root(); file = loader_of(file)) {
                add_paths(directories, offer_.at(file).elf.rpath, file);
            }
        }
        directories.insert(directories.end(), places_.first().begin(), places_.first().end());
        add_paths(directories, runpath, by);
        std::vector<ImagePath> places;
        places.reserve(directories.size());
        for (const ImagePath& directory : directories) {
            places.push_back(directory / library);
        }
        places_.add_last(places, library);
        return places;
    }

    [[nodiscard]] ImagePath loader_of(const ImagePath& file) const {
        const auto found = std::ranges::find(closure_.needs, file, &Need::path);
        return found == closure_.needs.end() ? ImagePath() : found->by;
    }

    static void
    add_paths(std::vector<ImagePath>& directories, const std::string& paths, const ImagePath& of) {
        for (const std::string_view path : split(paths, ':')) {
            std::string text(path);
            for (const std::string_view origin : {"${ORIGIN}", "$ORIGIN"}) {
                if (const std::size_t at = text.find(origin); at != std::string::npos) {
                    text.replace(at, origin.size(), of.parent().absolute());
                }
            }
            if (text.starts_with('/')) {
                directories.push_back(tree::usr_merged_aim(ImagePath(), text));
            }
        }
    }

    /// The file at the end of the links that begin at `path`, with these links taken.
    std::optional<ImagePath> follow(ImagePath path, const ImagePath& by, const std::string& as) {
        std::vector<ImagePath> links;
        for (int i = 0; i < kMostLinks; ++i) {
            const auto found = offer_.find(path);
            if (found == offer_.end()) {
                return std::nullopt;
            }
            const std::string& link = found->second.link;
            if (link.empty()) {
                for (const ImagePath& each : links) {
                    take(each, by, as);
                }
                return path;
            }
            links.push_back(path);
            path = tree::usr_merged_aim(path.parent(), link);
        }
        return std::nullopt;
    }

    void take(const ImagePath& path, const ImagePath& by, const std::string& as) {
        if (!taken_.insert(path).second) {
            return;
        }
        const Offered& file = offer_.at(path);
        closure_.needs.push_back({.path = path, .package = file.package, .by = by, .as = as});
        if (file.link.empty()) {
            queue_.push_back(path);
        }
    }

    const Offer& offer_;
    const Places& places_;
    std::set<std::string> known_{};
    std::map<std::string, ImagePath> served_{}; ///< by which file, by name
    std::set<ImagePath> taken_{};
    std::deque<ImagePath> queue_{};
    Closure closure_{};
};

} // namespace

std::vector<Need> Closure::chain_to(const ImagePath& path) const {
    std::vector<Need> chain;
    for (auto found = std::ranges::find(needs, path, &Need::path);
         found != needs.end() && chain.size() < needs.size();
         found = std::ranges::find(needs, found->by, &Need::path)) {
        chain.push_back(*found);
    }
    std::ranges::reverse(chain);
    return chain;
}

Closure find_closure(
    const Offer& offer, const std::vector<ImagePath>& roots, const std::vector<Extra>& extras,
    const std::string& triplet) {
    const SearchPath search{.triplet = triplet, .everywhere = true};
    const Places places(offer, search);
    return Finder(offer, places).run(roots, extras);
}

std::vector<Closure>
find_closures(const Offer& offer, const std::vector<ImagePath>& roots, const SearchPath& search) {
    const Places places(offer, search);
    std::vector<Closure> closures;
    closures.reserve(roots.size());
    for (const ImagePath& root : roots) {
        closures.push_back(Finder(offer, places).run({root}, {}));
    }
    return closures;
}

std::vector<Closure>
find_named(const Offer& offer, const std::vector<ImagePath>& files, const SearchPath& search) {
    const Places places(offer, search);
    std::vector<Closure> closures;
    closures.reserve(files.size());
    for (const ImagePath& file : files) {
        closures.push_back(Finder(offer, places).run_named(file));
    }
    return closures;
}

} // namespace pare::wrap
