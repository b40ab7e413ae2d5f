// SPDX-License-Identifier: Apache-2.0
// contents.archives of a step: which archive each entry means on an architecture.
#pragma once

#include "build/plan.hh"
#include "package/archive_pins.hh"

#include <map>
#include <string>
#include <vector>

namespace pare::build {

/// What `${version}` and `${arch}` of a URL of the request come to. Throws ErrorKind::definition
/// for an architecture that it has no name for.
[[nodiscard]] std::string expand_url(
    const std::string& url, const definition::ArchiveRequest& request, const std::string& version,
    const std::string& architecture);

/// Whether a version is the wanted one, or begins with it: `22` wants 22.1.0 and not 220.
[[nodiscard]] bool is_version_wanted(const std::string& version, const std::string& wanted);

/// Where the lock of archives of a step is: beside its definition; empty for a built-in one.
[[nodiscard]] std::filesystem::path archive_pins_path(const definition::Step& step);

/// Reads locks of archives, each once: those of a file that the user named, or beside the
/// definitions, or the built-in one.
class PinBook {
public:
    PinBook(const Request& request, const Tools& tools);

    /// What the step's own lock of archives holds, or nothing when there is none.
    [[nodiscard]] const package::ArchivePins& pins_of(const definition::Step& step);

    /// The archives of a step for its architecture, in the order of the definition. Throws
    /// ErrorKind::definition for one that no hash is known of.
    [[nodiscard]] std::vector<package::LockedArchive>
    lock_archives(const definition::Step& step, const std::string& architecture);

private:
    const Request& request_;
    const Tools& tools_;
    std::map<std::filesystem::path, package::ArchivePins> known_{};
};

} // namespace pare::build
