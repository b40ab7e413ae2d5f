// SPDX-License-Identifier: Apache-2.0
// Format: containers-signature(5) as cosign has it (SIGNATURE_SPEC.md):
//   {"critical": {"identity": {"docker-reference": text}, "image": {"docker-manifest-digest":
//    digest}, "type": "cosign container image signature"}, "optional": null}
// `optional` holds what the signer likes to say; nothing here depends on it.
// Refuses: other types, digests that are not SHA-256.
#include "attest/simple_signing.hh"

#include "support/digest.hh"
#include "support/json.hh"

#include <fmt/core.h>

namespace pare::attest {

namespace {

constexpr const char* kType = "cosign container image signature";

} // namespace

SimpleSigning parse_simple_signing(BytesView text, const std::string& name) {
    const json::Value payload = json::parse(text, name);
    const json::Value& critical = payload.at("critical");
    const std::string& type = critical.at("type").as_string();
    if (type != kType) {
        throw Error(
            ErrorKind::refused,
            fmt::format("\"{}\" is not the type of an image's signature", type));
    }
    SimpleSigning parsed{
        .repository = critical.at("identity").at("docker-reference").as_string(),
        .digest = critical.at("image").at("docker-manifest-digest").as_string()};
    static_cast<void>(digest_hex(parsed.digest));
    return parsed;
}

Bytes write_simple_signing(const SimpleSigning& payload) {
    return json::write(json::Object{
        {"critical",
         json::Object{
             {"identity", json::Object{{"docker-reference", payload.repository}}},
             {"image", json::Object{{"docker-manifest-digest", payload.digest}}},
             {"type", kType}}},
        {"optional", nullptr}});
}

} // namespace pare::attest
