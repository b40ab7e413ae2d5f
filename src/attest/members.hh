// SPDX-License-Identifier: Apache-2.0
// Members of the JSON documents of this room. Go and protobuf leave out what is empty, or write
// null for it, and write 64-bit numbers as texts.
#pragma once

#include "support/json.hh"

#include <cstdint>
#include <string>
#include <string_view>

namespace pare::attest {

/// The member, unless it is missing or null.
[[nodiscard]] const json::Value* find_some(const json::Value& object, std::string_view key);
[[nodiscard]] std::string optional_text(const json::Value& object, std::string_view key);
/// 0 when it is missing. Throws ErrorKind::refused for negative numbers.
[[nodiscard]] std::int64_t optional_number(const json::Value& object, std::string_view key);
/// The elements; none when it is missing.
[[nodiscard]] const json::Array& optional_array(const json::Value& object, std::string_view key);
/// Base64 in either alphabet; throws ErrorKind::refused, naming the key.
[[nodiscard]] Bytes base64_member(const json::Value& object, std::string_view key);
[[nodiscard]] Bytes optional_base64(const json::Value& object, std::string_view key);
/// Lower-case hex.
[[nodiscard]] Bytes hex_member(const json::Value& object, std::string_view key);

} // namespace pare::attest
