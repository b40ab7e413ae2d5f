// SPDX-License-Identifier: Apache-2.0
// Images by reference, wherever they are. What comes from a registry is kept in the store, so that
// it is fetched once and an image that is named by its digest needs no network any more.
#pragma once

#include "build/build.hh"
#include "inspect/source.hh"
#include "oci/content.hh"

#include <memory>
#include <string>
#include <vector>

namespace pare::build {

/// Whether a text that may stand for a definition or for an image names an image: by its transport
/// (`oci:`, `docker://`), by a digest, or because it begins with the host of a registry and no file
/// has that name.
[[nodiscard]] bool names_image(const std::string& text);

/// On disk or in a registry. Throws ErrorKind::usage when there is no such image.
[[nodiscard]] std::shared_ptr<const oci::Content>
open_content(const oci::ImageReference& reference, const Tools& tools);

[[nodiscard]] std::unique_ptr<inspect::ImageSource>
open_source(const std::string& reference, const Tools& tools);

/// Whether `--arch` asks for that image; `all` and nothing ask for all.
[[nodiscard]] bool
is_wanted(const oci::ImageEntry& entry, const std::vector<std::string>& architectures);
/// The images for these architectures (`--arch`; none or `all`: every one), in their order. Throws
/// ErrorKind::usage when there is none.
[[nodiscard]] std::vector<const oci::ImageEntry*>
wanted_images(const inspect::ImageSource& source, const std::vector<std::string>& architectures);

} // namespace pare::build
