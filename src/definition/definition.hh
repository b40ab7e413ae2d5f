// SPDX-License-Identifier: Apache-2.0
// The definition: the YAML file that says what an image holds. A superset of apko.yaml. One table
// (schema.hh) drives reading, the error messages and the JSON Schema in docs/.
#pragma once

#include "support/error.hh"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pare::definition {

/// An entry of contents.packages: `libpq5`, `libc6_gconv`, `libpq5=1.2`, `libpq5>=1.2`,
/// `libpq5/trixie-backports`,
/// `!name`, or a mapping that takes a part of a package to another place.
struct PackageRequest {
    Where where{};
    std::string name{};
    std::string slice{}; ///< `libc6_gconv`: gconv; empty: what the name alone stands for
    std::string op{};    ///< empty or one of `=`, `<`, `<=`, `>`, `>=`
    std::string version{};
    std::string suite{};
    bool excluded = false; ///< `!name`
    std::vector<std::string>
        include{};           ///< globs over absolute paths, without leading '/'; empty: all
    std::uint64_t strip = 0; ///< leading components cut from the included paths
    std::string to{};        ///< absolute directory they go to; empty: where they were
    std::vector<std::string> locales{}; ///< of locales-all: the wanted ones; empty: all
    bool implied = false;               ///< by `locales`: not written as a package

    bool operator==(const PackageRequest&) const = default;
};

/// An entry of contents.files: a file or directory of the host, or its content in place.
struct UserFile {
    Where where{};
    std::filesystem::path from{}; ///< absolute, once read
    std::optional<std::string> content{};
    std::string to{};
    std::optional<std::uint32_t>
        mode{}; ///< of files; default 0755 where the host's is executable, else 0644
    std::uint32_t uid = 0;
    std::uint32_t gid = 0;
    /// Globs of what to leave out of a directory, with all below it: without '/' a name at any
    /// depth, else (also with one before it) a path relative to `from`.
    std::vector<std::string> exclude{};

    bool operator==(const UserFile&) const = default;
};

/// An entry of contents.archives: files of a tar archive that an upstream project offers.
struct ArchiveRequest {
    Where where{};
    std::string name{};    ///< what the lock of archives and messages call it
    std::string url{};     ///< with `${version}` and `${arch}`
    std::string version{}; ///< a version or its beginning (`22`); empty: the URL has none
    std::map<std::string, std::string> arch_names{}; ///< what `${arch}` is, by OCI name
    /// By OCI name, or for all under an empty one; empty: the lock of archives has it.
    std::map<std::string, std::string> sha256{};
    std::string releases{};             ///< URL of the list of versions
    std::string checksums{};            ///< URL of the hashes, with `${version}`
    std::uint64_t strip = 0;            ///< leading components cut from all paths
    std::vector<std::string> include{}; ///< globs over what is left of them; empty: all
    std::string to{};                   ///< absolute directory that they go to

    bool operator==(const ArchiveRequest&) const = default;
};

/// An entry of `paths`, as in apko.
enum class PathType { directory, empty_file, hard_link, symlink, permissions };

struct PathMutation {
    Where where{};
    PathType type = PathType::directory;
    std::string path{};
    std::string source{};
    std::optional<std::uint32_t> mode{};
    std::optional<std::uint32_t> uid{};
    std::optional<std::uint32_t> gid{};
    bool recursive = false;

    bool operator==(const PathMutation&) const = default;
};

/// `zoneinfo`: as Debian ships the files of time zones, or without what they say twice.
enum class ZoneFiles { fat, slim };

struct User {
    std::string name{};
    std::uint32_t uid = 0;
    std::uint32_t gid = 0;
    std::string home{};
    std::string shell{};

    bool operator==(const User&) const = default;
};

struct Group {
    std::string name{};
    std::uint32_t gid = 0;
    std::vector<std::string> members{};

    bool operator==(const Group&) const = default;
};

struct Healthcheck {
    std::vector<std::string> test{}; ///< empty: what `probe` comes to
    std::string interval{};
    std::string timeout{};
    std::string start_period{};
    std::uint64_t retries = 0;
    std::string probe{};  ///< URL (probe/target.hh) for the probe that pare puts into the image
    std::string status{}; ///< HTTP statuses that are well, `200-299`; empty: the probe's default

    bool operator==(const Healthcheck&) const = default;
};

/// `app`: the program that the image runs, as `pare wrap` takes it.
struct App {
    Where where{};
    std::vector<std::string> paths{};  ///< absolute; `${arch}` stands for the architecture
    std::vector<std::string> dlopen{}; ///< names of libraries that it opens itself
    std::vector<std::string>
        exclude{};      ///< globs of what to leave out of directories, as in contents.files
    std::string from{}; ///< the reference of the definition below, absolute; empty: none

    bool operator==(const App&) const = default;
};

/// One step: what one definition (or the overlay of one variant) adds to its parent. Values that
/// were not written are empty.
struct Step {
    std::string name{};                      ///< `cc`, `cc:debug`, `server.yaml`
    std::filesystem::path directory{};       ///< relative paths start here; empty for built-in ones
    std::vector<std::string> repositories{}; ///< apt sources or shorthand; empty: as the parent's
    std::vector<std::string> keyring{};
    std::vector<PackageRequest> packages{};
    std::vector<std::filesystem::path> slices{};  ///< directories of slice files, absolute
    std::vector<std::string> missing_libraries{}; ///< sonames that need not be in the image
    std::vector<ArchiveRequest> archives{};
    std::vector<UserFile> files{};
    std::optional<App> app{};
    std::vector<PathMutation> paths{};
    std::vector<User> users{};
    std::vector<Group> groups{};
    std::optional<std::string> run_as{};
    std::optional<std::vector<std::string>> entrypoint{};
    std::optional<std::vector<std::string>> cmd{};
    std::optional<std::string> work_dir{};
    std::optional<std::string> stop_signal{};
    std::map<std::string, std::string> environment{};
    std::map<std::string, std::string> annotations{};
    std::map<std::string, std::string> os_release{}; ///< fields to set in /usr/lib/os-release
    std::optional<std::string> timezone{};           ///< name of a zone of tzdata
    std::optional<ZoneFiles> zoneinfo{};
    std::vector<std::string> locales{}; ///< `packages` has the requests that they come to
    std::vector<std::string> volumes{};
    std::vector<std::string> ports{};
    std::optional<Healthcheck> healthcheck{};
    std::optional<std::uint64_t> layer_budget{}; ///< layers that this step may add

    bool operator==(const Step&) const = default;
};

/// A definition as it was read.
struct DefinitionText {
    std::string name{};           ///< `cc`, or a file's path from the directory of the first
    std::filesystem::path path{}; ///< absolute; empty for built-in ones
    std::string text{};

    bool operator==(const DefinitionText&) const = default;
};

/// What one variant of a definition comes to: the chain of steps, root first.
struct Chain {
    std::string name{};       ///< `cc`
    std::string variant{};    ///< `latest`
    std::string base_image{}; ///< an image reference that the root starts from; empty: from nothing
    std::vector<Step> steps{};
    std::vector<std::string> archs{}; ///< OCI names that the definition allows; empty: all
    std::string distribution{};       ///< `debian:13`: what built-in steps take their packages from
    /// Of the definition itself first, of the root last.
    std::shared_ptr<const std::vector<DefinitionText>> texts{};
};

/// How to find other definitions.
struct Library {
    /// The YAML text of a built-in definition, or nothing.
    std::function<std::optional<std::string>(std::string_view name)> built_in{};
    /// Names of the built-in ones.
    std::vector<std::string> names{};
    /// The lock of archives of the built-in ones (package/archive_pins.hh), as text.
    std::string archive_pins{};
    /// The text of a definition file, by its absolute path, or nothing; when this is set, no file
    /// is looked for on disk.
    std::function<std::optional<std::string>(const std::filesystem::path& path)> file{};
};

struct Selection {
    std::string reference{}; ///< `cc`, `cc:debug-nonroot`, `server.yaml`, `dir/server.yaml:debug`
    std::vector<std::string> variants{}; ///< --variant; empty: the one named, else `latest`; `all`
    std::string distribution{}; ///< --distribution; empty: the definition's, else debian:13
};

/// Reads a definition and those it comes from; one chain a variant. Throws ErrorKind::definition
/// with the place and, for an unknown key, the nearest known one; a loop in `from:` is told in
/// full.
[[nodiscard]] std::vector<Chain>
read_definition(const Selection& selection, const Library& library);

/// Variant names of a definition, in order.
[[nodiscard]] std::vector<std::string>
variants_of(const std::string& reference, const Library& library);

/// The releases that a definition is made for, in its order; empty: any.
[[nodiscard]] std::vector<std::string>
distributions_of(const std::string& reference, const Library& library);

/// The JSON Schema (draft 2020-12) of the definition, pretty, with a trailing newline.
[[nodiscard]] std::string json_schema();

/// A chain as YAML that a reader would accept: what `pare show config` prints.
[[nodiscard]] std::string show_config(const Chain& chain);

} // namespace pare::definition
