// SPDX-License-Identifier: Apache-2.0
// The sources that provenance names, and those that are there.
#pragma once

#include "attest/provenance.hh"
#include "build/plan.hh"

#include <filesystem>

namespace pare::build {

/// The library with the recorded texts in place of definition files below `root`. Throws
/// ErrorKind::definition when a definition asks for one that was not recorded.
[[nodiscard]] definition::Library recorded_library(
    const definition::Library& library, const attest::Provenance& provenance,
    const std::filesystem::path& root);

/// What the definition is called now.
[[nodiscard]] std::string
recorded_reference(const attest::Provenance& provenance, const std::filesystem::path& root);

/// Throws ErrorKind::usage unless all files that were recorded are below `root`, with the content
/// that they had; all that are not are told.
void check_files(const attest::Provenance& provenance, const std::filesystem::path& root);

/// Likewise unless a plan takes exactly the files that were recorded, and starts from the images
/// that were.
void check_plan(
    const Plan& plan, const attest::Provenance& provenance, const std::filesystem::path& root);

} // namespace pare::build
