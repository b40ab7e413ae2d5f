// SPDX-License-Identifier: Apache-2.0
// What Python and Node leave beside installed packages: METADATA and RECORD in *.dist-info (core
// metadata 2.4, "Recording installed projects") or PKG-INFO in *.egg-info, and package.json; and
// what Go programs have in themselves (runtime/debug, ParseBuildInfo), where `=>` replaces a
// module. Names go into package URLs and dependencies, so they are taken only as their registries
// allow them.
#include "sbom/databases.hh"
#include "support/error.hh"
#include "support/json.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>

namespace pare::sbom {

namespace {

constexpr std::size_t kMostHeader = std::size_t{1} << 20;
constexpr std::size_t kLongestLicence = 100;

bool is_python_name(std::string_view name) {
    return !name.empty() && name.size() <= 200 && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '.' || c == '_' || c == '-';
    });
}

/// As the index compares names: `Foo.Bar_baz` is `foo-bar-baz`.
std::string python_key(std::string_view name) {
    std::string key;
    for (const char c : name) {
        if (c == '.' || c == '_' || c == '-') {
            key += key.ends_with('-') ? "" : "-";
        } else {
            key += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        }
    }
    return key;
}

/// `requests[socks] (>=2) ; extra == "x"`: what only an extra needs is no dependency.
void add_requirement(Package& package, std::string_view text) {
    const std::size_t marker = text.find(';');
    if (marker != std::string_view::npos &&
        text.substr(marker).find("extra") != std::string_view::npos) {
        return;
    }
    const std::string_view name = trim(text.substr(0, text.find_first_of(" [(<>=!~;@")));
    if (is_python_name(name)) {
        package.needs.push_back({python_key(name)});
    }
}

void take_python_field(Package& package, std::string_view key, std::string_view value) {
    if (key == "Name") {
        package.name = value;
    } else if (key == "Version") {
        package.version = value;
    } else if (key == "Summary") {
        package.summary = value;
    } else if (key == "Home-page" && value != "UNKNOWN") {
        package.homepage = value;
    } else if (key == "Author" && value != "UNKNOWN") {
        package.supplier = value;
    } else if (key == "License-Expression") {
        package.licences = declared_licence(value);
    } else if (
        key == "License" && package.licences.expression.empty() && value != "UNKNOWN" &&
        value.size() <= kLongestLicence) {
        package.licences = declared_licence(value);
    } else if (key == "Requires-Dist") {
        add_requirement(package, value);
    }
}

std::string string_member(const json::Value& value, std::string_view key) {
    const json::Object* object = value.object();
    const json::Value* member = object == nullptr ? nullptr : object->find(key);
    return member == nullptr || member->string() == nullptr ? std::string() : *member->string();
}

bool is_node_name(std::string_view name) {
    const std::size_t slash = name.find('/');
    const bool scoped = name.starts_with('@') && slash != std::string_view::npos;
    const bool one_part = slash == std::string_view::npos ||
                          (scoped && name.find('/', slash + 1) == std::string_view::npos);
    return one_part && !name.empty() && name.size() <= 214 && std::ranges::all_of(name, [](char c) {
               return c > ' ' && c < '\x7f' && c != '%' && c != '\\';
           });
}

} // namespace

std::optional<Package> read_python_metadata(BytesView text) {
    Package package{.ecosystem = Ecosystem::python};
    // The description behind the first blank line is prose.
    for (std::string_view line : split(text.substr(0, kMostHeader), '\n')) {
        line.remove_suffix(line.ends_with('\r') ? 1 : 0);
        if (line.empty()) {
            break;
        }
        const std::size_t colon = line.find(':');
        if (colon != std::string_view::npos && line.front() != ' ' && line.front() != '\t') {
            take_python_field(package, line.substr(0, colon), trim(line.substr(colon + 1)));
        }
    }
    if (!is_python_name(package.name) || package.version.empty()) {
        return std::nullopt;
    }
    package.provides.push_back(python_key(package.name));
    return package;
}

std::vector<ImagePath> read_record(BytesView text, const ImagePath& directory) {
    std::vector<ImagePath> files;
    for (std::string_view line : split(text, '\n')) {
        // path,hash,size; a path with a comma or quote in it stands in quotes.
        std::string path;
        if (line.starts_with('"')) {
            const std::size_t end = line.find("\",", 1);
            path = line.substr(1, end == std::string_view::npos ? 0 : end - 1);
        } else {
            path = line.substr(0, line.find(','));
        }
        ImagePath base = path.starts_with('/') ? ImagePath() : directory;
        std::string_view rest = path;
        while (rest.starts_with("../")) {
            base = base.parent();
            rest.remove_prefix(3);
        }
        try {
            const ImagePath file = base.is_root() ? ImagePath::parse(rest) : base / rest;
            if (file != base) {
                files.push_back(file);
            }
        } catch (const Error&) {
            continue; // no such file can be in the image
        }
    }
    return files;
}

std::optional<Package> read_package_json(BytesView text, const std::string& name) {
    const json::Value value = json::parse(text, name);
    Package package{
        .ecosystem = Ecosystem::node,
        .name = string_member(value, "name"),
        .version = string_member(value, "version"),
        .homepage = string_member(value, "homepage"),
        .summary = string_member(value, "description")};
    if (!is_node_name(package.name) || package.version.empty()) {
        return std::nullopt;
    }
    package.licences = declared_licence(string_member(value, "license"));
    const json::Value* author = value.as_object().find("author");
    if (author != nullptr) {
        package.supplier =
            author->string() != nullptr ? *author->string() : string_member(*author, "name");
    }
    const json::Value* needs = value.as_object().find("dependencies");
    if (needs != nullptr && needs->object() != nullptr) {
        for (const json::Member& member : needs->object()->members()) {
            package.needs.push_back({member.first});
        }
    }
    return package;
}

std::vector<Package> read_go_modules(const elf::GoBuildInfo& info) {
    std::vector<Package> packages;
    for (const std::string_view line : split(info.modules, '\n')) {
        const std::vector<std::string_view> fields = split(line, '\t');
        const bool is_module = fields.size() >= 3 && (fields[0] == "mod" || fields[0] == "dep");
        const bool replaces = fields.size() >= 3 && fields[0] == "=>" && !packages.empty();
        if (!is_module && !replaces) {
            continue;
        }
        if (replaces) {
            packages.pop_back();
        }
        packages.push_back(
            {.ecosystem = Ecosystem::go,
             .name = std::string(fields[1]),
             .version = fields[2] == "(devel)" ? "" : std::string(fields[2])});
    }
    const std::string version = info.version.substr(0, info.version.find(' '));
    packages.push_back(
        {.ecosystem = Ecosystem::go, .name = "stdlib", .version = version.substr(2)});
    for (std::size_t i = 1; i < packages.size(); ++i) {
        packages.front().needs.push_back({packages[i].name});
    }
    return packages;
}

OperatingSystem read_os_release(BytesView text) {
    OperatingSystem system;
    for (const std::string_view line : split(text, '\n')) {
        const std::size_t equals = line.find('=');
        if (equals == std::string_view::npos) {
            continue;
        }
        const std::string_view key = trim(line.substr(0, equals));
        std::string_view value = trim(line.substr(equals + 1));
        if (value.size() >= 2 && (value.front() == '"' || value.front() == '\'') &&
            value.back() == value.front()) {
            value = value.substr(1, value.size() - 2);
        }
        if (key == "ID") {
            system.id = value;
        } else if (key == "VERSION_ID") {
            system.version = value;
        } else if (key == "PRETTY_NAME") {
            system.name = value;
        }
    }
    return system;
}

} // namespace pare::sbom
