// SPDX-License-Identifier: Apache-2.0
// The order of the checks is the point: bytes against their digest (the home does that), the
// signature over those bytes by somebody who counts, then what the payload says: its type, the
// image's digest, the predicate's type, and that the manifest did not say otherwise.
#include "attest/verify.hh"

#include "attest/simple_signing.hh"
#include "attest/statement.hh"
#include "support/error.hh"

#include <fmt/core.h>

namespace pare::attest {

namespace {

constexpr std::uint64_t kLargestContent = std::uint64_t{32} << 20;

[[noreturn]] void refuse(const std::string& why) {
    throw Error(ErrorKind::refused, why);
}

/// The name of the first of the signers who made one of the signatures; throws the reasons of all.
std::string find_signer(
    const Claim& claim, const Requirement& requirement, const std::optional<TrustedRoot>& root) {
    std::string reasons;
    for (const Evidence& evidence : claim.evidence) {
        for (const Identity& identity : requirement.signers) {
            try {
                check_signer(evidence, identity, root);
                return identity.name;
            } catch (const Error& error) {
                reasons += (reasons.empty() ? "" : "; ") + error.message();
            }
        }
    }
    refuse(reasons);
}

/// What the payload says, after its signature was found good.
Statement read_payload(const Claim& claim, const std::string& place) {
    const Bytes& payload = claim.evidence.front().payload;
    if (claim.payload_type == kSimpleSigningType) {
        const SimpleSigning simple = parse_simple_signing(payload, place);
        return {
            .subjects =
                {{.digests = {{"sha256", simple.digest.substr(simple.digest.find(':') + 1)}}}},
            .predicate_type = kSignatureType,
            .predicate = json::Object()};
    }
    return parse_statement(payload, place);
}

void check_statement(
    const Statement& statement, const Attachment& attachment, const oci::Descriptor& image,
    const Requirement& requirement) {
    if (!is_about(statement, image.digest)) {
        const auto& digests = statement.subjects.front().digests;
        const auto digest = digests.find("sha256");
        refuse(fmt::format(
            "it is about another image: sha256:{}",
            digest == digests.end() ? "not named" : digest->second));
    }
    if (!attachment.predicate_type.empty() &&
        attachment.predicate_type != statement.predicate_type) {
        refuse(fmt::format(
            "its manifest says that it is of type {}, and it is of type {}",
            attachment.predicate_type, statement.predicate_type));
    }
    if (statement.predicate_type != requirement.predicate_type) {
        refuse(fmt::format(
            "it is of type {}, expected {}", statement.predicate_type, requirement.predicate_type));
    }
}

Accepted check(
    const ImageHome& home, const Attachment& attachment, const Requirement& requirement,
    const std::optional<TrustedRoot>& root) {
    if (!attachment.problem.empty()) {
        refuse(attachment.problem);
    }
    const Claim claim = parse_claim(attachment, home.read_blob(attachment.layer, kLargestContent));
    const std::string signer = find_signer(claim, requirement, root);
    const Statement statement = read_payload(claim, attachment.place);
    check_statement(statement, attachment, home.image(), requirement);
    return {
        .place = attachment.place,
        .form = attachment.form,
        .signer = signer,
        .predicate_type = statement.predicate_type,
        .predicate = statement.predicate};
}

} // namespace

std::string to_string(const Requirement& requirement) {
    std::string text = requirement.predicate_type == kSignatureType
                           ? std::string("signature")
                           : "attestation of type " + requirement.predicate_type;
    const char* before = " by ";
    for (const Identity& signer : requirement.signers) {
        text += before + signer.name;
        before = " or ";
    }
    return text;
}

Outcome verify(
    const ImageHome& home, const Requirement& requirement, const std::optional<TrustedRoot>& root) {
    Outcome outcome;
    for (const Attachment& attachment : find_attachments(home)) {
        try {
            outcome.accepted.push_back(check(home, attachment, requirement, root));
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::refused) {
                throw;
            }
            outcome.rejected.push_back({.place = attachment.place, .reason = error.message()});
        }
    }
    return outcome;
}

} // namespace pare::attest
