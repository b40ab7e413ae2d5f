// SPDX-License-Identifier: Apache-2.0
// A certificate authority made on the spot, as Sigstore's issues certificates to signers.
#pragma once

#include "crypto/certificate.hh"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

struct x509_st;
struct evp_pkey_st;

namespace pare::test {

/// When the certificates of tests are valid, unless they say otherwise.
inline constexpr std::int64_t kIssued = 1'700'000'000;
inline constexpr std::int64_t kExpires = kIssued + 600;

/// What a certificate is to say; the default is what keyless signing gets.
struct CertificateRequest {
    std::string name = "URI:https://ci.example/acme/app@refs/tags/v1"; ///< as openssl writes it
    std::string issuer = "https://token.example";                      ///< extension .1.8
    std::string old_issuer{};                                          ///< extension .1.1
    std::int64_t not_before = kIssued;
    std::int64_t not_after = kExpires;
    std::string key_usage = "critical,digitalSignature"; ///< empty: without
    std::string extended_key_usage = "codeSigning";      ///< empty: without
};

class Authority {
public:
    /// A root.
    explicit Authority(const std::string& name);
    /// An authority below another.
    Authority(const std::string& name, const Authority& issuer);

    [[nodiscard]] crypto::Certificate certificate() const;
    /// With a timestamp by the log of that key when there is one.
    [[nodiscard]] crypto::Certificate issue(
        const crypto::PublicKey& key, const CertificateRequest& request = {},
        const crypto::PrivateKey* log = nullptr) const;

private:
    std::shared_ptr<evp_pkey_st> key_;
    std::shared_ptr<x509_st> certificate_;
};

} // namespace pare::test
