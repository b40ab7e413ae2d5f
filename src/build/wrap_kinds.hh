// SPDX-License-Identifier: Apache-2.0
// The kinds of programs that `pare wrap` knows, and what their readers have in common.
#pragma once

#include "build/wrap_files.hh"
#include "support/files.hh"

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pare::build {

/// Programs and libraries of the machine itself.
[[nodiscard]] WrapFiles find_elf_files(const WrapRequest& request);

/// Whether a Python program is there: a project, an environment, a script, or an archive of these.
[[nodiscard]] bool is_python(const std::filesystem::path& path);
[[nodiscard]] WrapFiles
find_python_files(const WrapRequest& request, const definition::Library& library);

/// Whether a Node.js program is there: a project or a script.
[[nodiscard]] bool is_node(const std::filesystem::path& path);
[[nodiscard]] WrapFiles
find_node_files(const WrapRequest& request, const definition::Library& library);

/// Whether a Java program is there: a jar, a war, or a directory of jars.
[[nodiscard]] bool is_java(const std::filesystem::path& path);
[[nodiscard]] WrapFiles
find_java_files(const WrapRequest& request, const definition::Library& library);

/// Of what a program can be built on, best first, what the request allows. `because` says what it
/// needs ("its modules are for Python 3.11"), for the error when nothing is left. A definition of
/// the user's own takes the place of the built-in one.
[[nodiscard]] WrapBase choose_base(
    const WrapRequest& request, const definition::Library& library,
    const std::vector<WrapBase>& bases, const std::string& because);

/// Where a program of a language goes in the image.
inline constexpr const char* kApp = "/app";

/// The architecture whose libraries are looked at; of several or all, any will do.
[[nodiscard]] std::string examined_architecture(const WrapRequest& request);
/// Globs of what developers have beside any program, and what may hold their secrets; `more`, which
/// a kind of program has; and what the request leaves out.
[[nodiscard]] std::vector<std::string>
never_wanted(std::span<const char* const> more, const WrapRequest& request);

/// Whether a file, directory or link leads to something; false for what cannot be looked at.
[[nodiscard]] bool is_there(const std::filesystem::path& path);
[[nodiscard]] bool is_folder(const std::filesystem::path& path);
/// What is right in a directory, in order of name; nothing when it cannot be read.
[[nodiscard]] std::vector<std::filesystem::path> entries_of(const std::filesystem::path& directory);

/// The bytes of a file of the user's, which must be there and be a file.
[[nodiscard]] MappedFile open_user_file(const std::filesystem::path& path);
/// The same as text; throws ErrorKind::definition when it is longer than `most` bytes.
[[nodiscard]] std::string read_user_text(const std::filesystem::path& path, std::uint64_t most);

/// Paths of the regular files below a directory, relative to it and in order. `exclude` has the
/// globs of definition::UserFile::exclude; links are not followed.
[[nodiscard]] std::vector<std::filesystem::path>
files_below(const std::filesystem::path& directory, const std::vector<std::string>& exclude);

/// What an image may be called: `my-app` for /opt/My App.
[[nodiscard]] std::string image_name(const std::filesystem::path& path);

/// The last component, without the slash that may stand behind it.
[[nodiscard]] std::string name_of(const std::filesystem::path& path);

/// An ELF file of the user's and its place in the image.
void add_elf(
    WrapFiles& found, const wrap::Program& program, const ImagePath& place, std::uint64_t size);

/// Every ELF file below a directory of the user's that goes to `to`.
void add_elf_files_below(
    WrapFiles& found, const std::filesystem::path& directory, const std::string& to,
    const std::vector<std::string>& exclude);

/// A further path of the user's: a library for /usr/local/lib, a program, or a directory for
/// /app/NAME.
void add_further_path(
    WrapFiles& found, const std::filesystem::path& path, const std::vector<std::string>& exclude);

} // namespace pare::build
