// SPDX-License-Identifier: Apache-2.0
// Format: dev.sigstore.trustroot.v1.TrustedRoot (sigstore/protobuf-specs) in protobuf's JSON:
//   {"mediaType": type, "tlogs": [log], "ctlogs": [log], "certificateAuthorities": [{"certChain":
//    {"certificates": [{"rawBytes": base64}]}, "validFor": {"start": time, "end": time}}]}
// with log = {"baseUrl": URL, "publicKey": {"rawBytes": base64, "validFor": {...}}, "logId":
// {"keyId": base64}}. Logs with keys of other algorithms are left out: what only they vouch for is
// refused then. Timestamp authorities are skipped.
// Refuses: other media types, authorities without a certificate.
#include "attest/trusted_root.hh"

#include "attest/members.hh"
#include "support/digest.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <optional>

namespace pare::attest {

namespace {

constexpr std::size_t kMostEach = 100;

Validity parse_validity(const json::Value& value) {
    Validity validity;
    const json::Value* period = find_some(value, "validFor");
    if (period == nullptr) {
        return validity;
    }
    if (const std::string start = optional_text(*period, "start"); !start.empty()) {
        validity.start = parse_time(start);
    }
    if (const std::string end = optional_text(*period, "end"); !end.empty()) {
        validity.end = parse_time(end);
    }
    return validity;
}

CertificateAuthority parse_authority(const json::Value& value) {
    CertificateAuthority authority{.validity = parse_validity(value)};
    for (const json::Value& one : value.at("certChain").at("certificates").as_array()) {
        authority.chain.push_back(crypto::Certificate::from_der(
            base64_member(one, "rawBytes"), "a certificate of the trust root"));
    }
    if (authority.chain.empty()) {
        throw Error(ErrorKind::refused, "an authority of the trust root has no certificate");
    }
    return authority;
}

/// Nothing for a key of an algorithm that pare does not use.
std::optional<TransparencyLog> parse_log(const json::Value& value) {
    const json::Value& public_key = value.at("publicKey");
    const Bytes der = base64_member(public_key, "rawBytes");
    const json::Value* id = find_some(value, "logId");
    try {
        return TransparencyLog{
            .url = optional_text(value, "baseUrl"),
            .id = id == nullptr ? hash_bytes(der) : base64_member(*id, "keyId"),
            .key = crypto::PublicKey::from_der(der, "a log's key"),
            .validity = parse_validity(public_key)};
    } catch (const Error&) {
        return std::nullopt;
    }
}

const json::Array& limited_array(const json::Value& root, std::string_view key) {
    const json::Array& array = optional_array(root, key);
    if (array.size() > kMostEach) {
        throw Error(
            ErrorKind::refused,
            fmt::format("the trust root has {} {}, {} at most", array.size(), key, kMostEach));
    }
    return array;
}

} // namespace

TrustedRoot parse_trusted_root(BytesView text, const std::string& name) {
    return with_context("reading the trust root " + name, [&] {
        const json::Value value = json::parse(text, name);
        const std::string& type = value.at("mediaType").as_string();
        if (!type.starts_with("application/vnd.dev.sigstore.trustedroot")) {
            throw Error(
                ErrorKind::refused, fmt::format("\"{}\" is not the media type of a root", type),
                "give Sigstore's trusted_root.json");
        }
        TrustedRoot root;
        for (const json::Value& authority : limited_array(value, "certificateAuthorities")) {
            root.authorities.push_back(parse_authority(authority));
        }
        for (const json::Value& log : limited_array(value, "tlogs")) {
            if (auto parsed = parse_log(log)) {
                root.logs.push_back(*std::move(parsed));
            }
        }
        for (const json::Value& log : limited_array(value, "ctlogs")) {
            root.wants_certificate_log = true;
            if (auto parsed = parse_log(log)) {
                root.certificate_logs.push_back(
                    {.log = {.id = parsed->id, .key = parsed->key}, .validity = parsed->validity});
            }
        }
        return root;
    });
}

} // namespace pare::attest
