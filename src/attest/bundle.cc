// SPDX-License-Identifier: Apache-2.0
// Format: dev.sigstore.bundle.v1.Bundle (sigstore/protobuf-specs, sigstore_bundle.proto) in
// protobuf's JSON:
//   {"mediaType": type,
//    "verificationMaterial": {"publicKey": {"hint": text} | "certificate": {"rawBytes": base64} |
//      "x509CertificateChain": {"certificates": [{"rawBytes": base64}]}, "tlogEntries": [...]},
//    "dsseEnvelope": {...} | "messageSignature": {"messageDigest": {...}, "signature": base64}}
// Timestamps of RFC 3161 authorities are skipped: nothing here depends on them.
// Refuses: other media types, none or several of what stands beside each other above, envelopes
// with more than one signature or whose key id is another than the hint (the specification allows
// one), more than 16 log entries or certificates.
#include "attest/bundle.hh"

#include "attest/members.hh"
#include "support/base64.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace pare::attest {

namespace {

constexpr std::size_t kMaxParts = 16;
constexpr std::size_t kMaxHashes = 64;

constexpr std::array<std::string_view, 4> kBundleTypes = {
    kBundleType,
    "application/vnd.dev.sigstore.bundle+json;version=0.3",
    "application/vnd.dev.sigstore.bundle+json;version=0.2",
    "application/vnd.dev.sigstore.bundle+json;version=0.1",
};

[[noreturn]] void refuse(std::string why) {
    throw Error(ErrorKind::refused, std::move(why));
}

void check_count(std::size_t count, std::size_t most, const char* what) {
    if (count > most) {
        refuse(fmt::format("the bundle has {} {}, {} at most", count, what, most));
    }
}

InclusionProof parse_proof(const json::Value& value) {
    InclusionProof proof{
        .index = optional_number(value, "logIndex"),
        .tree_size = optional_number(value, "treeSize"),
        .root_hash = base64_member(value, "rootHash")};
    const json::Array& hashes = optional_array(value, "hashes");
    check_count(hashes.size(), kMaxHashes, "hashes in a proof");
    for (const json::Value& hash : hashes) {
        proof.hashes.push_back(base64_member(json::Object{{"hashes", hash}}, "hashes"));
    }
    if (const json::Value* checkpoint = find_some(value, "checkpoint")) {
        proof.checkpoint = optional_text(*checkpoint, "envelope");
    }
    return proof;
}

LogEntry parse_entry(const json::Value& value) {
    const json::Value& kind = value.at("kindVersion");
    LogEntry entry{
        .index = optional_number(value, "logIndex"),
        .log_id = base64_member(value.at("logId"), "keyId"),
        .kind = kind.at("kind").as_string(),
        .version = kind.at("version").as_string(),
        .time = optional_number(value, "integratedTime"),
        .body = base64_member(value, "canonicalizedBody")};
    if (const json::Value* promise = find_some(value, "inclusionPromise")) {
        entry.promise = optional_base64(*promise, "signedEntryTimestamp");
    }
    if (const json::Value* proof = find_some(value, "inclusionProof")) {
        entry.proof = parse_proof(*proof);
    }
    return entry;
}

void parse_material(const json::Value& material, Bundle& bundle) {
    const json::Value* key = find_some(material, "publicKey");
    const json::Value* certificate = find_some(material, "certificate");
    const json::Value* chain = find_some(material, "x509CertificateChain");
    if ((key != nullptr) + (certificate != nullptr) + (chain != nullptr) != 1) {
        refuse("the bundle must have one of publicKey, certificate and x509CertificateChain");
    }
    if (key != nullptr) {
        bundle.key_hint = optional_text(*key, "hint");
    } else if (certificate != nullptr) {
        bundle.certificates.push_back(base64_member(*certificate, "rawBytes"));
    } else {
        const json::Array& certificates = chain->at("certificates").as_array();
        check_count(certificates.size(), kMaxParts, "certificates");
        for (const json::Value& one : certificates) {
            bundle.certificates.push_back(base64_member(one, "rawBytes"));
        }
        if (certificates.empty()) {
            refuse("the bundle's chain of certificates is empty");
        }
    }
    const json::Array& entries = optional_array(material, "tlogEntries");
    check_count(entries.size(), kMaxParts, "log entries");
    for (const json::Value& entry : entries) {
        bundle.log_entries.push_back(parse_entry(entry));
    }
}

Envelope parse_content(const json::Value& value, const Bundle& bundle) {
    Envelope envelope = parse_envelope(value);
    if (envelope.signatures.size() != 1) {
        refuse(fmt::format(
            "the bundle's envelope has {} signatures, expected 1", envelope.signatures.size()));
    }
    const std::string& key_id = envelope.signatures.front().key_id;
    if (!key_id.empty() && !bundle.key_hint.empty() && key_id != bundle.key_hint) {
        refuse(fmt::format(
            "the bundle's envelope names the key {}, its hint {}", key_id, bundle.key_hint));
    }
    return envelope;
}

json::Object proof_json(const InclusionProof& proof) {
    json::Array hashes;
    for (const Bytes& hash : proof.hashes) {
        hashes.emplace_back(to_base64(hash));
    }
    return {
        {"logIndex", fmt::format("{}", proof.index)},
        {"rootHash", to_base64(proof.root_hash)},
        {"treeSize", fmt::format("{}", proof.tree_size)},
        {"hashes", std::move(hashes)},
        {"checkpoint", json::Object{{"envelope", proof.checkpoint}}}};
}

json::Object entry_json(const LogEntry& entry) {
    json::Object object{
        {"logIndex", fmt::format("{}", entry.index)},
        {"logId", json::Object{{"keyId", to_base64(entry.log_id)}}},
        {"kindVersion", json::Object{{"kind", entry.kind}, {"version", entry.version}}},
        {"integratedTime", fmt::format("{}", entry.time)}};
    if (!entry.promise.empty()) {
        object.set(
            "inclusionPromise", json::Object{{"signedEntryTimestamp", to_base64(entry.promise)}});
    }
    if (entry.proof) {
        object.set("inclusionProof", proof_json(*entry.proof));
    }
    object.set("canonicalizedBody", to_base64(entry.body));
    return object;
}

json::Object material_json(const Bundle& bundle) {
    json::Object material;
    json::Array certificates;
    for (const Bytes& der : bundle.certificates) {
        certificates.emplace_back(json::Object{{"rawBytes", to_base64(der)}});
    }
    if (certificates.empty()) {
        material.set("publicKey", json::Object{{"hint", bundle.key_hint}});
    } else if (certificates.size() == 1) {
        material.set("certificate", certificates.front());
    } else {
        material.set("x509CertificateChain", json::Object{{"certificates", certificates}});
    }
    json::Array entries;
    for (const LogEntry& entry : bundle.log_entries) {
        entries.emplace_back(entry_json(entry));
    }
    if (!entries.empty()) {
        material.set("tlogEntries", std::move(entries));
    }
    return material;
}

} // namespace

bool is_bundle_type(std::string_view media_type) {
    return std::find(kBundleTypes.begin(), kBundleTypes.end(), media_type) != kBundleTypes.end();
}

Bundle parse_bundle(BytesView text, const std::string& name) {
    const json::Value value = json::parse(text, name);
    Bundle bundle{.media_type = value.at("mediaType").as_string()};
    if (!is_bundle_type(bundle.media_type)) {
        refuse(fmt::format("\"{}\" is not the media type of a bundle", bundle.media_type));
    }
    parse_material(value.at("verificationMaterial"), bundle);
    const json::Value* envelope = find_some(value, "dsseEnvelope");
    const json::Value* message = find_some(value, "messageSignature");
    if ((envelope != nullptr) == (message != nullptr)) {
        refuse("the bundle must have one of dsseEnvelope and messageSignature");
    }
    if (envelope != nullptr) {
        bundle.content = parse_content(*envelope, bundle);
    } else {
        const json::Value& digest = message->at("messageDigest");
        bundle.content = MessageSignature{
            .algorithm = digest.at("algorithm").as_string(),
            .digest = base64_member(digest, "digest"),
            .signature = base64_member(*message, "signature")};
    }
    return bundle;
}

Bytes write_bundle(const Bundle& bundle) {
    json::Object object{
        {"mediaType", bundle.media_type}, {"verificationMaterial", material_json(bundle)}};
    if (const auto* envelope = std::get_if<Envelope>(&bundle.content)) {
        object.set("dsseEnvelope", envelope_json(*envelope));
    } else {
        const auto& message = std::get<MessageSignature>(bundle.content);
        object.set(
            "messageSignature",
            json::Object{
                {"messageDigest",
                 json::Object{
                     {"algorithm", message.algorithm}, {"digest", to_base64(message.digest)}}},
                {"signature", to_base64(message.signature)}});
    }
    return json::write(object);
}

} // namespace pare::attest
