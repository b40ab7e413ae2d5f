// SPDX-License-Identifier: Apache-2.0
// Who must have signed: the holder of a key, or somebody whom an issuer of identities knows by
// name. What a signature brings along to show it is evidence.
#pragma once

#include "attest/bundle.hh"
#include "attest/trusted_root.hh"
#include "crypto/keys.hh"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace pare::attest {

/// The holder of a key.
struct KeyHolder {
    crypto::PublicKey key;
};

/// The subject of a certificate: an address or a URI, as that issuer of identities knows it.
struct CertificateSubject {
    std::string issuer{};  ///< `https://token.actions.githubusercontent.com`
    std::string subject{}; ///< a pattern; `*` stays within a path component, `**` does not
};

/// A further kind of signers is a further alternative, and its check in identity.cc.
struct Identity {
    std::string name{}; ///< what the user calls it
    std::variant<KeyHolder, CertificateSubject> who;
};

/// A signature and all that came with it.
struct Evidence {
    Bytes message{}; ///< the signed bytes
    Bytes payload{}; ///< of the envelope; the message itself where there is none
    Bytes signature{};
    std::string key_hint{};
    std::vector<Bytes> certificates{}; ///< DER, the signer's first
    std::vector<LogEntry> log_entries{};
    bool needs_inclusion_proof = false; ///< by the version of its format
};

/// Throws ErrorKind::refused with the reason unless that identity made the signature. `root` is
/// for certificates; there may be none.
void check_signer(
    const Evidence& evidence, const Identity& identity, const std::optional<TrustedRoot>& root);

/// What pare and cosign call a key in a bundle: base64 of the SHA-256 of its DER.
[[nodiscard]] std::string key_hint(const crypto::PublicKey& key);

} // namespace pare::attest
