// SPDX-License-Identifier: Apache-2.0
#include "definition/schema.hh"

#include "definition/values.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

namespace pare::definition {

namespace {

using yaml::Node;

std::string optional_text(const Node& node) {
    return node.kind == yaml::NodeKind::null ? "" : text_of(node);
}

/// `name`, `name=1`, `name>=1`, `name/suite`, `!name`.
PackageRequest package_of_text(const Node& node) {
    PackageRequest request{.where = node.where};
    const std::string text = text_of(node);
    std::string_view rest = text;
    if (rest.starts_with('!')) {
        request.excluded = true;
        rest.remove_prefix(1);
    }
    const std::size_t end = std::min(rest.find_first_of("=<>/"), rest.size());
    request.name = rest.substr(0, end);
    rest.remove_prefix(end);
    if (rest.starts_with('/')) {
        request.suite = rest.substr(1);
    } else if (!rest.empty()) {
        const std::size_t op = rest.find_first_not_of("=<>");
        request.op = rest.substr(0, op);
        request.version = op == std::string_view::npos ? "" : rest.substr(op);
    }
    constexpr std::array<std::string_view, 6> kOperators = {"", "=", "<", "<=", ">", ">="};
    const bool known_operator =
        std::find(kOperators.begin(), kOperators.end(), request.op) != kOperators.end();
    const bool good_name =
        !request.name.empty() && std::all_of(request.name.begin(), request.name.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '-' ||
                   c == '.';
        });
    if (!good_name || !known_operator || (!request.op.empty() && request.version.empty())) {
        throw Error(
            ErrorKind::definition, fmt::format("'{}' is no package request", text),
            "write NAME, NAME=VERSION, NAME>=VERSION, NAME/SUITE or !NAME")
            .at(node.where);
    }
    return request;
}

PackageRequest& last_package(Draft& draft) {
    return draft.step.packages.back();
}

constexpr std::array kPackageKeys = {
    Key{"package",
        Shape::text,
        "Name of the package, with a version or suite as in the short form.",
        {},
        [](const Node& node, Draft& draft) {
            PackageRequest named = package_of_text(node);
            PackageRequest& request = last_package(draft);
            request.name = named.name;
            request.op = named.op;
            request.version = named.version;
            request.suite = named.suite;
        }},
    Key{"include",
        Shape::texts,
        "Globs of the files to take (after usr-merge, without a leading '/'); the copyright file always stays.",
        {},
        [](const Node& node, Draft& draft) { last_package(draft).include = texts_of(node); }},
    Key{"strip",
        Shape::number,
        "Leading directories to cut from the included paths.",
        {},
        [](const Node& node, Draft& draft) { last_package(draft).strip = number_of(node); }},
    Key{"to",
        Shape::text,
        "Directory that the included files go to.",
        {},
        [](const Node& node, Draft& draft) { last_package(draft).to = text_of(node); }},
};

void read_packages(const Node& node, Draft& draft) {
    for (const Node& item : items_of(node)) {
        if (item.kind == yaml::NodeKind::mapping) {
            draft.step.packages.push_back({.where = item.where});
            read_mapping(item, kPackageKeys, draft);
            if (last_package(draft).name.empty()) {
                throw Error(ErrorKind::definition, "an entry of packages has no 'package'")
                    .at(item.where);
            }
        } else {
            draft.step.packages.push_back(package_of_text(item));
        }
    }
}

UserFile& last_file(Draft& draft) {
    return draft.step.files.back();
}

constexpr std::array kFileKeys = {
    Key{"from",
        Shape::text,
        "File or directory of this machine, relative to the definition.",
        {},
        [](const Node& node, Draft& draft) {
            last_file(draft).from = draft.step.directory / text_of(node);
        }},
    Key{"to",
        Shape::text,
        "Absolute path in the image.",
        {},
        [](const Node& node, Draft& draft) {
            last_file(draft).to = text_of(node);
            if (!last_file(draft).to.starts_with('/')) {
                wrong_type(node, "an absolute path");
            }
        }},
    Key{"content",
        Shape::text,
        "The file's content, in place of `from`.",
        {},
        [](const Node& node, Draft& draft) { last_file(draft).content = optional_text(node); }},
    Key{"mode",
        Shape::mode,
        "Permissions; default 0755 for executable files, else 0644.",
        {},
        [](const Node& node, Draft& draft) { last_file(draft).mode = mode_of(node); }},
    Key{"uid",
        Shape::number,
        "Owner, default 0.",
        {},
        [](const Node& node, Draft& draft) { last_file(draft).uid = id_of(node); }},
    Key{"gid",
        Shape::number,
        "Group, default 0.",
        {},
        [](const Node& node, Draft& draft) { last_file(draft).gid = id_of(node); }},
};

void read_files(const Node& node, Draft& draft) {
    for (const Node& item : items_of(node)) {
        draft.step.files.push_back({.where = item.where});
        read_mapping(item, kFileKeys, draft);
        const UserFile& file = last_file(draft);
        if (file.to.empty() || file.from.empty() == !file.content.has_value()) {
            throw Error(
                ErrorKind::definition,
                "an entry of files needs `to`, and either `from` or `content`")
                .at(item.where);
        }
    }
}

constexpr std::array kContentsKeys = {
    Key{"repositories",
        Shape::texts,
        "Where packages come from: debian:13, debian:12, debian:13@20261101T000000Z, or an APT source line.",
        {},
        [](const Node& node, Draft& draft) { draft.step.repositories = texts_of(node); }},
    Key{"build_repositories",
        Shape::texts,
        "As repositories (apko).",
        {},
        [](const Node& node, Draft& draft) {
            for (std::string& text : texts_of(node)) {
                draft.step.repositories.push_back(std::move(text));
            }
        }},
    Key{"runtime_repositories",
        Shape::texts,
        "Accepted for apko; an image has no package manager.",
        {},
        [](const Node& node, Draft&) { (void)texts_of(node); }},
    Key{"keyring",
        Shape::texts,
        "Keyring files for sources that name no signed-by.",
        {},
        [](const Node& node, Draft& draft) { draft.step.keyring = texts_of(node); }},
    Key{"packages", Shape::packages,
        "What to install: NAME, NAME=VERSION, NAME>=VERSION, NAME/SUITE, !NAME to leave out, or a mapping.",
        kPackageKeys, read_packages},
    Key{"files", Shape::objects, "Your own files; each entry is a layer.", kFileKeys, read_files},
};

User& last_user(Draft& draft) {
    return draft.step.users.back();
}

constexpr std::array kUserKeys = {
    Key{"username",
        Shape::text,
        "Login name.",
        {},
        [](const Node& node, Draft& draft) { last_user(draft).name = text_of(node); }},
    Key{"uid",
        Shape::number,
        "User number.",
        {},
        [](const Node& node, Draft& draft) { last_user(draft).uid = id_of(node); }},
    Key{"gid",
        Shape::number,
        "Group number; default the user number.",
        {},
        [](const Node& node, Draft& draft) { last_user(draft).gid = id_of(node); }},
    Key{"shell",
        Shape::text,
        "Login shell; default /sbin/nologin.",
        {},
        [](const Node& node, Draft& draft) { last_user(draft).shell = text_of(node); }},
    Key{"homedir",
        Shape::text,
        "Home directory; default /home/NAME.",
        {},
        [](const Node& node, Draft& draft) { last_user(draft).home = text_of(node); }},
};

void read_users(const Node& node, Draft& draft) {
    for (const Node& item : items_of(node)) {
        draft.step.users.push_back({.shell = "/sbin/nologin"});
        read_mapping(item, kUserKeys, draft);
        User& user = last_user(draft);
        if (user.name.empty() || item.find("uid") == nullptr) {
            throw Error(ErrorKind::definition, "a user needs `username` and `uid`").at(item.where);
        }
        if (item.find("gid") == nullptr) {
            user.gid = user.uid;
        }
        if (user.home.empty()) {
            user.home = "/home/" + user.name;
        }
    }
}

Group& last_group(Draft& draft) {
    return draft.step.groups.back();
}

constexpr std::array kGroupKeys = {
    Key{"groupname",
        Shape::text,
        "Name of the group.",
        {},
        [](const Node& node, Draft& draft) { last_group(draft).name = text_of(node); }},
    Key{"gid",
        Shape::number,
        "Group number.",
        {},
        [](const Node& node, Draft& draft) { last_group(draft).gid = id_of(node); }},
    Key{"members",
        Shape::texts,
        "Users that are in it.",
        {},
        [](const Node& node, Draft& draft) { last_group(draft).members = texts_of(node); }},
};

void read_groups(const Node& node, Draft& draft) {
    for (const Node& item : items_of(node)) {
        draft.step.groups.emplace_back();
        read_mapping(item, kGroupKeys, draft);
        if (last_group(draft).name.empty() || item.find("gid") == nullptr) {
            throw Error(ErrorKind::definition, "a group needs `groupname` and `gid`")
                .at(item.where);
        }
    }
}

constexpr std::array kAccountsKeys = {
    Key{"run-as",
        Shape::text,
        "User that the image runs as: number or name.",
        {},
        [](const Node& node, Draft& draft) { draft.step.run_as = text_of(node); }},
    Key{"users", Shape::objects, "Users to add to /etc/passwd.", kUserKeys, read_users},
    Key{"groups", Shape::objects, "Groups to add to /etc/group.", kGroupKeys, read_groups},
};

constexpr std::array kEntrypointKeys = {
    Key{"command",
        Shape::text,
        "The program and its fixed arguments.",
        {},
        [](const Node& node, Draft& draft) { draft.step.entrypoint = command_of(node); }},
    Key{"type",
        Shape::text,
        "Accepted for apko when empty; there is no service bundle.",
        {},
        [](const Node& node, Draft&) {
            if (optional_text(node) == "service-bundle") {
                throw Error(
                    ErrorKind::definition,
                    "entrypoint.type service-bundle needs s6, which pare does not build",
                    "run one program per image, with entrypoint.command")
                    .at(node.where);
            }
        }},
    Key{"shell-fragment",
        Shape::text,
        "A script for /bin/sh -c; the image must hold a shell.",
        {},
        [](const Node& node, Draft& draft) {
            draft.step.entrypoint = std::vector<std::string>{"/bin/sh", "-c", text_of(node)};
        }},
    Key{"services",
        Shape::any,
        "Accepted for apko when empty.",
        {},
        [](const Node& node, Draft&) {
            if (!node.members.empty()) {
                throw Error(
                    ErrorKind::definition,
                    "entrypoint.services needs s6, which pare does not build")
                    .at(node.where);
            }
        }},
};

PathMutation& last_path(Draft& draft) {
    return draft.step.paths.back();
}

PathType path_type_of(const Node& node) {
    constexpr std::array<std::pair<std::string_view, PathType>, 5> kTypes = {{
        {"directory", PathType::directory},
        {"empty-file", PathType::empty_file},
        {"hardlink", PathType::hard_link},
        {"symlink", PathType::symlink},
        {"permissions", PathType::permissions},
    }};
    const std::string text = text_of(node);
    for (const auto& [name, type] : kTypes) {
        if (name == text) {
            return type;
        }
    }
    wrong_type(node, "directory, empty-file, hardlink, symlink or permissions");
}

constexpr std::array kPathKeys = {
    Key{"path",
        Shape::text,
        "Absolute path in the image.",
        {},
        [](const Node& node, Draft& draft) { last_path(draft).path = text_of(node); }},
    Key{"type",
        Shape::text,
        "directory, empty-file, hardlink, symlink or permissions.",
        {},
        [](const Node& node, Draft& draft) { last_path(draft).type = path_type_of(node); }},
    Key{"source",
        Shape::text,
        "Target of a link.",
        {},
        [](const Node& node, Draft& draft) { last_path(draft).source = text_of(node); }},
    Key{"permissions",
        Shape::mode,
        "File permissions.",
        {},
        [](const Node& node, Draft& draft) { last_path(draft).mode = mode_of(node); }},
    Key{"uid",
        Shape::number,
        "Owner.",
        {},
        [](const Node& node, Draft& draft) { last_path(draft).uid = id_of(node); }},
    Key{"gid",
        Shape::number,
        "Group.",
        {},
        [](const Node& node, Draft& draft) { last_path(draft).gid = id_of(node); }},
    Key{"recursive",
        Shape::boolean,
        "For directory and permissions: everything below too.",
        {},
        [](const Node& node, Draft& draft) { last_path(draft).recursive = boolean_of(node); }},
};

void read_paths(const Node& node, Draft& draft) {
    for (const Node& item : items_of(node)) {
        draft.step.paths.push_back({.where = item.where});
        read_mapping(item, kPathKeys, draft);
        if (last_path(draft).path.empty() || item.find("type") == nullptr) {
            throw Error(ErrorKind::definition, "an entry of paths needs `path` and `type`")
                .at(item.where);
        }
    }
}

Healthcheck& healthcheck(Draft& draft) {
    if (!draft.step.healthcheck) {
        draft.step.healthcheck.emplace();
    }
    return *draft.step.healthcheck;
}

constexpr std::array kHealthcheckKeys = {
    Key{"command",
        Shape::text,
        "The program that checks, with its arguments; no shell is used.",
        {},
        [](const Node& node, Draft& draft) {
            healthcheck(draft).test = command_of(node);
            healthcheck(draft).test.insert(healthcheck(draft).test.begin(), "CMD");
        }},
    Key{"interval",
        Shape::text,
        "Time between checks, like 30s.",
        {},
        [](const Node& node, Draft& draft) { healthcheck(draft).interval = text_of(node); }},
    Key{"timeout",
        Shape::text,
        "Time a check may take.",
        {},
        [](const Node& node, Draft& draft) { healthcheck(draft).timeout = text_of(node); }},
    Key{"start-period",
        Shape::text,
        "Time in which failures do not count.",
        {},
        [](const Node& node, Draft& draft) { healthcheck(draft).start_period = text_of(node); }},
    Key{"retries",
        Shape::number,
        "Failures in a row that make it unhealthy.",
        {},
        [](const Node& node, Draft& draft) { healthcheck(draft).retries = number_of(node); }},
};

constexpr std::array kLayeringKeys = {
    Key{"strategy",
        Shape::text,
        "Accepted for apko (origin); pare has one strategy.",
        {},
        [](const Node& node, Draft&) { (void)optional_text(node); }},
    Key{"budget",
        Shape::number,
        "Layers that this definition may add for packages.",
        {},
        [](const Node& node, Draft& draft) { draft.step.layer_budget = number_of(node); }},
};

void read_overlays(const Node& node, std::vector<std::pair<std::string, Node>>& overlays) {
    if (node.kind != yaml::NodeKind::mapping) {
        wrong_type(node, "a mapping of names to what they change");
    }
    for (const auto& [key, value] : node.members) {
        if (value.kind != yaml::NodeKind::mapping && value.kind != yaml::NodeKind::null) {
            wrong_type(value, "a mapping");
        }
        overlays.emplace_back(key.text, value);
    }
}

void read_variants(const Node& node, Draft& draft) {
    if (node.kind == yaml::NodeKind::sequence) {
        draft.variant_names = texts_of(node);
        return;
    }
    read_overlays(node, draft.variants);
    for (const auto& [name, overlay] : draft.variants) {
        draft.variant_names.push_back(name);
    }
}

constexpr std::array kKeys = {
    Key{"from",
        Shape::text,
        "What to start from: a built-in definition (cc, cc:debug), a file, or an image (oci:DIR:TAG).",
        {},
        [](const Node& node, Draft& draft) {
            draft.from = text_of(node);
            draft.from_where = node.where;
        }},
    Key{"include",
        Shape::text,
        "As `from` a file (apko, deprecated).",
        {},
        [](const Node& node, Draft& draft) {
            draft.from = text_of(node);
            draft.from_where = node.where;
        }},
    Key{"contents", Shape::object, "What the image holds.", kContentsKeys},
    Key{"entrypoint", Shape::object, "What the image runs.", kEntrypointKeys},
    Key{"cmd",
        Shape::text,
        "Default arguments of the entrypoint.",
        {},
        [](const Node& node, Draft& draft) { draft.step.cmd = command_of(node); }},
    Key{"work-dir",
        Shape::text,
        "Working directory.",
        {},
        [](const Node& node, Draft& draft) { draft.step.work_dir = text_of(node); }},
    Key{"stop-signal",
        Shape::text,
        "Signal that ends the program.",
        {},
        [](const Node& node, Draft& draft) { draft.step.stop_signal = text_of(node); }},
    Key{"accounts", Shape::object, "Users and groups.", kAccountsKeys},
    Key{"environment",
        Shape::text_map,
        "Environment variables.",
        {},
        [](const Node& node, Draft& draft) {
            for (auto& [name, value] : text_map_of(node)) {
                draft.step.environment[name] = value;
            }
        }},
    Key{"paths", Shape::objects, "Changes to the files, after packages.", kPathKeys, read_paths},
    Key{"os-release",
        Shape::text_map,
        "Fields to set in /usr/lib/os-release.",
        {},
        [](const Node& node, Draft& draft) { draft.step.os_release = text_map_of(node); }},
    Key{"annotations",
        Shape::text_map,
        "Annotations of the manifest, and labels.",
        {},
        [](const Node& node, Draft& draft) { draft.step.annotations = text_map_of(node); }},
    Key{"volumes",
        Shape::texts,
        "Directories that hold data.",
        {},
        [](const Node& node, Draft& draft) { draft.step.volumes = texts_of(node); }},
    Key{"ports",
        Shape::texts,
        "Ports the program listens on, like 8080 or 53/udp.",
        {},
        [](const Node& node, Draft& draft) { draft.step.ports = texts_of(node); }},
    Key{"healthcheck", Shape::object, "How to see that the program is well.", kHealthcheckKeys},
    Key{"archs",
        Shape::texts,
        "Architectures that it can be built for.",
        {},
        [](const Node& node, Draft& draft) { draft.archs = texts_of(node); }},
    Key{"variants",
        Shape::variants,
        "Variants: a list of names, or a mapping to what each changes.",
        {},
        read_variants},
    Key{"distributions",
        Shape::overlays,
        "What differs by distribution: debian:12, debian:13.",
        {},
        [](const Node& node, Draft& draft) { read_overlays(node, draft.distributions); }},
    Key{"layering", Shape::object, "How many layers.", kLayeringKeys},
    Key{"vcs-url",
        Shape::text,
        "Accepted for apko.",
        {},
        [](const Node& node, Draft&) { (void)optional_text(node); }},
    Key{"format",
        Shape::text,
        "Accepted for apko.",
        {},
        [](const Node& node, Draft&) { (void)optional_text(node); }},
};

} // namespace

std::span<const Key> definition_keys() {
    return kKeys;
}

void read_mapping(const yaml::Node& node, std::span<const Key> keys, Draft& draft) {
    if (node.kind == yaml::NodeKind::null) {
        return;
    }
    if (node.kind != yaml::NodeKind::mapping) {
        wrong_type(node, "a mapping");
    }
    for (const auto& [name, value] : node.members) {
        const auto key = std::find_if(
            keys.begin(), keys.end(), [&](const Key& each) { return each.name == name.text; });
        if (key == keys.end()) {
            std::vector<std::string> names;
            for (const Key& each : keys) {
                names.emplace_back(each.name);
            }
            const auto near = nearest(name.text, names);
            throw Error(
                ErrorKind::definition, fmt::format("unknown key '{}'", name.text),
                near ? fmt::format("did you mean '{}'?", *near)
                     : "known here: " + join(names, ", "))
                .at(name.where);
        }
        if (key->read != nullptr) {
            key->read(value, draft);
        } else {
            read_mapping(value, key->members, draft);
        }
    }
}

} // namespace pare::definition
