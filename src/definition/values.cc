// SPDX-License-Identifier: Apache-2.0
#include "definition/values.hh"

#include "support/text.hh"

#include <fmt/core.h>

#include <charconv>

namespace pare::definition {

std::string describe(const yaml::Node& node) {
    switch (node.kind) {
    case yaml::NodeKind::null:
        return "nothing";
    case yaml::NodeKind::scalar:
        return fmt::format("'{}'", node.text.substr(0, 60));
    case yaml::NodeKind::sequence:
        return "a list";
    case yaml::NodeKind::mapping:
        return "a mapping";
    }
    return "";
}

void wrong_type(const yaml::Node& node, const std::string& wanted) {
    throw Error(ErrorKind::definition, fmt::format("expected {}, got {}", wanted, describe(node)))
        .at(node.where);
}

std::string text_of(const yaml::Node& node) {
    if (node.kind != yaml::NodeKind::scalar &&
        !(node.kind == yaml::NodeKind::null && node.quoted)) {
        wrong_type(node, "a text");
    }
    return node.text;
}

const std::vector<yaml::Node>& items_of(const yaml::Node& node) {
    static const std::vector<yaml::Node> kNone;
    if (node.kind == yaml::NodeKind::null) {
        return kNone;
    }
    if (node.kind != yaml::NodeKind::sequence) {
        wrong_type(node, "a list");
    }
    return node.items;
}

std::vector<std::string> texts_of(const yaml::Node& node) {
    std::vector<std::string> texts;
    for (const yaml::Node& item : items_of(node)) {
        texts.push_back(text_of(item));
    }
    return texts;
}

std::uint64_t number_of(const yaml::Node& node) {
    const auto number = parse_number(text_of(node));
    if (!number) {
        wrong_type(node, "a whole number");
    }
    return *number;
}

std::uint32_t id_of(const yaml::Node& node) {
    const std::uint64_t number = number_of(node);
    if (number > UINT32_MAX - 1) {
        wrong_type(node, "a user or group number");
    }
    return static_cast<std::uint32_t>(number);
}

bool boolean_of(const yaml::Node& node) {
    const std::string text = text_of(node);
    if (text != "true" && text != "false") {
        wrong_type(node, "true or false");
    }
    return text == "true";
}

std::uint32_t mode_of(const yaml::Node& node) {
    const std::string text = text_of(node);
    std::string_view digits = text;
    if (digits.starts_with("0o")) {
        digits.remove_prefix(2);
    }
    std::uint32_t mode = 0;
    const auto [end, problem] =
        std::from_chars(digits.data(), digits.data() + digits.size(), mode, 8);
    if (digits.empty() || problem != std::errc{} || end != digits.data() + digits.size() ||
        mode > 07777) {
        wrong_type(node, "file permissions like 0o755");
    }
    return mode;
}

std::map<std::string, std::string> text_map_of(const yaml::Node& node) {
    std::map<std::string, std::string> map;
    if (node.kind != yaml::NodeKind::mapping && node.kind != yaml::NodeKind::null) {
        wrong_type(node, "a mapping of texts");
    }
    for (const auto& [key, value] : node.members) {
        map[key.text] = value.kind == yaml::NodeKind::null ? "" : text_of(value);
    }
    return map;
}

std::vector<std::string> command_of(const yaml::Node& node) {
    if (node.kind == yaml::NodeKind::sequence) {
        return texts_of(node);
    }
    return with_context("reading a command", [&] {
        try {
            return split_command(text_of(node));
        } catch (Error& error) {
            error.at(node.where);
            throw;
        }
    });
}

} // namespace pare::definition
