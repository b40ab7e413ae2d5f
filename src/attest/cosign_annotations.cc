// SPDX-License-Identifier: Apache-2.0
// Format: cosign's SIGNATURE_SPEC.md. `dev.sigstore.cosign/certificate` is the signer's certificate
// in PEM; `dev.sigstore.cosign/bundle` is what the log answered:
//   {"SignedEntryTimestamp": base64, "Payload": {"body": base64, "integratedTime": seconds,
//    "logIndex": number, "logID": hex}}
// It is the log's promise alone, without a proof of inclusion. Authorities between the certificate
// and the root are taken from the trust root.
#include "attest/cosign_annotations.hh"

#include "attest/members.hh"
#include "crypto/pem.hh"

namespace pare::attest {

namespace {

constexpr const char* kCertificate = "dev.sigstore.cosign/certificate";
constexpr const char* kBundle = "dev.sigstore.cosign/bundle";

LogEntry parse_log_answer(BytesView text) {
    const json::Value answer = json::parse(text, kBundle);
    const json::Value& payload = answer.at("Payload");
    LogEntry entry{
        .index = optional_number(payload, "logIndex"),
        .log_id = hex_member(payload, "logID"),
        .time = optional_number(payload, "integratedTime"),
        .promise = base64_member(answer, "SignedEntryTimestamp"),
        .body = base64_member(payload, "body")};
    const json::Value body = json::parse(entry.body, "the body of a log entry");
    entry.kind = body.at("kind").as_string();
    entry.version = body.at("apiVersion").as_string();
    return entry;
}

} // namespace

void add_annotations(const std::map<std::string, std::string>& annotations, Evidence& evidence) {
    const auto certificate = annotations.find(kCertificate);
    if (certificate != annotations.end() && !certificate->second.empty()) {
        const crypto::PemBlock block = crypto::parse_pem(certificate->second, kCertificate);
        evidence.certificates = {Bytes(block.bytes.view())};
    }
    const auto answer = annotations.find(kBundle);
    if (answer != annotations.end() && !answer->second.empty()) {
        evidence.log_entries = {parse_log_answer(answer->second)};
    }
}

} // namespace pare::attest
