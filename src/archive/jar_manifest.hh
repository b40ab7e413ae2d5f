// SPDX-License-Identifier: Apache-2.0
// META-INF/MANIFEST.MF of jars (the JAR File Specification, "JAR Manifest").
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace pare::archive {

/// The first section, which is about the jar, by names in lower case. Of a name that stands there
/// twice the last counts, as it does for java. What is no line of a manifest is passed over.
[[nodiscard]] std::map<std::string, std::string> read_jar_manifest(std::string_view text);

} // namespace pare::archive
