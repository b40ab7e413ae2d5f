// SPDX-License-Identifier: Apache-2.0
// What the command line and `from` call a definition.
#pragma once

#include "definition/draft.hh"

#include <filesystem>
#include <string>

namespace pare::definition {

enum class ReferenceKind {
    built_in, ///< `cc`, `cc:debug`
    file,     ///< `server.yaml`, `dir/server.yaml:debug`, `./server`
    image,    ///< `oci:DIR:TAG`, `registry.example/app@sha256:...`
};

struct Reference {
    ReferenceKind kind = ReferenceKind::built_in;
    std::string name{};    ///< without the variant; an image as it is written
    std::string variant{}; ///< empty: none was named
};

/// Throws ErrorKind::definition for an empty name or variant.
[[nodiscard]] Reference parse_reference(const std::string& text);
[[nodiscard]] Reference parse_reference(const Parent& parent);

/// An image whose path starts in `directory` when it is relative.
[[nodiscard]] std::string
image_below(const std::string& reference, const std::filesystem::path& directory);

} // namespace pare::definition
