// SPDX-License-Identifier: Apache-2.0
// Large files go from the store into a layout without their bytes being read where that can be:
// as a reflink (ioctl_ficlone(2)), else as a hard link, else by copy_file_range(2), else by copy.
// Temporary files stand in the root of the layout and are renamed, so that blobs/sha256 holds
// nothing but whole blobs.
#include "oci/blobs.hh"

#include "oci/documents.hh"
#include "support/digest.hh"
#include "support/files.hh"

#include <fcntl.h>
#include <fmt/core.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <vector>

namespace pare::oci {

namespace {

pare::Descriptor open_file(const std::filesystem::path& file) {
    pare::Descriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (!opened.is_open()) {
        throw_errno(errno, "open", file.string());
    }
    return opened;
}

/// Copies by the kernel; returns how many bytes that gave, fewer than `size` when it cannot.
std::uint64_t copy_in_kernel(int from, int to, std::uint64_t size) {
    std::uint64_t done = 0;
    while (done < size) {
        const ssize_t count =
            ::copy_file_range(from, nullptr, to, nullptr, static_cast<std::size_t>(size - done), 0);
        if (count <= 0) {
            break;
        }
        done += static_cast<std::uint64_t>(count);
    }
    return done;
}

void write_all(int to, BytesView bytes, const std::filesystem::path& name) {
    while (!bytes.empty()) {
        const ssize_t count = ::write(to, bytes.data(), bytes.size());
        if (count < 0 && errno != EINTR) {
            throw_errno(errno, "write a copy of", name.string());
        }
        bytes.remove_prefix(count < 0 ? 0 : static_cast<std::size_t>(count));
    }
}

/// Copies through memory what is left of `from`; returns how many bytes.
std::uint64_t copy_rest(int from, int to, const std::filesystem::path& name) {
    std::vector<char> buffer(1U << 18);
    std::uint64_t done = 0;
    while (true) {
        const ssize_t count = ::read(from, buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            throw_errno(errno, "read", name.string());
        }
        if (count == 0) {
            return done;
        }
        write_all(to, {buffer.data(), static_cast<std::size_t>(count)}, name);
        done += static_cast<std::uint64_t>(count);
    }
}

} // namespace

void append_file(int to, const std::filesystem::path& file, std::uint64_t size) {
    const pare::Descriptor from = open_file(file);
    std::uint64_t done = copy_in_kernel(from.number(), to, size);
    done += copy_rest(from.number(), to, file);
    if (done != size) {
        throw Error(
            ErrorKind::environment,
            fmt::format("{} has {} bytes, expected {}", file.string(), done, size),
            "the file was damaged or replaced; remove it and build again");
    }
}

BlobDirectory::BlobDirectory(std::filesystem::path root)
    : root_(std::move(root)), blobs_(root_ / "blobs" / "sha256") {
    make_directories(blobs_);
}

std::filesystem::path BlobDirectory::path_of(const Descriptor& blob) const {
    return blobs_ / digest_hex(blob.digest);
}

bool BlobDirectory::has(const Descriptor& blob) const {
    struct stat status{};
    return ::lstat(path_of(blob).c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
           static_cast<std::uint64_t>(status.st_size) == blob.size;
}

void BlobDirectory::put(const Document& document) const {
    if (has(document.descriptor)) {
        return;
    }
    AtomicFile file(root_ / "blob");
    file.write(document.bytes);
    file.commit_as(path_of(document.descriptor));
}

void BlobDirectory::put_file(const Descriptor& blob, const std::filesystem::path& file) {
    const std::filesystem::path to = path_of(blob);
    struct stat status{};
    if (::stat(file.c_str(), &status) != 0) {
        throw_errno(errno, "find the layer", file.string());
    }
    if (static_cast<std::uint64_t>(status.st_size) == blob.size) {
        reflinks_ = reflinks_ && try_reflink(file, to);
        if (reflinks_) {
            return;
        }
        hard_links_ = hard_links_ && try_hard_link(file, to);
        if (hard_links_) {
            return;
        }
    }
    AtomicFile copy(root_ / "blob");
    append_file(copy.descriptor(), file, blob.size);
    copy.commit_as(to);
}

bool BlobDirectory::try_reflink(
    const std::filesystem::path& file, const std::filesystem::path& to) const {
    const pare::Descriptor from = open_file(file);
    AtomicFile clone(root_ / "blob");
    if (::ioctl(clone.descriptor(), FICLONE, from.number()) != 0) {
        return false;
    }
    clone.commit_as(to);
    return true;
}

bool BlobDirectory::try_hard_link(
    const std::filesystem::path& file, const std::filesystem::path& to) const {
    if (::link(file.c_str(), to.c_str()) == 0) {
        return true;
    }
    if (errno != EEXIST) {
        return false;
    }
    // Something else has the name: a blob of the wrong size, or one that another process has
    // just put there. The link takes its place by rename. Two links to one file are left by
    // rename(2) as they are, hence the unlink.
    std::filesystem::path temporary;
    {
        const AtomicFile name(root_ / "blob");
        temporary = name.temporary();
    }
    const bool placed = ::link(file.c_str(), temporary.c_str()) == 0 &&
                        ::rename(temporary.c_str(), to.c_str()) == 0;
    ::unlink(temporary.c_str());
    return placed;
}

} // namespace pare::oci
