// SPDX-License-Identifier: Apache-2.0
#include "support/files.hh"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

namespace pare {

namespace {

Descriptor open_for_reading(const std::filesystem::path& path) {
    Descriptor descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!descriptor.is_open()) {
        throw_errno(errno, "open", path.string());
    }
    return descriptor;
}

struct stat status_of(const Descriptor& descriptor, const std::filesystem::path& path) {
    struct stat status{};
    if (::fstat(descriptor.number(), &status) != 0) {
        throw_errno(errno, "examine", path.string());
    }
    if (S_ISDIR(status.st_mode)) {
        throw_errno(EISDIR, "read", path.string());
    }
    return status;
}

std::size_t read_some(int descriptor, char* buffer, std::size_t size, const std::string& name) {
    while (true) {
        const ssize_t count = ::read(descriptor, buffer, size);
        if (count >= 0) {
            return static_cast<std::size_t>(count);
        }
        if (errno != EINTR) {
            throw_errno(errno, "read", name);
        }
    }
}

} // namespace

Descriptor::Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
}

Descriptor::~Descriptor() {
    if (number_ >= 0) {
        ::close(number_);
    }
}

Bytes read_file(const std::filesystem::path& path, std::uint64_t limit) {
    const Descriptor descriptor = open_for_reading(path);
    const auto size = static_cast<std::uint64_t>(status_of(descriptor, path).st_size);
    if (size > limit) {
        throw Error(
            ErrorKind::refused,
            fmt::format("{} is larger than the {} bytes allowed", path.string(), limit));
    }
    Bytes bytes(size, '\0');
    std::size_t filled = 0;
    while (filled < bytes.size()) {
        const std::size_t count = read_some(
            descriptor.number(), bytes.data() + filled, bytes.size() - filled, path.string());
        if (count == 0) {
            break;
        }
        filled += count;
    }
    bytes.resize(filled);
    return bytes;
}

void write_file(const std::filesystem::path& path, BytesView bytes) {
    AtomicFile file(path);
    file.write(bytes);
    file.commit();
}

void make_directories(const std::filesystem::path& path) {
    std::error_code problem;
    std::filesystem::create_directories(path, problem);
    if (problem) {
        throw_errno(problem.value(), "make directory", path.string());
    }
}

AtomicFile::AtomicFile(std::filesystem::path path) : path_(std::move(path)) {
    static std::atomic<unsigned> counter{0};
    temporary_ = path_.parent_path() /
                 fmt::format(".tmp-{}-{}-{}", ::getpid(), counter++, path_.filename().string());
    descriptor_ =
        Descriptor(::open(temporary_.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (!descriptor_.is_open()) {
        const int problem = errno;
        temporary_.clear();
        throw_errno(problem, "create", path_.string());
    }
}

AtomicFile::~AtomicFile() {
    if (descriptor_.is_open()) {
        ::unlink(temporary_.c_str());
    }
}

void AtomicFile::write(BytesView bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::write(descriptor_.number(), bytes.data(), bytes.size());
        if (count < 0) {
            if (errno == EINTR) {
                continue;
            }
            throw_errno(errno, "write", path_.string());
        }
        size_ += static_cast<std::uint64_t>(count);
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
}

void AtomicFile::commit(unsigned mode) {
    commit_as(path_, mode);
}

void AtomicFile::commit_as(const std::filesystem::path& path, unsigned mode) {
    // umask(2) can only be read by setting it, which other threads would see; the kernel shows it
    // only in /proc. Opening with 0666 would apply it but leave a half-written file readable.
    static const mode_t process_umask = [] {
        const mode_t mask = ::umask(022);
        ::umask(mask);
        return mask;
    }();
    if (::fchmod(descriptor_.number(), static_cast<mode_t>(mode) & ~process_umask) != 0) {
        throw_errno(errno, "set the mode of", path.string());
    }
    if (::rename(temporary_.c_str(), path.c_str()) != 0) {
        throw_errno(errno, "rename to", path.string());
    }
    const Descriptor closed = std::move(descriptor_);
}

FileSource::FileSource(const std::filesystem::path& path)
    : path_(path), descriptor_(open_for_reading(path)) {
    status_of(descriptor_, path_);
}

std::size_t FileSource::read(char* buffer, std::size_t size) {
    return read_some(descriptor_.number(), buffer, size, path_.string());
}

MappedFile::MappedFile(const std::filesystem::path& path) {
    const Descriptor descriptor = open_for_reading(path);
    size_ = static_cast<std::size_t>(status_of(descriptor, path).st_size);
    if (size_ == 0) {
        return;
    }
    void* address = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, descriptor.number(), 0);
    if (address == MAP_FAILED) {
        throw_errno(errno, "map", path.string());
    }
    data_ = static_cast<const char*>(address);
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
}

MappedFile::~MappedFile() {
    if (data_ != nullptr) {
        ::munmap(const_cast<char*>(data_), size_);
    }
}

TemporaryDirectory::TemporaryDirectory(const std::filesystem::path& parent) {
    const auto base = parent.empty() ? std::filesystem::temp_directory_path() : parent;
    std::string pattern = (base / "pare-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) {
        throw_errno(errno, "make a temporary directory in", base.string());
    }
    path_ = pattern;
}

TemporaryDirectory::~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

FileLock::FileLock(const std::filesystem::path& path, LockMode mode)
    : descriptor_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666)) {
    if (!descriptor_.is_open()) {
        throw_errno(errno, "open", path.string());
    }
    while (::flock(descriptor_.number(), mode == LockMode::shared ? LOCK_SH : LOCK_EX) != 0) {
        if (errno != EINTR) {
            throw_errno(errno, "lock", path.string());
        }
    }
}

} // namespace pare
