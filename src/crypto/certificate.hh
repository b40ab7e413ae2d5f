// SPDX-License-Identifier: Apache-2.0
// X.509 certificates of signers (RFC 5280): who they name, and whether an authority vouches for
// them. Nothing here asks the clock or the network.
#pragma once

#include "crypto/keys.hh"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

struct x509_st;

namespace pare::crypto {

class Certificate {
public:
    /// Throws ErrorKind::refused.
    [[nodiscard]] static Certificate from_der(BytesView der, const std::string& name);

    [[nodiscard]] const Bytes& der() const { return der_; }

    /// `-----BEGIN CERTIFICATE-----`.
    [[nodiscard]] std::string pem() const;
    /// Throws ErrorKind::refused for a key that images are not signed with.
    [[nodiscard]] PublicKey public_key() const;
    /// The subject's alternative names: addresses, URIs, host names, user names of Sigstore.
    [[nodiscard]] std::vector<std::string> names() const;
    /// The bytes of the extension, by its dotted number; nothing when it is missing or there twice.
    [[nodiscard]] std::optional<Bytes> extension(const std::string& number) const;
    /// Likewise, of an extension that is a UTF8String.
    [[nodiscard]] std::optional<std::string> text_extension(const std::string& number) const;

    bool operator==(const Certificate& other) const { return der_ == other.der_; }

private:
    friend struct CertificateAccess;

    Certificate(Bytes der, std::shared_ptr<x509_st> certificate)
        : der_(std::move(der)), certificate_(std::move(certificate)) {}

    Bytes der_;
    std::shared_ptr<x509_st> certificate_;
};

/// The chain from `leaf` to one of `roots`, each certificate valid at `time`; `leaf` may sign code.
/// Throws ErrorKind::refused with the reason.
[[nodiscard]] std::vector<Certificate> verify_chain(
    const Certificate& leaf, const std::vector<Certificate>& intermediates,
    const std::vector<Certificate>& roots, std::int64_t time);

/// A log of certificates (RFC 6962), known by the SHA-256 of its key.
struct CertificateLog {
    Bytes id{};
    PublicKey key;
};

/// Whether `leaf` carries the signed promise of one of the logs to have taken it in.
[[nodiscard]] bool is_logged(
    const Certificate& leaf, const Certificate& issuer, const std::vector<CertificateLog>& logs);

} // namespace pare::crypto
