// SPDX-License-Identifier: Apache-2.0
// Makes Debian packages in memory, good ones and bad ones, so that tests need no fixtures.
#pragma once

#include "archive/codec.hh"
#include "archive/tar.hh"
#include "support/bytes.hh"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace pare::test {

/// One member of an ar archive to be written.
struct ArFile {
    std::string name{};
    Bytes bytes{};
    std::int64_t mtime = 0;
};

/// An ar archive as dpkg-deb writes it.
[[nodiscard]] Bytes build_ar(const std::vector<ArFile>& members);

/// One entry of a tar archive to be written. The size in the header of a file is that of `content`.
struct TarEntry {
    archive::TarHeader header{};
    Bytes content{};
};

/// A whole tar archive, in the order given.
using Tar = std::vector<TarEntry>;
[[nodiscard]] Bytes build_tar(const Tar& entries);

[[nodiscard]] TarEntry tar_file(std::string name, Bytes content, std::uint32_t mode = 0644);
[[nodiscard]] TarEntry tar_directory(std::string name, std::uint32_t mode = 0755);
[[nodiscard]] TarEntry tar_symlink(std::string name, std::string target);
[[nodiscard]] TarEntry tar_hard_link(std::string name, std::string target);

struct DebSpec {
    std::string control{};          ///< the text of the control file
    std::optional<Bytes> md5sums{}; ///< made from the entries when absent
    /// Further members of the control archive by name: postinst, conffiles, triggers, ...
    std::map<std::string, std::string> scripts{};
    /// The data archive, in order; names as dpkg writes them: `./usr/bin/x`, `./usr/`.
    Tar entries{};
    archive::Codec codec = archive::Codec::gzip;
    std::int64_t mtime = 0; ///< of the ar members and of the control archive's entries
};

/// A .deb (deb(5), format 2.0). dpkg-deb takes it. xz is made by the tool of that name.
[[nodiscard]] Bytes build_deb(const DebSpec& spec);

/// `bytes` in one member or frame of `codec`, xz too.
[[nodiscard]] Bytes pack(BytesView bytes, archive::Codec codec);

} // namespace pare::test
