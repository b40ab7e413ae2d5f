// SPDX-License-Identifier: Apache-2.0
// /usr/lib/os-release (os-release(5)) with the fields that the definition sets. The fields that
// identify an image come first, in one order for all images; what else the file of base-files said
// stays. Values are always in double quotes.
#include "finish/os_release.hh"

#include "finish/parts.hh"
#include "finish/table.hh"
#include "support/error.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace pare::finish {

namespace {

constexpr std::array<std::string_view, 8> kFirst = {"PRETTY_NAME", "NAME",          "ID",
                                                    "VERSION_ID",  "VERSION",       "HOME_URL",
                                                    "SUPPORT_URL", "BUG_REPORT_URL"};

constexpr std::array<PackagePattern, 1> kFile = {{{"base-files", "usr/lib/os-release"}}};

bool is_key(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    });
}

std::string unquote(std::string_view text) {
    const std::vector<std::string> words = split_command(text);
    return words.empty() ? std::string() : words.front();
}

std::string quote(std::string_view text) {
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\' || c == '$' || c == '`') {
            quoted.push_back('\\');
        }
        quoted.push_back(c);
    }
    return quoted + "\"";
}

using Field = std::pair<std::string, std::string>;

void put(std::vector<Field>& fields, std::string_view key, std::string value) {
    const auto at = std::find_if(
        fields.begin(), fields.end(), [&](const Field& field) { return field.first == key; });
    if (at == fields.end()) {
        fields.emplace_back(key, std::move(value));
    } else {
        at->second = std::move(value);
    }
}

/// As a shell would take them: the last one of a name counts.
std::vector<Field> parse_fields(std::string_view text) {
    std::vector<Field> fields;
    for (const std::string_view raw : split(text, '\n')) {
        const std::string_view line = trim(raw);
        const std::size_t equals = line.find('=');
        if (equals != std::string_view::npos && is_key(line.substr(0, equals))) {
            put(fields, line.substr(0, equals), unquote(line.substr(equals + 1)));
        }
    }
    return fields;
}

void check_field(const std::string& key, const std::string& value) {
    if (!is_key(key) || value.find('\n') != std::string::npos) {
        throw Error(
            ErrorKind::definition, fmt::format("os-release cannot hold the field '{}'", key),
            "a field is named with A-Z, 0-9 and _, and its value is one line");
    }
}

std::vector<Generated> run(const Context& context) {
    const ImagePath path = ImagePath::parse("usr/lib/os-release");
    if (context.step.os_release.empty() || is_of_user(context, path)) {
        return {};
    }
    const auto packaged = context.aside.find(path);
    const Bytes earlier = packaged != context.aside.end() ? packaged->second
                                                          : context.content(path).value_or(Bytes());
    std::vector<Generated> made;
    made.push_back(make_file(context, path, write_os_release(earlier, context.step.os_release)));
    const ImagePath link = ImagePath::parse("etc/os-release");
    if (context.tree.find(link) == nullptr) {
        made.push_back(make_symlink(context, link, "../usr/lib/os-release"));
    }
    return made;
}

bool wanted(const definition::Step& step) {
    return !step.os_release.empty();
}

} // namespace

std::string
write_os_release(std::string_view earlier, const std::map<std::string, std::string>& changes) {
    std::vector<Field> fields = parse_fields(earlier);
    for (const auto& [key, value] : changes) {
        check_field(key, value);
        put(fields, key, value);
    }
    const auto is_first = [](const Field& field) {
        return std::find(kFirst.begin(), kFirst.end(), field.first) != kFirst.end();
    };
    std::string text;
    const auto append = [&text](const Field& field) {
        text += fmt::format("{}={}\n", field.first, quote(field.second));
    };
    for (const std::string_view key : kFirst) {
        const auto at = std::find_if(
            fields.begin(), fields.end(), [&](const Field& field) { return field.first == key; });
        if (at != fields.end()) {
            append(*at);
        }
    }
    for (const Field& field : fields) {
        if (!is_first(field)) {
            append(field);
        }
    }
    return text;
}

Finisher os_release_finisher() {
    return {
        .name = "os-release",
        .replaces_script = "no script: the definition's os-release fields",
        .reads = kFile,
        .makes = kFile,
        .wanted = wanted,
        .run = run};
}

} // namespace pare::finish
