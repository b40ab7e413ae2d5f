// SPDX-License-Identifier: Apache-2.0
// Installed Python modules: an environment (PEP 405), or the directory of `pip install --target`.
#pragma once

#include "build/wrap_files.hh"

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace pare::build {

struct PythonSite {
    std::filesystem::path root{};     ///< of the environment, or the directory itself
    std::filesystem::path modules{};  ///< site-packages
    std::filesystem::path programs{}; ///< bin
    std::string version{};            ///< that made it, `3.13`; empty: unknown
    bool is_environment = false;
    bool has_host_modules = false;    ///< it also sees those of the host's Python
    std::set<std::string> scripts{};  ///< names of Python scripts in `programs`
    std::set<std::string> projects{}; ///< what is installed, by its normal name (PEP 503)
};

/// Nothing when there are no installed modules. Throws ErrorKind::definition for an environment
/// that has lost them.
[[nodiscard]] std::optional<PythonSite> find_python_site(const std::filesystem::path& path);

/// The Python that the modules are for.
struct SiteVersion {
    std::string version{}; ///< empty: unknown
    bool is_bound = false; ///< they hold machine code for this version only
    std::string witness{}; ///< the path of a module that says so
};

/// Throws ErrorKind::definition for modules that no Python of Debian can load (PyPy, musl, macOS),
/// and for those that are for different versions.
[[nodiscard]] SiteVersion
version_of(const PythonSite& site, const std::vector<std::string>& exclude);

/// Puts the modules into /venv of the image, as an environment of its Python `version`. What is
/// installed there as a link to the project (editable) leads to /app. Throws ErrorKind::definition
/// for links to elsewhere.
void add_site(
    WrapFiles& found, const PythonSite& site, const std::string& version,
    const std::filesystem::path& project, const std::vector<std::string>& exclude);

} // namespace pare::build
