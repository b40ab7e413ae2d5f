// SPDX-License-Identifier: Apache-2.0
// A chain as one definition in YAML: what all its steps together say.
#include "definition/definition.hh"
#include "support/json.hh"

#include <fmt/core.h>

#include <algorithm>

namespace pare::definition {

namespace {

/// Double-quoted YAML is JSON's string syntax.
std::string in_quotes(const std::string& text) {
    return json::write(text);
}

std::string words_of(const PackageRequest& request) {
    return (request.excluded ? "!" : "") + request.name + request.op + request.version +
           (request.suite.empty() ? "" : "/" + request.suite);
}

class Printer {
public:
    std::string run(const Chain& chain) {
        line(0, fmt::format("# {}:{} for {}", chain.name, chain.variant, chain.distribution));
        if (!chain.base_image.empty()) {
            line(0, "from: " + in_quotes(chain.base_image));
        }
        contents(chain);
        accounts(chain);
        settings(chain);
        paths(chain);
        list(0, "archs", chain.archs);
        return std::move(out_);
    }

private:
    void line(std::size_t indent, const std::string& text) {
        out_.append(indent, ' ');
        out_ += text + "\n";
    }

    void list(std::size_t indent, const char* key, const std::vector<std::string>& values) {
        if (values.empty()) {
            return;
        }
        line(indent, fmt::format("{}:", key));
        for (const std::string& value : values) {
            line(indent + 2, "- " + in_quotes(value));
        }
    }

    void map(const char* key, const std::map<std::string, std::string>& values) {
        if (values.empty()) {
            return;
        }
        line(0, fmt::format("{}:", key));
        for (const auto& [name, value] : values) {
            line(2, in_quotes(name) + ": " + in_quotes(value));
        }
    }

    void contents(const Chain& chain) {
        line(0, "contents:");
        std::vector<std::string> repositories;
        for (const Step& step : chain.steps) {
            repositories.insert(
                repositories.end(), step.repositories.begin(), step.repositories.end());
        }
        list(
            2, "repositories",
            repositories.empty() ? std::vector{chain.distribution} : repositories);
        line(2, "packages:");
        for (const Step& step : chain.steps) {
            if (!step.packages.empty()) {
                line(4, "# " + step.name);
            }
            for (const PackageRequest& request : step.packages) {
                // What one step leaves out and a later one asks for is in the image.
                if (!request.excluded || !is_asked_for(chain, request.name)) {
                    package(request);
                }
            }
        }
        line(2, "files:");
        for (const Step& step : chain.steps) {
            for (const UserFile& file : step.files) {
                const std::string source = file.content ? "content: " + in_quotes(*file.content)
                                                        : "from: " + in_quotes(file.from.string());
                const std::string mode = file.mode ? fmt::format(", mode: 0o{:o}", *file.mode) : "";
                line(
                    4, fmt::format(
                           "- {{{}, to: {}{}, uid: {}, gid: {}}}", source, in_quotes(file.to), mode,
                           file.uid, file.gid));
            }
        }
    }

    static bool is_asked_for(const Chain& chain, const std::string& name) {
        return std::any_of(chain.steps.begin(), chain.steps.end(), [&](const Step& step) {
            return std::any_of(
                step.packages.begin(), step.packages.end(),
                [&](const PackageRequest& each) { return each.name == name && !each.excluded; });
        });
    }

    void package(const PackageRequest& request) {
        if (request.include.empty() && request.to.empty()) {
            line(4, "- " + in_quotes(words_of(request)));
            return;
        }
        line(4, "- package: " + in_quotes(words_of(request)));
        list(6, "include", request.include);
        if (!request.to.empty()) {
            line(6, fmt::format("strip: {}", request.strip));
            line(6, "to: " + in_quotes(request.to));
        }
    }

    void accounts(const Chain& chain) {
        line(0, "accounts:");
        line(2, "users:");
        for (const Step& step : chain.steps) {
            for (const User& user : step.users) {
                line(
                    4, fmt::format(
                           "- {{username: {}, uid: {}, gid: {}, homedir: {}, shell: {}}}",
                           in_quotes(user.name), user.uid, user.gid, in_quotes(user.home),
                           in_quotes(user.shell)));
            }
        }
        line(2, "groups:");
        for (const Step& step : chain.steps) {
            for (const Group& group : step.groups) {
                line(
                    4,
                    fmt::format("- {{groupname: {}, gid: {}}}", in_quotes(group.name), group.gid));
            }
        }
        for (auto step = chain.steps.rbegin(); step != chain.steps.rend(); ++step) {
            if (step->run_as) {
                line(2, "run-as: " + in_quotes(*step->run_as));
                return;
            }
        }
    }

    void settings(const Chain& chain) {
        Step all;
        for (const Step& step : chain.steps) {
            const auto take = [](auto& to, const auto& from) { to = from ? from : to; };
            take(all.entrypoint, step.entrypoint);
            take(all.cmd, step.cmd);
            take(all.work_dir, step.work_dir);
            take(all.stop_signal, step.stop_signal);
            for (const auto& [name, value] : step.environment) {
                all.environment[name] = value;
            }
            for (const auto& [name, value] : step.annotations) {
                all.annotations[name] = value;
            }
            for (const auto& [name, value] : step.os_release) {
                all.os_release[name] = value;
            }
            all.volumes.insert(all.volumes.end(), step.volumes.begin(), step.volumes.end());
            all.ports.insert(all.ports.end(), step.ports.begin(), step.ports.end());
        }
        if (all.entrypoint) {
            line(0, "entrypoint:");
            list(2, "command", *all.entrypoint);
        }
        list(0, "cmd", all.cmd.value_or(std::vector<std::string>{}));
        if (all.work_dir) {
            line(0, "work-dir: " + in_quotes(*all.work_dir));
        }
        if (all.stop_signal) {
            line(0, "stop-signal: " + in_quotes(*all.stop_signal));
        }
        map("environment", all.environment);
        map("annotations", all.annotations);
        map("os-release", all.os_release);
        list(0, "volumes", all.volumes);
        list(0, "ports", all.ports);
    }

    void paths(const Chain& chain) {
        constexpr const char* kTypes[] = {
            "directory", "empty-file", "hardlink", "symlink", "permissions"};
        line(0, "paths:");
        for (const Step& step : chain.steps) {
            for (const PathMutation& path : step.paths) {
                std::string text = fmt::format(
                    "- {{path: {}, type: {}", in_quotes(path.path),
                    kTypes[static_cast<std::size_t>(path.type)]);
                text += path.source.empty() ? "" : ", source: " + in_quotes(path.source);
                text += path.mode ? fmt::format(", permissions: 0o{:o}", *path.mode) : "";
                text += path.uid ? fmt::format(", uid: {}", *path.uid) : "";
                text += path.gid ? fmt::format(", gid: {}", *path.gid) : "";
                text += path.recursive ? ", recursive: true" : "";
                line(2, text + "}");
            }
        }
    }

    std::string out_;
};

} // namespace

std::string show_config(const Chain& chain) {
    return Printer().run(chain);
}

} // namespace pare::definition
