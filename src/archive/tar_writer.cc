// SPDX-License-Identifier: Apache-2.0
// Writes tar headers: POSIX.1-1988 ustar where everything fits, else a pax extended header
// (typeflag x) before it with what does not. Nothing depends on the clock, the user or the locale.
//
// What is in the pax header is cut or 0 in the ustar one, as POSIX leaves it to the writer.
#include "archive/pax.hh"
#include "archive/tar.hh"
#include "archive/tar_block.hh"

#include <fmt/core.h>

#include <algorithm>

namespace pare::archive {

namespace {

constexpr std::array<char, 2 * kTarBlock> kEnd{};

/// The largest number in `digits` octal digits.
constexpr std::uint64_t octal_limit(unsigned digits) {
    return (std::uint64_t{1} << (3 * digits)) - 1;
}

template <std::size_t Size>
void put_text(std::array<char, Size>& field, std::string_view text) {
    text.copy(field.data(), Size);
}

/// Octal digits and a NUL.
template <std::size_t Size>
void put_number(std::array<char, Size>& field, std::uint64_t number) {
    for (std::size_t i = Size - 1; i-- > 0; number >>= 3) {
        field[i] = static_cast<char>('0' + (number & 7));
    }
}

void put_checksum(TarBlock& block) {
    const auto sum = static_cast<std::uint64_t>(checksum_of<unsigned char>(block));
    std::array<char, 7> digits{};
    put_number(digits, sum);
    put_text(block.checksum, {digits.data(), digits.size()});
    block.checksum[7] = ' ';
}

bool has_link(TarType type) {
    return type == TarType::hard_link || type == TarType::symlink;
}

bool is_device(TarType type) {
    return type == TarType::character_device || type == TarType::block_device;
}

/// The root of the tree is written as `./`.
std::string stored_name(const TarHeader& header) {
    if (header.type != TarType::directory) {
        return header.name;
    }
    if (header.name.empty()) {
        return "./";
    }
    return header.name.ends_with('/') ? header.name : header.name + '/';
}

/// Where to split a long name in prefix and name, at a '/' that is stored in neither; the shortest
/// prefix that does. Nothing when there is none.
std::optional<std::size_t> split_name(std::string_view name) {
    constexpr std::size_t kName = sizeof(TarBlock::name);
    constexpr std::size_t kPrefix = sizeof(TarBlock::prefix);
    const std::size_t slash = name.find('/', std::max<std::size_t>(name.size() - kName - 1, 1));
    if (slash > kPrefix || slash + 1 == name.size()) {
        return std::nullopt;
    }
    return slash;
}

/// Collects what ustar has no room for, while the block is filled with what it has room for.
class HeaderWriter {
public:
    explicit HeaderWriter(const TarHeader& header) : header_(header), name_(stored_name(header)) {
        const auto has_nul = [](const std::string& text) {
            return text.find('\0') != std::string::npos;
        };
        ensure(!name_.empty() && !has_nul(name_), "a tar entry has a name without NUL");
        ensure(
            !has_nul(header.link) && !has_nul(header.user) && !has_nul(header.group),
            "no text of a tar entry holds a NUL");
    }

    Bytes write() {
        TarBlock block{};
        fill(block);
        Bytes out = records_.empty() ? Bytes() : extended_header();
        return out.append(block_bytes(block));
    }

private:
    void fill(TarBlock& block) {
        put_name(block);
        put_number(block.mode, header_.mode & 07777U);
        put_id(block.uid, "uid", header_.uid);
        put_id(block.gid, "gid", header_.gid);
        put_size(block);
        put_mtime(block);
        block.type = tar_flag_of(header_.type);
        if (has_link(header_.type)) {
            put_string(block.link, "linkpath", header_.link, 0);
        }
        put_text(block.magic, kUstarMagic);
        put_string(block.user, "uname", header_.user, 1);
        put_string(block.group, "gname", header_.group, 1);
        put_id(
            block.device_major, "SCHILY.devmajor",
            is_device(header_.type) ? header_.device_major : 0);
        put_id(
            block.device_minor, "SCHILY.devminor",
            is_device(header_.type) ? header_.device_minor : 0);
        for (const auto& [name, value] : header_.xattrs) {
            ensure(!name.empty() && name.find('=') == std::string::npos, "an xattr's name");
            records_.emplace("SCHILY.xattr." + name, value);
        }
        put_checksum(block);
    }

    void put_name(TarBlock& block) {
        if (name_.size() <= block.name.size()) {
            put_text(block.name, name_);
        } else if (const auto slash = split_name(name_)) {
            put_text(block.prefix, std::string_view(name_).substr(0, *slash));
            put_text(block.name, std::string_view(name_).substr(*slash + 1));
        } else {
            put_text(block.name, name_);
            records_.emplace("path", name_);
        }
    }

    /// `terminator`: how many bytes the field keeps for its NUL.
    template <std::size_t Size>
    void put_string(
        std::array<char, Size>& field, const char* key, const std::string& text,
        std::size_t terminator) {
        put_text(field, std::string_view(text).substr(0, Size - terminator));
        if (text.size() > Size - terminator) {
            records_.emplace(key, text);
        }
    }

    void put_id(std::array<char, 8>& field, const char* key, std::uint64_t id) {
        const bool fits = id <= octal_limit(7);
        put_number(field, fits ? id : 0);
        if (!fits) {
            records_.emplace(key, fmt::format("{}", id));
        }
    }

    void put_size(TarBlock& block) {
        const std::uint64_t size = header_.type == TarType::file ? header_.size : 0;
        const bool fits = size <= octal_limit(11);
        put_number(block.size, fits ? size : 0);
        if (!fits) {
            records_.emplace("size", fmt::format("{}", size));
        }
    }

    void put_mtime(TarBlock& block) {
        const bool fits =
            header_.mtime >= 0 && static_cast<std::uint64_t>(header_.mtime) <= octal_limit(11);
        put_number(block.mtime, fits ? static_cast<std::uint64_t>(header_.mtime) : 0);
        if (!fits) {
            records_.emplace("mtime", fmt::format("{}", header_.mtime));
        }
    }

    /// Its name is only seen by a reader that does not know pax.
    [[nodiscard]] Bytes extended_header() const {
        const Bytes records = write_pax(records_);
        std::string_view base = name_;
        while (base.ends_with('/')) {
            base.remove_suffix(1);
        }
        base.remove_prefix(base.rfind('/') + 1);
        TarBlock block{};
        put_text(block.name, fmt::format("PaxHeaders/{}", base));
        put_number(block.mode, 0644);
        put_number(block.uid, 0);
        put_number(block.gid, 0);
        put_number(block.size, records.size());
        put_number(block.mtime, 0);
        block.type = 'x';
        put_text(block.magic, kUstarMagic);
        put_number(block.device_major, 0);
        put_number(block.device_minor, 0);
        put_checksum(block);
        Bytes out(block_bytes(block));
        out += records;
        return out.append(tar_padding(records.size()), '\0');
    }

    const TarHeader& header_;
    std::string name_;
    std::map<std::string, std::string> records_{};
};

} // namespace

Bytes tar_header(const TarHeader& header) {
    return HeaderWriter(header).write();
}

std::size_t tar_padding(std::uint64_t size) {
    return (kTarBlock - size % kTarBlock) % kTarBlock;
}

BytesView tar_end() {
    return {kEnd.data(), kEnd.size()};
}

} // namespace pare::archive
