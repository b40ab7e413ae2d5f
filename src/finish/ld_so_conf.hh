// SPDX-License-Identifier: Apache-2.0
// Which directories ldconfig would look into.
#pragma once

#include "support/image_path.hh"

#include <string>
#include <string_view>
#include <vector>

namespace pare::finish {

/// The directives of one ld.so.conf file, in order.
struct LdSoConfLine {
    enum class Kind { directory, include };

    Kind kind = Kind::directory;
    std::string text{}; ///< absolute directory without trailing slashes, or glob of files to read

    bool operator==(const LdSoConfLine&) const = default;
};

/// Relative globs are taken from the directory of `file`. Throws ErrorKind::refused for a file of
/// more than a megabyte.
[[nodiscard]] std::vector<LdSoConfLine>
parse_ld_so_conf(std::string_view text, const ImagePath& file);

} // namespace pare::finish
