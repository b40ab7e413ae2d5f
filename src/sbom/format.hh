// SPDX-License-Identifier: Apache-2.0
// The forms in which a document can be written, and what differs between them.
#pragma once

#include "sbom/document.hh"

#include <string>
#include <string_view>
#include <vector>

namespace pare::sbom {

enum class Format { spdx, cyclonedx };

/// `spdx`, `cyclonedx`; throws ErrorKind::usage.
[[nodiscard]] Format parse_format(std::string_view text);
/// Those, `both` or `none`; throws ErrorKind::usage.
[[nodiscard]] std::vector<Format> parse_formats(std::string_view text);

[[nodiscard]] std::string media_type(Format format);
/// `.spdx.json`, by which tools know such files.
[[nodiscard]] std::string file_suffix(Format format);

[[nodiscard]] Written write(const Document& document, Format format);
[[nodiscard]] Written write(const IndexDocument& document, Format format);
/// Takes the name of a document out of its bytes. Throws ErrorKind::refused when it has none.
[[nodiscard]] Written read_written(Bytes bytes, Format format);

} // namespace pare::sbom
