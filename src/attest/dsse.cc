// SPDX-License-Identifier: Apache-2.0
// Format: DSSE v1 (secure-systems-lab/dsse, protocol.md and envelope.md):
//   {"payload": base64, "payloadType": text, "signatures": [{"keyid": text, "sig": base64}]}
// Signed is PAE = "DSSEv1 " LEN(type) " " type " " LEN(payload) " " payload, lengths in decimal, so
// that no payload of one type can be taken for one of another.
// Refuses: envelopes without a payload type, without a signature, or with more than 16.
#include "attest/dsse.hh"

#include "attest/members.hh"
#include "support/base64.hh"

#include <fmt/core.h>

namespace pare::attest {

namespace {

constexpr std::size_t kMaxSignatures = 16;

} // namespace

Bytes pre_authentication_encoding(std::string_view payload_type, BytesView payload) {
    return fmt::format(
        "DSSEv1 {} {} {} {}", payload_type.size(), payload_type, payload.size(), payload);
}

Envelope parse_envelope(const json::Value& value) {
    Envelope envelope{
        .payload_type = value.at("payloadType").as_string(),
        .payload = base64_member(value, "payload")};
    for (const json::Value& signature : optional_array(value, "signatures")) {
        envelope.signatures.push_back(
            {.key_id = optional_text(signature, "keyid"),
             .signature = base64_member(signature, "sig")});
    }
    if (envelope.payload_type.empty() || envelope.signatures.empty() ||
        envelope.signatures.size() > kMaxSignatures) {
        throw Error(
            ErrorKind::refused, fmt::format(
                                    "an envelope with {} signatures for a payload of type \"{}\"",
                                    envelope.signatures.size(), envelope.payload_type));
    }
    return envelope;
}

json::Object envelope_json(const Envelope& envelope) {
    json::Array signatures;
    for (const EnvelopeSignature& signature : envelope.signatures) {
        json::Object object{{"sig", to_base64(signature.signature)}};
        if (!signature.key_id.empty()) {
            object.set("keyid", signature.key_id);
        }
        signatures.emplace_back(std::move(object));
    }
    return {
        {"payload", to_base64(envelope.payload)},
        {"payloadType", envelope.payload_type},
        {"signatures", std::move(signatures)}};
}

} // namespace pare::attest
