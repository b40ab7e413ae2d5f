// SPDX-License-Identifier: Apache-2.0
// A chain as one definition: what all its steps come to. Texts are always in double quotes, so that
// none is taken for something else; a key without values is left out.
#include "definition/definition.hh"
#include "definition/merged.hh"
#include "definition/values.hh"
#include "support/yaml.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

namespace pare::definition {

namespace {

std::string mode_text(std::uint32_t mode) {
    return fmt::format("0o{:o}", mode);
}

std::string text_of(const PackageRequest& request) {
    return (request.excluded ? "!" : "") + request.name +
           (request.slice.empty() ? "" : "_" + request.slice) + request.op + request.version +
           (request.suite.empty() ? "" : "/" + request.suite);
}

/// One entry of a list as `{key: value, ...}`.
class Entry {
public:
    Entry& add(const char* key, const std::string& value) {
        text_ += fmt::format("{}{}: {}", text_.empty() ? "" : ", ", key, value);
        return *this;
    }

    Entry& add_text(const char* key, const std::string& value) {
        return value.empty() ? *this : add(key, yaml::quoted(value));
    }

    Entry& add_list(const char* key, const std::vector<std::string>& values) {
        std::string list;
        for (const std::string& value : values) {
            list += (list.empty() ? "" : ", ") + yaml::quoted(value);
        }
        return values.empty() ? *this : add(key, "[" + list + "]");
    }

    Entry& add_map(const char* key, const std::map<std::string, std::string>& values) {
        Entry members;
        for (const auto& [name, value] : values) {
            members.add(yaml::quoted(name).c_str(), yaml::quoted(value));
        }
        return values.empty() ? *this : add(key, members.str());
    }

    template <typename Number>
    Entry& add_number(const char* key, const std::optional<Number>& value) {
        return value ? add(key, fmt::format("{}", *value)) : *this;
    }

    Entry& add_mode(const char* key, const std::optional<std::uint32_t>& mode) {
        return mode ? add(key, mode_text(*mode)) : *this;
    }

    [[nodiscard]] std::string str() const { return "{" + text_ + "}"; }

private:
    std::string text_;
};

Entry entry_of(const PackageRequest& request) {
    Entry entry;
    entry.add("package", yaml::quoted(text_of(request))).add_list("include", request.include);
    if (request.strip > 0) {
        entry.add("strip", fmt::format("{}", request.strip));
    }
    return entry.add_text("to", request.to);
}

Entry entry_of(const ArchiveRequest& archive) {
    Entry entry;
    entry.add_text("name", archive.name)
        .add_text("url", archive.url)
        .add_text("version", archive.version)
        .add_map("arch-names", archive.arch_names);
    if (const auto all = archive.sha256.find(""); all != archive.sha256.end()) {
        entry.add_text("sha256", all->second);
    } else {
        entry.add_map("sha256", archive.sha256);
    }
    entry.add_text("releases", archive.releases).add_text("checksums", archive.checksums);
    if (archive.strip > 0) {
        entry.add("strip", fmt::format("{}", archive.strip));
    }
    return entry.add_list("include", archive.include).add_text("to", archive.to);
}

Entry entry_of(const UserFile& file) {
    Entry entry;
    if (file.content) {
        entry.add("content", yaml::quoted(*file.content));
    } else {
        entry.add("from", yaml::quoted(file.from.string()));
    }
    return entry.add_text("to", file.to)
        .add_mode("mode", file.mode)
        .add("uid", fmt::format("{}", file.uid))
        .add("gid", fmt::format("{}", file.gid))
        .add_list("exclude", file.exclude);
}

Entry entry_of(const PathMutation& path) {
    constexpr std::array kTypes = {"directory", "empty-file", "hardlink", "symlink", "permissions"};
    Entry entry;
    entry.add_text("path", path.path)
        .add("type", kTypes[static_cast<std::size_t>(path.type)])
        .add_text("source", path.source)
        .add_mode("permissions", path.mode)
        .add_number("uid", path.uid)
        .add_number("gid", path.gid);
    return path.recursive ? entry.add("recursive", "true") : entry;
}

Entry entry_of(const User& user) {
    return Entry()
        .add_text("username", user.name)
        .add("uid", fmt::format("{}", user.uid))
        .add("gid", fmt::format("{}", user.gid))
        .add_text("shell", user.shell)
        .add_text("homedir", user.home);
}

Entry entry_of(const Group& group) {
    return Entry()
        .add_text("groupname", group.name)
        .add("gid", fmt::format("{}", group.gid))
        .add_list("members", group.members);
}

class Printer {
public:
    std::string run(const Chain& chain) {
        const Step all = merged(chain);
        const std::string title = yaml::quoted(
            fmt::format("{}:{} for {}", chain.name, chain.variant, chain.distribution));
        line(0, "# " + title.substr(1, title.size() - 2));
        scalar("from", chain.base_image);
        contents(all);
        process(all);
        accounts(all);
        map("environment", all.environment);
        entries(0, "paths", all.paths);
        map("os-release", all.os_release);
        scalar("timezone", all.timezone.value_or(""));
        list(0, "locales", all.locales);
        if (all.zoneinfo) {
            line(0, *all.zoneinfo == ZoneFiles::slim ? "zoneinfo: slim" : "zoneinfo: fat");
        }
        map("annotations", all.annotations);
        list(0, "volumes", all.volumes);
        list(0, "ports", all.ports);
        list(0, "archs", chain.archs);
        if (all.layer_budget) {
            line(0, fmt::format("layering: {{budget: {}}}", *all.layer_budget));
        }
        return std::move(out_);
    }

private:
    void line(std::size_t indent, const std::string& text) {
        out_.append(indent, ' ');
        out_ += text + "\n";
    }

    void scalar(const char* key, const std::string& value) {
        if (!value.empty()) {
            line(0, fmt::format("{}: {}", key, yaml::quoted(value)));
        }
    }

    void list(std::size_t indent, const char* key, const std::vector<std::string>& values) {
        if (!values.empty()) {
            line(indent, fmt::format("{}:", key));
        }
        for (const std::string& value : values) {
            line(indent + 2, "- " + yaml::quoted(value));
        }
    }

    void map(const char* key, const std::map<std::string, std::string>& values) {
        if (!values.empty()) {
            line(0, fmt::format("{}:", key));
        }
        for (const auto& [name, value] : values) {
            line(2, yaml::quoted(name) + ": " + yaml::quoted(value));
        }
    }

    template <typename Value>
    void entries(std::size_t indent, const char* key, const std::vector<Value>& values) {
        if (!values.empty()) {
            line(indent, fmt::format("{}:", key));
        }
        for (const Value& value : values) {
            line(indent + 2, "- " + entry_of(value).str());
        }
    }

    void contents(const Step& all) {
        if (all.repositories.empty() && all.packages.empty() && all.archives.empty() &&
            all.files.empty()) {
            return;
        }
        line(0, "contents:");
        list(2, "repositories", all.repositories);
        list(2, "keyring", all.keyring);
        if (!all.packages.empty()) {
            line(2, "packages:");
        }
        for (const PackageRequest& request : all.packages) {
            const bool is_whole =
                request.include.empty() && request.to.empty() && request.strip == 0;
            line(4, "- " + (is_whole ? yaml::quoted(text_of(request)) : entry_of(request).str()));
        }
        std::vector<std::string> slices;
        slices.reserve(all.slices.size());
        for (const std::filesystem::path& directory : all.slices) {
            slices.push_back(directory.string());
        }
        list(2, "slices", slices);
        list(2, "missing-libraries", all.missing_libraries);
        entries(2, "archives", all.archives);
        entries(2, "files", all.files);
    }

    void process(const Step& all) {
        if (all.app) {
            line(
                0, "app: " + Entry()
                                 .add_list("paths", all.app->paths)
                                 .add_list("dlopen", all.app->dlopen)
                                 .add_list("exclude", all.app->exclude)
                                 .str());
        }
        if (all.entrypoint) {
            line(0, "entrypoint: " + Entry().add_list("command", *all.entrypoint).str());
        }
        list(0, "cmd", all.cmd.value_or(std::vector<std::string>{}));
        scalar("work-dir", all.work_dir.value_or(""));
        scalar("stop-signal", all.stop_signal.value_or(""));
        if (all.healthcheck) {
            const Healthcheck& check = *all.healthcheck;
            line(
                0, "healthcheck: " + Entry()
                                         .add_list("test", check.test)
                                         .add_text("probe", check.probe)
                                         .add_text("status", check.status)
                                         .add_text("interval", check.interval)
                                         .add_text("timeout", check.timeout)
                                         .add_text("start-period", check.start_period)
                                         .add("retries", fmt::format("{}", check.retries))
                                         .str());
        }
    }

    void accounts(const Step& all) {
        if (!all.run_as && all.users.empty() && all.groups.empty()) {
            return;
        }
        line(0, "accounts:");
        if (all.run_as) {
            line(2, "run-as: " + yaml::quoted(*all.run_as));
        }
        entries(2, "users", all.users);
        entries(2, "groups", all.groups);
    }

    std::string out_;
};

} // namespace

std::string show_config(const Chain& chain) {
    return Printer().run(chain);
}

} // namespace pare::definition
