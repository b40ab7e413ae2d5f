// SPDX-License-Identifier: Apache-2.0
// Package URLs (ECMA-427): the name by which tools of all kinds know a package.
#pragma once

#include <map>
#include <string>

namespace pare::sbom {

struct PackageUrl {
    std::string type{};  ///< `deb`
    std::string space{}; ///< the namespace, parts between '/'; may be empty
    std::string name{};
    std::string version{};                           ///< may be empty
    std::map<std::string, std::string> qualifiers{}; ///< empty ones are not written
};

/// `pkg:deb/debian/libc6@2.41-12?arch=amd64&distro=debian-13`, in its canonical form.
[[nodiscard]] std::string to_string(const PackageUrl& url);

} // namespace pare::sbom
