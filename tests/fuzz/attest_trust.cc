// SPDX-License-Identifier: Apache-2.0
// A trust root and a bundle that is checked against it, both hostile: the first line is the root.
#include "attest/identity.hh"
#include "support/error.hh"

#include <cstddef>
#include <cstdint>

using namespace pare;
using namespace pare::attest;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const BytesView input(reinterpret_cast<const char*>(data), size);
    const std::size_t line = input.find('\n');
    if (line == input.npos) {
        return 0;
    }
    try {
        const TrustedRoot root = parse_trusted_root(input.substr(0, line), "fuzz");
        const Bundle bundle = parse_bundle(input.substr(line + 1), "fuzz");
        const auto* envelope = std::get_if<Envelope>(&bundle.content);
        if (envelope == nullptr) {
            return 0;
        }
        const Evidence evidence{
            .message = pre_authentication_encoding(envelope->payload_type, envelope->payload),
            .payload = envelope->payload,
            .signature = envelope->signatures.front().signature,
            .certificates = bundle.certificates,
            .log_entries = bundle.log_entries,
            .needs_inclusion_proof = true};
        const Identity anybody{.who = CertificateSubject{.issuer = "i", .subject = "**"}};
        check_signer(evidence, anybody, root);
    } catch (const Error&) {
    }
    return 0;
}
