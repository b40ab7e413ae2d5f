// SPDX-License-Identifier: Apache-2.0
// Reads what the dynamic loader would see of an ELF file: the header, the program headers, and
// through PT_DYNAMIC the strings it points to, by the addresses that PT_LOAD maps (System V gABI,
// chapters 4 and 5; symbol versions: Linux Standard Base 5.0, "Symbol Versioning"). Section headers
// are never looked at: they may be stripped. Only the bytes that are needed are touched.
//
// Refused: classes and encodings that do not exist, tables and strings outside the file or outside
// what is loaded, more than one interpreter or dynamic section, more than 10 000 of anything.
#include "elf/elf.hh"

#include <fmt/core.h>

#include <algorithm>

namespace pare::elf {

namespace {

constexpr std::size_t kMaxCount = 10'000;
constexpr std::size_t kMaxName = 4096; ///< PATH_MAX
constexpr std::size_t kMaxSearchPath = std::size_t{64} * 1024;

// e_type, p_type and d_tag of the gABI.
constexpr std::uint16_t kEtExec = 2;
constexpr std::uint16_t kEtDyn = 3;
constexpr std::uint32_t kPtLoad = 1;
constexpr std::uint32_t kPtDynamic = 2;
constexpr std::uint32_t kPtInterp = 3;
constexpr std::uint64_t kDtNull = 0;
constexpr std::uint64_t kDtNeeded = 1;
constexpr std::uint64_t kDtStrtab = 5;
constexpr std::uint64_t kDtStrsz = 10;
constexpr std::uint64_t kDtSoname = 14;
constexpr std::uint64_t kDtRpath = 15;
constexpr std::uint64_t kDtRunpath = 29;
constexpr std::uint64_t kDtVerdef = 0x6ffffffc;
constexpr std::uint64_t kDtVerdefnum = 0x6ffffffd;
constexpr std::uint64_t kDtVerneed = 0x6ffffffe;
constexpr std::uint64_t kDtVerneednum = 0x6fffffff;
constexpr std::uint16_t kVerFlgBase = 1; ///< a definition that names the file itself

struct Segment {
    std::uint32_t type = 0;
    std::uint64_t offset = 0;
    std::uint64_t address = 0;
    std::uint64_t size = 0; ///< in the file
};

/// The tags of PT_DYNAMIC that matter, as numbers: addresses, and offsets in the string table.
struct Dynamic {
    std::vector<std::uint64_t> needed{};
    std::optional<std::uint64_t> soname{};
    std::optional<std::uint64_t> rpath{};
    std::optional<std::uint64_t> runpath{};
    std::optional<std::uint64_t> strings{};
    std::optional<std::uint64_t> strings_size{};
    std::optional<std::uint64_t> version_needs{};
    std::uint64_t version_needs_count = 0;
    std::optional<std::uint64_t> version_definitions{};
    std::uint64_t version_definitions_count = 0;
};

class ElfParser {
public:
    ElfParser(BytesView bytes, const std::string& name) : bytes_(bytes), name_(name) {}

    Elf parse() {
        parse_ident();
        parse_header();
        for (const Segment& segment : segments_) {
            // Detached debug information keeps the program headers, but not the bytes.
            if (segment.size == 0) {
                continue;
            }
            if (segment.type == kPtInterp) {
                parse_interpreter(segment);
            } else if (segment.type == kPtDynamic) {
                parse_dynamic(segment);
            }
        }
        return std::move(elf_);
    }

private:
    [[noreturn]] void refuse(std::string_view why) const {
        throw Error(
            ErrorKind::refused, fmt::format("{}: bad ELF file: {}", name_, why),
            "the file is damaged or made to mislead; take it from another build");
    }

    /// `size` bytes at `offset` of the file; `what` is for the message.
    [[nodiscard]] BytesView
    slice(std::uint64_t offset, std::uint64_t size, const char* what) const {
        if (offset > bytes_.size() || size > bytes_.size() - offset) {
            refuse(fmt::format("{} lies outside of the file", what));
        }
        return bytes_.substr(offset, size);
    }

    [[nodiscard]] ByteReader reader(BytesView bytes) const {
        return ByteReader(bytes, elf_.endian);
    }

    /// A number as wide as an address.
    std::uint64_t word(ByteReader& from) const {
        return elf_.is64 ? from.number<std::uint64_t>() : from.number<std::uint32_t>();
    }

    void parse_ident() {
        const BytesView ident = slice(0, 16, "the identification");
        const char file_class = ident[4];
        const char data = ident[5];
        if ((file_class != 1 && file_class != 2) || (data != 1 && data != 2) || ident[6] != 1) {
            refuse("its class, byte order or version does not exist");
        }
        elf_.is64 = file_class == 2;
        elf_.endian = data == 1 ? Endian::little : Endian::big;
    }

    void parse_header() {
        ByteReader header = reader(slice(16, elf_.is64 ? 48 : 36, "the header"));
        const auto type = header.number<std::uint16_t>();
        elf_.type = type == kEtExec  ? FileType::executable
                    : type == kEtDyn ? FileType::shared
                                     : FileType::other;
        elf_.machine = header.number<std::uint16_t>();
        header.skip(sizeof(std::uint32_t)); // e_version
        word(header);                       // e_entry
        const std::uint64_t table = word(header);
        word(header); // e_shoff
        elf_.flags = header.number<std::uint32_t>();
        header.skip(sizeof(std::uint16_t)); // e_ehsize
        const auto entry_size = header.number<std::uint16_t>();
        const auto count = header.number<std::uint16_t>();
        parse_segments(table, entry_size, count);
    }

    void parse_segments(std::uint64_t table, std::size_t entry_size, std::size_t count) {
        if (count == 0) {
            return;
        }
        const std::size_t wanted = elf_.is64 ? 56 : 32;
        if (entry_size != wanted) {
            refuse(fmt::format("a program header has {} bytes, not {}", entry_size, wanted));
        }
        if (count > kMaxCount) {
            refuse("it has too many program headers");
        }
        ByteReader entries = reader(slice(table, count * entry_size, "the program header table"));
        segments_.reserve(count);
        for (std::size_t i = 0; i < count; ++i) {
            segments_.push_back(parse_segment(entries));
        }
    }

    Segment parse_segment(ByteReader& from) const {
        Segment segment{.type = from.number<std::uint32_t>()};
        if (elf_.is64) {
            from.skip(sizeof(std::uint32_t)); // p_flags
        }
        segment.offset = word(from);
        segment.address = word(from);
        word(from); // p_paddr
        segment.size = word(from);
        word(from);                       // p_memsz
        from.skip(elf_.is64 ? 8 : 2 * 4); // p_align; 32-bit: p_flags too
        return segment;
    }

    void parse_interpreter(const Segment& segment) {
        if (!elf_.interpreter.empty()) {
            refuse("it has two interpreters");
        }
        const BytesView bytes = slice(segment.offset, segment.size, "the interpreter's name");
        elf_.interpreter = string_at(bytes, 0, kMaxName, "the interpreter's name");
    }

    /// The string at `offset` of `table`.
    [[nodiscard]] std::string
    string_at(BytesView table, std::uint64_t offset, std::size_t limit, const char* what) const {
        const BytesView rest =
            offset < table.size() ? table.substr(offset, limit + 1) : BytesView();
        const std::size_t end = rest.find('\0');
        if (end == BytesView::npos) {
            refuse(fmt::format("{} does not end or is too long", what));
        }
        return std::string(rest.substr(0, end));
    }

    void parse_dynamic(const Segment& segment) {
        if (elf_.dynamic) {
            refuse("it has two dynamic sections");
        }
        elf_.dynamic = true;
        const Dynamic dynamic = read_dynamic(segment);
        const BytesView strings = string_table(dynamic);
        const auto text = [&](std::optional<std::uint64_t> offset, std::size_t limit,
                              const char* what) {
            return offset ? string_at(strings, *offset, limit, what) : std::string();
        };
        elf_.soname = text(dynamic.soname, kMaxName, "its soname");
        elf_.rpath = text(dynamic.rpath, kMaxSearchPath, "its rpath");
        elf_.runpath = text(dynamic.runpath, kMaxSearchPath, "its runpath");
        for (const std::uint64_t offset : dynamic.needed) {
            elf_.needed.push_back(string_at(strings, offset, kMaxName, "the name of a library"));
        }
        if (dynamic.version_needs) {
            parse_version_needs(*dynamic.version_needs, dynamic.version_needs_count, strings);
        }
        if (dynamic.version_definitions) {
            parse_version_definitions(
                *dynamic.version_definitions, dynamic.version_definitions_count, strings);
        }
    }

    [[nodiscard]] Dynamic read_dynamic(const Segment& segment) const {
        const std::size_t entry_size = elf_.is64 ? 16 : 8;
        const BytesView bytes = slice(segment.offset, segment.size, "the dynamic section");
        ByteReader entries = reader(bytes);
        Dynamic dynamic;
        while (entries.remaining() >= entry_size) {
            const std::uint64_t tag = word(entries);
            const std::uint64_t value = word(entries);
            if (tag == kDtNull) {
                break;
            }
            keep(dynamic, tag, value);
        }
        return dynamic;
    }

    void keep(Dynamic& dynamic, std::uint64_t tag, std::uint64_t value) const {
        switch (tag) {
        case kDtNeeded:
            dynamic.needed.push_back(value);
            if (dynamic.needed.size() > kMaxCount) {
                refuse(fmt::format("it needs more than {} libraries", kMaxCount));
            }
            break;
        case kDtStrtab:
            dynamic.strings = value;
            break;
        case kDtStrsz:
            dynamic.strings_size = value;
            break;
        case kDtSoname:
            dynamic.soname = value;
            break;
        case kDtRpath:
            dynamic.rpath = value;
            break;
        case kDtRunpath:
            dynamic.runpath = value;
            break;
        case kDtVerneed:
            dynamic.version_needs = value;
            break;
        case kDtVerneednum:
            dynamic.version_needs_count = value;
            break;
        case kDtVerdef:
            dynamic.version_definitions = value;
            break;
        case kDtVerdefnum:
            dynamic.version_definitions_count = value;
            break;
        default:
            break;
        }
    }

    /// What of the file is loaded at `address` and behind it.
    [[nodiscard]] BytesView loaded_at(std::uint64_t address, const char* what) const {
        const auto holds = [&](const Segment& segment) {
            return segment.type == kPtLoad && address >= segment.address &&
                   address - segment.address < segment.size;
        };
        const auto found = std::ranges::find_if(segments_, holds);
        if (found == segments_.end()) {
            refuse(fmt::format("{} is not loaded from the file", what));
        }
        return slice(found->offset, found->size, what).substr(address - found->address);
    }

    [[nodiscard]] BytesView string_table(const Dynamic& dynamic) const {
        if (!dynamic.strings) {
            return {};
        }
        const BytesView loaded = loaded_at(*dynamic.strings, "the dynamic string table");
        const std::uint64_t size = dynamic.strings_size.value_or(loaded.size());
        if (size > loaded.size()) {
            refuse("the dynamic string table is longer than what is loaded");
        }
        return loaded.substr(0, size);
    }

    /// Elf_Verneed: version, count of versions, file, offset of the first version, of the next
    /// library; Elf_Vernaux: hash, flags, index, name, offset of the next version. Both are of one
    /// size for 32 and 64 bits.
    void parse_version_needs(std::uint64_t address, std::uint64_t libraries, BytesView strings) {
        if (libraries > kMaxCount) {
            refuse(fmt::format("it needs versions of more than {} libraries", kMaxCount));
        }
        BytesView rest = loaded_at(address, "the table of needed versions");
        std::size_t versions = 0;
        for (std::uint64_t i = 0; i < libraries; ++i) {
            ByteReader entry = reader(rest);
            entry.skip(sizeof(std::uint16_t)); // vn_version
            const auto count = entry.number<std::uint16_t>();
            const auto file = entry.number<std::uint32_t>();
            const auto first = entry.number<std::uint32_t>();
            const auto next = entry.number<std::uint32_t>();
            versions += count;
            if (versions > kMaxCount) {
                refuse(fmt::format("it needs more than {} versions", kMaxCount));
            }
            elf_.version_needs.push_back(
                {.library = string_at(strings, file, kMaxName, "the name of a library"),
                 .versions = parse_versions(after(rest, first), count, strings)});
            if (next == 0) {
                break;
            }
            rest = after(rest, next);
        }
    }

    [[nodiscard]] std::vector<std::string>
    parse_versions(BytesView rest, std::size_t count, BytesView strings) const {
        std::vector<std::string> versions;
        for (std::size_t i = 0; i < count; ++i) {
            ByteReader entry = reader(rest);
            entry.skip(8); // vna_hash, vna_flags, vna_other
            const auto name = entry.number<std::uint32_t>();
            const auto next = entry.number<std::uint32_t>();
            versions.push_back(string_at(strings, name, kMaxName, "the name of a version"));
            if (next == 0) {
                break;
            }
            rest = after(rest, next);
        }
        return versions;
    }

    /// Elf_Verdef: version, flags, index, count of names, hash, offset of the first name, of the
    /// next definition; Elf_Verdaux: name, offset of the next name. Further names are parents.
    void parse_version_definitions(std::uint64_t address, std::uint64_t count, BytesView strings) {
        if (count > kMaxCount) {
            refuse(fmt::format("it defines more than {} versions", kMaxCount));
        }
        BytesView rest = loaded_at(address, "the table of defined versions");
        for (std::uint64_t i = 0; i < count; ++i) {
            ByteReader entry = reader(rest);
            entry.skip(sizeof(std::uint16_t)); // vd_version
            const auto flags = entry.number<std::uint16_t>();
            entry.skip(8); // vd_ndx, vd_cnt, vd_hash
            const auto first = entry.number<std::uint32_t>();
            const auto next = entry.number<std::uint32_t>();
            ByteReader name = reader(after(rest, first));
            if ((flags & kVerFlgBase) == 0) {
                elf_.version_definitions.push_back(string_at(
                    strings, name.number<std::uint32_t>(), kMaxName, "the name of a version"));
            }
            if (next == 0) {
                break;
            }
            rest = after(rest, next);
        }
    }

    [[nodiscard]] BytesView after(BytesView bytes, std::uint64_t offset) const {
        if (offset > bytes.size()) {
            refuse("a table of versions leaves what is loaded");
        }
        return bytes.substr(offset);
    }

    BytesView bytes_;
    const std::string& name_;
    Elf elf_{};
    std::vector<Segment> segments_{};
};

} // namespace

std::optional<Elf> parse_elf(BytesView bytes, const std::string& name) {
    if (!looks_like_elf(bytes)) {
        return std::nullopt;
    }
    return with_context("reading " + name, [&] { return ElfParser(bytes, name).parse(); });
}

} // namespace pare::elf
