// SPDX-License-Identifier: Apache-2.0
// Keys that images are signed with, as values: ECDSA on P-256 with SHA-256, and Ed25519.
#pragma once

#include "crypto/secret.hh"

#include <memory>
#include <string>
#include <string_view>

struct evp_pkey_st;

namespace pare::crypto {

enum class KeyAlgorithm { ecdsa_p256, ed25519 };

/// `ecdsa-p256`, `ed25519`.
[[nodiscard]] std::string_view to_string(KeyAlgorithm algorithm);
/// Throws ErrorKind::usage.
[[nodiscard]] KeyAlgorithm parse_key_algorithm(std::string_view text);

class PublicKey {
public:
    /// From SubjectPublicKeyInfo (RFC 5280). Throws ErrorKind::refused for other algorithms, and
    /// for keys in any but the usual form.
    [[nodiscard]] static PublicKey from_der(BytesView der, const std::string& name);
    /// From `-----BEGIN PUBLIC KEY-----`.
    [[nodiscard]] static PublicKey parse(BytesView pem, const std::string& name);

    [[nodiscard]] KeyAlgorithm algorithm() const { return algorithm_; }

    [[nodiscard]] const Bytes& der() const { return der_; }

    [[nodiscard]] std::string pem() const;
    /// SHA-256 of its DER, lower-case hex.
    [[nodiscard]] std::string fingerprint() const;
    /// Whether the signature (ECDSA: DER; Ed25519: 64 bytes) is one of `message` by this key.
    [[nodiscard]] bool verifies(BytesView message, BytesView signature) const;

    bool operator==(const PublicKey& other) const { return der_ == other.der_; }

private:
    PublicKey(KeyAlgorithm algorithm, Bytes der, std::shared_ptr<evp_pkey_st> key)
        : algorithm_(algorithm), der_(std::move(der)), key_(std::move(key)) {}

    KeyAlgorithm algorithm_;
    Bytes der_;
    std::shared_ptr<evp_pkey_st> key_;
};

class PrivateKey {
public:
    [[nodiscard]] static PrivateKey generate(KeyAlgorithm algorithm);
    /// From PKCS#8 (RFC 5958), not encrypted. Throws ErrorKind::refused.
    [[nodiscard]] static PrivateKey from_der(BytesView der, const std::string& name);

    [[nodiscard]] const PublicKey& public_key() const { return public_key_; }

    /// PKCS#8, not encrypted.
    [[nodiscard]] Secret der() const;
    [[nodiscard]] Bytes sign(BytesView message) const;

private:
    PrivateKey(PublicKey public_key, std::shared_ptr<evp_pkey_st> key)
        : public_key_(std::move(public_key)), key_(std::move(key)) {}

    [[nodiscard]] static PrivateKey of(std::shared_ptr<evp_pkey_st> key, const std::string& name);

    PublicKey public_key_;
    std::shared_ptr<evp_pkey_st> key_;
};

} // namespace pare::crypto
