// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace pare::finish {

/// The os-release file `earlier` (may be empty) with some fields changed or added. Throws
/// ErrorKind::definition for a field that the format cannot hold or quotes that do not close.
[[nodiscard]] std::string
write_os_release(std::string_view earlier, const std::map<std::string, std::string>& changes);

} // namespace pare::finish
