// SPDX-License-Identifier: Apache-2.0
// What is in an image that somebody else made (or pare did earlier): its merged entries and the
// packages it declares. For `from:` an image, and for `show`.
#pragma once

#include "inspect/filesystem.hh"
#include "oci/read.hh"
#include "tree/entry.hh"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace pare::inspect {

/// A package that an image says it holds, in dpkg's status or status.d.
struct DeclaredPackage {
    std::string name{};
    std::string version{};
    std::string architecture{};
    std::string source{};
    std::vector<ImagePath> files{}; ///< from its md5sums; empty when there are none
};

struct ImageContents {
    std::map<ImagePath, tree::Entry> entries{};
    std::vector<DeclaredPackage> packages{};
    std::map<ImagePath, std::shared_ptr<const elf::Elf>> elf_files{}; ///< when they were asked for
};

enum class ElfFiles { leave, read };

/// Whether declared_packages() reads that file.
[[nodiscard]] bool declares_packages(const ImagePath& path);
/// The packages of an image whose layers were read with the files that declare them, in the order
/// of these. Throws ErrorKind::refused for files that are none of dpkg's.
[[nodiscard]] std::vector<DeclaredPackage> declared_packages(const Filesystem& filesystem);

/// Reads all layers, lower ones first, with whiteouts. Nothing is unpacked, no content but that of
/// the packages' declarations, and of ELF files when they are asked for, is looked at. Throws
/// ErrorKind::refused for what no image should hold.
[[nodiscard]] ImageContents read_contents(
    const oci::ImageReader& reader, const oci::Image& image, ElfFiles elf_files = ElfFiles::leave);

} // namespace pare::inspect
