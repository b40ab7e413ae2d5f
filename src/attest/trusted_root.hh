// SPDX-License-Identifier: Apache-2.0
// Whom keyless verification trusts: authorities for certificates, logs of signatures, logs of
// certificates, each for a time.
#pragma once

#include "crypto/certificate.hh"

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace pare::attest {

struct Validity {
    std::int64_t start = std::numeric_limits<std::int64_t>::min();
    std::int64_t end = std::numeric_limits<std::int64_t>::max();

    [[nodiscard]] bool contains(std::int64_t time) const { return start <= time && time <= end; }
};

struct CertificateAuthority {
    std::vector<crypto::Certificate> chain{}; ///< the root last
    Validity validity{};
};

struct TransparencyLog {
    std::string url{};
    Bytes id{};
    crypto::PublicKey key;
    Validity validity{};
};

struct KnownCertificateLog {
    crypto::CertificateLog log;
    Validity validity{};
};

struct TrustedRoot {
    std::vector<CertificateAuthority> authorities{};
    std::vector<TransparencyLog> logs{};
    std::vector<KnownCertificateLog> certificate_logs{};
    /// A log of certificates is named, be it with a key that pare can use or not: certificates
    /// must then be in one.
    bool wants_certificate_log = false;
};

/// trusted_root.json; throws ErrorKind::refused.
[[nodiscard]] TrustedRoot parse_trusted_root(BytesView text, const std::string& name);

} // namespace pare::attest
