// SPDX-License-Identifier: Apache-2.0
// DSSE envelopes: a payload, what kind it is, and signatures over both.
#pragma once

#include "support/json.hh"

#include <string>
#include <string_view>
#include <vector>

namespace pare::attest {

inline constexpr const char* kEnvelopeType = "application/vnd.dsse.envelope.v1+json";
/// The payload of all envelopes that pare makes.
inline constexpr const char* kInTotoType = "application/vnd.in-toto+json";

struct EnvelopeSignature {
    std::string key_id{}; ///< a hint, signed by nobody
    Bytes signature{};

    bool operator==(const EnvelopeSignature&) const = default;
};

struct Envelope {
    std::string payload_type{};
    Bytes payload{};
    std::vector<EnvelopeSignature> signatures{};

    bool operator==(const Envelope&) const = default;
};

/// What is signed in place of the payload.
[[nodiscard]] Bytes pre_authentication_encoding(std::string_view payload_type, BytesView payload);

/// Throws ErrorKind::refused.
[[nodiscard]] Envelope parse_envelope(const json::Value& value);
[[nodiscard]] json::Object envelope_json(const Envelope& envelope);

} // namespace pare::attest
