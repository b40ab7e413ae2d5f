// SPDX-License-Identifier: Apache-2.0
// The jars of a Java program: which of the user's files and directories have them, where they go
// in the image, and what is a layer.
#pragma once

#include "build/wrap_files.hh"
#include "wrap/jar.hh"

#include <filesystem>
#include <string>
#include <vector>

namespace pare::build {

struct JarFile {
    std::filesystem::path from{};
    std::string to{}; ///< `/app/lib/x.jar`
    wrap::Jar jar{};
    bool is_single = false; ///< named by itself, not in a directory

    [[nodiscard]] std::string name() const { return from.filename().string(); }

    /// `/app/lib`.
    [[nodiscard]] std::string directory() const { return to.substr(0, to.rfind('/')); }
};

/// A directory of the user's that has jars.
struct JarDirectory {
    std::filesystem::path from{};
    std::string to{};
};

struct Jars {
    std::vector<JarFile> files{}; ///< in the order in which they were named, then by path
    std::vector<JarDirectory> directories{};
    std::vector<std::filesystem::path> further{}; ///< paths without any jar
};

/// What stays out of directories of jars: the user's globs, and what no program runs.
[[nodiscard]] std::vector<std::string> excluded_of_jars(const WrapRequest& request);

/// Reads all jars of these paths, for an image of that architecture. Throws ErrorKind::definition
/// for jars that are damaged, and two for the same place.
[[nodiscard]] Jars find_jars(
    const std::vector<std::filesystem::path>& paths, const std::vector<std::string>& exclude,
    const std::string& architecture);

/// Whether a directory has jars itself, or where build tools put them (lib, libs, ...).
[[nodiscard]] bool has_jars(const std::filesystem::path& directory);

/// Puts the jars and directories into the image. `application` is the jar that the user builds anew
/// every day, and null when that is unknown: all that belongs to it comes last, in a layer of its
/// own.
void add_jars(
    WrapFiles& found, const Jars& jars, const JarFile* application,
    const std::vector<std::string>& exclude);

/// What the libraries need that the program unpacks to load them, for an image of that
/// architecture. Throws ErrorKind::definition when the request is for several.
void add_libraries_of_jars(
    WrapFiles& found, const WrapRequest& request, const Jars& jars,
    const std::string& architecture);

} // namespace pare::build
