// SPDX-License-Identifier: Apache-2.0
// A Python program: a project with the environment (venv) of its modules, an environment alone, a
// directory that `pip install --target` filled, a script, or a zip application. Modules go to an
// environment of their own, /venv, in their own layer: its links and its scripts lead to the
// interpreter of the image, whatever those of the host led to. The project goes to /app.
#include "build/wrap_kinds.hh"
#include "build/wrap_python_site.hh"
#include "support/text.hh"
#include "wrap/python.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace pare::build {

namespace {

namespace fs = std::filesystem;

/// No file of a project that says how to run it is longer.
constexpr std::uint64_t kLongestText = 1U << 20U;
constexpr std::array kProjectFiles = {
    "pyproject.toml", "requirements.txt", "setup.py", "setup.cfg", "Pipfile"};
/// What projects call the file that starts them, most telling first.
constexpr std::array kMainFiles = {"__main__.py", "main.py", "app.py", "server.py", "run.py"};
/// Where environments are made beside a project.
constexpr std::array kEnvironments = {".venv", "venv", "env"};
/// What a project has for its developers only.
constexpr std::array kNeverWanted = {"__pycache__", "*.pyc",        ".venv",         "venv",
                                     ".mypy_cache", ".ruff_cache",  ".pytest_cache", ".tox",
                                     ".nox",        "node_modules", "*.egg-info"};

std::string text_of(const fs::path& path) {
    return is_there(path) ? read_user_text(path, kLongestText) : std::string();
}

/// Names of the Python files right in a directory.
std::vector<std::string> scripts_in(const fs::path& directory) {
    std::vector<std::string> names;
    for (const fs::path& entry : entries_of(directory)) {
        if (entry.extension() == ".py" && entry.filename() != "setup.py") {
            names.push_back(entry.filename().string());
        }
    }
    return names;
}

bool is_script(const fs::path& path) {
    if (path.extension() == ".py" || path.extension() == ".pyz") {
        return true;
    }
    const MappedFile file = open_user_file(path);
    const BytesView start = file.bytes().substr(0, 4096);
    return wrap::with_interpreter(start, "").has_value();
}

/// The release that each version of Python is of, newest first.
std::vector<WrapBase> pythons_of(const definition::Library& library) {
    std::vector<WrapBase> bases;
    for (const std::string& distribution : definition::distributions_of("python3", library)) {
        const auto chain = definition::read_definition(
            {.reference = "python3", .distribution = distribution}, library);
        const std::string command = chain.front().steps.back().entrypoint->front();
        bases.push_back(
            {.definition = "python3",
             .distribution = distribution,
             .offers = command.substr(command.find_last_not_of("0123456789.") + 1)});
    }
    std::ranges::reverse(bases);
    return bases;
}

class Finder {
public:
    Finder(const WrapRequest& request, const definition::Library& library)
        : request_(request), library_(library), exclude_(never_wanted(kNeverWanted, request)) {}

    WrapFiles run() {
        sort_paths();
        if (!project_.empty()) {
            toml_ = wrap::parse_python_project(text_of(project_ / "pyproject.toml"));
        }
        choose_python();
        found_.environment["PATH"] =
            "/venv/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        if (site_) {
            add_site(found_, *site_, found_.base.offers, project_, request_.exclude);
        }
        check_requirements();
        add_project();
        for (const fs::path& path : further_) {
            add_further_path(found_, path, exclude_);
        }
        found_.name =
            image_name(toml_.name.empty() ? request_.paths.front() : fs::path(toml_.name));
        found_.entrypoint = entrypoint();
        if (site_ == std::nullopt) {
            found_.environment.erase("PATH");
        }
        return std::move(found_);
    }

private:
    /// Which of the paths is what.
    void sort_paths() {
        for (const fs::path& given : request_.paths) {
            const fs::path path = fs::absolute(given).lexically_normal();
            if (!is_folder(path)) {
                if (script_.empty() && project_.empty() && is_script(given)) {
                    script_ = path;
                } else {
                    further_.push_back(path);
                }
            } else if (auto site = find_python_site(path); site && !site_) {
                site_ = std::move(site);
            } else if (project_.empty()) {
                project_ = path;
            } else {
                further_.push_back(path);
            }
        }
        for (const char* name : kEnvironments) {
            if (!site_ && !project_.empty() && is_folder(project_ / name)) {
                site_ = find_python_site(project_ / name);
            }
        }
    }

    void choose_python() {
        std::vector<WrapBase> bases = pythons_of(library_);
        std::string because = "it needs Python";
        if (site_) {
            const SiteVersion version = version_of(*site_, request_.exclude);
            const auto same = [&](const WrapBase& base) { return base.offers == version.version; };
            if (version.is_bound) {
                because = fmt::format("{} is for Python {}", version.witness, version.version);
                std::erase_if(bases, std::not_fn(same));
            } else {
                // Modules without machine code run on another version; their own comes first.
                std::ranges::stable_partition(bases, same);
            }
        }
        std::erase_if(bases, [&](const WrapBase& base) {
            return !wrap::allows_python(toml_.requires_python, base.offers);
        });
        if (!toml_.requires_python.empty() && bases.empty()) {
            because = fmt::format("it needs Python {}", toml_.requires_python);
        }
        found_.base = choose_base(request_, library_, bases, because);
        if (site_ && !site_->version.empty() && site_->version != found_.base.offers) {
            found_.notes.push_back(fmt::format(
                "{} was made by Python {}; its modules have no machine code, and go to Python {}",
                site_->root.string(), site_->version, found_.base.offers));
        }
    }

    /// What the project says it needs must be installed.
    void check_requirements() const {
        if (project_.empty()) {
            return;
        }
        std::vector<std::string> wanted = toml_.dependencies;
        for (std::string& name : wrap::parse_requirements(text_of(project_ / "requirements.txt"))) {
            wanted.push_back(std::move(name));
        }
        for (const std::string& name : wanted) {
            if (!site_ || !site_->projects.contains(wrap::normal_project_name(name))) {
                throw Error(
                    ErrorKind::definition,
                    fmt::format(
                        "{} needs {}, which {} does not have", project_.string(), name,
                        site_ ? site_->root.string() : "no environment beside it"),
                    "install it: python3 -m venv .venv && .venv/bin/pip install -r "
                    "requirements.txt; or name the environment after the project");
            }
        }
    }

    void add_project() {
        if (!script_.empty()) {
            found_.files.push_back(
                {.from = script_, .to = fmt::format("{}/{}", kApp, name_of(script_))});
            found_.work_dir = kApp;
        }
        if (!project_.empty()) {
            found_.files.push_back({.from = project_, .to = kApp, .exclude = exclude_});
            add_elf_files_below(found_, project_, kApp, exclude_);
            found_.work_dir = kApp;
        }
    }

    [[nodiscard]] std::string python() const {
        return site_ ? "/venv/bin/python3" : "/usr/bin/python3";
    }

    [[nodiscard]] bool has_script(const std::string& name) const {
        return site_ && site_->scripts.contains(name);
    }

    /// The user's words, with the host's ways to the interpreter and to scripts mended.
    [[nodiscard]] std::vector<std::string> asked_entrypoint() const {
        std::vector<std::string> words = request_.entrypoint;
        const std::string first = words.front();
        const std::string name = first.substr(first.rfind('/') + 1);
        if (name == "python" || (name.starts_with("python3") && !first.starts_with("/usr/bin/"))) {
            words.front() = python();
        } else if (has_script(name) && !first.starts_with("/app/")) {
            words.front() = "/venv/bin/" + name;
        } else if (!project_.empty() && is_there(project_ / first) && !first.starts_with('/')) {
            words.front() = fmt::format("{}/{}", kApp, first);
            if (first.ends_with(".py")) {
                words.insert(words.begin(), python());
            }
        } else if (!first.starts_with('/')) {
            throw no_entrypoint(fmt::format("there is no {} in it", first));
        }
        return words;
    }

    [[nodiscard]] std::vector<std::string> entrypoint() const {
        if (!request_.entrypoint.empty()) {
            return asked_entrypoint();
        }
        if (!script_.empty()) {
            return {python(), fmt::format("{}/{}", kApp, name_of(script_))};
        }
        for (const auto& [name, function] : toml_.scripts) {
            if (toml_.scripts.size() == 1 && has_script(name)) {
                return {"/venv/bin/" + name};
            }
        }
        if (project_.empty()) {
            if (site_->scripts.size() == 1) {
                return {"/venv/bin/" + *site_->scripts.begin()};
            }
            throw no_entrypoint("it does not say which program runs");
        }
        return project_entrypoint();
    }

    [[nodiscard]] std::vector<std::string> project_entrypoint() const {
        for (const char* name : kMainFiles) {
            if (is_there(project_ / name)) {
                return {python(), fmt::format("{}/{}", kApp, name)};
            }
        }
        std::vector<std::string> packages;
        for (const fs::path& entry : entries_of(project_)) {
            if (is_there(entry / "__main__.py")) {
                packages.push_back(entry.filename().string());
            }
        }
        if (packages.size() == 1) {
            return {python(), "-m", packages.front()};
        }
        const std::vector<std::string> scripts = scripts_in(project_);
        if (scripts.size() == 1) {
            return {python(), fmt::format("{}/{}", kApp, scripts.front())};
        }
        throw no_entrypoint("it does not say which of its files runs");
    }

    [[nodiscard]] Error no_entrypoint(const std::string& why) const {
        std::vector<std::string> choices;
        for (const std::string& name : site_ ? site_->scripts : std::set<std::string>()) {
            choices.push_back(name);
        }
        for (const std::string& name :
             project_.empty() ? std::vector<std::string>() : scripts_in(project_)) {
            choices.push_back(name);
        }
        return {
            ErrorKind::definition, fmt::format("{}: {}", request_.paths.front().string(), why),
            choices.empty() ? "say it with --entrypoint, like \"python3 -m PACKAGE\""
                            : fmt::format("say which with --entrypoint: {}", join(choices, ", "))};
    }

    const WrapRequest& request_;
    const definition::Library& library_;
    std::vector<std::string> exclude_;
    fs::path project_{};
    fs::path script_{};
    std::vector<fs::path> further_{};
    std::optional<PythonSite> site_{};
    wrap::PythonProject toml_{};
    WrapFiles found_{};
};

} // namespace

bool is_python(const fs::path& path) {
    if (!is_folder(path)) {
        return is_script(path);
    }
    const bool is_project =
        std::ranges::any_of(kProjectFiles, [&](const char* name) { return is_there(path / name); });
    const bool is_node = is_there(path / "package.json");
    return is_project || find_python_site(path) || (!is_node && !scripts_in(path).empty());
}

WrapFiles find_python_files(const WrapRequest& request, const definition::Library& library) {
    return Finder(request, library).run();
}

} // namespace pare::build
