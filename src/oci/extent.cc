// SPDX-License-Identifier: Apache-2.0
// An archive of images is read where it lies: one pass over its headers says where each file
// begins, and blobs are then read by offset. Refused: names that leave the archive, a name that
// comes twice, sparse files, more than 100 000 members.
#include "oci/extent.hh"

#include "archive/codec.hh"
#include "archive/tar.hh"
#include "support/digest.hh"
#include "support/image_path.hh"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace pare::oci {

namespace {

constexpr std::uint64_t kMaxMembers = 100'000;
/// `docker save` before version 25 links equal layers to each other, one step deep.
constexpr int kMaxLinks = 4;

class ExtentSource final : public Source {
public:
    explicit ExtentSource(Extent extent) : extent_(std::move(extent)) {}

    std::size_t read(char* buffer, std::size_t size) override {
        const std::size_t wanted = std::min<std::uint64_t>(size, extent_.size - done_);
        while (wanted > 0) {
            const ssize_t count = ::pread(
                extent_.file->number(), buffer, wanted, static_cast<off_t>(extent_.offset + done_));
            if (count > 0) {
                done_ += static_cast<std::uint64_t>(count);
                return static_cast<std::size_t>(count);
            }
            if (count == 0) {
                throw Error(ErrorKind::refused, fmt::format("{} ends too early", extent_.name));
            }
            if (errno != EINTR) {
                throw_errno(errno, "read", extent_.name);
            }
        }
        return 0;
    }

private:
    Extent extent_;
    std::uint64_t done_ = 0;
};

/// Knows how far its reader is: TarReader asks for no byte before it needs it.
class CountingSource final : public Source {
public:
    explicit CountingSource(Source& input) : input_(input) {}

    std::size_t read(char* buffer, std::size_t size) override {
        const std::size_t count = input_.read(buffer, size);
        position_ += count;
        return count;
    }

    [[nodiscard]] std::uint64_t position() const { return position_; }

private:
    Source& input_;
    std::uint64_t position_ = 0;
};

/// Takes bytes and forgets them.
class NoSink final : public Sink {
public:
    void write(BytesView) override {}
};

/// The archive as a plain tar file.
Extent plain_archive(const std::filesystem::path& path) {
    std::optional<Extent> packed = find_file(path);
    if (!packed) {
        throw_errno(ENOENT, "open", path.string());
    }
    const archive::Codec codec = archive::detect_codec(peek_extent(*packed, 16));
    if (codec == archive::Codec::none) {
        return *packed;
    }
    // The descriptor keeps the file; its name goes with the directory at the end of this scope.
    const TemporaryDirectory directory;
    const auto source = open_extent(*packed);
    const auto unpacked = archive::decompress(*source, codec, {}, path.string());
    AtomicFile file(directory.path() / "archive.tar");
    copy_all(*unpacked, file);
    file.commit(0600);
    std::optional<Extent> plain = find_file(directory.path() / "archive.tar");
    ensure(plain.has_value(), "a file that was just written is there");
    plain->name = path.string();
    return *plain;
}

/// Where a link at `from` points, within the archive.
std::string resolve_link(const std::string& from, const std::string& link) {
    std::string path = ImagePath::parse(from).parent().relative();
    std::string_view rest = link;
    while (rest.starts_with("../")) {
        rest.remove_prefix(3);
        path = ImagePath::parse(path).parent().relative();
    }
    return ImagePath::parse(fmt::format("{}/{}", path, rest)).relative();
}

} // namespace

std::optional<Extent> find_file(const std::filesystem::path& path) {
    auto file =
        std::make_shared<pare::Descriptor>(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file->is_open()) {
        if (errno == ENOENT || errno == ENOTDIR) {
            return std::nullopt;
        }
        throw_errno(errno, "open", path.string());
    }
    struct stat status{};
    if (::fstat(file->number(), &status) != 0) {
        throw_errno(errno, "examine", path.string());
    }
    if (!S_ISREG(status.st_mode)) {
        throw Error(ErrorKind::refused, fmt::format("{} is not a regular file", path.string()));
    }
    return Extent{
        .file = std::move(file),
        .name = path.string(),
        .size = static_cast<std::uint64_t>(status.st_size)};
}

std::unique_ptr<Source> open_extent(const Extent& extent) {
    return std::make_unique<ExtentSource>(extent);
}

std::string hash_extent(const Extent& extent) {
    Hasher hasher;
    const auto source = open_extent(extent);
    copy_all(*source, hasher);
    return hasher.hex();
}

Bytes peek_extent(const Extent& extent, std::size_t count) {
    Extent start = extent;
    start.size = std::min<std::uint64_t>(extent.size, count);
    const auto source = open_extent(start);
    return read_all(*source, count);
}

TarIndex::TarIndex(const std::filesystem::path& path) : name_(path.string()) {
    const Extent whole = plain_archive(path);
    const auto source = open_extent(whole);
    CountingSource counted(*source);
    archive::TarReader reader(counted, {.entries = kMaxMembers}, name_);
    NoSink nowhere;
    while (const archive::TarHeader* header = reader.next()) {
        const std::string name = ImagePath::parse(header->name).relative();
        const bool is_link = header->type == archive::TarType::symlink;
        if (!is_link && header->type != archive::TarType::file) {
            continue;
        }
        const Extent extent{
            .file = whole.file,
            .name = name_ + "/" + name,
            .offset = counted.position(),
            .size = header->size};
        const bool is_new = is_link ? links_.emplace(name, resolve_link(name, header->link)).second
                                    : files_.emplace(name, extent).second;
        copy_all(reader.content(), nowhere);
        if (!is_new || counted.position() - extent.offset < extent.size) {
            throw Error(
                ErrorKind::refused,
                fmt::format(
                    "{} holds {} {}", name_, name, is_new ? "as a sparse file" : "more than once"));
        }
    }
}

std::optional<Extent> TarIndex::find(std::string_view name) const {
    for (int step = 0; step < kMaxLinks; ++step) {
        const auto file = files_.find(name);
        if (file != files_.end()) {
            return file->second;
        }
        const auto link = links_.find(name);
        if (link == links_.end()) {
            break;
        }
        name = link->second;
    }
    return std::nullopt;
}

} // namespace pare::oci
