// SPDX-License-Identifier: Apache-2.0
#include "cli/rebuild_result.hh"

#include "cli/result_json.hh"
#include "cli/source_options.hh"
#include "support/text.hh"

#include <fmt/core.h>

namespace pare::cli {

namespace {

/// How many files of a layer a person reads; --json has them all.
constexpr std::size_t kMostFiles = 20;

std::string words_of(const inspect::Differing& differing) {
    if (differing.left.empty() && differing.right.empty()) {
        return differing.what;
    }
    const auto shown = [](const std::string& value) { return value.empty() ? "none" : value; };
    return fmt::format(
        "{} {}, rebuilt {}", differing.what, shown(differing.left), shown(differing.right));
}

std::string words_of(const inspect::PathDifference& difference) {
    if (difference.where == inspect::Side::left) {
        return "only in the image";
    }
    if (difference.where == inspect::Side::right) {
        return "only in the rebuilt one";
    }
    std::vector<std::string> words;
    for (const inspect::Differing& differing : difference.differing) {
        words.push_back(words_of(differing));
    }
    return join(words, "; ");
}

std::string layer_text(const build::LayerDifference& layer) {
    std::string text = fmt::format(
        "  layer {} ({}):", layer.left.value_or(layer.right.value_or(0)) + 1,
        printable_line(layer.created_by));
    if (layer.only_compression) {
        return text + " only its compression differs\n";
    }
    if (!layer.left || !layer.right) {
        return text + (layer.left ? " only in the image\n" : " only in the rebuilt one\n");
    }
    text += "\n";
    for (std::size_t i = 0; i < std::min(kMostFiles, layer.paths.size()); ++i) {
        const inspect::PathDifference& path = layer.paths[i];
        text += fmt::format(
            "    {}{}{}\n", printable_line(path.path), path.path.empty() ? "" : ": ",
            printable_line(words_of(path)));
    }
    if (layer.paths.size() > kMostFiles) {
        text +=
            fmt::format("    and {} more: see them with --json\n", layer.paths.size() - kMostFiles);
    }
    return text;
}

std::string platform_text(const build::ComparedPlatform& platform) {
    const std::string name = platform_name(platform.platform);
    if (platform.digest == platform.rebuilt_digest) {
        return fmt::format("{}: the same, {}\n", name, platform.digest);
    }
    if (platform.rebuilt_digest.empty() || platform.digest.empty()) {
        return fmt::format(
            "{}: only in the {}\n", name, platform.digest.empty() ? "rebuilt one" : "image");
    }
    std::string text =
        fmt::format("{}: {}, rebuilt {}\n", name, platform.digest, platform.rebuilt_digest);
    for (const inspect::Differing& differing : platform.difference.config) {
        text += fmt::format("  {}\n", printable_line(words_of(differing)));
    }
    for (const build::LayerDifference& layer : platform.difference.layers) {
        text += layer_text(layer);
    }
    if (platform.difference.none()) {
        text += "  manifest or configuration: other bytes that say the same\n";
    }
    return text;
}

json::Array differing_json(const std::vector<inspect::Differing>& list) {
    json::Array array;
    for (const inspect::Differing& differing : list) {
        array.emplace_back(json::Object{
            {"what", differing.what}, {"image", differing.left}, {"rebuilt", differing.right}});
    }
    return array;
}

std::string_view side_name(inspect::Side side) {
    return side == inspect::Side::left    ? "image"
           : side == inspect::Side::right ? "rebuilt"
                                          : "both";
}

json::Value layer_json(const build::LayerDifference& layer) {
    const auto number = [](const std::optional<std::size_t>& index) {
        return index ? json::Value(std::uint64_t{*index}) : json::Value();
    };
    json::Array paths;
    for (const inspect::PathDifference& path : layer.paths) {
        paths.emplace_back(json::Object{
            {"path", path.path},
            {"in", side_name(path.where)},
            {"differing", differing_json(path.differing)}});
    }
    return json::Object{
        {"image", number(layer.left)},
        {"rebuilt", number(layer.right)},
        {"created_by", layer.created_by},
        {"only_compression", layer.only_compression},
        {"paths", std::move(paths)}};
}

json::Value platform_document(const build::ComparedPlatform& platform) {
    json::Array layers;
    for (const build::LayerDifference& layer : platform.difference.layers) {
        layers.emplace_back(layer_json(layer));
    }
    return json::Object{
        {"platform", platform_json(platform.platform)},
        {"digest", platform.digest},
        {"rebuilt", platform.rebuilt_digest},
        {"same", platform.digest == platform.rebuilt_digest},
        {"config", differing_json(platform.difference.config)},
        {"layers", std::move(layers)}};
}

} // namespace

std::string ProvenanceOrigin::sentence() const {
    return signer.empty() ? fmt::format("provenance: {}, nobody signed it", place)
                          : fmt::format("provenance: signed by {} ({})", signer, place);
}

std::string verdict_text(
    const std::string& image, const build::RebuildResult& result, const ProvenanceOrigin& origin) {
    std::string text = fmt::format(
        "{}@{}: {}\n", image, result.digest,
        result.is_same() ? "the same, bit for bit"
                         : fmt::format("different, rebuilt {}", result.rebuilt_digest));
    bool differs = false;
    for (const build::ComparedPlatform& platform : result.platforms) {
        text += platform_text(platform);
        differs = differs || platform.digest != platform.rebuilt_digest;
    }
    if (!result.is_same() && !differs) {
        text += "index: other bytes over the same images\n";
    }
    for (const std::string& note : result.notes) {
        text += fmt::format("note: {}\n", printable_line(note));
    }
    return text + printable_line(origin.sentence()) + "\n";
}

json::Value rebuild_json(
    const std::string& image, const build::RebuildResult& result, const ProvenanceOrigin& origin) {
    json::Array platforms;
    for (const build::ComparedPlatform& platform : result.platforms) {
        platforms.emplace_back(platform_document(platform));
    }
    json::Array written;
    for (const oci::Written& one : result.written) {
        written.emplace_back(written_json(one));
    }
    return json::Object{
        {"image", image},
        {"digest", result.digest},
        {"rebuilt", result.rebuilt_digest},
        {"same", result.is_same()},
        {"provenance",
         json::Object{
             {"place", origin.place},
             {"signer", origin.signer.empty() ? json::Value() : json::Value(origin.signer)}}},
        {"notes", json::Array(result.notes.begin(), result.notes.end())},
        {"platforms", std::move(platforms)},
        {"tags", std::move(written)}};
}

} // namespace pare::cli
