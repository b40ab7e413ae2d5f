// SPDX-License-Identifier: Apache-2.0
// A Node.js program: a project (a directory with package.json) or a script. Modules go to a layer
// of their own and the project to another, so that a new build of it pushes only itself; what
// developers alone need stays behind.
#include "build/plan.hh"
#include "build/wrap_kinds.hh"
#include "build/wrap_node_entry.hh"
#include "build/wrap_node_native.hh"
#include "build/wrap_node_version.hh"
#include "support/text.hh"
#include "wrap/node.hh"
#include "wrap/node_range.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

namespace pare::build {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kLongestText = 1U << 20U;
/// What a project has for its developers only.
constexpr std::array kNeverWanted = {
    "node_modules",
    ".github",
    ".gitignore",
    ".gitattributes",
    ".husky",
    ".npmrc",
    ".yarnrc.yml",
    ".yarn",
    ".pnpm-store",
    ".cache",
    ".nyc_output",
    "coverage",
    ".eslintcache",
    ".turbo",
    ".next/cache",
    "*.tsbuildinfo",
    "package-lock.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "npm-debug.log",
    ".deps",
    "obj.target",
    "*.o",
    "*.a"};
/// What Next.js writes into the server of `output: "standalone"`, beside which it puts the modules
/// that this needs, and of each only the files that it needs.
constexpr std::string_view kStandalone = "__NEXT_PRIVATE_STANDALONE_CONFIG";

class Finder {
public:
    Finder(const WrapRequest& request, const definition::Library& library)
        : request_(request), library_(library), exclude_(never_wanted(kNeverWanted, request)),
          architecture_(examined_architecture(request)),
          platform_(wrap::node_platform_of(architecture_)) {}

    WrapFiles run() {
        sort_paths();
        find_modules();
        NativeFiles natives(native_folders(), platform_, architecture_);
        find_entry();
        choose_node(natives);
        natives.add(found_, abi_);
        note_what_was_not_built(natives);
        add_files(natives);
        for (const fs::path& path : further_) {
            add_further_path(found_, path, exclude_);
        }
        const std::string& name = package_.name;
        found_.name = image_name(name.empty() ? request_.paths.front() : fs::path(name));
        found_.environment.emplace("NODE_ENV", "production");
        found_.work_dir = kApp;
        return std::move(found_);
    }

private:
    /// Which of the paths is what.
    void sort_paths() {
        const fs::path first = fs::absolute(request_.paths.front()).lexically_normal();
        if (is_folder(first)) {
            project_ = fs::canonical(first);
            package_ = read_node_package(project_);
        } else {
            script_ = first;
        }
        further_.assign(request_.paths.begin() + 1, request_.paths.end());
    }

    void find_modules() {
        if (project_.empty()) {
            return;
        }
        ModuleQuestion question{
            .project = project_,
            .starts = {project_},
            .platform = platform_,
            .exclude = request_.exclude};
        // Of a workspace also what the package that runs depends on.
        for (const std::string& word : request_.entrypoint) {
            add_start(question, (project_ / word).lexically_normal());
        }
        modules_ = is_standalone() ? take_node_modules(question) : find_node_modules(question);
        if (modules_.unreached > 0) {
            found_.left_out.push_back(
                {fmt::format("{} packages of node_modules", modules_.unreached),
                 "only development needs them"});
        }
        for (const std::string& foreign : modules_.foreign) {
            found_.left_out.push_back({foreign, "it is for another platform"});
        }
    }

    void add_start(ModuleQuestion& question, fs::path file) const {
        std::error_code problem;
        if (!fs::is_regular_file(file, problem)) {
            return;
        }
        for (file = file.parent_path(); file.string().starts_with(project_.string() + "/");
             file = file.parent_path()) {
            if (is_there(file / "package.json")) {
                question.starts.push_back(fs::canonical(file));
                return;
            }
        }
    }

    [[nodiscard]] bool is_standalone() const {
        const fs::path server = project_ / "server.js";
        return is_there(server) &&
               read_user_text(server, 16 * kLongestText).find(kStandalone) != std::string::npos;
    }

    [[nodiscard]] std::vector<NativeFolder> native_folders() const {
        std::vector<NativeFolder> folders;
        folders.reserve(modules_.folders.size() + 1);
        for (const ModuleFolder& folder : modules_.folders) {
            folders.push_back(
                {.from = folder.from,
                 .to = fmt::format("{}/{}", kApp, folder.relative),
                 .exclude = folder.exclude});
        }
        if (!project_.empty()) {
            folders.push_back({.from = project_, .to = kApp, .exclude = exclude_});
        }
        return folders;
    }

    void find_entry() {
        if (project_.empty()) {
            find_script_entry();
            return;
        }
        const NodeProject project{project_, package_, modules_};
        std::vector<std::string> asked = request_.entrypoint;
        if (asked.empty() && is_standalone()) {
            asked = {"server.js"};
        }
        NodeEntry entry = find_node_entry(project, asked);
        found_.entrypoint = std::move(entry.words);
        found_.environment = std::move(entry.environment);
    }

    void find_script_entry() {
        if (is_typescript(script_)) {
            throw no_typescript(request_.paths.front().string());
        }
        const std::string place = fmt::format("{}/{}", kApp, name_of(script_));
        found_.entrypoint = request_.entrypoint;
        if (found_.entrypoint.empty()) {
            found_.entrypoint = {kNode, place};
        } else if (found_.entrypoint.front() == "node") {
            found_.entrypoint.front() = kNode;
        }
        found_.files.push_back({.from = script_, .to = place});
        // Whether `import` may stand in it, when its name does not say.
        for (fs::path at = script_.parent_path();; at = at.parent_path()) {
            if (is_there(at / "package.json")) {
                add_script_package(at);
                return;
            }
            if (at == at.root_path()) {
                return;
            }
        }
    }

    void add_script_package(const fs::path& directory) {
        package_ = read_node_package(directory);
        package_.name.clear();
        if (!package_.type.empty() && script_.extension() == ".js") {
            found_.files.push_back(
                {.to = fmt::format("{}/package.json", kApp),
                 .content = fmt::format(
                     "{{\"type\": \"{}\"}}\n", package_.type == "module" ? "module" : "commonjs")});
        }
        if (is_there(directory / "node_modules") && further_.empty()) {
            found_.notes.push_back(fmt::format(
                "only {} goes into the image: name {} in its place when it needs modules",
                name_of(script_), directory.string()));
        }
    }

    /// What .nvmrc and .node-version say stands in for `engines`.
    [[nodiscard]] WantedNode wanted() const {
        if (!package_.node.empty()) {
            return {package_.node, wrap::parse_node_range(package_.node)};
        }
        for (const char* name : {".nvmrc", ".node-version"}) {
            if (!project_.empty() && is_there(project_ / name)) {
                const std::string text = read_user_text(project_ / name, kLongestText);
                return {std::string(trim(text)), wrap::parse_node_version_file(text)};
            }
        }
        return {};
    }

    void choose_node(const NativeFiles& natives) {
        NodeChoice choice = choose_node_base(
            {.request = request_,
             .library = library_,
             .architecture = architecture_,
             .wanted = wanted(),
             .modules = modules_.reached,
             .natives = natives});
        found_.base = std::move(choice.base);
        abi_ = choice.abi;
        found_.notes.insert(found_.notes.end(), choice.notes.begin(), choice.notes.end());
    }

    /// Packages with an addon in source form, of which there is none in machine code. Some go
    /// without; those that have it in a package for each platform name these.
    void note_what_was_not_built(const NativeFiles& natives) {
        for (const NodeModule& module : modules_.reached) {
            const bool is_elsewhere =
                std::ranges::any_of(module.package.optional, [&](const std::string& name) {
                    return wrap::names_platform(name, platform_);
                });
            if (is_there(module.place / "binding.gyp") && !is_elsewhere &&
                !natives.has_addon(module.place)) {
                found_.notes.push_back(fmt::format(
                    "the addon of {} was not built: npm rebuild {}", module.package.name,
                    module.package.name));
            }
        }
    }

    /// Modules first, in their own layer.
    void add_files(const NativeFiles& natives) {
        for (const NativeFolder& folder : natives.folders()) {
            found_.files.push_back(
                {.from = folder.from, .to = folder.to, .exclude = folder.exclude});
        }
        for (const WrappedLink& link : modules_.links) {
            found_.links.push_back({fmt::format("{}/{}", kApp, link.path), link.target});
        }
    }

    const WrapRequest& request_;
    const definition::Library& library_;
    std::vector<std::string> exclude_;
    std::string architecture_;
    wrap::NodePlatform platform_;
    fs::path project_{}; ///< without links on the way
    fs::path script_{};
    std::vector<fs::path> further_{};
    wrap::NodePackage package_{};
    NodeModules modules_{};
    std::uint64_t abi_ = 0; ///< of the chosen Node.js; 0: it is not known
    WrapFiles found_{};
};

} // namespace

bool is_node(const fs::path& path) {
    if (is_folder(path)) {
        return is_there(path / "package.json");
    }
    const std::string ending = path.extension().string();
    if (ending == ".js" || ending == ".mjs" || ending == ".cjs" || is_typescript(path)) {
        return true;
    }
    return is_there(path) && wrap::is_node_script(open_user_file(path).bytes());
}

WrapFiles find_node_files(const WrapRequest& request, const definition::Library& library) {
    return Finder(request, library).run();
}

} // namespace pare::build
