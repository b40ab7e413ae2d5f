// SPDX-License-Identifier: Apache-2.0
// What people are told of images that were built.
#pragma once

#include "build/build.hh"
#include "cli/session.hh"

#include <string>
#include <vector>

namespace pare::cli {

/// One line a tag: `cc:latest@sha256:...`.
[[nodiscard]] std::string written_lines(const std::vector<oci::Written>& written);
[[nodiscard]] std::string written_lines(const build::Result& result);
/// Sizes and times, as messages.
void tell_images(const build::Result& result, Session& session);

} // namespace pare::cli
