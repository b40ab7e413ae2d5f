// SPDX-License-Identifier: Apache-2.0
#include "cli/lock_changes.hh"

#include "cli/output.hh"
#include "support/text.hh"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

namespace pare::cli {

namespace {

/// Versions by architecture and package or archive. A package that several steps lock counts once.
std::map<std::pair<std::string, std::string>, std::string> versions_of(const package::Lock& lock) {
    std::map<std::pair<std::string, std::string>, std::string> versions;
    for (const auto& [architecture, steps] : lock.architectures) {
        for (const package::LockedStep& step : steps) {
            for (const package::LockedPackage& package : step.packages) {
                versions[{architecture, package.name}] = package.version;
            }
            for (const package::LockedArchive& archive : step.archives) {
                versions[{architecture, archive.name}] = archive.version;
            }
        }
    }
    return versions;
}

} // namespace

std::vector<LockChange> find_changes(const package::Lock& before, const package::Lock& after) {
    const auto old_versions = versions_of(before);
    const auto new_versions = versions_of(after);
    std::set<std::pair<std::string, std::string>> keys;
    for (const auto* versions : {&old_versions, &new_versions}) {
        for (const auto& [key, version] : *versions) {
            keys.insert(key);
        }
    }
    const auto version_in = [](const auto& versions, const auto& key) {
        const auto found = versions.find(key);
        return found == versions.end() ? std::string() : found->second;
    };
    std::vector<LockChange> changes;
    for (const auto& key : keys) {
        LockChange change{
            .architecture = key.first,
            .package = key.second,
            .old_version = version_in(old_versions, key),
            .new_version = version_in(new_versions, key)};
        if (change.old_version != change.new_version) {
            changes.push_back(std::move(change));
        }
    }
    return changes;
}

std::string render_changes(const std::vector<LockChange>& changes) {
    std::map<std::tuple<std::string, std::string, std::string>, std::vector<std::string>> same;
    for (const LockChange& change : changes) {
        same[{change.package, change.old_version, change.new_version}].push_back(
            change.architecture);
    }
    std::vector<std::vector<std::string>> rows;
    for (const auto& [what, architectures] : same) {
        const auto& [package, old_version, new_version] = what;
        const char* deed = old_version.empty()   ? "added"
                           : new_version.empty() ? "removed"
                                                 : "changed";
        std::string versions = old_version;
        versions += !old_version.empty() && !new_version.empty() ? " -> " : "";
        versions += new_version;
        rows.push_back({deed, package, versions, join(architectures, ",")});
    }
    return render_table(rows);
}

} // namespace pare::cli
