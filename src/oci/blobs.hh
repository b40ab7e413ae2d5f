// SPDX-License-Identifier: Apache-2.0
// Puts blobs into a layout, for the files of this room.
#pragma once

#include "oci/image.hh"

#include <cstdint>
#include <filesystem>

namespace pare::oci {

/// `blobs/sha256` of one layout, being filled.
class BlobDirectory {
public:
    /// Makes the directories of the layout `root` when they are missing.
    explicit BlobDirectory(std::filesystem::path root);

    [[nodiscard]] std::filesystem::path path_of(const Descriptor& blob) const;
    /// Whether the blob is there: a regular file of its size. Its bytes are not read, for a
    /// rebuild would then cost as much as a build.
    [[nodiscard]] bool has(const Descriptor& blob) const;
    /// The blob, from bytes in memory; nothing when it is there.
    void put(const Document& document) const;
    /// The blob, from a file with its bytes, in the cheapest way that the filesystem has.
    void put_file(const Descriptor& blob, const std::filesystem::path& file);

private:
    bool try_reflink(const std::filesystem::path& file, const std::filesystem::path& to) const;
    bool try_hard_link(const std::filesystem::path& file, const std::filesystem::path& to) const;

    std::filesystem::path root_;
    std::filesystem::path blobs_;
    bool reflinks_ = true;   ///< until the filesystem says no
    bool hard_links_ = true; ///< likewise
};

/// Appends `size` bytes of the file to the open file `to`, by copy_file_range(2) where it works.
/// Throws ErrorKind::environment when the file has another size.
void append_file(int to, const std::filesystem::path& file, std::uint64_t size);

} // namespace pare::oci
