// SPDX-License-Identifier: Apache-2.0
// A package's own changelog is changelog.Debian.gz, that of a native package changelog.gz. Its
// entries have versions of the source package; those of the binary package order the same but for
// binary rebuilds (`+b1`), which have an entry of their own or none.
#include "build/changelogs.hh"

#include "archive/codec.hh"
#include "archive/tar.hh"
#include "deb/changelog.hh"
#include "deb/deb_file.hh"
#include "support/files.hh"

#include <fmt/core.h>

#include <map>
#include <optional>
#include <set>
#include <utility>

namespace pare::build {

namespace {

constexpr std::size_t kLargest = std::size_t{64} << 20;

/// Names of the file of a package, without architecture: with the epoch as repositories write it,
/// and as dpkg-deb leaves it out.
std::set<std::string> stems_of(const VersionChange& change) {
    const std::size_t colon = change.after.find(':');
    if (colon == std::string::npos) {
        return {fmt::format("{}_{}_", change.name, change.after)};
    }
    const std::string epoch = change.after.substr(0, colon);
    const std::string rest = change.after.substr(colon + 1);
    return {
        fmt::format("{}_{}%3a{}_", change.name, epoch, rest),
        fmt::format("{}_{}_", change.name, rest)};
}

/// The files of packages in some directories, by what stands before their architecture.
std::map<std::string, std::filesystem::path>
packages_in(const std::vector<std::filesystem::path>& directories) {
    std::map<std::string, std::filesystem::path> packages;
    for (const std::filesystem::path& directory : directories) {
        std::error_code problem;
        for (const auto& file : std::filesystem::directory_iterator(directory, problem)) {
            const std::string name = file.path().filename().string();
            if (name.ends_with(".deb") && name.find('_') != std::string::npos) {
                packages.emplace(name.substr(0, name.rfind('_') + 1), file.path());
            }
        }
        if (problem) {
            throw Error(
                ErrorKind::usage,
                fmt::format("{} cannot be read: {}", directory.string(), problem.message()),
                "--debs takes a directory of .deb files");
        }
    }
    return packages;
}

std::optional<Bytes> changelog_of(const std::filesystem::path& path, const std::string& package) {
    const MappedFile file(path);
    deb::DebFile deb(file.bytes(), path.string());
    const auto data = deb.data({});
    archive::TarReader tar(*data, {}, path.string());
    const std::string directory = "usr/share/doc/" + package + "/";
    std::optional<Bytes> changelog;
    while (const archive::TarHeader* header = tar.next()) {
        const ImagePath member = ImagePath::parse(header->name);
        const bool is_own = member.relative() == directory + "changelog.Debian.gz";
        const bool is_native = member.relative() == directory + "changelog.gz" && !changelog;
        if (header->type == archive::TarType::file && (is_own || is_native)) {
            changelog =
                archive::gunzip(read_all(tar.content(), kLargest), kLargest, member.absolute());
        }
    }
    return changelog;
}

} // namespace

void add_changelogs(
    std::vector<ImageChanges>& changes, const std::vector<std::filesystem::path>& directories,
    Events& events) {
    const std::map<std::string, std::filesystem::path> packages = packages_in(directories);
    std::set<std::string> without;
    for (ImageChanges& image : changes) {
        for (VersionChange& change : image.packages) {
            if (change.ecosystem != sbom::Ecosystem::deb || change.before.empty() ||
                change.after.empty()) {
                continue;
            }
            std::optional<Bytes> changelog;
            for (const std::string& stem : stems_of(change)) {
                const auto found = packages.find(stem);
                if (!changelog && found != packages.end()) {
                    changelog = changelog_of(found->second, change.name);
                }
            }
            if (changelog) {
                change.changelog = deb::entries_after(*changelog, change.before);
            } else {
                without.insert(change.name);
            }
        }
    }
    if (!without.empty() && !directories.empty()) {
        events.message(
            Severity::info,
            fmt::format("{} packages that changed have no changelog there", without.size()));
    }
}

} // namespace pare::build
