// SPDX-License-Identifier: Apache-2.0
// What a transparency log vouches for: that this signature by this signer was there at that time.
#pragma once

#include "attest/bundle.hh"
#include "attest/trusted_root.hh"

#include <cstdint>
#include <string>

namespace pare::attest {

/// A signature as log entries describe it.
struct LoggedSignature {
    Bytes message{}; ///< the signed bytes
    Bytes payload{}; ///< of the envelope; the message itself where there is none
    Bytes signature{};
    Bytes signer{}; ///< DER of the certificate, or of the key
};

enum class Proof {
    promise,   ///< the log's signed word is enough
    inclusion, ///< and there must be a proof that it was kept
};

/// The time at which the log took the signature in. Throws ErrorKind::refused: the entry is of
/// another signature, of an unknown log, or not proven.
[[nodiscard]] std::int64_t verify_log_entry(
    const LogEntry& entry, const LoggedSignature& logged, const TrustedRoot& root, Proof proof);

} // namespace pare::attest
