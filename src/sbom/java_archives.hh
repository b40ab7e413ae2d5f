// SPDX-License-Identifier: Apache-2.0
// Jars, wars and ears: what they say of themselves, and of those that they hold.
#pragma once

#include "sbom/document.hh"
#include "support/bytes.hh"

#include <string>
#include <string_view>
#include <vector>

namespace pare::sbom {

[[nodiscard]] bool is_java_archive(std::string_view path);

/// The manifest and Maven's pom.properties of an archive and of the archives in it, for
/// read_java_archive(): all that a bill of materials wants of it. Never fails; why an archive could
/// not be read is part of what it gives.
[[nodiscard]] Bytes extract_java_archive(BytesView archive);

/// The packages that an archive is made of, by its extract: its own one first when it says what it
/// is, which needs all others. `file_name` is that of the archive. Throws ErrorKind::refused when
/// the archive could not be read.
[[nodiscard]] std::vector<Package>
read_java_archive(BytesView extract, const std::string& file_name);

} // namespace pare::sbom
