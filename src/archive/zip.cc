// SPDX-License-Identifier: Apache-2.0
// Zip archives by libzip, which reads their directory at the end. A start script before the first
// entry, which offsets do not count as often as they do, is skipped here.
//
// Refused: what libzip refuses (no directory, one that contradicts the entries, several disks),
// names that are absolute, climb by `..` or hold control characters, encrypted entries, methods
// that other readers of jars do not have, entries that are longer than they say or than the caller
// wants, more than 200 000 entries.
#include "archive/zip.hh"

#include "archive/refuse.hh"
#include "support/text.hh"

#include <zip.h>

#include <algorithm>
#include <array>
#include <utility>

namespace pare::archive {

namespace {

constexpr std::int64_t kMostEntries = 200'000;
constexpr std::size_t kLongestName = 4096;

/// An error of libzip that frees what it holds.
class ZipError {
public:
    ZipError() { ::zip_error_init(&error_); }

    ZipError(const ZipError&) = delete;
    ZipError& operator=(const ZipError&) = delete;

    ~ZipError() { ::zip_error_fini(&error_); }

    zip_error_t* get() { return &error_; }

    std::string text() { return ::zip_error_strerror(&error_); }

private:
    zip_error_t error_{};
};

struct FileCloser {
    void operator()(zip_file_t* file) const { ::zip_fclose(file); }
};

bool is_good_name(std::string_view name) {
    if (name.empty() || name.size() > kLongestName || name.starts_with('/')) {
        return false;
    }
    const bool has_control =
        std::ranges::any_of(name, [](char c) { return static_cast<unsigned char>(c) < ' '; });
    const std::vector<std::string_view> parts = split(name, '/');
    return !has_control && std::ranges::find(parts, "..") == parts.end();
}

/// How many bytes stand before the archive that its offsets do not count: the directory lies right
/// before its end record
///   "PK\5\6" ... size of the directory u32 at 12, its offset from the start u32 at 16
/// which only a comment follows.
std::size_t start_of(BytesView bytes) {
    constexpr std::size_t kEndSize = 22;
    const std::size_t end = bytes.rfind("PK\5\6");
    if (end == BytesView::npos || bytes.size() - end < kEndSize) {
        return 0;
    }
    const std::uint64_t size = read_int<std::uint32_t>(bytes, end + 12, Endian::little);
    const std::uint64_t offset = read_int<std::uint32_t>(bytes, end + 16, Endian::little);
    const auto has_directory = [&](std::uint64_t at) {
        return bytes.substr(std::min<std::uint64_t>(at, bytes.size())).starts_with("PK\1\2");
    };
    const bool is_shifted =
        size + offset < end && !has_directory(offset) && has_directory(end - size);
    return is_shifted ? end - size - offset : 0;
}

} // namespace

void ZipReader::Closer::operator()(zip* archive) const {
    ::zip_discard(archive);
}

ZipReader::ZipReader(BytesView bytes, std::string name) : name_(std::move(name)) {
    bytes.remove_prefix(start_of(bytes));
    if (bytes.empty()) {
        refuse(name_, "it is empty"); // for libzip an archive without entries
    }
    ZipError error;
    zip_source_t* source =
        ::zip_source_buffer_create(bytes.data(), bytes.size(), /*freep=*/0, error.get());
    if (source == nullptr) {
        refuse(name_, error.text());
    }
    archive_.reset(::zip_open_from_source(source, ZIP_RDONLY, error.get()));
    if (archive_ == nullptr) {
        ::zip_source_free(source);
        refuse(name_, "it cannot be read as a zip archive: " + error.text());
    }
    const std::int64_t count = ::zip_get_num_entries(archive_.get(), 0);
    if (count > kMostEntries) {
        refuse(name_, fmt::format("it has {} entries; {} are enough", count, kMostEntries));
    }
    entries_.reserve(static_cast<std::size_t>(count));
    for (std::uint64_t i = 0; i < static_cast<std::uint64_t>(count); ++i) {
        zip_stat_t stat{};
        if (::zip_stat_index(archive_.get(), i, ZIP_FL_ENC_RAW, &stat) != 0 ||
            stat.name == nullptr || (stat.valid & ZIP_STAT_SIZE) == 0) {
            refuse(name_, fmt::format("entry {} says nothing of itself", i));
        }
        if (!is_good_name(stat.name)) {
            refuse(name_, fmt::format("it has an entry of the name '{}'", stat.name));
        }
        entries_.push_back({.name = stat.name, .size = stat.size, .index = i});
    }
}

Bytes ZipReader::read_at_most(const ZipEntry& entry, std::uint64_t most) const {
    zip_stat_t stat{};
    const bool is_known = ::zip_stat_index(archive_.get(), entry.index, 0, &stat) == 0;
    const bool is_plain =
        is_known && (stat.comp_method == ZIP_CM_STORE || stat.comp_method == ZIP_CM_DEFLATE) &&
        stat.encryption_method == ZIP_EM_NONE;
    if (!is_plain) {
        refuse(name_, entry.name + " is encrypted, or neither stored nor deflated");
    }
    const std::unique_ptr<zip_file_t, FileCloser> file(
        ::zip_fopen_index(archive_.get(), entry.index, 0));
    if (file == nullptr) {
        refuse(name_, fmt::format("{}: {}", entry.name, ::zip_strerror(archive_.get())));
    }
    // What the directory promises is not trusted: memory is taken as bytes come.
    Bytes content;
    std::array<char, 65536> buffer; // NOLINT(*-member-init): 64 KB that are written right away
    while (content.size() < most) {
        const std::uint64_t wanted = std::min<std::uint64_t>(buffer.size(), most - content.size());
        const std::int64_t count = ::zip_fread(file.get(), buffer.data(), wanted);
        if (count < 0) {
            refuse(name_, fmt::format("{}: {}", entry.name, ::zip_file_strerror(file.get())));
        }
        if (count == 0) {
            break;
        }
        content.append(buffer.data(), static_cast<std::size_t>(count));
    }
    return content;
}

Bytes ZipReader::read(const ZipEntry& entry, std::uint64_t most) const {
    if (entry.size > most) {
        refuse(
            name_, fmt::format(
                       "{} has {}; {} are enough", entry.name, format_size(entry.size),
                       format_size(most)));
    }
    // One byte more than there should be, so that libzip sees the end and compares the CRC.
    Bytes content = read_at_most(entry, entry.size + 1);
    if (content.size() != entry.size) {
        refuse(name_, entry.name + " is not as long as it says");
    }
    return content;
}

Bytes ZipReader::read_start(const ZipEntry& entry, std::size_t count) const {
    return read_at_most(entry, count);
}

} // namespace pare::archive
