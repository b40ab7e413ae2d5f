// SPDX-License-Identifier: Apache-2.0
// Files of the host: each appears whole by rename or not at all.
#pragma once

#include "support/bytes.hh"
#include "support/stream.hh"

#include <cstdint>
#include <filesystem>
#include <string>

namespace pare {

/// An open file descriptor that closes itself.
class Descriptor {
public:
    Descriptor() = default;

    explicit Descriptor(int number) : number_(number) {}

    Descriptor(Descriptor&& other) noexcept;
    Descriptor& operator=(Descriptor&& other) noexcept;
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor();

    [[nodiscard]] int number() const { return number_; }

    [[nodiscard]] bool is_open() const { return number_ >= 0; }

private:
    int number_ = -1;
};

/// The whole file; throws ErrorKind::environment, or ErrorKind::refused beyond `limit` bytes.
[[nodiscard]] Bytes read_file(const std::filesystem::path& path, std::uint64_t limit = 1U << 30);
/// Writes a file by way of a temporary one beside it and rename(2).
void write_file(const std::filesystem::path& path, BytesView bytes);
/// Makes the directory and its parents; throws ErrorKind::environment.
void make_directories(const std::filesystem::path& path);

/// A file that is being written under a temporary name beside `path`; it takes its name at
/// commit(). Without commit() the temporary file is removed. After a kill -9 a `.tmp-*` file may
/// stay behind; nobody reads such names and `cache prune` removes them.
class AtomicFile final : public Sink {
public:
    explicit AtomicFile(std::filesystem::path path);
    AtomicFile(AtomicFile&& other) noexcept = default;
    AtomicFile& operator=(AtomicFile&& other) noexcept = default;
    ~AtomicFile() override;

    void write(BytesView bytes) override;

    /// Where the bytes are until commit().
    [[nodiscard]] const std::filesystem::path& temporary() const { return temporary_; }

    [[nodiscard]] int descriptor() const { return descriptor_.number(); }

    [[nodiscard]] std::uint64_t size() const { return size_; }

    /// Renames to the final name, with permissions `mode` less the umask.
    void commit(unsigned mode = 0666);
    /// Renames to another final name (content-addressed files learn theirs at the end).
    void commit_as(const std::filesystem::path& path, unsigned mode = 0666);

private:
    std::filesystem::path path_;
    std::filesystem::path temporary_;
    Descriptor descriptor_;
    std::uint64_t size_ = 0;
};

/// Reads an open or named file in order.
class FileSource final : public Source {
public:
    explicit FileSource(const std::filesystem::path& path);
    std::size_t read(char* buffer, std::size_t size) override;

private:
    std::filesystem::path path_;
    Descriptor descriptor_;
};

/// A read-only view of a whole file in memory; unmapped at the end.
class MappedFile {
public:
    MappedFile() = default;
    explicit MappedFile(const std::filesystem::path& path);
    MappedFile(MappedFile&& other) noexcept;
    MappedFile& operator=(MappedFile&& other) noexcept;
    MappedFile(const MappedFile&) = delete;
    MappedFile& operator=(const MappedFile&) = delete;
    ~MappedFile();

    [[nodiscard]] BytesView bytes() const { return {data_, size_}; }

private:
    const char* data_ = nullptr;
    std::size_t size_ = 0;
};

/// A directory of its own below the system's temporary directory (or `parent`), removed at the end.
class TemporaryDirectory {
public:
    explicit TemporaryDirectory(const std::filesystem::path& parent = {});
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
    ~TemporaryDirectory();

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

enum class LockMode { shared, exclusive };

/// flock(2) on `path` (made when missing), held until destruction; waits for it.
class FileLock {
public:
    FileLock(const std::filesystem::path& path, LockMode mode);

private:
    Descriptor descriptor_;
};

} // namespace pare
