// SPDX-License-Identifier: Apache-2.0
// What the files of a Python program say of the Python that they need: environments (PEP 405),
// extension modules (PEP 3149, PEP 384), scripts that installers write (PEP 427, console_scripts),
// path files (the documentation of `site`), and the project's own file (PEP 621).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pare::wrap {

/// `pyvenv.cfg`: the mark of an environment.
struct PythonEnvironment {
    std::string version{};         ///< `3.13`, from `version` or `version_info`; empty: not said
    bool has_host_modules = false; ///< include-system-site-packages
};

[[nodiscard]] PythonEnvironment parse_python_environment(std::string_view text);

/// `3.13` of `3.13.5`, `3.13.0rc1`; empty for anything else.
[[nodiscard]] std::string minor_version(std::string_view version);

/// What the name of a shared object says of the Python that can import it.
struct ExtensionName {
    std::string version{}; ///< `3.11` of `x.cpython-311-x86_64-linux-gnu.so`; empty: any
    std::string problem{}; ///< why no Python of Debian can: `for PyPy`; empty: none
};

/// `name` without directories.
[[nodiscard]] ExtensionName read_extension_name(std::string_view name);

/// A script whose interpreter is a Python, with `interpreter` in its place; nothing for another
/// file. Also those that reach it through /bin/sh, because its path was too long for a kernel.
[[nodiscard]] std::optional<std::string>
with_interpreter(std::string_view script, std::string_view interpreter);

/// The absolute paths of a .pth file; lines that Python runs are not among them.
[[nodiscard]] std::vector<std::string> paths_of_pth(std::string_view text);

/// What pyproject.toml says that matters for running.
struct PythonProject {
    std::string name{};
    std::string requires_python{};                ///< `>=3.11,<4`
    std::map<std::string, std::string> scripts{}; ///< `module:function` by name
    std::vector<std::string> dependencies{};      ///< names, as written
};

/// Reads the lines of [project] and [project.scripts]; a file that says it otherwise has nothing.
[[nodiscard]] PythonProject parse_python_project(std::string_view text);

/// Names of requirements.txt that are needed on Linux, without versions, options and links.
[[nodiscard]] std::vector<std::string> parse_requirements(std::string_view text);

/// As PEP 503 has it, so that `Flask_Login` and `flask-login` are the same.
[[nodiscard]] std::string normal_project_name(std::string_view name);

/// Whether a version like `3.11` satisfies a specifier (PEP 440) as far as its first two numbers
/// go.
[[nodiscard]] bool allows_python(std::string_view specifier, std::string_view version);

} // namespace pare::wrap
