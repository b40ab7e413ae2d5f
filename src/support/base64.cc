// SPDX-License-Identifier: Apache-2.0
// The arithmetic is OpenSSL's, which skips white space and takes padding anywhere: what it may be
// given is decided here.
#include "support/base64.hh"

#include <openssl/evp.h>

#include <algorithm>

namespace pare {

namespace {

constexpr std::string_view kDigits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

} // namespace

std::string to_base64(BytesView bytes) {
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
    const int size = EVP_EncodeBlock(
        reinterpret_cast<unsigned char*>(text.data()),
        reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(size));
    return text;
}

std::optional<Bytes> from_base64(std::string_view text) {
    const std::size_t digits = std::min(text.find_first_not_of(kDigits), text.size());
    const std::string_view padding = text.substr(digits);
    if (text.size() % 4 != 0 || (!padding.empty() && padding != "=" && padding != "==")) {
        return std::nullopt;
    }
    Bytes bytes(text.size() / 4 * 3, '\0');
    const int size = EVP_DecodeBlock(
        reinterpret_cast<unsigned char*>(bytes.data()),
        reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
    ensure(size == static_cast<int>(bytes.size()), "good base64 cannot be read");
    bytes.resize(bytes.size() - padding.size());
    return bytes;
}

std::optional<Bytes> from_any_base64(std::string text) {
    std::replace(text.begin(), text.end(), '-', '+');
    std::replace(text.begin(), text.end(), '_', '/');
    return from_base64(text);
}

} // namespace pare
