// SPDX-License-Identifier: Apache-2.0
#include "support/zip_builder.hh"

#include "archive/codec.hh"

#include <algorithm>

namespace pare::test {

namespace {

constexpr std::size_t kGzipHeader = 10;
constexpr std::size_t kGzipEnd = 8;
constexpr std::size_t kMostCounted = 0xffff;
/// Comment, disk and attributes of an entry in the directory.
constexpr std::size_t kUnusedFields = 10;

void append16(Bytes& out, std::size_t value) {
    append_int(out, static_cast<std::uint16_t>(value), Endian::little);
}

void append32(Bytes& out, std::size_t value) {
    append_int(out, static_cast<std::uint32_t>(value), Endian::little);
}

/// What the header of an entry and the directory say of it alike: from the version to the length
/// of the name.
Bytes description(const ZipMember& member, const Bytes& gzip, std::size_t stored_size) {
    Bytes text;
    append16(text, 20);
    append16(text, 0);
    append16(text, member.deflated ? 8 : 0);
    append32(text, 0x00210000); // 1980-01-01
    text += gzip.substr(gzip.size() - kGzipEnd, 4);
    append32(text, stored_size);
    append32(text, member.content.size());
    append16(text, member.name.size());
    append16(text, 0);
    return text;
}

/// More entries than 16 bits count have records of their own before the end (zip64).
Bytes long_end(std::size_t count, std::size_t directory, std::size_t entries) {
    Bytes end = "PK\6\6";
    append_int(end, std::uint64_t{44}, Endian::little);
    append16(end, 45);
    append16(end, 45);
    append_int(end, std::uint64_t{0}, Endian::little);
    append_int(end, std::uint64_t{count}, Endian::little);
    append_int(end, std::uint64_t{count}, Endian::little);
    append_int(end, std::uint64_t{directory}, Endian::little);
    append_int(end, std::uint64_t{entries}, Endian::little);
    end += "PK\6\7";
    append32(end, 0);
    append_int(end, std::uint64_t{entries + directory}, Endian::little);
    append32(end, 1);
    return end;
}

} // namespace

Bytes build_zip(const std::vector<ZipMember>& members) {
    Bytes entries;
    Bytes directory;
    for (const ZipMember& member : members) {
        // gzip holds the same stream and the same CRC.
        const Bytes gzip =
            archive::compress(member.content, {.codec = archive::Codec::gzip, .level = 6});
        const Bytes stored = member.deflated
                                 ? gzip.substr(kGzipHeader, gzip.size() - kGzipHeader - kGzipEnd)
                                 : member.content;
        const Bytes text = description(member, gzip, stored.size());
        directory += "PK\1\2";
        append16(directory, 20);
        directory += text;
        directory.append(kUnusedFields, '\0');
        append32(directory, entries.size());
        directory += member.name;
        entries += "PK\3\4" + text + member.name + stored;
    }
    const bool is_long = members.size() > kMostCounted;
    Bytes end = is_long ? long_end(members.size(), directory.size(), entries.size()) : "";
    end += "PK\5\6";
    append32(end, 0);
    append16(end, std::min(members.size(), kMostCounted));
    append16(end, std::min(members.size(), kMostCounted));
    append32(end, directory.size());
    append32(end, entries.size());
    append16(end, 0);
    return entries + directory + end;
}

Bytes class_file(unsigned java, bool is_preview) {
    Bytes bytes;
    append_int(bytes, std::uint32_t{0xcafebabe}, Endian::big);
    append_int(bytes, static_cast<std::uint16_t>(is_preview ? 0xffff : 0), Endian::big);
    append_int(bytes, static_cast<std::uint16_t>(java + 44), Endian::big);
    append_int(bytes, std::uint16_t{1}, Endian::big);
    return bytes;
}

} // namespace pare::test
