// SPDX-License-Identifier: Apache-2.0
#include "attest/referrers.hh"

#include "oci/artifact.hh"

#include <fmt/core.h>

#include <set>
#include <string>
#include <utility>

namespace pare::attest {

namespace {

/// What cannot be read has no subject that anybody could tell.
bool is_about(const oci::Document& manifest, const oci::Descriptor& image) {
    try {
        const auto subject =
            oci::parse_artifact(manifest.bytes, manifest.descriptor.digest).subject;
        return subject && subject->digest == image.digest;
    } catch (const Error&) {
        return false;
    }
}

} // namespace

Error too_many_attached() {
    return {
        ErrorKind::refused, fmt::format("over {} things are attached to the image", kMaxAttached),
        "remove what does not belong there"};
}

std::vector<oci::Document> choose_referrers(
    const oci::Descriptor& image, const std::vector<oci::Descriptor>& listed,
    const ReadManifest& read) {
    std::vector<oci::Document> found;
    std::set<std::string> seen = {image.digest};
    for (const oci::Descriptor& entry : listed) {
        if (entry.media_type != oci::kManifestType || !seen.insert(entry.digest).second) {
            continue;
        }
        std::optional<oci::Document> manifest = read(entry);
        if (!manifest || !is_about(*manifest, image)) {
            continue;
        }
        if (found.size() == kMaxAttached) {
            throw too_many_attached();
        }
        found.push_back(*std::move(manifest));
    }
    return found;
}

} // namespace pare::attest
