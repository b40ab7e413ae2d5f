// SPDX-License-Identifier: Apache-2.0
#include "cli/diff_result.hh"

#include "cli/image_words.hh"
#include "cli/output.hh"
#include "cli/result_json.hh"
#include "cli/source_options.hh"
#include "cli/terminal.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>

namespace pare::cli {

namespace {

using build::ImageChanges;
using Rows = std::vector<std::vector<std::string>>;

/// How many files a person reads; --json has them all.
constexpr std::size_t kMostFiles = 50;

std::string section(const std::string& title, const Rows& rows) {
    return rows.empty() ? "" : "  " + title + "\n" + render_table(rows);
}

std::string or_none(const std::string& value) {
    return value.empty() ? "none" : value;
}

std::string words_of(const inspect::Differing& differing) {
    return differing.left.empty() && differing.right.empty()
               ? differing.what
               : fmt::format(
                     "{} {} -> {}", differing.what, or_none(differing.left),
                     or_none(differing.right));
}

std::string size_change(std::uint64_t before, std::uint64_t after) {
    const std::uint64_t change = before < after ? after - before : before - after;
    return fmt::format(
        "{} -> {} ({}{})", format_size(before), format_size(after), before <= after ? "+" : "-",
        format_size(change));
}

std::string sizes_text(const ImageChanges& changes) {
    return render_table(
        {{"  compressed", size_change(changes.before.compressed, changes.after.compressed)},
         {"  files", size_change(changes.before.files, changes.after.files)},
         {"  entries", fmt::format("{} -> {}", changes.before.paths, changes.after.paths)},
         {"  layers", fmt::format("{} -> {}", changes.before.layers, changes.after.layers)}});
}

std::string packages_text(const ImageChanges& changes) {
    Rows rows;
    std::string changelogs;
    for (const build::VersionChange& package : changes.packages) {
        const char* mark = package.before.empty() ? "+" : package.after.empty() ? "-" : "~";
        const std::string versions = package.before.empty() ? package.after
                                     : package.after.empty()
                                         ? package.before
                                         : fmt::format("{} -> {}", package.before, package.after);
        rows.push_back(
            {fmt::format("    {}", mark), package.name, versions,
             std::string(ecosystem_name(package.ecosystem))});
        if (!package.changelog.empty()) {
            changelogs += fmt::format(
                "  changelog of {}\n{}\n", printable_line(package.name),
                printable(package.changelog));
        }
    }
    return section("packages", rows) + changelogs;
}

bool only_times(const inspect::PathDifference& path) {
    return path.where == inspect::Side::both &&
           std::ranges::all_of(path.differing, [](const inspect::Differing& differing) {
               return differing.what == "mtime";
           });
}

std::string files_text(const ImageChanges& changes) {
    Rows rows;
    std::size_t times = 0;
    std::size_t left_out = 0;
    for (const inspect::PathDifference& path : changes.files) {
        if (only_times(path)) {
            ++times;
            continue;
        }
        if (rows.size() >= kMostFiles) {
            ++left_out;
            continue;
        }
        std::vector<std::string> words;
        for (const inspect::Differing& differing : path.differing) {
            if (differing.what != "mtime") {
                words.push_back(words_of(differing));
            }
        }
        const char* mark = path.where == inspect::Side::right  ? "+"
                           : path.where == inspect::Side::left ? "-"
                                                               : "~";
        rows.push_back({fmt::format("    {}", mark), path.path, join(words, "; ")});
    }
    std::string text = section("files", rows);
    if (left_out > 0) {
        text += fmt::format("    and {} more: see them with --json\n", left_out);
    }
    if (times > 0) {
        text += fmt::format("  {} more files differ in their times alone\n", times);
    }
    return text;
}

std::string platform_text(const ImageChanges& changes) {
    const std::string name = platform_name(changes.platform);
    if (changes.is_same()) {
        return fmt::format("{}: the same, {}\n", name, changes.before_digest);
    }
    if (changes.before_digest.empty() || changes.after_digest.empty()) {
        return fmt::format(
            "{}: only in the {} image\n", name, changes.after_digest.empty() ? "first" : "second");
    }
    Rows config;
    for (const inspect::Differing& differing : changes.config) {
        config.push_back({"    " + words_of(differing)});
    }
    std::string text =
        fmt::format("{}: {} -> {}\n", name, changes.before_digest, changes.after_digest) +
        sizes_text(changes) + packages_text(changes) + files_text(changes) +
        section("config", config);
    if (changes.packages.empty() && changes.files.empty() && changes.config.empty()) {
        text += "  other layers or other bytes that show the same\n";
    }
    return text;
}

json::Value sizes_json(const build::Sizes& sizes) {
    return json::Object{
        {"compressed", sizes.compressed},
        {"files", sizes.files},
        {"entries", std::uint64_t{sizes.paths}},
        {"layers", std::uint64_t{sizes.layers}}};
}

json::Array differing_json(const std::vector<inspect::Differing>& list) {
    json::Array array;
    for (const inspect::Differing& differing : list) {
        array.emplace_back(json::Object{
            {"what", differing.what}, {"before", differing.left}, {"after", differing.right}});
    }
    return array;
}

json::Value files_json(const ImageChanges& changes) {
    json::Array files;
    for (const inspect::PathDifference& path : changes.files) {
        const char* change = path.where == inspect::Side::right  ? "added"
                             : path.where == inspect::Side::left ? "removed"
                                                                 : "changed";
        files.emplace_back(json::Object{
            {"path", path.path},
            {"change", change},
            {"differing", differing_json(path.differing)}});
    }
    return files;
}

json::Value packages_json(const ImageChanges& changes) {
    json::Array packages;
    for (const build::VersionChange& package : changes.packages) {
        const char* change = package.before.empty()  ? "added"
                             : package.after.empty() ? "removed"
                                                     : "changed";
        packages.emplace_back(json::Object{
            {"ecosystem", ecosystem_name(package.ecosystem)},
            {"name", package.name},
            {"change", change},
            {"before", package.before},
            {"after", package.after},
            {"changelog", package.changelog}});
    }
    return packages;
}

} // namespace

std::string changes_text(const std::vector<ImageChanges>& platforms) {
    std::string text;
    for (const ImageChanges& changes : platforms) {
        text += platform_text(changes);
    }
    return text;
}

json::Value changes_json(
    const std::string& before, const std::string& after,
    const std::vector<ImageChanges>& platforms) {
    json::Array all;
    for (const ImageChanges& changes : platforms) {
        all.emplace_back(json::Object{
            {"platform", platform_json(changes.platform)},
            {"before", changes.before_digest},
            {"after", changes.after_digest},
            {"same", changes.is_same()},
            {"sizes",
             json::Object{
                 {"before", sizes_json(changes.before)}, {"after", sizes_json(changes.after)}}},
            {"packages", packages_json(changes)},
            {"files", files_json(changes)},
            {"config", differing_json(changes.config)}});
    }
    return json::Object{
        {"before", before},
        {"after", after},
        {"same", std::ranges::all_of(platforms, &ImageChanges::is_same)},
        {"platforms", std::move(all)}};
}

} // namespace pare::cli
