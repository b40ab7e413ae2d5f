// SPDX-License-Identifier: Apache-2.0
// An archive of an upstream project (contents.archives) as a cut.
#pragma once

#include "cut/cut.hh"

namespace pare::cut {

/// Which files of an archive are wanted, and where they go.
struct ArchiveSelection {
    std::uint64_t strip = 0;            ///< leading components cut from all paths
    std::vector<std::string> include{}; ///< globs over what is left of them; empty: all
    std::string to{};                   ///< directory that they go below
    std::set<std::string> dropped{};    ///< paths in the image that went to somebody else

    bool operator==(const ArchiveSelection&) const = default;
};

/// What the cut of that archive and selection is kept under: hex of a SHA-256.
[[nodiscard]] std::string
archive_cut_key(const std::string& archive_sha256, const ArchiveSelection& selection);

/// Cuts a tar archive (plain, gzip, xz or zstd); its part goes to `part`. `package` of the cut is
/// `name`. Everything belongs to root, as numbers of a build machine mean nothing in an image.
/// Throws ErrorKind::refused for what an image cannot hold and for damage, ErrorKind::definition
/// for a glob that matches nothing and for an archive of another kind.
[[nodiscard]] Cut cut_archive(
    BytesView archive, const ArchiveSelection& selection, const std::string& name,
    const std::string& version, Sink& part);

} // namespace pare::cut
