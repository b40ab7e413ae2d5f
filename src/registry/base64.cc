// SPDX-License-Identifier: Apache-2.0
#include "registry/base64.hh"

#include <openssl/evp.h>

#include <algorithm>

namespace pare::registry {

std::string encode_base64(BytesView bytes) {
    // OpenSSL writes a NUL behind the text.
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
    const int size = EVP_EncodeBlock(
        reinterpret_cast<unsigned char*>(text.data()),
        reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(size));
    return text;
}

std::optional<Bytes> decode_base64(std::string_view text) {
    const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
    const bool clean =
        text.size() % 4 == 0 &&
        std::all_of(text.begin(), text.end() - static_cast<std::ptrdiff_t>(padding), [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                   c == '+' || c == '/';
        });
    if (!clean) {
        return std::nullopt;
    }
    Bytes bytes(text.size() / 4 * 3, '\0');
    const int size = EVP_DecodeBlock(
        reinterpret_cast<unsigned char*>(bytes.data()),
        reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
    ensure(size == static_cast<int>(bytes.size()), "good base64 cannot be read");
    bytes.resize(bytes.size() - padding);
    return bytes;
}

} // namespace pare::registry
