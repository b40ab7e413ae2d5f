// SPDX-License-Identifier: Apache-2.0
#include "build/wrap_python_site.hh"

#include "build/wrap_kinds.hh"
#include "wrap/python.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

namespace pare::build {

namespace {

namespace fs = std::filesystem;

constexpr const char* kEnvironment = "/venv";
constexpr const char* kInterpreter = "/venv/bin/python3";
constexpr std::uint64_t kLongestConfig = 1U << 16U;
constexpr std::uint64_t kLongestScript = 1U << 20U;
constexpr std::string_view kInfo = ".dist-info";
/// Compiled files hold the time of their source on the host, so that Python would not take them.
/// pip and wheel install modules, which an image does not.
constexpr std::array kNeverWanted = {"__pycache__",       "*.pyc", "pip", "pip-*.dist-info",
                                     "wheel-*.dist-info", "wheel"};
/// What environments have for shells and for making further modules.
constexpr std::array kOwnDirectories = {"bin", "include", "lib", "lib64"};

/// lib/pythonX.Y/site-packages.
void find_modules(PythonSite& site) {
    for (const fs::path& library : entries_of(site.root / "lib")) {
        const std::string name = library.filename().string();
        if (name.starts_with("python") && is_there(library / "site-packages")) {
            site.modules = library / "site-packages";
            site.version = wrap::minor_version(name.substr(6));
        }
    }
    if (site.modules.empty()) {
        throw Error(
            ErrorKind::definition,
            fmt::format("{} is an environment of Python without modules", site.root.string()),
            "it has lost its lib/pythonX.Y/site-packages: make it anew");
    }
}

void find_scripts(PythonSite& site) {
    for (const fs::path& program : entries_of(site.programs)) {
        std::error_code problem;
        if (fs::is_symlink(program) || !fs::is_regular_file(program, problem) ||
            fs::file_size(program) > kLongestScript ||
            program.filename().string().starts_with("pip")) {
            continue;
        }
        const MappedFile file = open_user_file(program);
        if (wrap::with_interpreter(file.bytes(), kInterpreter)) {
            site.scripts.insert(program.filename().string());
        }
    }
}

void find_projects(PythonSite& site) {
    for (const fs::path& entry : entries_of(site.modules)) {
        const std::string name = entry.filename().string();
        if (name.ends_with(kInfo) || name.ends_with(".egg-info")) {
            site.projects.insert(wrap::normal_project_name(name.substr(0, name.find('-'))));
        }
    }
}

/// `exclude` of contents.files for the modules.
std::vector<std::string> excluded(const std::vector<std::string>& more) {
    std::vector<std::string> globs(kNeverWanted.begin(), kNeverWanted.end());
    globs.insert(globs.end(), more.begin(), more.end());
    return globs;
}

void replace_all(std::string& text, const std::string& what, const std::string& by) {
    for (std::size_t at = text.find(what); at != std::string::npos;
         at = text.find(what, at + by.size())) {
        text.replace(at, what.size(), by);
    }
}

/// Puts modules where the image has them.
class Mover {
public:
    Mover(
        WrapFiles& found, const PythonSite& site, const std::string& version,
        const fs::path& project)
        : found_(found), site_(site), project_(project),
          to_(fmt::format("{}/lib/python{}/site-packages", kEnvironment, version)) {}

    void run(const std::vector<std::string>& exclude) {
        std::vector<std::string> globs = excluded(exclude);
        mend_links(globs);
        if (!site_.is_environment) {
            globs.emplace_back("bin");
        }
        found_.files.push_back({.from = site_.modules, .to = to_, .exclude = globs});
        add_elf_files_below(found_, site_.modules, to_, globs);
        add_scripts();
        if (site_.is_environment) {
            add_data();
        }
        for (const char* name : {"python", "python3"}) {
            found_.links.push_back(
                {fmt::format("{}/bin/{}", kEnvironment, name), "/usr/bin/python3"});
        }
        found_.files.push_back(
            {.to = fmt::format("{}/pyvenv.cfg", kEnvironment),
             .content = "home = /usr/bin\ninclude-system-site-packages = false\n"});
        if (is_there(site_.modules / "pip")) {
            found_.left_out.push_back({"pip", "it installs modules, which an image does not"});
        }
        if (site_.has_host_modules) {
            found_.notes.push_back(fmt::format(
                "{} also sees the modules of this host's Python, which do not come along: install "
                "what it needs into the environment",
                site_.root.string()));
        }
    }

private:
    /// Installers write the paths of a project in development into path files, or into a module
    /// that finds it.
    void mend_links(std::vector<std::string>& globs) {
        for (const fs::path& entry : entries_of(site_.modules)) {
            const std::string name = entry.filename().string();
            const bool is_finder = name.starts_with("__editable__") && name.ends_with(".py");
            if (!is_finder && !name.ends_with(".pth")) {
                continue;
            }
            const std::string text = read_user_text(entry, kLongestScript);
            std::string mended = text;
            if (!project_.empty()) {
                replace_all(mended, project_.string(), "/app");
            }
            replace_all(mended, site_.modules.string(), to_);
            if (name.ends_with(".pth")) {
                check_paths(entry, mended);
            } else if (mended == text) {
                throw elsewhere(entry, "a project");
            }
            if (mended != text) {
                globs.push_back(name);
                found_.files.push_back({.to = to_ + "/" + name, .content = mended});
            }
        }
    }

    void check_paths(const fs::path& file, const std::string& text) const {
        for (const std::string& path : wrap::paths_of_pth(text)) {
            if (!path.starts_with("/app") && !path.starts_with(to_)) {
                throw elsewhere(file, path);
            }
        }
    }

    static Error elsewhere(const fs::path& file, const std::string& path) {
        return {
            ErrorKind::definition,
            fmt::format("{} leads to {}, which is not in the image", file.string(), path),
            "name the project's directory before the environment, or install it without -e"};
    }

    void add_scripts() {
        for (const std::string& name : site_.scripts) {
            const MappedFile file = open_user_file(site_.programs / name);
            found_.files.push_back(
                {.to = fmt::format("{}/bin/{}", kEnvironment, name),
                 .content = *wrap::with_interpreter(file.bytes(), kInterpreter),
                 .executable = true});
        }
        for (const fs::path& program : entries_of(site_.programs)) {
            const std::string name = program.filename().string();
            const bool is_known = site_.scripts.contains(name) || name.starts_with("python") ||
                                  name.starts_with("pip") || fs::is_symlink(program) ||
                                  !fs::is_regular_file(program);
            if (is_known) {
                continue;
            }
            const MappedFile file = open_user_file(program);
            if (elf::looks_like_elf(file.bytes())) {
                found_.left_out.push_back(
                    {program.string(), "a program beside the modules; name it after them if it "
                                       "is wanted"});
            }
        }
    }

    /// Modules may bring further directories, like share/.
    void add_data() {
        for (const fs::path& entry : entries_of(site_.root)) {
            const std::string name = entry.filename().string();
            const bool is_own = std::ranges::find(kOwnDirectories, name) != kOwnDirectories.end();
            if (!is_own && !name.starts_with('.') && !fs::is_symlink(entry) &&
                fs::is_directory(entry) && !fs::is_empty(entry)) {
                found_.files.push_back(
                    {.from = entry, .to = fmt::format("{}/{}", kEnvironment, name)});
            }
        }
    }

    WrapFiles& found_;
    const PythonSite& site_;
    const fs::path& project_;
    std::string to_;
};

} // namespace

std::optional<PythonSite> find_python_site(const fs::path& path) {
    PythonSite site{.root = path, .programs = path / "bin"};
    if (is_there(path / "pyvenv.cfg")) {
        const wrap::PythonEnvironment config =
            wrap::parse_python_environment(read_user_text(path / "pyvenv.cfg", kLongestConfig));
        find_modules(site);
        site.is_environment = true;
        site.has_host_modules = config.has_host_modules;
        site.version = site.version.empty() ? config.version : site.version;
    } else {
        const std::vector<fs::path> entries = entries_of(path);
        if (std::ranges::none_of(entries, [](const fs::path& entry) {
                return entry.filename().string().ends_with(kInfo);
            })) {
            return std::nullopt;
        }
        site.modules = path;
    }
    find_scripts(site);
    find_projects(site);
    return site;
}

SiteVersion version_of(const PythonSite& site, const std::vector<std::string>& exclude) {
    SiteVersion found{.version = site.version};
    for (const fs::path& relative : files_below(site.modules, excluded(exclude))) {
        const std::string name = relative.filename().string();
        const wrap::ExtensionName extension = wrap::read_extension_name(name);
        const std::string path = (site.modules / relative).string();
        if (!extension.problem.empty()) {
            throw Error(
                ErrorKind::definition, fmt::format("{} is {}", path, extension.problem),
                "install the modules anew, by CPython on Linux with glibc; or leave this one out "
                "with --exclude");
        }
        // Without a version in its name, a module is for the Python that made the environment.
        const bool is_module =
            name.ends_with(".so") && !name.ends_with(".abi3.so") && !name.starts_with("lib");
        const std::string version =
            extension.version.empty() && is_module ? site.version : extension.version;
        if (version.empty()) {
            continue;
        }
        if (found.is_bound && version != found.version) {
            throw Error(
                ErrorKind::definition,
                fmt::format(
                    "{} is for Python {}, and {} for Python {}", found.witness, found.version, path,
                    version),
                "make the environment anew with one of them");
        }
        found = {.version = version, .is_bound = true, .witness = path};
    }
    return found;
}

void add_site(
    WrapFiles& found, const PythonSite& site, const std::string& version, const fs::path& project,
    const std::vector<std::string>& exclude) {
    Mover(found, site, version, project).run(exclude);
}

} // namespace pare::build
