// SPDX-License-Identifier: Apache-2.0
// Which package has which file on this host, as dpkg recorded it: DIR/info/PACKAGE[:ARCH].list, a
// path a line (dpkg's documentation, "infodb"). Hosts without dpkg have no such records.
#pragma once

#include "deb/contents.hh"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pare::deb {

class HostPackages {
public:
    explicit HostPackages(std::filesystem::path database = "/var/lib/dpkg");

    /// The package of the file at that absolute path, whichever side of the usr-merge the two name.
    [[nodiscard]] std::optional<std::string> owner_of(std::string_view path) const;

    /// The libraries of that file name (`libz.so.1`), sorted, as find_libraries() gives them.
    [[nodiscard]] std::vector<LibraryFile> libraries(std::string_view file_name) const;

private:
    std::filesystem::path database_;
};

} // namespace pare::deb
