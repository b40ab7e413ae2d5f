// SPDX-License-Identifier: Apache-2.0
// What a build knows of how its images came about, as provenance.
#pragma once

#include "attest/provenance.hh"
#include "build/plan.hh"
#include "oci/output.hh"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace pare::build {

/// The images that a tag stands for, one a platform.
struct TagTargets {
    std::string tag{};
    std::vector<const Target*> targets{};
    std::int64_t created = 0; ///< of the newest
};

/// The files of the host that go into these images, or that say what does, by their paths from
/// `root`; sorted.
[[nodiscard]] std::vector<attest::SourceFile>
source_files(const std::vector<const Target*>& targets, const std::filesystem::path& root);

/// The images that they start from; sorted. Paths are from `root`.
[[nodiscard]] std::vector<attest::BaseSource>
base_sources(const std::vector<const Target*>& targets, const std::filesystem::path& root);

/// How the images under a tag were made. Paths in it are from the top of the git work tree that the
/// definition is in, else from the definition's directory. Throws ErrorKind::usage for a tag of
/// images of several definitions.
[[nodiscard]] attest::Provenance provenance_of(const TagTargets& images, const Options& options);

/// Unsigned statements that go beside what a build writes: one for each index, or manifest that
/// stands alone, with the digests of its images as further subjects.
[[nodiscard]] std::vector<oci::Attachment> provenance_attachments(
    const std::vector<oci::Written>& written, const std::vector<TagTargets>& images,
    const Options& options);

} // namespace pare::build
