// SPDX-License-Identifier: Apache-2.0
// Problem: a configuration is a copy of the base's with a few changes, and does not say which. The
// old base says it: what is equal there is the base's.
#include "build/config_merge.hh"

#include "support/json.hh"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace pare::build {

namespace {

using Strings = std::vector<std::string>;
using Text = std::optional<std::string>;

std::string describe(const std::string& value) {
    return value.empty() ? "nothing" : json::write(value);
}

std::string describe(const Text& value) {
    return value ? json::write(*value) : "nothing";
}

std::string describe(const Strings& value) {
    return value.empty() ? "nothing" : json::write(json::Array(value.begin(), value.end()));
}

std::string describe(std::int64_t value) {
    return value == 0 ? "nothing" : fmt::format("{}", value);
}

std::string describe(const std::optional<oci::Healthcheck>& value) {
    return value ? describe(value->test) : "nothing";
}

std::map<std::string, std::string> by_name(const Strings& environment) {
    std::map<std::string, std::string> variables;
    for (const std::string& variable : environment) {
        variables.insert_or_assign(variable.substr(0, variable.find('=')), variable);
    }
    return variables;
}

Text find(const std::map<std::string, std::string>& map, const std::string& key) {
    const auto found = map.find(key);
    return found == map.end() ? std::nullopt : Text(found->second);
}

class Merger {
public:
    Merger(const oci::Image& old_base, const oci::Image& image, const oci::Image& new_base)
        : old_(old_base), image_(image), new_(new_base) {}

    MergedImage run() {
        oci::Image& made = merged_.image;
        made.platform = image_.platform;
        made.created = std::max(image_.created, new_.created);
        made.author = image_.author == old_.author ? new_.author : image_.author;
        merge_config(made.config);
        merge_annotations(made.annotations);
        made.layers = new_.layers;
        made.layers.insert(
            made.layers.end(),
            image_.layers.begin() + static_cast<std::ptrdiff_t>(old_.layers.size()),
            image_.layers.end());
        made.history = merge_history();
        return std::move(merged_);
    }

private:
    template <typename Value>
    Value merge(const std::string& field, const Value& old, const Value& image, const Value& next) {
        if (image == old || image == next) {
            return next;
        }
        if (next != old) {
            merged_.conflicts.push_back(fmt::format(
                "{}: the image has {}, its base had {}, the new base has {}", field,
                describe(image), describe(old), describe(next)));
        }
        return image;
    }

    void merge_config(oci::RunConfig& made) {
        const oci::RunConfig& old = old_.config;
        const oci::RunConfig& own = image_.config;
        const oci::RunConfig& next = new_.config;
        made.user = merge("User", old.user, own.user, next.user);
        made.exposed_ports = merge_set(old.exposed_ports, own.exposed_ports, next.exposed_ports);
        merge_environment(made.env);
        made.entrypoint = merge("Entrypoint", old.entrypoint, own.entrypoint, next.entrypoint);
        made.cmd = merge_cmd();
        made.volumes = merge_set(old.volumes, own.volumes, next.volumes);
        made.working_dir = merge("WorkingDir", old.working_dir, own.working_dir, next.working_dir);
        merge_labels(made.labels);
        made.stop_signal = merge("StopSignal", old.stop_signal, own.stop_signal, next.stop_signal);
        made.stop_timeout =
            merge("StopTimeout", old.stop_timeout, own.stop_timeout, next.stop_timeout);
        made.healthcheck = merge("Healthcheck", old.healthcheck, own.healthcheck, next.healthcheck);
        made.shell = merge("Shell", old.shell, own.shell, next.shell);
        made.on_build = merge("OnBuild", old.on_build, own.on_build, next.on_build);
    }

    /// Elements are there or not, so two sides can never want three things.
    static Strings merge_set(const Strings& old, const Strings& image, const Strings& next) {
        std::set<std::string> made(next.begin(), next.end());
        for (const std::string& element : image) {
            if (std::ranges::find(old, element) == old.end()) {
                made.insert(element);
            }
        }
        for (const std::string& element : old) {
            if (std::ranges::find(image, element) == image.end()) {
                made.erase(element);
            }
        }
        return {made.begin(), made.end()};
    }

    /// In the order of the new base; the image's own behind.
    void merge_environment(Strings& made) {
        const auto old = by_name(old_.config.env);
        const auto image = by_name(image_.config.env);
        const auto next = by_name(new_.config.env);
        std::set<std::string> done;
        for (const Strings* side : {&new_.config.env, &image_.config.env}) {
            for (const std::string& variable : *side) {
                const std::string name = variable.substr(0, variable.find('='));
                if (!done.insert(name).second) {
                    continue;
                }
                const Text value =
                    merge("Env " + name, find(old, name), find(image, name), find(next, name));
                if (value) {
                    made.push_back(*value);
                }
            }
        }
    }

    Strings merge_cmd() {
        const oci::RunConfig& old = old_.config;
        const oci::RunConfig& own = image_.config;
        const oci::RunConfig& next = new_.config;
        if (own.entrypoint != old.entrypoint) {
            return own.cmd;
        }
        if (next.entrypoint != old.entrypoint && own.cmd != old.cmd) {
            merged_.conflicts.push_back(fmt::format(
                "Cmd: the image has {} for the entrypoint {} of its base, the new base has the "
                "entrypoint {}",
                describe(own.cmd), describe(old.entrypoint), describe(next.entrypoint)));
            return own.cmd;
        }
        return merge("Cmd", old.cmd, own.cmd, next.cmd);
    }

    void merge_labels(std::map<std::string, std::string>& made) {
        std::map<std::string, std::string> all = new_.config.labels;
        all.insert(image_.config.labels.begin(), image_.config.labels.end());
        for (const auto& [key, any] : all) {
            const Text old = find(old_.config.labels, key);
            const Text own = find(image_.config.labels, key);
            const Text next = find(new_.config.labels, key);
            const bool is_title = key.starts_with("org.opencontainers.image.") && own != old;
            if (const Text value = is_title ? own : merge("Labels " + key, old, own, next)) {
                made.emplace(key, *value);
            }
        }
    }

    void merge_annotations(std::map<std::string, std::string>& made) const {
        for (const auto& [key, value] : image_.annotations) {
            const bool is_base = key == oci::kBaseDigest || key == oci::kBaseName;
            const Text kept =
                find(old_.annotations, key) == value ? find(new_.annotations, key) : Text(value);
            if (kept && !is_base) {
                made.emplace(key, *kept);
            }
        }
    }

    /// Which entries are the old base's is told by what they say, since builders copy them; else by
    /// the number of layers.
    [[nodiscard]] std::vector<oci::HistoryEntry> merge_history() const {
        const std::vector<oci::HistoryEntry> old = oci::history_of(old_);
        const std::vector<oci::HistoryEntry> all = oci::history_of(image_);
        const auto same = [](const oci::HistoryEntry& left, const oci::HistoryEntry& right) {
            return left.created_by == right.created_by && left.empty_layer == right.empty_layer;
        };
        auto own = all.begin();
        if (old.size() <= all.size() && std::equal(old.begin(), old.end(), all.begin(), same)) {
            own += static_cast<std::ptrdiff_t>(old.size());
        } else {
            for (std::size_t layers = 0; layers < old_.layers.size() && own != all.end(); ++own) {
                layers += own->empty_layer ? 0U : 1U;
            }
        }
        std::vector<oci::HistoryEntry> history = oci::history_of(new_);
        history.insert(history.end(), own, all.end());
        return history;
    }

    const oci::Image& old_;
    const oci::Image& image_;
    const oci::Image& new_;
    MergedImage merged_{};
};

} // namespace

MergedImage
merge_images(const oci::Image& old_base, const oci::Image& image, const oci::Image& new_base) {
    return Merger(old_base, image, new_base).run();
}

} // namespace pare::build
