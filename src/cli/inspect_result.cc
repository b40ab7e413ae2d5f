// SPDX-License-Identifier: Apache-2.0
// Text for people: what an image is, what its layers and packages cost, what is wrong with it; of
// the tree the upper directories, or the entries that were asked for.
#include "cli/inspect_result.hh"

#include "cli/image_words.hh"
#include "cli/output.hh"
#include "cli/source_options.hh"
#include "cli/terminal.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>

namespace pare::cli {

namespace {

using build::Inspection;
using Rows = std::vector<std::vector<std::string>>;

/// How many wasted paths, needs and packages of a layer a person reads; --json has them all.
constexpr std::size_t kMostWasted = 10;
constexpr std::size_t kMostUnmet = 20;
constexpr std::size_t kMostPackages = 3;
/// How many bytes of what made a layer stand behind each entry.
constexpr std::size_t kMostOrigin = 40;
constexpr std::ptrdiff_t kTreeDepth = 2;

std::string percent(double part) {
    return fmt::format("{:.2f} %", part * 100);
}

std::string section(const std::string& title, const Rows& rows) {
    return rows.empty() ? "" : "\n" + title + "\n" + render_table(rows);
}

std::string config_text(const Inspection& image) {
    const oci::Image& described = image.entry.image;
    const oci::RunConfig& config = described.config;
    Rows rows;
    const auto add = [&](const char* name, const std::string& value) {
        if (!value.empty()) {
            rows.push_back({"  ", name, value});
        }
    };
    add("digest", image.entry.manifest.digest);
    add("created", format_time(described.created));
    add("author", described.author);
    add("user", config.user);
    add("entrypoint", join(config.entrypoint, " "));
    add("cmd", join(config.cmd, " "));
    add("directory", config.working_dir);
    add("environment", join(config.env, " "));
    add("ports", join(config.exposed_ports, " "));
    add("volumes", join(config.volumes, " "));
    add("stop signal", config.stop_signal);
    add("health check", config.healthcheck ? join(config.healthcheck->test, " ") : "");
    for (const auto& [key, value] : config.labels) {
        rows.push_back({"  ", "label", key + "=" + value});
    }
    for (const auto& [key, value] : described.annotations) {
        rows.push_back({"  ", "annotation", key + "=" + value});
    }
    return render_table(rows);
}

std::string few(std::vector<std::string> names) {
    const std::size_t count = names.size();
    names.resize(std::min(count, kMostPackages));
    return join(names, ", ") +
           (count > kMostPackages ? fmt::format(" and {} more", count - kMostPackages) : "");
}

std::string layers_text(const Inspection& image) {
    Rows rows{{"  #", "size", "compressed", "entries", "packages", "created by"}};
    for (std::size_t i = 0; i < image.layers.size(); ++i) {
        const oci::Layer& layer = image.entry.image.layers[i];
        rows.push_back(
            {fmt::format("  {}", i + 1), format_size(bytes_of(*image.layers[i])),
             format_size(layer.descriptor.size), std::to_string(image.layers[i]->entries.size()),
             few(packages_in_layer(image, i)), layer.created_by});
    }
    return section("layers", rows);
}

std::string efficiency_text(const Inspection& image) {
    const inspect::Efficiency& efficiency = image.efficiency;
    const auto part = efficiency.wasted_part();
    std::string text = fmt::format(
        "\nefficiency {}, {} wasted{}\n", percent(efficiency.score), format_size(efficiency.wasted),
        part ? fmt::format(" ({} of the layers above the lowest)", percent(*part)) : "");
    Rows rows;
    for (const inspect::RepeatedPath& one : efficiency.repeated) {
        if (one.bytes > 0 && rows.size() < kMostWasted) {
            rows.push_back(
                {"  " + format_size(one.bytes), fmt::format("{} times", one.count),
                 one.path.absolute()});
        }
    }
    return text + render_table(rows);
}

std::string packages_text(const Inspection& image) {
    const std::vector<std::uint64_t> sizes = image.package_sizes();
    Rows rows;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        const sbom::Package& package = image.document.packages[i];
        rows.push_back(
            {"  " + package.name, package.version, package.architecture,
             std::string(ecosystem_name(package.ecosystem)), format_size(sizes[i]),
             package.reason});
    }
    return section(fmt::format("packages: {}", rows.size()), rows);
}

std::string counts_text(const char* title, const std::map<std::string, std::size_t>& counts) {
    Rows rows;
    for (const auto& [name, count] : counts) {
        rows.push_back({fmt::format("  {}", count), name});
    }
    return section(title, rows);
}

std::string uses_text(const Inspection& image) {
    std::string text = counts_text("ELF files", image.elf.kinds) +
                       counts_text("interpreters of ELF files", image.elf.interpreters) +
                       counts_text("interpreters of scripts", image.elf.scripts);
    std::map<ImagePath, std::size_t> users;
    for (const build::Use& use : image.uses.libraries) {
        ++users[use.of];
    }
    std::vector<std::pair<std::size_t, ImagePath>> most;
    for (const auto& [path, count] : users) {
        most.emplace_back(count, path);
    }
    std::ranges::stable_sort(most, std::greater(), &std::pair<std::size_t, ImagePath>::first);
    Rows rows;
    for (const auto& [count, path] : most) {
        if (rows.size() < kMostWasted) {
            rows.push_back({fmt::format("  {}", count), path.absolute()});
        }
    }
    text += section("most used libraries", rows);
    rows.clear();
    for (const build::Unmet& unmet : image.uses.unmet) {
        if (rows.size() < kMostUnmet) {
            rows.push_back({"  " + unmet.by.absolute(), "needs " + unmet.name});
        }
    }
    if (image.uses.unmet.size() > kMostUnmet) {
        rows.push_back({fmt::format("  and {} more", image.uses.unmet.size() - kMostUnmet)});
    }
    return text + section("needed and not there", rows);
}

/// Who brought an entry: its package, or the beginning of what made its layer.
std::string origin_text(const Inspection& image, const ImagePath& path, std::size_t layer) {
    if (const auto package = image.package_of(path)) {
        return image.document.packages[*package].name;
    }
    const std::string& made_by = image.entry.image.layers[layer].created_by;
    const bool is_long = made_by.size() > kMostOrigin;
    return made_by.empty()
               ? ""
               : fmt::format("({}{})", made_by.substr(0, kMostOrigin), is_long ? "..." : "");
}

/// Each entry that was asked for.
std::string list_text(const Inspection& image, const std::vector<ImagePath>& paths) {
    Rows rows;
    rows.reserve(paths.size());
    for (const ImagePath& path : paths) {
        const inspect::Placed& placed = image.files.entries().at(path);
        const inspect::Entry& entry = *placed.entry;
        rows.push_back(
            {mode_text(entry), fmt::format("{}:{}", entry.uid, entry.gid),
             std::to_string(entry.size), fmt::format("#{}", placed.layer + 1),
             path_text(path, entry), origin_text(image, path, placed.layer)});
    }
    return render_table(rows);
}

/// The upper directories with all that is in them.
std::string tree_text(const Inspection& image) {
    struct Sum {
        std::uint64_t bytes = 0;
        std::size_t entries = 0;
    };

    std::map<ImagePath, Sum> sums;
    for (const auto& [path, placed] : image.files.entries()) {
        const bool is_file = placed.entry->type == archive::TarType::file;
        ImagePath up = path;
        if (!placed.entry->is_directory()) {
            up = path.parent();
        }
        for (; !up.is_root(); up = up.parent()) {
            if (std::ranges::count(up.relative(), '/') < kTreeDepth) {
                Sum& sum = sums[up];
                sum.bytes += is_file ? placed.entry->size : 0;
                sum.entries += up == path ? 0U : 1U;
            }
        }
    }
    Rows rows;
    for (const auto& [path, sum] : sums) {
        const inspect::Entry* entry = image.files.find(path);
        rows.push_back(
            {"  " + (entry == nullptr ? std::string("d---------") : mode_text(*entry)),
             entry == nullptr ? "" : fmt::format("{}:{}", entry->uid, entry->gid),
             format_size(sum.bytes),
             fmt::format("{} {}", sum.entries, sum.entries == 1 ? "entry" : "entries"),
             path.absolute()});
    }
    return section("tree (--all, --path, --layer and --package list each entry)", rows);
}

bool path_matches(const std::string& wanted, const ImagePath& path) {
    const std::string pattern = wanted.starts_with('/') ? wanted.substr(1) : wanted;
    if (glob_matches(pattern, path.relative())) {
        return true;
    }
    const bool is_plain = pattern.find_first_of("*?") == std::string::npos;
    return is_plain && path.is_within(ImagePath::parse(pattern));
}

} // namespace

std::uint64_t bytes_of(const inspect::Layer& layer) {
    std::uint64_t bytes = 0;
    for (const auto& [path, entry] : layer.entries) {
        bytes += entry.type == archive::TarType::file ? entry.size : 0;
    }
    return bytes;
}

std::vector<std::string> packages_in_layer(const Inspection& image, std::size_t layer) {
    std::set<std::string> names;
    for (const auto& [path, entry] : image.layers[layer]->entries) {
        const auto package = entry.is_directory() ? std::nullopt : image.package_of(path);
        if (package) {
            names.insert(image.document.packages[*package].name);
        }
    }
    return {names.begin(), names.end()};
}

std::vector<ImagePath> pick(const Inspection& image, const EntryFilter& filter) {
    std::vector<ImagePath> picked;
    for (const auto& [path, placed] : image.files.entries()) {
        const bool of_path = filter.path.empty() || path_matches(filter.path, path);
        const bool of_layer = !filter.layer || placed.layer + 1 == *filter.layer;
        if (!of_path || !of_layer) {
            continue;
        }
        const auto package = filter.package.empty() ? std::nullopt : image.package_of(path);
        if (filter.package.empty() ||
            (package && image.document.packages[*package].name == filter.package)) {
            picked.push_back(path);
        }
    }
    return picked;
}

std::string inspection_text(const Inspection& image, const EntryFilter& filter) {
    if (filter.lists()) {
        return list_text(image, pick(image, filter));
    }
    return fmt::format(
               "{} {}\n", printable_line(image.name), platform_name(image.entry.image.platform)) +
           config_text(image) + layers_text(image) + efficiency_text(image) + packages_text(image) +
           uses_text(image) + tree_text(image);
}

} // namespace pare::cli
