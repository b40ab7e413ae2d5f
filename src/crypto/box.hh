// SPDX-License-Identifier: Apache-2.0
// What cosign encrypts under a password: JSON with scrypt's parameters and a nacl secretbox.
#pragma once

#include "crypto/secret.hh"

#include <cstdint>
#include <string>

namespace pare::crypto {

/// A box, still closed.
struct Box {
    std::int64_t cost = 1 << 16; ///< scrypt's N
    Bytes salt{};
    Bytes nonce{};
    Bytes ciphertext{};
};

/// Throws ErrorKind::refused.
[[nodiscard]] Box parse_box(BytesView json, const std::string& name);
[[nodiscard]] std::string write_box(const Box& box);

/// Throws ErrorKind::usage for a wrong password, which a damaged box looks like too.
[[nodiscard]] Secret open_box(const Box& box, const Secret& password, const std::string& name);
/// With a new salt and nonce.
[[nodiscard]] Box seal_box(const Secret& plain, const Secret& password);

/// For a key that its password does not open.
[[noreturn]] void refuse_password(const std::string& name);

} // namespace pare::crypto
