// SPDX-License-Identifier: Apache-2.0
// Problem: packages hold more than a program uses of them; which files belong together is written
// down once a package, by globs, so that one definition serves releases and architectures.
// Format: YAML, docs/slices.md. Refused are unknown keys, wrong types, two slices of one name.
#include "cut/slices.hh"

#include "cut/built_in_slices.hh"
#include "support/digest.hh"
#include "support/files.hh"
#include "support/text.hh"
#include "support/yaml.hh"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace pare::cut {

namespace {

namespace fs = std::filesystem;
using yaml::Node;
using yaml::NodeKind;

constexpr std::uint64_t kLargestFile = 1U << 20;

[[noreturn]] void reject(const Node& node, std::string what, std::string hint = "") {
    throw Error(ErrorKind::definition, std::move(what), std::move(hint)).at(node.where);
}

const std::string& text_of(const Node& node, std::string_view key) {
    if (node.kind != NodeKind::scalar || node.text.empty()) {
        reject(node, fmt::format("'{}' is a text", key));
    }
    return node.text;
}

std::vector<std::string> texts_of(const Node& node, std::string_view key) {
    if (node.kind != NodeKind::sequence) {
        reject(node, fmt::format("'{}' is a list", key), "write [one, two]");
    }
    std::vector<std::string> texts;
    texts.reserve(node.items.size());
    for (const Node& item : node.items) {
        texts.push_back(text_of(item, key));
    }
    return texts;
}

std::vector<std::string> globs_of(const Node& node, std::string_view key) {
    std::vector<std::string> globs = texts_of(node, key);
    for (std::string& glob : globs) {
        glob.erase(0, std::min(glob.find_first_not_of('/'), glob.size()));
    }
    return globs;
}

std::vector<SliceName> names_of(const Node& node, std::string_view key) {
    std::vector<SliceName> names;
    for (const std::string& text : texts_of(node, key)) {
        names.push_back(parse_slice_name(text));
    }
    return names;
}

/// Runs the handler of each key of a mapping; an unknown one is an error.
using Handlers = std::map<std::string_view, std::function<void(const Node& value)>>;

void read_mapping(const Node& node, std::string_view section, const Handlers& handlers) {
    if (node.kind != NodeKind::mapping) {
        reject(node, fmt::format("'{}' is a mapping", section));
    }
    for (const auto& [name, value] : node.members) {
        const auto handler = handlers.find(name.text);
        if (handler == handlers.end()) {
            std::vector<std::string> known;
            for (const auto& [key, unused] : handlers) {
                known.emplace_back(key);
            }
            reject(
                name, fmt::format("unknown key '{}' in '{}'", name.text, section),
                "it has " + join(known, ", "));
        }
        handler->second(value);
    }
}

Slice slice_of(const Node& name, const Node& node) {
    Slice slice{.name = name.text};
    const bool is_name = !slice.name.empty() && std::ranges::all_of(slice.name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
    if (!is_name || slice.name == kAllSlice) {
        reject(
            name, fmt::format("'{}' can be no slice", slice.name),
            "names have small letters, digits and '-'; 'all' is every file of a package");
    }
    read_mapping(
        node, slice.name,
        {{"hint", [&](const Node& value) { slice.hint = text_of(value, "hint"); }},
         {"include", [&](const Node& value) { slice.include = globs_of(value, "include"); }},
         {"exclude", [&](const Node& value) { slice.exclude = globs_of(value, "exclude"); }},
         {"needs", [&](const Node& value) { slice.needs = names_of(value, "needs"); }},
         {"without", [&](const Node& value) { slice.without = texts_of(value, "without"); }}});
    if (slice.include.empty() && slice.needs.empty()) {
        reject(name, fmt::format("the slice '{}' takes nothing", slice.name), "give it 'include'");
    }
    return slice;
}

} // namespace

SliceName parse_slice_name(std::string_view text) {
    const std::size_t mark = std::min(text.find('_'), text.size());
    return {
        std::string(text.substr(0, mark)),
        mark == text.size() ? std::string() : std::string(text.substr(mark + 1))};
}

const Slice* SliceFile::find(std::string_view name) const {
    const auto found = std::ranges::find(slices, name, &Slice::name);
    return found == slices.end() ? nullptr : &*found;
}

SliceFile parse_slices(std::string_view text, const std::string& name) {
    const Node root = yaml::parse(text, name);
    SliceFile file;
    read_mapping(
        root, "slices of a package",
        {{"package",
          [&](const Node& value) { file.packages.push_back(text_of(value, "package")); }},
         {"packages", [&](const Node& value) { file.packages = texts_of(value, "packages"); }},
         {"slices", [&](const Node& value) {
              if (value.kind != NodeKind::mapping) {
                  reject(value, "'slices' is a mapping of names to slices");
              }
              for (const auto& [key, slice] : value.members) {
                  file.slices.push_back(slice_of(key, slice));
              }
          }}});
    if (file.packages.empty() || file.slices.empty()) {
        reject(root, "a slice file has 'package' (or 'packages') and 'slices'");
    }
    return file;
}

SliceLibrary::SliceLibrary() : digest_(built_in_slices_digest()) {}

std::vector<fs::path> slice_files(const fs::path& directory) {
    std::vector<fs::path> paths;
    std::error_code problem;
    for (fs::directory_iterator entry(directory, problem);
         !problem && entry != fs::directory_iterator(); entry.increment(problem)) {
        if (entry->path().extension() == ".yaml") {
            paths.push_back(entry->path());
        }
    }
    if (problem) {
        throw Error(
            ErrorKind::definition,
            fmt::format("slices: {}: {}", directory.string(), problem.message()),
            "name a directory of slice files, relative to the definition");
    }
    std::ranges::sort(paths);
    return paths;
}

void SliceLibrary::add_directory(const fs::path& directory) {
    Hasher hasher;
    hasher.write(digest_);
    for (const fs::path& path : slice_files(directory)) {
        const std::string text = read_file(path, kLargestFile);
        hasher.write(hash_hex(text));
        const SliceFile file = parse_slices(text, path.string());
        for (const std::string& package : file.packages) {
            files_.insert_or_assign(package, file);
        }
    }
    digest_ = hasher.hex();
}

const SliceFile* SliceLibrary::find(const std::string& package) const {
    if (const auto known = files_.find(package); known != files_.end()) {
        return &known->second;
    }
    const std::string_view text = built_in_slices(package);
    if (text.empty()) {
        return nullptr;
    }
    SliceFile file = parse_slices(text, "slices/" + package + ".yaml");
    file.built_in = true;
    return &files_.emplace(package, std::move(file)).first->second;
}

const Slice& everything() {
    static const Slice all_files{.name = std::string(kAllSlice), .include = {"**"}};
    return all_files;
}

const Slice& without_documentation() {
    static const Slice without{
        .name = "",
        .include = {"**"},
        .exclude = {
            "usr/share/doc", "usr/share/doc/**", "usr/share/man", "usr/share/man/**",
            "usr/share/info", "usr/share/info/**", "usr/share/doc-base", "usr/share/doc-base/**",
            "usr/share/lintian", "usr/share/lintian/**", "usr/share/bug", "usr/share/bug/**"}};
    return without;
}

std::vector<Slice> slices_of(
    const SliceLibrary& library, const std::string& package, const std::set<std::string>& wanted) {
    const SliceFile* file = library.find(package);
    std::vector<Slice> slices;
    for (const std::string& name : wanted.empty() ? std::set<std::string>{""} : wanted) {
        if (name == kAllSlice) {
            return {everything()};
        }
        const Slice* slice =
            file == nullptr ? nullptr : file->find(name.empty() ? kRuntimeSlice : name);
        if (slice != nullptr) {
            // The package's own name may stand for a slice that is named as well.
            if (std::ranges::find(slices, slice->name, &Slice::name) == slices.end()) {
                slices.push_back(*slice);
            }
            continue;
        }
        if (name.empty()) {
            slices.push_back(without_documentation());
            continue;
        }
        std::vector<std::string> known{package + "_all"};
        for (const Slice& each : file == nullptr ? std::vector<Slice>{} : file->slices) {
            known.push_back(package + "_" + each.name);
        }
        throw Error(
            ErrorKind::definition, fmt::format("there is no slice '{}_{}'", package, name),
            "there is " + join(known, ", "));
    }
    return slices;
}

} // namespace pare::cut
