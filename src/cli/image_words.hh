// SPDX-License-Identifier: Apache-2.0
// What is in images, in words that several commands use.
#pragma once

#include "inspect/entry.hh"
#include "sbom/document.hh"

#include <cstdint>
#include <string>
#include <string_view>

namespace pare::cli {

/// `drwxr-xr-x`, as ls(1) has it; `type` is its first letter.
[[nodiscard]] std::string mode_text(char type, std::uint32_t mode);
[[nodiscard]] std::string mode_text(const inspect::Entry& entry);
/// `file`, `hard_link`, ...
[[nodiscard]] std::string_view type_name(archive::TarType type);
/// The path, and where a link leads.
[[nodiscard]] std::string path_text(const ImagePath& path, const inspect::Entry& entry);
/// `deb`, `python`, ...
[[nodiscard]] std::string_view ecosystem_name(sbom::Ecosystem ecosystem);
/// `libc6 2.41-12`.
[[nodiscard]] std::string package_words(const sbom::Package& package);

} // namespace pare::cli
