// SPDX-License-Identifier: Apache-2.0
// The ar(5) form that deb(5) uses: "!<arch>\n", then members of a 60-byte header and their bytes,
// padded to even offsets. GNU names with a trailing '/' are read; long-name tables are refused.
#pragma once

#include "support/bytes.hh"

#include <cstdint>
#include <string>
#include <vector>

namespace pare::archive {

struct ArMember {
    std::string name{};
    std::int64_t mtime = 0;
    BytesView bytes{}; ///< a view into the archive
};

/// All members, in order; at most 100. Throws ErrorKind::refused.
[[nodiscard]] std::vector<ArMember> parse_ar(BytesView archive, const std::string& name);

} // namespace pare::archive
