// SPDX-License-Identifier: Apache-2.0
// package.json is written by hand, by npm and by everybody's tools: a field of a wrong type is
// taken as not said, as npm does. Refused is only what is no JSON object. A name of a package that
// npm would not take could lead anywhere and is dropped.
#include "wrap/node.hh"

#include "support/error.hh"
#include "support/json.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

namespace pare::wrap {

namespace {

using namespace std::string_view_literals;

constexpr std::size_t kLongestName = 214; // npm's own limit

bool is_plain(std::string_view part) {
    constexpr std::string_view kBad = "/\\ \t\r\n:\0"sv;
    return !part.empty() && part.front() != '.' &&
           part.find_first_of(kBad) == std::string_view::npos;
}

/// `express`, `@scope/name`.
bool is_package_name(std::string_view name) {
    if (name.size() > kLongestName) {
        return false;
    }
    if (!name.starts_with('@')) {
        return is_plain(name);
    }
    const std::size_t slash = name.find('/');
    return slash != std::string_view::npos && is_plain(name.substr(1, slash - 1)) &&
           is_plain(name.substr(slash + 1));
}

std::string text_of(const json::Object& object, std::string_view key) {
    const json::Value* value = object.find(key);
    return value != nullptr && value->string() != nullptr ? *value->string() : "";
}

/// A list of texts, or one text.
std::vector<std::string> texts_of(const json::Object& object, std::string_view key) {
    std::vector<std::string> texts;
    const json::Value* value = object.find(key);
    if (value != nullptr && value->string() != nullptr) {
        texts.push_back(*value->string());
    } else if (value != nullptr && value->array() != nullptr) {
        for (const json::Value& item : *value->array()) {
            if (item.string() != nullptr) {
                texts.push_back(*item.string());
            }
        }
    }
    return texts;
}

const json::Object* object_of(const json::Object& object, std::string_view key) {
    const json::Value* value = object.find(key);
    return value == nullptr ? nullptr : value->object();
}

std::map<std::string, std::string> map_of(const json::Object& object, std::string_view key) {
    std::map<std::string, std::string> map;
    if (const json::Object* members = object_of(object, key)) {
        for (const auto& [name, value] : members->members()) {
            if (value.string() != nullptr) {
                map.emplace(name, *value.string());
            }
        }
    }
    return map;
}

std::set<std::string> names_of(const json::Object& object, std::string_view key) {
    std::set<std::string> names;
    if (const json::Object* members = object_of(object, key)) {
        for (const auto& [name, value] : members->members()) {
            if (is_package_name(name)) {
                names.insert(name);
            }
        }
    }
    return names;
}

void read_dependencies(const json::Object& object, NodePackage& package) {
    package.dependencies = names_of(object, "dependencies");
    for (const char* key : {"bundleDependencies", "bundledDependencies"}) {
        for (const std::string& name : texts_of(object, key)) {
            if (is_package_name(name)) {
                package.dependencies.insert(name);
            }
        }
    }
    package.optional = names_of(object, "optionalDependencies");
    package.peers = names_of(object, "peerDependencies");
    package.development = names_of(object, "devDependencies");
    if (const json::Object* meta = object_of(object, "peerDependenciesMeta")) {
        for (const auto& [name, value] : meta->members()) {
            const json::Value* optional =
                value.object() == nullptr ? nullptr : value.object()->find("optional");
            if (optional != nullptr && optional->boolean() != nullptr && *optional->boolean()) {
                package.peers.erase(name);
            }
        }
    }
    // What is optional in one place is not required by another.
    for (const std::string& name : package.optional) {
        package.dependencies.erase(name);
    }
}

/// A list like ["linux", "!win32"].
bool allows(const std::vector<std::string>& list, std::string_view value) {
    bool has_wanted = false;
    bool is_wanted = false;
    for (const std::string& item : list) {
        if (item.starts_with('!')) {
            if (item.substr(1) == value) {
                return false;
            }
        } else {
            has_wanted = true;
            is_wanted = is_wanted || item == value || item == "any";
        }
    }
    return is_wanted || !has_wanted;
}

} // namespace

NodePackage parse_node_package(std::string_view text, const std::string& name) {
    json::Value value;
    try {
        value = json::parse(text, name, json::Repeated::last_wins);
    } catch (const Error& error) {
        throw Error(ErrorKind::definition, error.message(), "mend it, or install the package anew")
            .at(error.where());
    }
    if (value.object() == nullptr) {
        throw Error(
            ErrorKind::definition, fmt::format("{} is no JSON object", name),
            "mend it, or install the package anew");
    }
    const json::Object& object = *value.object();
    NodePackage package{
        .name = text_of(object, "name"),
        .main = text_of(object, "main"),
        .type = text_of(object, "type"),
        .bin = map_of(object, "bin"),
        .scripts = map_of(object, "scripts"),
        .os = texts_of(object, "os"),
        .cpu = texts_of(object, "cpu"),
        .libc = texts_of(object, "libc")};
    package.name = is_package_name(package.name) ? package.name : "";
    if (const std::string file = text_of(object, "bin"); !file.empty() && !package.name.empty()) {
        package.bin[package.name.substr(package.name.rfind('/') + 1)] = file;
    }
    if (const json::Object* engines = object_of(object, "engines")) {
        package.node = text_of(*engines, "node");
    }
    read_dependencies(object, package);
    return package;
}

bool fits(const NodePackage& package, const NodePlatform& platform) {
    const bool is_bound = !package.os.empty() || !package.cpu.empty();
    // Not all packages for musl say so in a field of its own.
    const bool is_for_musl =
        is_bound && package.libc.empty() && package.name.find("musl") != std::string::npos;
    return allows(package.os, "linux") && allows(package.cpu, platform.cpu) &&
           allows(package.libc, "glibc") && !is_for_musl;
}

std::uint64_t abi_of_gyp_config(std::string_view text) {
    constexpr std::string_view kKey = "node_module_version";
    const std::size_t at = text.find(kKey);
    if (at == std::string_view::npos) {
        return 0;
    }
    constexpr std::string_view kDigits = "0123456789";
    const std::string_view rest = text.substr(at + kKey.size(), 24);
    const std::string_view from = rest.substr(std::min(rest.find_first_of(kDigits), rest.size()));
    return parse_number(from.substr(0, from.find_first_not_of(kDigits))).value_or(0);
}

} // namespace pare::wrap
