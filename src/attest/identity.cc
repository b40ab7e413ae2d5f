// SPDX-License-Identifier: Apache-2.0
// Keyless signatures are checked from the outside in: the log saw this signature by this
// certificate (transparency.cc), at that time an authority of the root vouched for the certificate,
// the certificate is in a log where the root names one, and it names the subject as the issuer
// knows it. Only then is its key asked whether it made the signature.
// The issuer is in extension 1.3.6.1.4.1.57264.1.8, a UTF8String, or in the older .1.1, plain
// (sigstore/fulcio, docs/oid-info.md).
#include "attest/identity.hh"

#include "attest/transparency.hh"
#include "support/base64.hh"
#include "support/digest.hh"
#include "support/error.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>

namespace pare::attest {

namespace {

constexpr const char* kIssuer = "1.3.6.1.4.1.57264.1.8";
constexpr const char* kOldIssuer = "1.3.6.1.4.1.57264.1.1";

[[noreturn]] void refuse(const std::string& why) {
    throw Error(ErrorKind::refused, why);
}

/// The chain of the certificate at that time, from whichever authority has one; throws what the
/// last authority lacked.
std::vector<crypto::Certificate> find_chain(
    const std::vector<crypto::Certificate>& certificates, const TrustedRoot& root,
    std::int64_t time) {
    std::optional<Error> problem;
    for (const CertificateAuthority& authority : root.authorities) {
        if (!authority.validity.contains(time)) {
            continue;
        }
        std::vector<crypto::Certificate> others(certificates.begin() + 1, certificates.end());
        others.insert(others.end(), authority.chain.begin(), authority.chain.end() - 1);
        try {
            return crypto::verify_chain(
                certificates.front(), others, {authority.chain.back()}, time);
        } catch (const Error& error) {
            problem = error;
        }
    }
    if (problem) {
        throw *problem;
    }
    refuse(fmt::format("the trust root has no authority for {}", format_time(time)));
}

void check_certificate_log(
    const std::vector<crypto::Certificate>& chain, const TrustedRoot& root, std::int64_t time) {
    std::vector<crypto::CertificateLog> logs;
    for (const KnownCertificateLog& known : root.certificate_logs) {
        if (known.validity.contains(time)) {
            logs.push_back(known.log);
        }
    }
    if (root.wants_certificate_log &&
        (chain.size() < 2 || !crypto::is_logged(chain[0], chain[1], logs))) {
        refuse("the certificate is in no log of certificates that the trust root names");
    }
}

void check_names(const crypto::Certificate& certificate, const CertificateSubject& wanted) {
    const std::optional<std::string> issuer = certificate.text_extension(kIssuer)
                                                  ? certificate.text_extension(kIssuer)
                                                  : certificate.extension(kOldIssuer);
    if (issuer != wanted.issuer) {
        refuse(fmt::format(
            "the certificate's issuer is {}, expected {}", issuer.value_or("not named"),
            wanted.issuer));
    }
    const std::vector<std::string> names = certificate.names();
    const bool is_subject = std::any_of(names.begin(), names.end(), [&](const std::string& name) {
        return glob_matches(wanted.subject, name);
    });
    if (!is_subject) {
        refuse(fmt::format(
            "the certificate is for {}, expected {}", join(names, ", "), wanted.subject));
    }
}

/// When the signature was made, as a trusted log has it.
std::int64_t
logged_time(const Evidence& evidence, const crypto::Certificate& signer, const TrustedRoot& root) {
    if (evidence.log_entries.empty()) {
        refuse("no log vouches for the time of the signature");
    }
    const LoggedSignature logged{
        .message = evidence.message,
        .payload = evidence.payload,
        .signature = evidence.signature,
        .signer = signer.der()};
    std::int64_t time = 0;
    for (const LogEntry& entry : evidence.log_entries) {
        time = verify_log_entry(
            entry, logged, root,
            evidence.needs_inclusion_proof ? Proof::inclusion : Proof::promise);
    }
    return time;
}

void check(
    const Evidence& evidence, const CertificateSubject& wanted,
    const std::optional<TrustedRoot>& root) {
    if (evidence.certificates.empty()) {
        refuse("it is signed by a key, without a certificate");
    }
    if (!root) {
        refuse("it is signed with a certificate, and there is no trust root to check that with");
    }
    std::vector<crypto::Certificate> certificates;
    certificates.reserve(evidence.certificates.size());
    for (const Bytes& der : evidence.certificates) {
        certificates.push_back(crypto::Certificate::from_der(der, "the signer's certificate"));
    }
    const std::int64_t time = logged_time(evidence, certificates.front(), *root);
    const auto chain = find_chain(certificates, *root, time);
    check_certificate_log(chain, *root, time);
    check_names(chain.front(), wanted);
    if (!chain.front().public_key().verifies(evidence.message, evidence.signature)) {
        refuse("the signature is not one of this payload by the certificate's key");
    }
}

void check(const Evidence& evidence, const std::string& name, const KeyHolder& holder) {
    if (!evidence.certificates.empty()) {
        refuse("it is signed with a certificate, and not by a key");
    }
    if (holder.key.verifies(evidence.message, evidence.signature)) {
        return;
    }
    if (!evidence.key_hint.empty() && evidence.key_hint != key_hint(holder.key)) {
        refuse(fmt::format("it is signed by another key than {}: {}", name, evidence.key_hint));
    }
    refuse(fmt::format("the signature is not one of this payload by {}", name));
}

} // namespace

void check_signer(
    const Evidence& evidence, const Identity& identity, const std::optional<TrustedRoot>& root) {
    if (const auto* holder = std::get_if<KeyHolder>(&identity.who)) {
        check(evidence, identity.name, *holder);
    } else {
        check(evidence, std::get<CertificateSubject>(identity.who), root);
    }
}

std::string key_hint(const crypto::PublicKey& key) {
    return to_base64(hash_bytes(key.der()));
}

} // namespace pare::attest
