// SPDX-License-Identifier: Apache-2.0
// What the content of a file says of itself.
#pragma once

#include "elf/elf.hh"
#include "elf/go_build_info.hh"
#include "support/stream.hh"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace pare::inspect {

struct Content {
    std::string sha256{};                         ///< lower-case hex
    std::shared_ptr<const elf::Elf> elf{};        ///< null when it is no ELF file, or a damaged one
    std::string script{};                         ///< what stands behind #! in the first line
    std::shared_ptr<const elf::GoBuildInfo> go{}; ///< of a Go program, when it was asked for
};

/// Hands all of the `size` bytes to `take`, in memory or in a temporary file that is mapped. Throws
/// ErrorKind::refused for more than 4 GiB; `name` is for that message.
void read_whole(
    Source& source, std::uint64_t size, const std::string& name,
    const std::function<void(BytesView)>& take);

/// Reads `size` bytes, in pieces: large ELF files go through a temporary file. `name` is for
/// messages; only with `go` that is looked for, through the whole file. Throws ErrorKind::refused
/// for an ELF file of more than 4 GiB.
[[nodiscard]] Content
read_content(Source& source, std::uint64_t size, const std::string& name, bool go = false);

} // namespace pare::inspect
