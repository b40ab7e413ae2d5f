// SPDX-License-Identifier: Apache-2.0
// The databases in which package managers write down what is installed, as they lie in images.
// Bytes in, packages out: whoever made the image wrote them, so nothing in them is believed to be
// well-formed. All functions throw ErrorKind::refused for what is not the format; `name` is for
// messages.
#pragma once

#include "elf/go_build_info.hh"
#include "sbom/document.hh"
#include "support/bytes.hh"

#include <optional>
#include <string>
#include <vector>

namespace pare::sbom {

/// dpkg's status, or a file of status.d: packages that are not removed.
[[nodiscard]] std::vector<Package> read_dpkg_status(BytesView text, const std::string& name);
/// The paths in dpkg's `md5sums`.
[[nodiscard]] std::vector<ImagePath> read_md5sums(BytesView text);
/// The paths in dpkg's `list`.
[[nodiscard]] std::vector<ImagePath> read_dpkg_list(BytesView text);

/// apk's database of what is installed, with the files.
[[nodiscard]] std::vector<Package> read_apk_installed(BytesView text, const std::string& name);

/// METADATA or PKG-INFO of a Python distribution; nothing when it has no name or version.
[[nodiscard]] std::optional<Package> read_python_metadata(BytesView text);
/// The paths in a RECORD, which are relative to the directory that the distribution is in.
[[nodiscard]] std::vector<ImagePath> read_record(BytesView text, const ImagePath& directory);

/// The package.json of an installed Node package; nothing when it has no name or version.
[[nodiscard]] std::optional<Package> read_package_json(BytesView text, const std::string& name);

/// The modules of a Go program: its own one first, which needs all others; then Go's library.
[[nodiscard]] std::vector<Package> read_go_modules(const elf::GoBuildInfo& info);

/// The os-release of an image (os-release(5)).
[[nodiscard]] OperatingSystem read_os_release(BytesView text);

} // namespace pare::sbom
