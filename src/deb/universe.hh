// SPDX-License-Identifier: Apache-2.0
// Packages files of several suites as one universe. Nothing is parsed before it is asked for: one
// scan finds where each paragraph starts and what it is called; the rest is read on demand.
#pragma once

#include "package/universe.hh"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace pare::deb {

/// One verified Packages file. `text` (plain, not compressed) must outlive the universe.
struct PackagesIndex {
    std::string_view text{};
    std::string base_url{}; ///< what Filename fields are relative to
    std::string suite{};    ///< codename, for `name/suite` and messages
    std::string alias{};    ///< the suite's other name (`stable`), also accepted in `name/suite`
    std::string name{};     ///< for messages
    /// As apt_preferences(5) has it: 500, for NotAutomatic suites 1, with ButAutomaticUpgrades 100.
    int priority = 500;
};

/// `architecture` is the Debian name. Packages of other architectures in an index are skipped.
/// Throws ErrorKind::refused for an index that is not what a Packages file looks like.
[[nodiscard]] std::unique_ptr<package::Universe>
make_universe(std::vector<PackagesIndex> indexes, std::string architecture);

/// Debian's name of an OCI architecture (`arm/v7` -> armhf, ppc64le -> ppc64el); throws
/// ErrorKind::definition naming those known.
[[nodiscard]] std::string debian_architecture(std::string_view oci_architecture);
/// `x86_64-linux-gnu`, by Debian name.
[[nodiscard]] std::string multiarch_triplet(std::string_view debian_architecture);

} // namespace pare::deb
