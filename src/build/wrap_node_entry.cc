// SPDX-License-Identifier: Apache-2.0
// Problem: package.json says how npm starts a program, by a shell and with the programs of
// node_modules/.bin in PATH. An image has neither, nor npm itself, so that the command is followed
// to the file that Node.js gets in the end. Refused is what starts a program for development, by
// other processes, or from files that a build makes and that are not there.
#include "build/wrap_node_entry.hh"

#include "build/wrap_kinds.hh"
#include "elf/elf.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace pare::build {

namespace {

namespace fs = std::filesystem;

/// Scripts that call each other.
constexpr int kMostScripts = 8;
/// What projects call the file that starts them when they do not say it.
constexpr std::array kMainFiles = {"index.js",   "index.mjs", "index.cjs", "server.js",
                                   "server.mjs", "app.js",    "main.js"};
/// What Node.js tries behind the name of a program.
constexpr std::array kEndings = {"", ".js", ".json", ".node"};

/// Why no image starts a program by these.
struct Tool {
    std::string_view name;
    std::string_view reason;
};

constexpr std::string_view kWatches = "starts the program anew when its files change";
constexpr std::string_view kTranslates = "translates the program each time that it starts";
constexpr std::string_view kStarts = "starts the program as another process";
constexpr std::array kTools = {
    Tool{"nodemon", kWatches},     Tool{"node-dev", kWatches},    Tool{"ts-node-dev", kWatches},
    Tool{"tsnd", kWatches},        Tool{"ts-node", kTranslates},  Tool{"ts-node-esm", kTranslates},
    Tool{"tsx", kTranslates},      Tool{"swc-node", kTranslates}, Tool{"babel-node", kTranslates},
    Tool{"pm2", kStarts},          Tool{"pm2-runtime", kStarts},  Tool{"forever", kStarts},
    Tool{"concurrently", kStarts}, Tool{"npm-run-all", kStarts},  Tool{"run-s", kStarts},
    Tool{"run-p", kStarts},        Tool{"dotenv", kStarts},       Tool{"dotenvx", kStarts},
    Tool{"env-cmd", kStarts},      Tool{"turbo", kStarts},        Tool{"nx", kStarts},
    Tool{"lerna", kStarts}};

bool is_file(const fs::path& path) {
    std::error_code problem;
    return fs::is_regular_file(path, problem);
}

bool is_javascript(const fs::path& path) {
    const std::string ending = path.extension().string();
    return ending == ".js" || ending == ".mjs" || ending == ".cjs";
}

std::string last_name(const std::string& path) {
    return path.substr(path.rfind('/') + 1);
}

bool is_package_manager(const std::string& name) {
    return name == "npm" || name == "pnpm" || name == "yarn" || name == "npx" || name == "bun";
}

class Entry {
public:
    explicit Entry(const NodeProject& project) : project_(project) {}

    NodeEntry run(const std::vector<std::string>& asked) {
        NodeEntry entry;
        const auto& package = project_.package;
        if (!asked.empty()) {
            entry.words = follow(asked);
        } else if (package.scripts.contains("start")) {
            entry.words = run_script("start", {});
        } else if (package.bin.size() == 1) {
            entry.words = run_file(found_file(package.bin.begin()->second), {});
        } else {
            entry.words = run_file(main_file(), {});
        }
        entry.environment = std::move(environment_);
        return entry;
    }

private:
    using Words = std::vector<std::string>;

    /// What a command comes to.
    Words follow(const Words& command) {
        const std::string& first = command.front();
        const std::string name = last_name(first);
        const Words rest(command.begin() + 1, command.end());
        if (name == "node" || name == "nodejs") {
            return run_node(rest);
        }
        if (is_package_manager(first)) {
            return run_by_manager(first, rest);
        }
        const auto tool = std::ranges::find(kTools, name, &Tool::name);
        if (tool != kTools.end()) {
            throw refusal(fmt::format("it starts by {}, which {}", name, tool->reason));
        }
        if (first.starts_with('/')) {
            return command;
        }
        const bool is_path = first.find('/') != std::string::npos || is_javascript(first);
        if (const auto file = find_file(first); is_path || (file && !find_command(first))) {
            return run_file(found_file(first), rest);
        }
        if (const auto file = find_command(first)) {
            return run_file(*file, rest);
        }
        throw unknown_command(first);
    }

    Words run_node(const Words& arguments) {
        Words words{kNode};
        words.insert(words.end(), arguments.begin(), arguments.end());
        if (const auto program = wrap::find_node_program(arguments)) {
            std::string& word = words[*program + 1];
            word = word.starts_with('/') ? word : in_image(found_file(word));
        }
        return words;
    }

    /// npm start, npm run NAME, npx NAME, yarn NAME.
    Words run_by_manager(const std::string& manager, Words words) {
        std::erase_if(words, [](const std::string& word) {
            return word == "--" || word == "-s" || word == "--silent" || word == "--yes" ||
                   word == "-y" || word == "--no-install";
        });
        const bool is_run =
            !words.empty() &&
            (words.front() == "run" || words.front() == "run-script" || words.front() == "exec");
        if (is_run) {
            words.erase(words.begin());
        }
        if (words.empty()) {
            throw refusal(fmt::format("it runs by {}, which images do not have", manager));
        }
        const std::string name = words.front();
        words.erase(words.begin());
        if (manager != "npx" && project_.package.scripts.contains(name)) {
            return run_script(name, words);
        }
        if (manager != "npm" || is_run) {
            Words command{name};
            command.insert(command.end(), words.begin(), words.end());
            return follow(command);
        }
        throw refusal(fmt::format("it runs {} {}, and images have no {}", manager, name, manager));
    }

    Words run_script(const std::string& name, const Words& more) {
        wrap::StartCommand command = wrap::parse_start_command(project_.package.scripts.at(name));
        if (++scripts_ > kMostScripts) {
            command.problem = "it calls itself";
        }
        if (!command.problem.empty()) {
            throw refusal(fmt::format("its script \"{}\": {}", name, command.problem));
        }
        environment_.merge(command.environment);
        command.words.insert(command.words.end(), more.begin(), more.end());
        return follow(command.words);
    }

    /// A file of the project, relative to it, with what it is run by.
    Words run_file(const std::string& file, const Words& arguments) {
        const fs::path path = project_.path / file;
        const MappedFile content = open_user_file(path);
        Words words;
        if (is_typescript(path)) {
            throw no_typescript(path.string());
        }
        if (is_javascript(path) || wrap::is_node_script(content.bytes())) {
            words.emplace_back(kNode);
        } else if (!elf::looks_like_elf(content.bytes())) {
            throw refusal(fmt::format("{} is neither JavaScript nor a program", file));
        }
        words.push_back(in_image(file));
        words.insert(words.end(), arguments.begin(), arguments.end());
        return words;
    }

    [[nodiscard]] static std::string in_image(const std::string& file) {
        return fmt::format("{}/{}", kApp, file);
    }

    /// What Node.js takes a name of a program for, relative to the project.
    [[nodiscard]] std::optional<std::string> find_file(const std::string& word) const {
        const fs::path path = (project_.path / word).lexically_normal();
        std::vector<fs::path> places;
        const auto add = [&](const fs::path& place) {
            for (const char* ending : kEndings) {
                places.emplace_back(place.string() + ending);
            }
        };
        add(path);
        const bool is_project = path == project_.path || path == project_.path / "";
        if (is_folder(path)) {
            const std::string main =
                is_project ? project_.package.main : read_node_package(path).main;
            add((path / main).lexically_normal());
            places.push_back((path / main / "index.js").lexically_normal());
            places.push_back(path / "index.js");
        }
        for (const fs::path& place : places) {
            std::string relative = place.lexically_relative(project_.path).string();
            if (is_file(place) && !relative.starts_with("..")) {
                return relative;
            }
        }
        return std::nullopt;
    }

    [[nodiscard]] std::string found_file(const std::string& word) const {
        const auto file = find_file(word);
        if (!file) {
            throw Error(
                ErrorKind::definition,
                fmt::format("{}: it runs {}, which is not there", project_.path.string(), word),
                "build the project first (npm run build), or say with --entrypoint what runs");
        }
        if (is_typescript(*file)) {
            throw no_typescript((project_.path / *file).string());
        }
        return *file;
    }

    /// The file behind a command of the project or of a package right in its node_modules.
    [[nodiscard]] std::optional<std::string> find_command(const std::string& name) const {
        if (const auto own = project_.package.bin.find(name); own != project_.package.bin.end()) {
            return found_file(own->second);
        }
        for (const NodeModule& module : project_.modules.reached) {
            const auto bin = module.package.bin.find(name);
            std::error_code problem;
            const fs::path direct = project_.path / "node_modules" / module.package.name;
            const bool is_direct =
                !module.package.name.empty() && fs::equivalent(direct, module.place, problem);
            if (bin != module.package.bin.end() && is_direct) {
                return found_file(
                    (direct / bin->second).lexically_relative(project_.path).string());
            }
        }
        return std::nullopt;
    }

    [[nodiscard]] std::string main_file() const {
        if (!project_.package.main.empty()) {
            return found_file(project_.package.main);
        }
        for (const char* name : kMainFiles) {
            if (is_file(project_.path / name)) {
                return name;
            }
        }
        throw refusal("it does not say what runs");
    }

    [[nodiscard]] Error unknown_command(const std::string& name) const {
        return refusal(
            is_there(project_.path / "node_modules" / ".bin" / name)
                ? fmt::format("it runs {}, which only its devDependencies have", name)
                : fmt::format("it runs {}, which is no file and no command of a package", name));
    }

    /// With what could be said instead.
    [[nodiscard]] Error refusal(const std::string& why) const {
        std::string file = "dist/index.js";
        if (const auto main = find_file("."); main && is_javascript(*main)) {
            file = *main;
        }
        return {
            ErrorKind::definition, fmt::format("{}: {}", project_.path.string(), why),
            fmt::format("say with --entrypoint what it comes to, like \"node {}\"", file)};
    }

    const NodeProject& project_;
    std::map<std::string, std::string> environment_{};
    int scripts_ = 0;
};

} // namespace

NodeEntry find_node_entry(const NodeProject& project, const std::vector<std::string>& asked) {
    return Entry(project).run(asked);
}

bool is_typescript(const fs::path& path) {
    const std::string ending = path.extension().string();
    return ending == ".ts" || ending == ".mts" || ending == ".cts" || ending == ".tsx";
}

Error no_typescript(const std::string& file) {
    return {
        ErrorKind::definition, fmt::format("{} is TypeScript", file),
        "build it first (npx tsc), and say with --entrypoint which file of the build runs"};
}

} // namespace pare::build
