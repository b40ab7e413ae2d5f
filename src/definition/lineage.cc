// SPDX-License-Identifier: Apache-2.0
// Follows `from` from a definition to its root. Files are found relative to the one that names
// them; a loop is refused and told in full, however its files are spelt.
#include "definition/lineage.hh"

#include "support/files.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <system_error>
#include <utility>

namespace pare::definition {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kLargestFile = 4U << 20;
constexpr std::size_t kLongestLineage = 32;

Ancestor load_built_in(const Reference& reference, const Where& where, const Library& library) {
    const bool is_known = std::find(library.names.begin(), library.names.end(), reference.name) !=
                          library.names.end();
    const auto text = library.built_in(reference.name);
    if (!is_known || !text) {
        const auto near = nearest(reference.name, library.names);
        std::error_code problem;
        const bool is_file = fs::exists(reference.name, problem);
        throw Error(
            ErrorKind::definition,
            fmt::format("there is no built-in definition '{}'", reference.name),
            fmt::format(
                "{}built in are {}; a file is named with its .yaml{}",
                near ? fmt::format("did you mean '{}'? ", *near) : "", join(library.names, ", "),
                is_file ? fmt::format(", or as ./{}", reference.name) : ""))
            .at(where);
    }
    return {
        .name = reference.name,
        .shown = reference.name,
        .identity = reference.name,
        .text = *text,
        .draft = read_draft(*text, fmt::format("{}.yaml (built in)", reference.name), {})};
}

/// The definition beside a missing one that may have been meant; never the one that names it.
std::string near_file(const fs::path& path, const fs::path& child) {
    std::vector<std::string> names;
    std::error_code problem;
    const fs::path directory = path.has_parent_path() ? path.parent_path() : fs::path(".");
    for (fs::directory_iterator at(directory, problem), end; !problem && at != end;
         at.increment(problem)) {
        const std::string extension = at->path().extension().string();
        const bool is_child = at->path().lexically_normal() == child;
        if ((extension == ".yaml" || extension == ".yml") && !is_child) {
            names.push_back(at->path().filename().string());
        }
    }
    std::sort(names.begin(), names.end());
    const auto near = nearest(path.filename().string(), names);
    return near ? fmt::format("did you mean {}?", (path.parent_path() / *near).string()) : "";
}

void check_file(const fs::path& path, const Where& where) {
    std::error_code problem;
    const fs::file_status status = fs::status(path, problem);
    if (status.type() == fs::file_type::not_found) {
        const std::string near = near_file(path, where.file);
        throw Error(
            ErrorKind::definition, fmt::format("there is no definition {}", path.string()),
            near.empty() && !path.has_extension()
                ? fmt::format("an image in a registry is docker://{}", path.string())
                : near)
            .at(where);
    }
    if (status.type() == fs::file_type::directory) {
        throw Error(
            ErrorKind::definition, fmt::format("{} is a directory, no definition", path.string()),
            "name the YAML file in it, or write oci:DIR for an image")
            .at(where);
    }
}

struct FileText {
    std::string identity{};
    std::string text{};
};

FileText read_text(const fs::path& path, const Where& where, const Library& library) {
    if (!library.file) {
        check_file(path, where);
        return {.identity = fs::canonical(path).string(), .text = read_file(path, kLargestFile)};
    }
    const fs::path absolute = fs::absolute(path).lexically_normal();
    std::optional<std::string> text = library.file(absolute);
    if (!text) {
        throw Error(
            ErrorKind::definition,
            fmt::format("the text of the definition {} was not recorded", path.string()))
            .at(where);
    }
    return {.identity = absolute.string(), .text = *std::move(text)};
}

/// `child` is null for the definition that the user names.
Ancestor load_file(
    const Reference& reference, const Ancestor* child, const Where& where, const Library& library) {
    const auto beside = [&](const std::string& name) {
        return child == nullptr ? fs::path(reference.name)
                                : fs::path(name).parent_path() / reference.name;
    };
    const fs::path path =
        beside(child == nullptr ? std::string() : child->shown).lexically_normal();
    FileText file = read_text(path, where, library);
    const fs::path absolute = fs::absolute(path).lexically_normal();
    Draft draft = read_draft(file.text, path.string(), absolute.parent_path());
    return {
        .name = child == nullptr ? path.filename().string()
                                 : beside(child->name).lexically_normal().string(),
        .shown = path.string(),
        .identity = std::move(file.identity),
        .path = absolute,
        .text = std::move(file.text),
        .draft = std::move(draft)};
}

Ancestor load(
    const Reference& reference, const Ancestor* child, const Where& where, const Library& library) {
    return reference.kind == ReferenceKind::built_in ? load_built_in(reference, where, library)
                                                     : load_file(reference, child, where, library);
}

void check_line(const std::vector<Ancestor>& line, const Ancestor& next, const Where& where) {
    std::string trail;
    for (const Ancestor& each : line) {
        trail += each.shown + " -> ";
    }
    const bool loops = std::any_of(line.begin(), line.end(), [&](const Ancestor& each) {
        return each.identity == next.identity;
    });
    if (loops) {
        throw Error(
            ErrorKind::definition, fmt::format("'from' goes in a loop: {}{}", trail, next.shown),
            "take one of these out")
            .at(where);
    }
    if (line.size() == kLongestLineage) {
        throw Error(
            ErrorKind::definition,
            fmt::format("more than {} definitions come from each other", kLongestLineage))
            .at(where);
    }
}

} // namespace

Lineage load_lineage(const Reference& reference, const Library& library) {
    if (reference.kind == ReferenceKind::image) {
        throw Error(
            ErrorKind::definition, fmt::format("{} is an image, no definition", reference.name),
            fmt::format("name a file that says: from: {}", reference.name));
    }
    Lineage lineage;
    std::vector<Ancestor>& line = lineage.ancestors;
    line.push_back(load(reference, nullptr, {}, library));
    while (line.back().draft.parent) {
        Ancestor& child = line.back();
        const Parent parent = *child.draft.parent;
        const Reference next = parse_reference(parent);
        child.parent_variant = next.variant;
        child.parent_where = parent.where;
        if (next.kind == ReferenceKind::image) {
            lineage.base_image = image_below(next.name, child.draft.step.directory);
            return lineage;
        }
        Ancestor loaded = with_context(fmt::format("reading what {} comes from", child.shown), [&] {
            return load(next, &child, parent.where, library);
        });
        check_line(line, loaded, parent.where);
        line.push_back(std::move(loaded));
    }
    return lineage;
}

} // namespace pare::definition
