// SPDX-License-Identifier: Apache-2.0
// The keys of a definition, in the order in which the documentation shows them, and how a mapping
// is read by such a table. All keys of apko.yaml are here; those that pare cannot honour say so.
#include "definition/schema.hh"

#include "definition/bind.hh"
#include "definition/region.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

namespace pare::definition {

namespace {

using yaml::Node;

constexpr std::array<std::string_view, 1> kStrategies = {"origin"};
constexpr std::array<std::string_view, 1> kFormats = {"tar"};

/// In the order of ZoneFiles.
constexpr std::array<std::string_view, 2> kZoneFiles = {"fat", "slim"};

std::span<const std::string_view> zone_files() {
    return kZoneFiles;
}

ZoneFiles zone_files_of(const Node& node) {
    return choice_of(node, kZoneFiles) == "slim" ? ZoneFiles::slim : ZoneFiles::fat;
}

std::span<const std::string_view> strategies() {
    return kStrategies;
}

std::span<const std::string_view> formats() {
    return kFormats;
}

/// The only value that there is; nothing is it too.
template <const auto& kChoices>
void only(const Node& node, Draft& /*draft*/) {
    if (given_text_of(node)) {
        (void)choice_of(node, kChoices);
    }
}

constexpr std::array kLayeringKeys = {
    Key{.name = "strategy",
        .description = "Only for apko's sake: there is one.",
        .read = only<kStrategies>,
        .choices = strategies},
    Key{.name = "budget",
        .shape = Shape::number,
        .description = "Layers that this definition may add for packages.",
        .read = into_step<&Step::layer_budget, layers_of>},
};

Keys layering_keys() {
    return kLayeringKeys;
}

template <ParentKind kKind>
void read_parent(const Node& node, Draft& draft) {
    if (const auto reference = given_text_of(node)) {
        set_parent(draft, *reference, node, kKind);
    }
}

/// `https://host/repository@revision`, as apko finds it by git.
void read_source(const Node& node, Draft& draft) {
    const auto text = given_text_of(node);
    if (!text) {
        return;
    }
    auto& annotations = draft.step.annotations;
    std::size_t at = text->rfind('@');
    // The '@' of git@host:repository comes before no revision.
    if (at != std::string::npos && text->find_first_of("/:", at) != std::string::npos) {
        at = std::string::npos;
    }
    annotations.emplace("org.opencontainers.image.source", text->substr(0, at));
    if (at != std::string::npos) {
        annotations.emplace("org.opencontainers.image.revision", text->substr(at + 1));
    }
}

std::vector<Overlay> overlays_of(const Node& node) {
    if (node.kind != yaml::NodeKind::mapping && node.kind != yaml::NodeKind::null) {
        wrong_type(node, "a mapping of names to what differs");
    }
    std::vector<Overlay> overlays;
    for (const auto& [key, value] : node.members) {
        if (value.kind != yaml::NodeKind::mapping && value.kind != yaml::NodeKind::null) {
            wrong_type(value, "a mapping");
        }
        overlays.push_back({.name = text_of(key), .where = key.where, .node = value});
    }
    return overlays;
}

void check_variant(const Overlay& variant) {
    const bool is_good = !variant.name.empty() && variant.name != "all" &&
                         std::all_of(variant.name.begin(), variant.name.end(), [](char c) {
                             return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                                    (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
                         });
    if (!is_good) {
        throw Error(
            ErrorKind::definition, fmt::format("'{}' cannot name a variant", variant.name),
            "use letters, digits, '-', '_' and '.'; 'all' means every variant")
            .at(variant.where);
    }
}

void read_variants(const Node& node, Draft& draft) {
    if (node.kind == yaml::NodeKind::sequence) {
        draft.variant_form = VariantForm::names;
        for (const Node& item : node.items) {
            draft.variants.push_back({.name = text_of(item), .where = item.where});
        }
    } else {
        draft.variants = overlays_of(node);
        draft.variant_form = draft.variants.empty() ? VariantForm::none : VariantForm::mapping;
    }
    for (auto variant = draft.variants.begin(); variant != draft.variants.end(); ++variant) {
        check_variant(*variant);
        const bool is_new = std::none_of(draft.variants.begin(), variant, [&](const auto& other) {
            return other.name == variant->name;
        });
        if (!is_new) {
            throw Error(
                ErrorKind::definition,
                fmt::format("the variant '{}' is listed twice", variant->name))
                .at(variant->where);
        }
    }
}

constexpr std::array kDefinitionKeys = {
    Key{.name = "from",
        .description = "What to start from: a built-in definition (cc, cc:debug), a file "
                       "(./base.yaml), or an image (oci:DIR:TAG).",
        .read = read_parent<ParentKind::any>,
        .scope = Scope::definition},
    Key{.name = "include",
        .description = "A file to start from; the older way to write `from`.",
        .read = read_parent<ParentKind::file>,
        .scope = Scope::definition},
    Key{.name = "contents",
        .shape = Shape::object,
        .description = "What the image holds.",
        .members = contents_keys},
    Key{.name = "app",
        .shape = Shape::target,
        .description = "A program, Python project or the like to wrap: what it needs to run comes "
                       "along. A path, or a mapping.",
        .read = read_app,
        .members = app_keys,
        .scope = Scope::definition},
    Key{.name = "entrypoint",
        .shape = Shape::object,
        .description = "What the image runs.",
        .read = read_entrypoint,
        .members = entrypoint_keys},
    Key{.name = "cmd",
        .shape = Shape::command,
        .description = "Arguments of the entrypoint that a user can replace.",
        .read = given_into_step<&Step::cmd, given_command_of>},
    Key{.name = "work-dir",
        .description = "Directory that the program starts in.",
        .read = given_into_step<&Step::work_dir, given_image_path_of>},
    Key{.name = "stop-signal",
        .description = "Signal that asks the program to end, like SIGTERM.",
        .read = given_into_step<&Step::stop_signal, given_text_of>},
    Key{.name = "accounts",
        .shape = Shape::object,
        .description = "Users and groups.",
        .members = accounts_keys},
    Key{.name = "environment",
        .shape = Shape::text_map,
        .description = "Environment variables.",
        .read = merge_into_step<&Step::environment, environment_of>},
    Key{.name = "paths",
        .shape = Shape::objects,
        .description = "Directories, links and permissions, made in this order after packages "
                       "and files.",
        .read = read_paths,
        .members = path_keys},
    Key{.name = "certificates",
        .shape = Shape::object,
        .description = "Certificates to trust, besides those of packages.",
        .members = certificates_keys},
    Key{.name = "os-release",
        .shape = Shape::text_map,
        .description = "Fields to set in /usr/lib/os-release, like PRETTY_NAME.",
        .read = merge_into_step<&Step::os_release, os_release_of>},
    Key{.name = "timezone",
        .description = "Time zone of /etc/localtime, like Europe/Berlin; the image needs tzdata.",
        .read = given_into_step<&Step::timezone, given_time_zone_of>},
    Key{.name = "locales",
        .shape = Shape::texts,
        .description = "Locales like de_DE.UTF-8, without the rest of the package that has them.",
        .read = append_to_step<&Step::locales, locales_of>},
    Key{.name = "zoneinfo",
        .description = "slim: the files of tzdata without what they say twice; only for programs "
                       "that read version 2 of the format. Default fat.",
        .read = into_step<&Step::zoneinfo, zone_files_of>,
        .choices = zone_files},
    Key{.name = "annotations",
        .shape = Shape::text_map,
        .description = "Annotations of the manifest; they are labels of the image too.",
        .read = merge_into_step<&Step::annotations, text_map_of>},
    Key{.name = "vcs-url",
        .description = "URL@REVISION of the source; becomes two annotations.",
        .read = read_source},
    Key{.name = "volumes",
        .shape = Shape::texts,
        .description = "Directories that hold data.",
        .read = append_to_step<&Step::volumes, image_paths_of>},
    Key{.name = "ports",
        .shape = Shape::texts,
        .description = "Ports that the program listens on, like 8080 or 53/udp.",
        .read = append_to_step<&Step::ports, ports_of>},
    Key{.name = "healthcheck",
        .shape = Shape::target,
        .description = "How to find out that the program is well; a text is the URL of `probe`.",
        .read = read_healthcheck,
        .members = healthcheck_keys},
    Key{.name = "archs",
        .shape = Shape::texts,
        .description = "Architectures that the image can be built for; default all of its "
                       "parent.",
        .read = [](const Node& node, Draft& draft) { draft.archs = architectures_of(node); },
        .choices = architecture_names},
    Key{.name = "variants",
        .shape = Shape::variants,
        .description = "Variants: a list of names, or a mapping of names to what each changes.",
        .read = read_variants,
        .scope = Scope::definition},
    Key{.name = "distributions",
        .shape = Shape::overlays,
        .description = "The only distributions that it is made for (debian:12, debian:13), and "
                       "what differs for each.",
        .read = [](const Node& node, Draft& draft) { draft.distributions = overlays_of(node); },
        .scope = Scope::definition},
    Key{.name = "layering",
        .shape = Shape::object,
        .description = "How packages become layers.",
        .members = layering_keys},
    Key{.name = "format",
        .description = "Only for apko's sake: layers are tar archives.",
        .read = only<kFormats>,
        .choices = formats},
};

/// Where a key of that name would be right: `accounts` for `run-as`. Empty when nowhere.
std::string section_of(std::string_view name, Keys keys, const std::string& section) {
    for (const Key& key : keys) {
        if (key.shape != Shape::object && key.shape != Shape::target) {
            continue;
        }
        std::string below =
            section.empty() ? std::string(key.name) : fmt::format("{}.{}", section, key.name);
        if (find_key(key.members(), name) != nullptr) {
            return below;
        }
        std::string deeper = section_of(name, key.members(), below);
        if (!deeper.empty()) {
            return deeper;
        }
    }
    return "";
}

[[noreturn]] void unknown_key(const Node& name, Keys keys, std::string_view section) {
    std::vector<std::string> names;
    for (const Key& key : keys) {
        names.emplace_back(key.name);
    }
    const auto near = nearest(name.text, names);
    std::string hint = "known here: " + join(names, ", ");
    if (near) {
        hint = fmt::format("did you mean '{}'?", *near);
    } else if (find_key(kDefinitionKeys, name.text) != nullptr) {
        hint = fmt::format("'{}' stands at the top of a definition", name.text);
    } else if (const std::string elsewhere = section_of(name.text, kDefinitionKeys, "");
               !elsewhere.empty()) {
        hint = fmt::format("'{}' stands in '{}'", name.text, elsewhere);
    }
    throw Error(
        ErrorKind::definition,
        fmt::format("unknown key '{}'", name.text) +
            (section.empty() ? "" : fmt::format(" in '{}'", section)),
        std::move(hint))
        .at(name.where);
}

} // namespace

Keys definition_keys() {
    return kDefinitionKeys;
}

const Key* find_key(Keys keys, std::string_view name) {
    const auto key =
        std::find_if(keys.begin(), keys.end(), [&](const Key& each) { return each.name == name; });
    return key == keys.end() ? nullptr : &*key;
}

void set_parent(
    Draft& draft, const std::string& reference, const yaml::Node& node, ParentKind kind) {
    if (draft.parent) {
        throw Error(
            ErrorKind::definition, fmt::format(
                                       "a definition comes from one thing: '{}' or '{}'",
                                       draft.parent->reference, reference))
            .at(node.where);
    }
    draft.parent = Parent{.reference = reference, .where = node.where, .kind = kind};
}

void read_mapping(const yaml::Node& node, Keys keys, std::string_view section, Draft& draft) {
    if (node.kind == yaml::NodeKind::null) {
        return;
    }
    if (node.kind != yaml::NodeKind::mapping) {
        wrong_type(node, "a mapping");
    }
    for (const auto& [name, value] : node.members) {
        const Key* const key = find_key(keys, name.text);
        if (key == nullptr) {
            unknown_key(name, keys, section);
        }
        if (key->read != nullptr) {
            key->read(value, draft);
        } else {
            const std::string below =
                section.empty() ? std::string(key->name) : fmt::format("{}.{}", section, key->name);
            read_mapping(value, key->members(), below, draft);
        }
    }
    for (const Key& key : keys) {
        if (key.need == Need::required && node.find(key.name) == nullptr) {
            throw Error(
                ErrorKind::definition, fmt::format("'{}' is missing in '{}'", key.name, section))
                .at(node.where);
        }
    }
}

} // namespace pare::definition
