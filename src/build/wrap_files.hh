// SPDX-License-Identifier: Apache-2.0
// What the user gives `pare wrap`: programs, libraries and directories of this host, and where they
// go in the image.
#pragma once

#include "build/wrap.hh"
#include "build/wrap_definition.hh"
#include "wrap/program.hh"

#include <set>
#include <string>
#include <vector>

namespace pare::build {

struct WrapFiles {
    std::string name{};         ///< of the program, as an image may be called
    std::string architecture{}; ///< OCI name; all files have it
    bool is_static = true;      ///< nothing needs a loader
    std::vector<WrappedFile> files{};
    std::vector<std::string> entrypoint{};
    std::vector<ImagePath> roots{};        ///< the ELF files among them, the program first
    wrap::Offer offer{};                   ///< likewise
    std::set<std::string> own_libraries{}; ///< names that they serve under
    std::set<wrap::Trait> traits{};        ///< of all of them
    std::vector<std::string> may_load{};   ///< by any of them
};

/// Reads the files of the request. Throws ErrorKind::definition for what is no program, what cannot
/// be read, and files for different architectures.
[[nodiscard]] WrapFiles find_wrap_files(const WrapRequest& request);

/// /etc/os-release of this host; empty when there is none.
[[nodiscard]] std::string read_host_release();

/// Where this host has a library of that name, beside the user's files or in the usual places;
/// empty when nowhere.
[[nodiscard]] std::string find_on_host(const std::string& library, const WrapFiles& files);

} // namespace pare::build
