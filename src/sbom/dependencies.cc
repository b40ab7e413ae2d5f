// SPDX-License-Identifier: Apache-2.0
#include "sbom/dependencies.hh"

#include "support/error.hh"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>

namespace pare::sbom {

namespace {

class Linker {
public:
    explicit Linker(const std::vector<Package>& packages) : packages_(packages) {
        for (std::size_t i = 0; i < packages.size(); ++i) {
            names_.emplace(name_of(packages[i], packages[i].name), i);
            directories_.emplace(packages[i].directory, i);
        }
        // A package of that name goes before one that only provides it.
        for (std::size_t i = 0; i < packages.size(); ++i) {
            for (const std::string& name : packages[i].provides) {
                names_.emplace(name_of(packages[i], name), i);
            }
        }
    }

    [[nodiscard]] std::vector<std::size_t> needs_of(std::size_t index) const {
        std::set<std::size_t> depends;
        for (const std::vector<std::string>& alternatives : packages_[index].needs) {
            for (const std::string& name : alternatives) {
                const auto found = find(packages_[index], name);
                if (found && *found != index) {
                    depends.insert(*found);
                    break;
                }
            }
        }
        return {depends.begin(), depends.end()};
    }

private:
    using Name = std::tuple<Ecosystem, ImagePath, std::string>;

    /// What a package means by a name. The modules of a Go program are of that program alone, and
    /// so are the jars in a jar.
    static Name name_of(const Package& package, const std::string& name) {
        const bool is_own =
            package.ecosystem == Ecosystem::go || package.ecosystem == Ecosystem::java;
        return {package.ecosystem, is_own ? package.declared_in : ImagePath(), name};
    }

    [[nodiscard]] std::optional<std::size_t>
    find(const Package& package, const std::string& name) const {
        if (package.ecosystem != Ecosystem::node) {
            const auto found = names_.find(name_of(package, name));
            return found == names_.end() ? std::nullopt : std::optional(found->second);
        }
        // Node looks in the node_modules of every directory on the way up.
        for (ImagePath up = package.directory;; up = up.parent()) {
            const auto found = directories_.find(modules_below(up, name));
            if (found != directories_.end() && !found->first.is_root()) {
                return found->second;
            }
            if (up.is_root()) {
                return std::nullopt;
            }
        }
    }

    /// The root when no path can have that name.
    static ImagePath modules_below(const ImagePath& directory, const std::string& name) {
        try {
            return directory / ("node_modules/" + name);
        } catch (const Error&) {
            return {};
        }
    }

    const std::vector<Package>& packages_;
    std::map<Name, std::size_t> names_{};
    std::map<ImagePath, std::size_t> directories_{};
};

} // namespace

void link_packages(std::vector<Package>& packages) {
    const Linker linker(packages);
    for (std::size_t i = 0; i < packages.size(); ++i) {
        packages[i].depends = linker.needs_of(i);
    }
}

} // namespace pare::sbom
