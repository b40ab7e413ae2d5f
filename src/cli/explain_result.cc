// SPDX-License-Identifier: Apache-2.0
#include "cli/explain_result.hh"

#include "cli/image_words.hh"
#include "cli/terminal.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>

namespace pare::cli {

namespace {

using build::Inspection;
using build::PackageExplanation;
using build::PathExplanation;

/// How many names of one kind a person reads; --json has them all.
constexpr std::size_t kMost = 20;

/// Lines for people, one thing each.
class Lines {
public:
    void add(const std::string& line) { text_ += "  " + printable_line(line) + "\n"; }

    void add_all(const std::string& title, const std::vector<std::string>& all) {
        for (std::size_t i = 0; i < std::min(kMost, all.size()); ++i) {
            add(fmt::format("{}: {}", title, all[i]));
        }
        if (all.size() > kMost) {
            add(fmt::format("{}: and {} more", title, all.size() - kMost));
        }
    }

    [[nodiscard]] const std::string& text() const { return text_; }

private:
    std::string text_{};
};

std::string name_of(const Inspection& image, std::size_t package) {
    return image.document.packages[package].name;
}

std::vector<std::string> names_of(const Inspection& image, const std::vector<std::size_t>& list) {
    std::vector<std::string> names;
    names.reserve(list.size());
    for (const std::size_t package : list) {
        names.push_back(name_of(image, package));
    }
    return names;
}

std::vector<std::string> absolute(const std::vector<ImagePath>& paths) {
    std::vector<std::string> names;
    names.reserve(paths.size());
    for (const ImagePath& path : paths) {
        names.push_back(path.absolute());
    }
    return names;
}

std::vector<std::string> users_of(const std::vector<build::Use>& uses) {
    std::vector<std::string> names;
    names.reserve(uses.size());
    for (const build::Use& use : uses) {
        names.push_back(fmt::format("{} (as {})", use.by.absolute(), use.as));
    }
    return names;
}

std::string created_by(const Inspection& image, std::size_t layer) {
    const std::string& text = image.entry.image.layers[layer].created_by;
    return text.empty() ? "the history does not say how it was made" : text;
}

/// Why the package is there, as far as anything says so.
void add_reasons(const Inspection& image, const PackageExplanation& of, Lines& lines) {
    const sbom::Package& package = image.document.packages[of.package];
    if (!package.reason.empty()) {
        lines.add("reason: " + package.reason + " (by the provenance beside the image)");
    }
    if (of.chain.size() > 1) {
        lines.add("needed by: " + join(names_of(image, of.chain), " -> "));
    } else if (of.chain.empty()) {
        lines.add(
            "needed by: " + join(names_of(image, of.dependents), ", ") +
            ", which need each other in a circle");
    } else if (package.reason.empty()) {
        lines.add("needed by: no other package; who asked for it is unknown");
    }
}

void add_package(const Inspection& image, const PackageExplanation& of, Lines& lines) {
    const sbom::Package& package = image.document.packages[of.package];
    std::string source;
    if (!package.source.empty()) {
        source = fmt::format(
            ", source {}{}{}", package.source, package.source_version.empty() ? "" : " ",
            package.source_version);
    }
    lines.add(fmt::format(
        "package: {} ({}{})", package_words(package), ecosystem_name(package.ecosystem), source));
    add_reasons(image, of, lines);
}

void add_appearances(const Inspection& image, const PathExplanation& of, Lines& lines) {
    for (std::size_t i = 0; i < of.appearances.size(); ++i) {
        const build::Appearance& appearance = of.appearances[i];
        const bool is_new = i == 0 || of.appearances[i - 1].removes;
        const char* what = appearance.removes ? "removed" : is_new ? "brought" : "replaced";
        lines.add(fmt::format(
            "{} by layer {} of {}: {}", what, appearance.layer + 1, image.layers.size(),
            created_by(image, appearance.layer)));
    }
}

bool is_used(const PathExplanation& of) {
    return of.is_started || !of.libraries.empty() || !of.scripts.empty() || !of.links.empty();
}

json::Array names_json(const std::vector<std::string>& names) {
    return {names.begin(), names.end()};
}

json::Array uses_json(const std::vector<build::Use>& uses) {
    json::Array all;
    for (const build::Use& use : uses) {
        all.emplace_back(
            json::Object{{"by", use.by.absolute()}, {"of", use.of.absolute()}, {"as", use.as}});
    }
    return all;
}

} // namespace

std::string path_text(const Inspection& image, const PathExplanation& of) {
    Lines lines;
    const inspect::Entry* entry = image.files.find(of.path);
    if (entry == nullptr) {
        lines.add("not in the image any more");
        add_appearances(image, of, lines);
        return printable_line(of.path.absolute()) + "\n" + lines.text();
    }
    lines.add(fmt::format(
        "{} {} {}:{} {}", type_name(entry->type), mode_text(*entry), entry->uid, entry->gid,
        format_size(entry->size)));
    if (entry->is_symlink()) {
        lines.add(of.leads_to ? "leads to: " + of.leads_to->absolute() : "leads nowhere");
    }
    add_appearances(image, of, lines);
    if (of.package) {
        add_package(image, *of.package, lines);
    } else {
        lines.add("package: unknown; no database in the image names it");
    }
    if (of.is_started) {
        lines.add("started by: the image's command");
    }
    lines.add_all("named by", users_of(of.libraries));
    lines.add_all("loaded in the end by", absolute(of.programs));
    lines.add_all("interpreter of", users_of(of.scripts));
    lines.add_all("linked from", absolute(of.links));
    if (!is_used(of) && !entry->is_directory()) {
        lines.add("used by: unknown; no program, script or link names it");
    }
    return printable_line(path_text(of.path, *entry)) + "\n" + lines.text();
}

std::string package_text(const Inspection& image, const PackageExplanation& of) {
    Lines lines;
    const sbom::Package& package = image.document.packages[of.package];
    add_package(image, of, lines);
    lines.add("declared in: " + package.declared_in.absolute());
    if (!package.url.empty()) {
        lines.add("from: " + package.url);
    }
    lines.add(fmt::format("size: {} in {} files", format_size(of.bytes), of.files.size()));
    lines.add_all("wanted by", names_of(image, of.dependents));
    lines.add_all("wants", names_of(image, package.depends));
    lines.add_all("used by", users_of(of.used));
    lines.add_all("file", absolute(of.files));
    return printable_line(package_words(package)) + "\n" + lines.text();
}

json::Value package_json(const Inspection& image, const PackageExplanation& of) {
    const sbom::Package& package = image.document.packages[of.package];
    return json::Object{
        {"ecosystem", ecosystem_name(package.ecosystem)},
        {"name", package.name},
        {"version", package.version},
        {"architecture", package.architecture},
        {"source", package.source},
        {"url", package.url},
        {"declared_in", package.declared_in.absolute()},
        {"reason", package.reason},
        {"chain", names_json(names_of(image, of.chain))},
        {"dependents", names_json(names_of(image, of.dependents))},
        {"depends", names_json(names_of(image, package.depends))},
        {"bytes", of.bytes},
        {"files", names_json(absolute(of.files))},
        {"used", uses_json(of.used)}};
}

json::Value path_json(const Inspection& image, const PathExplanation& of) {
    json::Array appearances;
    for (const build::Appearance& appearance : of.appearances) {
        appearances.emplace_back(json::Object{
            {"layer", std::uint64_t{appearance.layer + 1}},
            {"change", appearance.removes ? "removed" : "brought"},
            {"created_by", image.entry.image.layers[appearance.layer].created_by}});
    }
    return json::Object{
        {"path", of.path.absolute()},
        {"in_image", of.is_there},
        {"leads_to", of.leads_to ? json::Value(of.leads_to->absolute()) : json::Value()},
        {"layers", std::move(appearances)},
        {"package", of.package ? package_json(image, *of.package) : json::Value()},
        {"started", of.is_started},
        {"libraries", uses_json(of.libraries)},
        {"programs", names_json(absolute(of.programs))},
        {"scripts", uses_json(of.scripts)},
        {"links", names_json(absolute(of.links))}};
}

} // namespace pare::cli
