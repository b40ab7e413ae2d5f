// SPDX-License-Identifier: Apache-2.0
#include "cli/build_result.hh"

#include "cli/result_json.hh"
#include "cli/source_options.hh"
#include "support/text.hh"

#include <fmt/core.h>

namespace pare::cli {

namespace {

/// `1 layer`, `2 layers`.
std::string count(std::size_t number, std::string_view thing) {
    return fmt::format("{} {}{}", number, thing, number == 1 ? "" : "s");
}

} // namespace

std::string written_lines(const std::vector<oci::Written>& written) {
    std::string text;
    for (const oci::Written& each : written) {
        text += fmt::format("{}@{}\n", each.tag, each.descriptor.digest);
    }
    return text;
}

std::string written_lines(const build::Result& result) {
    return written_lines(result.written);
}

void tell_images(const build::Result& result, Session& session) {
    std::chrono::nanoseconds time{};
    std::string stages;
    for (const build::StageTime& stage : result.stages) {
        time += stage.time;
        stages += fmt::format(
            "{}{} {}", stages.empty() ? "" : ", ", stage_name(stage.stage),
            format_duration(stage.time));
    }
    for (const build::BuiltImage& built : result.images) {
        std::uint64_t size = 0;
        for (const oci::Layer& layer : built.image.layers) {
            size += layer.descriptor.size;
        }
        session.progress.message(
            Severity::info,
            fmt::format(
                "{} {}: {} in {}, {}{}", built.tag, platform_name(built.image.platform),
                format_size(size), count(built.image.layers.size(), "layer"),
                count(built.packages.size(), "package"),
                built.from_cache ? ", nothing had changed" : ""));
    }
    session.progress.message(Severity::debug, stages);
    session.progress.message(
        Severity::info,
        fmt::format(
            "done in {}, {} fetched", format_duration(time), format_size(result.downloaded)));
}

} // namespace pare::cli
