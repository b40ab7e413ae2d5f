// SPDX-License-Identifier: Apache-2.0
#include "attest/members.hh"

#include "support/base64.hh"
#include "support/digest.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <optional>

namespace pare::attest {

namespace {

Bytes decode(const json::Value& value, std::string_view key) {
    std::optional<Bytes> bytes = from_any_base64(value.as_string());
    if (!bytes) {
        throw Error(ErrorKind::refused, fmt::format("\"{}\" is not base64", key));
    }
    return *std::move(bytes);
}

} // namespace

const json::Value* find_some(const json::Value& object, std::string_view key) {
    const json::Value* value = object.as_object().find(key);
    return value == nullptr || value->is_null() ? nullptr : value;
}

std::string optional_text(const json::Value& object, std::string_view key) {
    const json::Value* value = find_some(object, key);
    return value == nullptr ? std::string() : value->as_string();
}

std::int64_t optional_number(const json::Value& object, std::string_view key) {
    const json::Value* value = find_some(object, key);
    if (value == nullptr) {
        return 0;
    }
    if (const std::string* text = value->string()) {
        const std::optional<std::uint64_t> number = parse_number(*text);
        if (number && *number <= std::uint64_t{INT64_MAX}) {
            return static_cast<std::int64_t>(*number);
        }
    } else if (value->as_integer() >= 0) {
        return value->as_integer();
    }
    throw Error(ErrorKind::refused, fmt::format("\"{}\" is not a number from 0 on", key));
}

const json::Array& optional_array(const json::Value& object, std::string_view key) {
    static const json::Array none;
    const json::Value* value = find_some(object, key);
    return value == nullptr ? none : value->as_array();
}

Bytes base64_member(const json::Value& object, std::string_view key) {
    return decode(object.at(key), key);
}

Bytes optional_base64(const json::Value& object, std::string_view key) {
    const json::Value* value = find_some(object, key);
    return value == nullptr ? Bytes() : decode(*value, key);
}

Bytes hex_member(const json::Value& object, std::string_view key) {
    const std::string& text = object.at(key).as_string();
    if (text.size() % 2 != 0 || !is_hex(text, text.size())) {
        throw Error(ErrorKind::refused, fmt::format("\"{}\" is not hex", key));
    }
    const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
    Bytes bytes;
    for (std::size_t i = 0; i < text.size(); i += 2) {
        bytes.push_back(static_cast<char>(digit(text[i]) * 16 + digit(text[i + 1])));
    }
    return bytes;
}

} // namespace pare::attest
