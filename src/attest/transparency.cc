// SPDX-License-Identifier: Apache-2.0
// Problem: a certificate that was valid for ten minutes is good later only if somebody trusted saw
// the signature in those ten minutes.
// Format: entries of Rekor (sigstore/rekor, pkg/types): hashedrekord 0.0.1, dsse 0.0.1 and intoto
// 0.0.2, which name hash, signature and signer each in their own way. The promise (signed entry
// timestamp) is a signature over canonical JSON (RFC 8785) of body, time, log and index; it alone
// covers the time. The proof is one of RFC 6962 up to a checkpoint that the log signed.
// Refuses: other kinds, entries without a promise (Rekor 2 has none and leaves the time to
// timestamp authorities), anything that is not of exactly this signature.
#include "attest/transparency.hh"

#include "attest/checkpoint.hh"
#include "attest/members.hh"
#include "attest/merkle.hh"
#include "crypto/pem.hh"
#include "support/base64.hh"
#include "support/digest.hh"

#include <fmt/core.h>

#include <algorithm>

namespace pare::attest {

namespace {

[[noreturn]] void refuse(const std::string& why) {
    throw Error(ErrorKind::refused, why);
}

bool is_hash_of(const json::Value& hash, BytesView bytes) {
    return hash.at("algorithm").as_string() == "sha256" &&
           hash.at("value").as_string() == hash_hex(bytes);
}

/// `text` is base64 of PEM.
bool is_signer(const json::Value& object, std::string_view key, const LoggedSignature& logged) {
    const crypto::PemBlock block = crypto::parse_pem(base64_member(object, key), "a log entry");
    return block.bytes.view() == logged.signer;
}

bool describes_hashedrekord(const json::Value& spec, const LoggedSignature& logged) {
    const json::Value& signature = spec.at("signature");
    return is_hash_of(spec.at("data").at("hash"), logged.message) &&
           base64_member(signature, "content") == logged.signature &&
           is_signer(signature.at("publicKey"), "content", logged);
}

bool describes_dsse(const json::Value& spec, const LoggedSignature& logged) {
    const json::Array& signatures = spec.at("signatures").as_array();
    return is_hash_of(spec.at("payloadHash"), logged.payload) &&
           std::any_of(signatures.begin(), signatures.end(), [&](const json::Value& one) {
               return base64_member(one, "signature") == logged.signature &&
                      is_signer(one, "verifier", logged);
           });
}

bool describes_intoto(const json::Value& spec, const LoggedSignature& logged) {
    const json::Value& content = spec.at("content");
    const json::Array& signatures = content.at("envelope").at("signatures").as_array();
    return is_hash_of(content.at("payloadHash"), logged.payload) &&
           std::any_of(signatures.begin(), signatures.end(), [&](const json::Value& one) {
               return base64_member(one, "sig") == to_base64(logged.signature) &&
                      is_signer(one, "publicKey", logged);
           });
}

void check_body(const LogEntry& entry, const LoggedSignature& logged) {
    const json::Value body = json::parse(entry.body, "the body of a log entry");
    const std::string& kind = body.at("kind").as_string();
    const std::string& version = body.at("apiVersion").as_string();
    if (kind != entry.kind || version != entry.version) {
        refuse(fmt::format(
            "the log entry is said to be {} {} and is {} {}", entry.kind, entry.version, kind,
            version));
    }
    const json::Value& spec = body.at("spec");
    bool describes = false;
    if (kind == "hashedrekord" && version == "0.0.1") {
        describes = describes_hashedrekord(spec, logged);
    } else if (kind == "dsse" && version == "0.0.1") {
        describes = describes_dsse(spec, logged);
    } else if (kind == "intoto" && version == "0.0.2") {
        describes = describes_intoto(spec, logged);
    } else {
        refuse(fmt::format("the log entry is of the unknown kind {} {}", kind, version));
    }
    if (!describes) {
        refuse("the log entry is one of another signature");
    }
}

void check_promise(const LogEntry& entry, const TransparencyLog& log) {
    if (entry.promise.empty()) {
        refuse("the log entry has no signed time");
    }
    const std::string message = json::write(json::Object{
        {"body", to_base64(entry.body)},
        {"integratedTime", entry.time},
        {"logID", to_hex(entry.log_id)},
        {"logIndex", entry.index}});
    if (!log.key.verifies(message, entry.promise)) {
        refuse("the log entry's time is not signed by the log");
    }
}

void check_proof(const LogEntry& entry, const InclusionProof& proof, const TransparencyLog& log) {
    const Checkpoint checkpoint = read_checkpoint(proof.checkpoint, log);
    const auto root = root_of(proof.index, proof.tree_size, leaf_hash(entry.body), proof.hashes);
    if (checkpoint.tree_size != proof.tree_size || checkpoint.root_hash != proof.root_hash) {
        refuse("the log's checkpoint is one of another tree");
    }
    if (!root || *root != checkpoint.root_hash) {
        refuse("the log entry is not in the log's tree");
    }
}

} // namespace

std::int64_t verify_log_entry(
    const LogEntry& entry, const LoggedSignature& logged, const TrustedRoot& root, Proof proof) {
    check_body(entry, logged);
    const auto log = std::find_if(root.logs.begin(), root.logs.end(), [&](const auto& known) {
        return known.id == entry.log_id && known.validity.contains(entry.time);
    });
    if (log == root.logs.end()) {
        refuse(fmt::format(
            "the log {} is not trusted for that time", to_hex(entry.log_id).substr(0, 16)));
    }
    check_promise(entry, *log);
    if (entry.proof) {
        check_proof(entry, *entry.proof, *log);
    } else if (proof == Proof::inclusion) {
        refuse("the log entry has no proof of inclusion");
    }
    return entry.time;
}

} // namespace pare::attest
