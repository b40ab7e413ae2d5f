// SPDX-License-Identifier: Apache-2.0
//   mount = field *("," field)        fields as in CSV: a field in double quotes may hold commas
//   field = key ["=" value]
//
// Dockerfile reference, "RUN --mount". Values with variables are not judged.
#include "dockerfile/mount.hh"

#include "dockerfile/flags.hh"
#include "dockerfile/line.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace pare::dockerfile {

namespace {

const std::vector<std::string>& types() {
    static const std::vector<std::string> names = {"bind", "cache", "tmpfs", "secret", "ssh"};
    return names;
}

const std::vector<std::string>& keys() {
    static const std::vector<std::string> names = {
        "type",    "from",     "source", "src",       "target", "dst",      "destination",
        "id",      "readonly", "ro",     "readwrite", "rw",     "required", "size",
        "sharing", "mode",     "uid",    "gid",       "env"};
    return names;
}

std::vector<std::string> csv_fields(const Word& flag, const std::string& file) {
    std::vector<std::string> fields(1);
    bool quoted = false;
    for (std::size_t i = 0; i < flag.text.size(); ++i) {
        const char c = flag.text[i];
        if (c == '"' && quoted && i + 1 < flag.text.size() && flag.text[i + 1] == '"') {
            fields.back() += c;
            ++i;
        } else if (c == '"' && (quoted || fields.back().empty())) {
            quoted = !quoted;
        } else if (c == ',' && !quoted) {
            fields.emplace_back();
        } else {
            fields.back() += c;
        }
    }
    if (quoted) {
        refuse_word(file, flag, "a quote in --mount is not closed", "add the other \"");
    }
    return fields;
}

bool may_stand_alone(std::string_view key) {
    constexpr std::array<std::string_view, 5> kAlone = {
        "readonly", "ro", "readwrite", "rw", "required"};
    return std::find(kAlone.begin(), kAlone.end(), key) != kAlone.end();
}

void check_value(
    const Word& flag, const std::string& file, std::string_view what, const std::string& value,
    const std::vector<std::string>& allowed) {
    const bool known = std::find(allowed.begin(), allowed.end(), value) != allowed.end();
    if (!known && value.find('$') == std::string::npos) {
        const auto close = nearest(value, allowed);
        refuse_word(
            file, flag, fmt::format("\"{}\" is no {} of --mount", value, what),
            close ? fmt::format("did you mean {}?", *close) : "it is " + join(allowed, ", "));
    }
}

void set(Mount& mount, const std::string& key, std::string value) {
    if (key == "type") {
        mount.type = to_lower(value);
    } else if (key == "from") {
        mount.from = std::move(value);
    } else if (key == "source" || key == "src") {
        mount.source = std::move(value);
    } else if (key == "target" || key == "dst" || key == "destination") {
        mount.target = std::move(value);
    } else if (key == "id") {
        mount.id = std::move(value);
    } else {
        mount.options.emplace_back(key, std::move(value));
    }
}

/// What one type of mount does not have.
void check_together(const Mount& mount, const Word& flag, const std::string& file) {
    const auto has = [&mount](std::string_view key) {
        return std::any_of(mount.options.begin(), mount.options.end(), [key](const auto& option) {
            return option.first == key;
        });
    };
    const auto refuse = [&](std::string_view key) {
        refuse_word(
            file, flag, fmt::format("a mount of type {} has no {}", mount.type, key),
            "take it away or choose another type");
    };
    const bool owned = mount.type == "cache" || mount.type == "secret" || mount.type == "ssh";
    for (const std::string_view key : {"mode", "uid", "gid"}) {
        if (!owned && has(key)) {
            refuse(key);
        }
    }
    if (mount.type != "cache" && has("sharing")) {
        refuse("sharing");
    }
    if (mount.type != "tmpfs" && has("size")) {
        refuse("size");
    }
    if (mount.type != "secret" && mount.type != "ssh" && has("required")) {
        refuse("required");
    }
    if (mount.type == "secret" && !mount.from.empty()) {
        refuse("from");
    }
    if (mount.type == "secret" && mount.source.empty() && mount.target.empty() &&
        mount.id.empty()) {
        refuse_word(file, flag, "a secret mount names no secret", "add id=NAME");
    }
}

} // namespace

Mount parse_mount(const Word& flag, const std::string& file) {
    Mount mount;
    for (const std::string& field : csv_fields(flag, file)) {
        const std::size_t equals = field.find('=');
        const std::string key = to_lower(field.substr(0, equals));
        check_value(flag, file, "key", key, keys());
        if (equals == std::string::npos && !may_stand_alone(key)) {
            refuse_word(
                file, flag, fmt::format("\"{}\" of --mount has no value", key),
                fmt::format("write {}=VALUE", key));
        }
        std::string value = equals == std::string::npos ? "true" : field.substr(equals + 1);
        if (key == "from" && value.find('$') != std::string::npos) {
            refuse_word(
                file, flag, "from= of --mount does not expand variables",
                "give the image a stage: FROM image AS name, and from=name");
        }
        if (key == "sharing") {
            check_value(flag, file, "sharing", to_lower(value), {"shared", "private", "locked"});
        }
        set(mount, key, std::move(value));
    }
    check_value(flag, file, "type", mount.type, types());
    if (mount.type.find('$') == std::string::npos) {
        check_together(mount, flag, file);
    }
    return mount;
}

} // namespace pare::dockerfile
