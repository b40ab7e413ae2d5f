// SPDX-License-Identifier: Apache-2.0
// The schema, not YAML, decides what a scalar means: `1.10`, `on` and `65532` are texts where a
// text is wanted.
#include "definition/values.hh"

#include "support/image_path.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

namespace pare::definition {

namespace {

using yaml::Node;
using yaml::NodeKind;

constexpr std::size_t kLongestShown = 60;
constexpr std::size_t kLongestName = 255;

Error error_at(const Node& node, const std::string& message, std::string hint = {}) {
    return Error(ErrorKind::definition, message, std::move(hint)).at(node.where);
}

/// Whether somebody would write these octal digits as permissions: the owner may read, nobody may
/// do what the one before cannot, and writing or executing alone is only given away by an owner who
/// may do all (0711, not 0511). No mode that is in use has such digits when it is written in
/// decimal.
bool looks_octal(std::string_view digits) {
    if (digits.size() < 3 || digits.size() > 4 || digits.find_first_of("89") < digits.size()) {
        return false;
    }
    const std::string_view last = digits.substr(digits.size() - 3);
    const auto bits = [&](std::size_t at) { return static_cast<unsigned>(last[at] - '0'); };
    const unsigned owner = bits(0);
    const auto is_usual = [&](unsigned part) { return part == 0 || part >= 4 || owner == 7; };
    return owner >= 4 && is_usual(bits(1)) && is_usual(bits(2)) && (bits(1) & ~owner) == 0 &&
           (bits(2) & ~bits(1)) == 0;
}

std::optional<std::uint32_t> parse_mode(std::string_view text) {
    int base = looks_octal(text) || text.starts_with('0') ? 8 : 10;
    if (text.starts_with("0o")) {
        text.remove_prefix(2);
        base = 8;
    }
    std::uint32_t mode = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), mode, base);
    if (problem != std::errc{} || end != text.data() + text.size() || mode > 07777) {
        return std::nullopt;
    }
    return mode;
}

bool is_duration(std::string_view text) {
    constexpr std::array<std::string_view, 5> kUnits = {"ns", "us", "ms", "s", "m"};
    constexpr std::size_t kLongest = 32;
    if (text.empty() || text.size() > kLongest) {
        return false;
    }
    while (!text.empty()) {
        const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
        const std::size_t end = std::min(text.find_first_of("0123456789", digits), text.size());
        const std::string_view unit = text.substr(digits, end - digits);
        // Seven digits of minutes, four times, still fit the nanoseconds of an image's config.
        if (digits == 0 || digits > 7 ||
            std::find(kUnits.begin(), kUnits.end(), unit) == kUnits.end()) {
            return false;
        }
        text.remove_prefix(end);
    }
    return true;
}

/// The name of a variable, an annotation or a field.
const std::string& name_of(const Node& node) {
    const std::string& name = node.text;
    const bool has_controls = std::any_of(name.begin(), name.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    });
    if (name.empty() || name.size() > kLongestName || has_controls) {
        throw error_at(node, fmt::format("'{}' is no name", name.substr(0, kLongestShown)));
    }
    return name;
}

/// What people write, and its OCI name.
constexpr std::array<std::pair<std::string_view, std::string_view>, 15> kArchitectures = {{
    {"amd64", "amd64"},
    {"arm64", "arm64"},
    {"arm/v7", "arm/v7"},
    {"s390x", "s390x"},
    {"ppc64le", "ppc64le"},
    {"riscv64", "riscv64"},
    {"386", "386"},
    {"arm/v6", "arm/v6"},
    {"loong64", "loong64"},
    {"x86_64", "amd64"},
    {"aarch64", "arm64"},
    {"armv7", "arm/v7"},
    {"armhf", "arm/v6"},
    {"x86", "386"},
    {"loongarch64", "loong64"},
}};

constexpr auto kArchitectureNames = [] {
    std::array<std::string_view, kArchitectures.size()> names{};
    for (std::size_t i = 0; i < names.size(); ++i) {
        names[i] = kArchitectures[i].first;
    }
    return names;
}();

} // namespace

std::string describe(const Node& node) {
    switch (node.kind) {
    case NodeKind::null:
        return "nothing";
    case NodeKind::scalar:
        return fmt::format("'{}'", node.text.substr(0, kLongestShown));
    case NodeKind::sequence:
        return "a list";
    case NodeKind::mapping:
        return "a mapping";
    }
    return "";
}

void wrong_type(const Node& node, const std::string& wanted) {
    throw error_at(node, fmt::format("expected {}, got {}", wanted, describe(node)));
}

bool is_made_of(std::string_view text, std::string_view marks) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               marks.find(c) != std::string_view::npos;
    });
}

std::string text_of(const Node& node) {
    if (node.kind != NodeKind::scalar) {
        wrong_type(node, "a text");
    }
    // Paths would end there without a word.
    if (node.text.find('\0') != std::string::npos) {
        throw error_at(node, "a text holds a NUL byte");
    }
    return node.text;
}

std::optional<std::string> given_text_of(const Node& node) {
    if (node.kind == NodeKind::null) {
        return std::nullopt;
    }
    std::string text = text_of(node);
    return text.empty() ? std::nullopt : std::optional(std::move(text));
}

std::string content_of(const Node& node) {
    if (node.kind != NodeKind::scalar && node.kind != NodeKind::null) {
        wrong_type(node, "a text");
    }
    return node.text;
}

const std::vector<Node>& items_of(const Node& node) {
    if (node.kind != NodeKind::sequence && node.kind != NodeKind::null) {
        wrong_type(node, "a list");
    }
    return node.items;
}

std::vector<std::string> texts_of(const Node& node) {
    std::vector<std::string> texts;
    for (const Node& item : items_of(node)) {
        texts.push_back(text_of(item));
    }
    return texts;
}

std::map<std::string, std::string> text_map_of(const Node& node) {
    if (node.kind != NodeKind::mapping && node.kind != NodeKind::null) {
        wrong_type(node, "a mapping of texts");
    }
    std::map<std::string, std::string> map;
    for (const auto& [key, value] : node.members) {
        map[name_of(key)] = given_text_of(value).value_or("");
    }
    return map;
}

std::string choice_of(const Node& node, std::span<const std::string_view> choices) {
    std::string text = text_of(node);
    if (std::find(choices.begin(), choices.end(), text) != choices.end()) {
        return text;
    }
    const std::vector<std::string> names(choices.begin(), choices.end());
    const auto near = nearest(text, names);
    throw error_at(
        node, fmt::format("expected {}, got '{}'", join(names, ", "), text),
        near ? fmt::format("did you mean '{}'?", *near) : "");
}

std::uint64_t number_of(const Node& node) {
    const auto number = parse_number(text_of(node));
    if (!number) {
        wrong_type(node, "a whole number");
    }
    return *number;
}

std::uint64_t count_of(const Node& node) {
    const std::uint64_t number = number_of(node);
    if (number > INT32_MAX) {
        wrong_type(node, "a smaller number");
    }
    return number;
}

std::uint64_t layers_of(const Node& node) {
    const std::uint64_t layers = number_of(node);
    if (layers == 0 || layers > kMostLayers) {
        wrong_type(node, fmt::format("1 to {} layers", kMostLayers));
    }
    return layers;
}

std::uint32_t id_of(const Node& node) {
    const std::uint64_t number = number_of(node);
    // chown(2) takes the last one for "leave it".
    if (number >= UINT32_MAX) {
        wrong_type(node, "a user or group number");
    }
    return static_cast<std::uint32_t>(number);
}

bool boolean_of(const Node& node) {
    const std::string text = text_of(node);
    if (text != "true" && text != "false") {
        wrong_type(node, "true or false");
    }
    return text == "true";
}

std::uint32_t mode_of(const Node& node) {
    const auto mode = parse_mode(text_of(node));
    if (!mode) {
        wrong_type(node, "permissions like 0o755");
    }
    return *mode;
}

std::string file_name_of(const Node& node) {
    std::string name = text_of(node);
    if (!is_made_of(name, "+-._") || name.front() == '.') {
        wrong_type(node, "a name of letters, digits, '-', '_' and '.'");
    }
    return name;
}

std::vector<std::string> globs_of(const Node& node) {
    std::vector<std::string> globs = texts_of(node);
    for (std::string& glob : globs) {
        glob.erase(0, std::min(glob.find_first_not_of('/'), glob.size()));
    }
    return globs;
}

std::string image_path_of(const Node& node) {
    const std::string text = text_of(node);
    if (!text.starts_with('/')) {
        wrong_type(node, "an absolute path in the image");
    }
    try {
        (void)ImagePath::parse(text);
    } catch (const Error& error) {
        throw error_at(node, error.message());
    }
    return text;
}

std::optional<std::string> given_image_path_of(const Node& node) {
    return given_text_of(node) ? std::optional(image_path_of(node)) : std::nullopt;
}

std::vector<std::string> image_paths_of(const Node& node) {
    std::vector<std::string> paths;
    for (const Node& item : items_of(node)) {
        paths.push_back(image_path_of(item));
    }
    return paths;
}

std::vector<std::string> command_of(const Node& node) {
    if (node.kind == NodeKind::sequence) {
        return texts_of(node);
    }
    try {
        return split_command(text_of(node));
    } catch (Error& error) {
        throw error.at(node.where);
    }
}

std::optional<std::vector<std::string>> given_command_of(const Node& node) {
    if (node.kind != NodeKind::sequence && !given_text_of(node)) {
        return std::nullopt;
    }
    return command_of(node);
}

std::string duration_of(const Node& node) {
    std::string text = text_of(node);
    if (!is_duration(text)) {
        wrong_type(node, "a duration like 30s, 1m30s or 500ms");
    }
    return text;
}

std::vector<std::string> ports_of(const Node& node) {
    std::vector<std::string> ports;
    for (const Node& item : items_of(node)) {
        std::string text = text_of(item);
        const std::size_t slash = std::min(text.find('/'), text.size());
        const std::string_view protocol = std::string_view(text).substr(slash);
        const auto number = parse_number(std::string_view(text).substr(0, slash));
        if (!number || *number == 0 || *number > 65535 ||
            (protocol != "" && protocol != "/tcp" && protocol != "/udp" && protocol != "/sctp")) {
            wrong_type(item, "a port like 8080 or 53/udp");
        }
        ports.push_back(std::move(text));
    }
    return ports;
}

std::span<const std::string_view> architecture_names() {
    return kArchitectureNames;
}

std::string architecture_of(const Node& node) {
    const std::string name = choice_of(node, kArchitectureNames);
    const auto* const known =
        std::find_if(kArchitectures.begin(), kArchitectures.end(), [&](const auto& each) {
            return each.first == name;
        });
    return std::string(known->second);
}

std::vector<std::string> architectures_of(const Node& node) {
    std::vector<std::string> architectures;
    for (const Node& item : items_of(node)) {
        std::string name = architecture_of(item);
        if (std::find(architectures.begin(), architectures.end(), name) == architectures.end()) {
            architectures.push_back(std::move(name));
        }
    }
    return architectures;
}

std::map<std::string, std::string> environment_of(const Node& node) {
    auto environment = text_map_of(node);
    for (const auto& [key, value] : node.members) {
        if (key.text.find('=') != std::string::npos) {
            throw error_at(key, fmt::format("'{}' is no name of a variable", key.text));
        }
    }
    return environment;
}

std::map<std::string, std::string> os_release_of(const Node& node) {
    std::map<std::string, std::string> fields;
    (void)text_map_of(node);
    for (const auto& [key, value] : node.members) {
        std::string name = key.text;
        std::transform(name.begin(), name.end(), name.begin(), [](char c) {
            if (c == '-') {
                return '_';
            }
            return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        });
        if (name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") != std::string::npos) {
            throw error_at(key, fmt::format("'{}' is no field of os-release", key.text));
        }
        fields[name] = given_text_of(value).value_or("");
    }
    return fields;
}

} // namespace pare::definition
