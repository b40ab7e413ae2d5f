// SPDX-License-Identifier: Apache-2.0
// The outside of OpenPGP data: packets. Enough to know who signed, how, and with
// which key; never whether a signature is good.
#pragma once

#include "support/bytes.hh"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pare::crypto {

/// Views into what was parsed.
struct Packet {
    unsigned tag = 0;
    BytesView body{};
    BytesView whole{}; ///< with its header
};

constexpr unsigned kSignatureTag = 2;
constexpr unsigned kPublicKeyTag = 6;
constexpr unsigned kPublicSubkeyTag = 14;

/// Throws ErrorKind::refused for what does not end with a packet's end, or is no packet.
[[nodiscard]] std::vector<Packet> parse_packets(BytesView bytes, const std::string& name);

/// Upper-case hex of a version 4 key packet; empty for other versions, which librnp cannot use.
[[nodiscard]] std::string fingerprint(const Packet& key);

/// What a signature says of itself; nothing of it is proven.
struct Signature {
    unsigned version = 0;
    unsigned type = 0;
    unsigned hash = 0;
    std::int64_t created = 0;          ///< seconds since the epoch
    std::int64_t lifetime = 0;         ///< seconds; 0: for ever
    bool has_unknown_critical = false; ///< it depends on something that nobody here understands
    std::string issuer{};              ///< fingerprint or key id, upper-case hex; empty: not told
    BytesView hashed{};                ///< what is hashed after the text, without its trailer
    unsigned digest_start = 0;         ///< the first 16 bits of the digest
    BytesView packet{};
};

/// Fields beyond `version` are filled for version 4 only. Throws ErrorKind::refused.
[[nodiscard]] Signature parse_signature(const Packet& packet, const std::string& name);

/// Whether the digest of `text` begins as the signature says. Digests that this house does not
/// compute count as right: librnp looks again.
[[nodiscard]] bool digest_starts_right(const Signature& signature, BytesView text);

} // namespace pare::crypto
