// SPDX-License-Identifier: Apache-2.0
#include "build/attached_provenance.hh"

#include "attest/dsse.hh"
#include "oci/artifact.hh"
#include "support/error.hh"

#include <fmt/core.h>

#include <optional>
#include <utility>

namespace pare::build {

namespace {

constexpr std::uint64_t kLargest = std::uint64_t{256} << 20;

attest::Statement parse_attached(
    const std::optional<Bytes>& text, const std::string& image, const std::string& digest) {
    if (!text) {
        throw Error(
            ErrorKind::usage, fmt::format("no provenance came with {}", image),
            "pare build --provenance puts it beside an image");
    }
    return parse_provenance_statement(*text, "the provenance beside " + image, digest);
}

} // namespace

attest::Statement
parse_provenance_statement(BytesView text, const std::string& name, const std::string& digest) {
    attest::Statement statement = attest::parse_statement(text, name);
    if (statement.predicate_type != attest::kProvenanceType) {
        throw Error(
            ErrorKind::refused,
            fmt::format("{} is no provenance but of type {}", name, statement.predicate_type),
            "give what pare provenance prints");
    }
    if (!attest::is_about(statement, digest)) {
        throw Error(
            ErrorKind::refused, fmt::format("{} is about another image than {}", name, digest),
            "each image has provenance of its own");
    }
    return statement;
}

attest::Statement attached_provenance(const inspect::ImageSource& source) {
    const std::string digest = source.top().digest;
    return parse_attached(source.attachment(digest, attest::kInTotoType), source.name(), digest);
}

attest::Statement attached_provenance(const attest::ImageHome& home) {
    std::optional<Bytes> text;
    for (const oci::Document& manifest : home.referrers()) {
        const oci::Artifact artifact =
            oci::parse_artifact(manifest.bytes, manifest.descriptor.digest);
        if (!text && artifact.artifact_type == attest::kInTotoType && artifact.layers.size() == 1) {
            text = home.read_blob(artifact.layers.front(), kLargest);
        }
    }
    const std::string& digest = home.image().digest;
    return parse_attached(text, "the image " + digest, digest);
}

} // namespace pare::build
