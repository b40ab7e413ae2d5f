// SPDX-License-Identifier: Apache-2.0
// Sigstore bundles: a signed envelope with all that is needed to check it without asking anybody.
#pragma once

#include "attest/dsse.hh"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace pare::attest {

inline constexpr const char* kBundleType = "application/vnd.dev.sigstore.bundle.v0.3+json";

/// Whether it is the media type of a bundle of any version that pare reads.
[[nodiscard]] bool is_bundle_type(std::string_view media_type);

/// That an entry is in a log of that many entries (RFC 6962 section 2.1.1).
struct InclusionProof {
    std::int64_t index = 0;
    std::int64_t tree_size = 0;
    Bytes root_hash{};
    std::vector<Bytes> hashes{};
    std::string checkpoint{}; ///< the log's signed note about that tree

    bool operator==(const InclusionProof&) const = default;
};

/// What a transparency log says of a signature.
struct LogEntry {
    std::int64_t index = 0;
    Bytes log_id{};
    std::string kind{}; ///< of the body: `dsse`, `hashedrekord`, `intoto`
    std::string version{};
    std::int64_t time = 0; ///< seconds since the epoch; signed by the promise alone
    Bytes promise{};       ///< the signed entry timestamp; may be empty
    std::optional<InclusionProof> proof{};
    Bytes body{};

    bool operator==(const LogEntry&) const = default;
};

/// A signature over bytes that are somewhere else.
struct MessageSignature {
    std::string algorithm{}; ///< `SHA2_256`
    Bytes digest{};
    Bytes signature{};

    bool operator==(const MessageSignature&) const = default;
};

struct Bundle {
    std::string media_type = kBundleType;
    std::string key_hint{};            ///< which key, when there is no certificate
    std::vector<Bytes> certificates{}; ///< DER, the signer's first
    std::vector<LogEntry> log_entries{};
    std::variant<Envelope, MessageSignature> content{};

    bool operator==(const Bundle&) const = default;
};

/// Versions 0.1 to 0.3; throws ErrorKind::refused.
[[nodiscard]] Bundle parse_bundle(BytesView text, const std::string& name);
/// One form for one value; the media type is as it is.
[[nodiscard]] Bytes write_bundle(const Bundle& bundle);

} // namespace pare::attest
