// SPDX-License-Identifier: Apache-2.0
// A world for keyless signing: an authority, a log of certificates, a log of signatures, the trust
// root that names them, and a signer. Its parts can be changed before it signs.
#pragma once

#include "attest/identity.hh"
#include "attest/trusted_root.hh"
#include "support/authority.hh"
#include "support/base64.hh"
#include "support/digest.hh"
#include "support/text.hh"
#include "unit/attest/tree.hh"

#include <fmt/core.h>

#include <functional>
#include <string>
#include <vector>

namespace pare::attest::test {

inline crypto::PrivateKey new_key() {
    return crypto::PrivateKey::generate(crypto::KeyAlgorithm::ecdsa_p256);
}

struct KeylessWorld {
    pare::test::Authority root{"root"};
    pare::test::Authority below{"below", root};
    crypto::PrivateKey certificate_log = new_key();
    crypto::PrivateKey log = new_key();
    crypto::PrivateKey signer = new_key();
    pare::test::CertificateRequest request{};
    const crypto::PrivateKey* timestamped_by = &certificate_log; ///< null: by nobody
    std::int64_t time = pare::test::kIssued + 60;

    [[nodiscard]] static json::Object
    log_json(const crypto::PrivateKey& key, const std::string& end = {}) {
        json::Object validity{{"start", format_time(pare::test::kIssued - 86'400)}};
        if (!end.empty()) {
            validity.set("end", end);
        }
        const Bytes& der = key.public_key().der();
        return {
            {"baseUrl", "https://log.example"},
            {"hashAlgorithm", "SHA2_256"},
            {"publicKey",
             json::Object{
                 {"rawBytes", to_base64(der)},
                 {"keyDetails", "PKIX_ECDSA_P256_SHA_256"},
                 {"validFor", std::move(validity)}}},
            {"logId", json::Object{{"keyId", to_base64(hash_bytes(der))}}}};
    }

    /// trusted_root.json.
    [[nodiscard]] std::string trusted_root() const {
        json::Array certificates;
        for (const pare::test::Authority* one : {&below, &root}) {
            certificates.emplace_back(
                json::Object{{"rawBytes", to_base64(one->certificate().der())}});
        }
        return json::write(json::Object{
            {"mediaType", "application/vnd.dev.sigstore.trustedroot+json;version=0.1"},
            {"tlogs", json::Array{log_json(log)}},
            {"certificateAuthorities",
             json::Array{json::Object{
                 {"uri", "https://ca.example"},
                 {"certChain", json::Object{{"certificates", std::move(certificates)}}},
                 {"validFor",
                  json::Object{{"start", format_time(pare::test::kIssued - 86'400)}}}}}},
            {"ctlogs", json::Array{log_json(certificate_log)}}});
    }

    /// The payload, signed and logged.
    [[nodiscard]] Bundle sign(const Bytes& payload) const {
        const crypto::Certificate certificate =
            below.issue(signer.public_key(), request, timestamped_by);
        Envelope envelope{.payload_type = kInTotoType, .payload = payload};
        const Bytes signature = signer.sign(pre_authentication_encoding(kInTotoType, payload));
        envelope.signatures = {{.signature = signature}};
        return {
            .certificates = {certificate.der()},
            .log_entries = {log_entry(dsse_body(payload, signature, certificate.pem()))},
            .content = envelope};
    }

    /// As Rekor's entries of that kind are.
    [[nodiscard]] static Bytes
    dsse_body(const Bytes& payload, const Bytes& signature, const std::string& verifier) {
        const auto hash = [](const std::string& value) {
            return json::Object{{"algorithm", "sha256"}, {"value", value}};
        };
        return json::write(json::Object{
            {"apiVersion", "0.0.1"},
            {"kind", "dsse"},
            {"spec", json::Object{
                         {"envelopeHash", hash(hash_hex("as it was sent"))},
                         {"payloadHash", hash(hash_hex(payload))},
                         {"signatures", json::Array{json::Object{
                                            {"signature", to_base64(signature)},
                                            {"verifier", to_base64(verifier)}}}}}}});
    }

    /// The log's word for the body, with a proof from a tree of 11 entries.
    [[nodiscard]] LogEntry log_entry(const Bytes& body) const {
        constexpr std::size_t kIndex = 6;
        std::vector<Bytes> entries(11, "another entry");
        entries[kIndex] = body;
        const Bytes root_hash = tree_root(entries);
        const Bytes id = hash_bytes(log.public_key().der());
        const std::string promised = fmt::format(
            R"({{"body":"{}","integratedTime":{},"logID":"{}","logIndex":1006}})", to_base64(body),
            time, to_hex(id));
        const std::string note =
            fmt::format("log.example - 42\n{}\n{}\n", entries.size(), to_base64(root_hash));
        return {
            .index = 1006,
            .log_id = id,
            .kind = "dsse",
            .version = "0.0.1",
            .time = time,
            .promise = log.sign(promised),
            .proof =
                InclusionProof{
                    .index = kIndex,
                    .tree_size = static_cast<std::int64_t>(entries.size()),
                    .root_hash = root_hash,
                    .hashes = tree_path(kIndex, entries),
                    .checkpoint = note + "\n\xe2\x80\x94 log.example " +
                                  to_base64(id.substr(0, 4) + log.sign(note)) + "\n"},
            .body = body};
    }
};

/// The certificate's subject as the world's issuer knows it.
inline Identity pipeline(
    const std::string& subject = "https://ci.example/acme/app@refs/tags/*",
    const std::string& issuer = "https://token.example") {
    return {.name = "pipeline", .who = CertificateSubject{.issuer = issuer, .subject = subject}};
}

inline Evidence evidence_of(const Bundle& bundle) {
    const auto& envelope = std::get<Envelope>(bundle.content);
    return {
        .message = pre_authentication_encoding(envelope.payload_type, envelope.payload),
        .payload = envelope.payload,
        .signature = envelope.signatures.front().signature,
        .certificates = bundle.certificates,
        .log_entries = bundle.log_entries,
        .needs_inclusion_proof = true};
}

} // namespace pare::attest::test
