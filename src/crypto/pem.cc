// SPDX-License-Identifier: Apache-2.0
// Format: RFC 7468, one block. Lines may end with CR LF and be of any length.
// Refuses: text around the block, a second block, headers inside it (how OpenSSL before 1.0
// encrypted keys), labels that differ, damaged base64, more than 64 KiB.
#include "crypto/pem.hh"

#include "support/base64.hh"
#include "support/error.hh"
#include "support/text.hh"

#include <fmt/core.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <optional>

namespace pare::crypto {

namespace {

constexpr std::size_t kLargest = 64U << 10;
constexpr std::size_t kColumns = 64;
constexpr std::string_view kBegin = "-----BEGIN ";
constexpr std::string_view kEnd = "-----END ";
constexpr std::string_view kDashes = "-----";

[[noreturn]] void refuse(const std::string& name, std::size_t line, std::string message) {
    throw Error(
        ErrorKind::refused, std::move(message),
        "a key is one block of text, from -----BEGIN to -----END")
        .at({.file = name, .line = line});
}

/// The label of `-----BEGIN LABEL-----`; nothing for another line.
std::optional<std::string_view> label_of(std::string_view line, std::string_view start) {
    if (!line.starts_with(start) || !line.ends_with(kDashes) ||
        line.size() < start.size() + kDashes.size()) {
        return std::nullopt;
    }
    line.remove_prefix(start.size());
    line.remove_suffix(kDashes.size());
    return line;
}

} // namespace

PemBlock parse_pem(BytesView text, const std::string& name) {
    if (text.size() > kLargest) {
        refuse(name, 0, fmt::format("{} bytes are more than any key has", text.size()));
    }
    PemBlock block;
    Secret base64(text.size());
    std::size_t digits = 0;
    enum class At { before, inside, after } at = At::before;
    std::size_t number = 0;
    for (const std::string_view whole : split(text, '\n')) {
        const std::string_view line = trim(whole);
        ++number;
        if (at == At::inside && line.starts_with(kEnd)) {
            if (label_of(line, kEnd) != block.label) {
                refuse(name, number, fmt::format("this line does not end a {}", block.label));
            }
            at = At::after;
        } else if (at == At::inside) {
            if (line.find(':') != line.npos) {
                refuse(name, number, "the block has headers, as keys of old OpenSSL have");
            }
            std::copy(line.begin(), line.end(), base64.data() + digits);
            digits += line.size();
        } else if (!line.empty()) {
            const std::optional<std::string_view> label = label_of(line, kBegin);
            if (at == At::after || !label) {
                refuse(name, number, "this line is neither a block nor part of one");
            }
            block.label = *label;
            at = At::inside;
        }
    }
    if (at != At::after) {
        refuse(name, 0, at == At::before ? "there is no block" : "the block does not end");
    }
    std::optional<Bytes> bytes = from_base64(base64.view().substr(0, digits));
    if (!bytes) {
        refuse(name, 0, fmt::format("the {} is damaged", block.label));
    }
    block.bytes = Secret(BytesView(*bytes));
    OPENSSL_cleanse(bytes->data(), bytes->size());
    return block;
}

std::string write_pem(std::string_view label, BytesView bytes) {
    const std::string base64 = to_base64(bytes);
    std::string text = fmt::format("{}{}{}\n", kBegin, label, kDashes);
    for (std::size_t at = 0; at < base64.size(); at += kColumns) {
        text += base64.substr(at, kColumns) + "\n";
    }
    return text + fmt::format("{}{}{}\n", kEnd, label, kDashes);
}

} // namespace pare::crypto
