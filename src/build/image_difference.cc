// SPDX-License-Identifier: Apache-2.0
// Layers that both sides have at their bottom or at their top are the same ones; those between are
// compared one by one, so that a layer that was put in does not make all others differ.
#include "build/image_difference.hh"

#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <utility>

namespace pare::build {

namespace {

using inspect::Differing;

/// Collects texts that differ.
class Config {
public:
    void add(std::string what, const std::string& left, const std::string& right) {
        if (left != right) {
            all_.push_back({std::move(what), left, right});
        }
    }

    void
    add(const std::string& what, const std::map<std::string, std::string>& left,
        const std::map<std::string, std::string>& right) {
        using Text = std::optional<std::string>;
        std::map<std::string, std::pair<Text, Text>> both;
        for (const auto& [key, value] : left) {
            both[key].first = value;
        }
        for (const auto& [key, value] : right) {
            both[key].second = value;
        }
        for (const auto& [key, values] : both) {
            if (values.first != values.second) {
                all_.push_back(
                    {fmt::format("{} {}", what, key), values.first.value_or(""),
                     values.second.value_or("")});
            }
        }
    }

    void
    add(const std::string& what, const std::vector<std::string>& left,
        const std::vector<std::string>& right) {
        if (left != right) {
            all_.push_back({what, join(left, " "), join(right, " ")});
        }
    }

    void add(const std::string& what, bool same) {
        if (!same) {
            all_.push_back({.what = what});
        }
    }

    std::vector<Differing> take() { return std::move(all_); }

private:
    std::vector<Differing> all_;
};

std::map<std::string, std::string> variables(const std::vector<std::string>& env) {
    std::map<std::string, std::string> map;
    for (const std::string& one : env) {
        const std::size_t equals = std::min(one.find('='), one.size());
        map[one.substr(0, equals)] = one.substr(std::min(equals + 1, one.size()));
    }
    return map;
}

bool same_tar(const oci::Layer& left, const oci::Layer& right) {
    return left.diff_id == right.diff_id;
}

class LayerComparison {
public:
    LayerComparison(const OpenImage& left, const OpenImage& right) : left_(left), right_(right) {}

    std::vector<LayerDifference> run() {
        const std::vector<oci::Layer>& ours = left_.image.layers;
        const std::vector<oci::Layer>& theirs = right_.image.layers;
        const std::size_t most = std::min(ours.size(), theirs.size());
        std::size_t below = 0;
        while (below < most && same_tar(ours[below], theirs[below])) {
            compare(below, below);
            ++below;
        }
        std::size_t above = 0;
        while (above < most - below &&
               same_tar(ours[ours.size() - 1 - above], theirs[theirs.size() - 1 - above])) {
            ++above;
        }
        const std::size_t left_end = ours.size() - above;
        const std::size_t right_end = theirs.size() - above;
        for (std::size_t i = below; i < std::max(left_end, right_end); ++i) {
            compare_or_miss(
                i < left_end ? std::optional(i) : std::nullopt,
                i < right_end ? std::optional(i) : std::nullopt);
        }
        for (std::size_t i = 0; i < above; ++i) {
            compare(left_end + i, right_end + i);
        }
        return std::move(differences_);
    }

private:
    void compare_or_miss(std::optional<std::size_t> left, std::optional<std::size_t> right) {
        if (left && right) {
            compare(*left, *right);
            return;
        }
        const oci::Layer& layer = left ? left_.image.layers[*left] : right_.image.layers[*right];
        differences_.push_back({.left = left, .right = right, .created_by = layer.created_by});
    }

    void compare(std::size_t left, std::size_t right) {
        const oci::Layer& ours = left_.image.layers[left];
        const oci::Layer& theirs = right_.image.layers[right];
        if (ours.descriptor.digest == theirs.descriptor.digest &&
            ours.descriptor.media_type == theirs.descriptor.media_type) {
            return;
        }
        LayerDifference difference{
            .left = left,
            .right = right,
            .created_by = theirs.created_by,
            .only_compression = same_tar(ours, theirs)};
        if (!difference.only_compression) {
            difference.paths = inspect::compare_tars(
                [&] { return left_.open(ours); }, [&] { return right_.open(theirs); },
                ours.descriptor.digest);
        }
        differences_.push_back(std::move(difference));
    }

    const OpenImage& left_;
    const OpenImage& right_;
    std::vector<LayerDifference> differences_{};
};

} // namespace

std::vector<Differing> compare_configs(const oci::Image& left, const oci::Image& right) {
    const oci::RunConfig& ours = left.config;
    const oci::RunConfig& theirs = right.config;
    Config config;
    config.add("user", ours.user, theirs.user);
    config.add("environment", variables(ours.env), variables(theirs.env));
    config.add("entrypoint", ours.entrypoint, theirs.entrypoint);
    config.add("cmd", ours.cmd, theirs.cmd);
    config.add("working directory", ours.working_dir, theirs.working_dir);
    config.add("ports", ours.exposed_ports, theirs.exposed_ports);
    config.add("volumes", ours.volumes, theirs.volumes);
    config.add("label", ours.labels, theirs.labels);
    config.add("stop signal", ours.stop_signal, theirs.stop_signal);
    config.add("health check", ours.healthcheck == theirs.healthcheck);
    config.add("shell", ours.shell, theirs.shell);
    config.add("on-build commands", ours.on_build, theirs.on_build);
    config.add("created", format_time(left.created), format_time(right.created));
    config.add("author", left.author, right.author);
    config.add("annotation", left.annotations, right.annotations);
    if (left.layers.size() == right.layers.size()) {
        config.add("history", oci::history_of(left) == oci::history_of(right));
    }
    return config.take();
}

ImageDifference compare_images(const OpenImage& left, const OpenImage& right) {
    return {
        .config = compare_configs(left.image, right.image),
        .layers = LayerComparison(left, right).run()};
}

} // namespace pare::build
