// SPDX-License-Identifier: Apache-2.0
// What a program is that somebody wants to put into an image: which architecture, what it needs to
// start, and what its text says it will want once it runs.
#pragma once

#include "elf/elf.hh"
#include "support/bytes.hh"

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace pare::wrap {

/// Something that a program uses, as far as its text tells.
enum class Trait {
    tls,         ///< it checks certificates of servers
    time_zones,  ///< it reads zoneinfo
    services,    ///< names of services and protocols (/etc/services)
    thread_ends, ///< pthread_cancel or pthread_exit, for which glibc loads libgcc_s
    iconv,       ///< it converts encodings, for which glibc loads modules
};

/// A file of the user's.
struct Program {
    elf::Elf elf{};
    std::string architecture{}; ///< OCI name
    bool is_static = false;     ///< needs no loader
    std::set<Trait> traits{};
    /// Names of shared libraries in its text that it does not name as needed: it may load them.
    std::vector<std::string> may_load{};
};

/// The OCI name of the architecture that a file is for; empty for one without images.
[[nodiscard]] std::string oci_architecture(const elf::Elf& elf);

/// Reads an ELF file. Throws ErrorKind::definition, with a hint, for what no image can run:
/// scripts, files that are no programs, programs for other machines, programs for musl, damaged
/// files.
[[nodiscard]] Program read_program(BytesView bytes, const std::string& name);

} // namespace pare::wrap
