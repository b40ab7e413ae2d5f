// SPDX-License-Identifier: Apache-2.0
// Reads tar as it is met in packages and layers: V7, ustar (POSIX.1-1988), GNU (long names L and
// K, base-256 numbers, sparse files S) and pax (POSIX.1-2001: x and g headers, GNU.sparse 0.0, 0.1
// and 1.0). https://www.gnu.org/software/tar/manual/html_node/Standard.html and
// https://www.gnu.org/software/tar/manual/html_node/Sparse-Formats.html hold the formats.
//
// As POSIX says, only files have content: the size of links, directories and devices is ignored.
// A file whose name ends in '/' is a directory, as before POSIX.
//
// Refused: wrong checksums, numbers that are none, types that no system of today restores (multi-
// volume, dumps, Solaris ACLs, ...), entries without a name, content that is cut short, anything
// but zeros after the end, more of anything than TarLimits allows. The end marker itself may be
// missing, because parts of archives lack it.
#include "archive/pax.hh"
#include "archive/refuse.hh"
#include "archive/tar.hh"
#include "archive/tar_block.hh"
#include "archive/tar_content.hh"
#include "archive/tar_sparse.hh"
#include "support/text.hh"

#include <algorithm>
#include <cstring>
#include <limits>

namespace pare::archive {

namespace {

/// Extended headers before one entry; the rest of the world writes three at most.
constexpr unsigned kMaxExtended = 32;

/// What extended headers said of the entry that follows them.
struct Extended {
    unsigned count = 0;
    std::optional<std::string> gnu_name{};
    std::optional<std::string> gnu_link{};
    std::optional<PaxValues> pax{};
};

template <typename Value, typename Target>
void overlay(Target& target, const std::optional<Value>& value) {
    if (value) {
        target = *value;
    }
}

} // namespace

class TarReader::State {
public:
    State(Source& input, const TarLimits& limits, std::string name)
        : tape_(input, std::move(name)), content_(tape_), limits_(limits) {}

    const TarHeader* next();

    [[nodiscard]] Source& content() { return content_; }

private:
    bool read_block();
    void check_block() const;
    bool take_extended();
    [[nodiscard]] Bytes read_extended();
    [[nodiscard]] std::string read_gnu_text();
    void take_pax();
    void take_global();

    [[nodiscard]] bool is_device() const { return block_.type == '3' || block_.type == '4'; }

    void set_header();
    void set_names();
    void set_owner();
    void set_devices();
    void overlay_pax(const PaxValues& pax);
    void set_type();
    void open_content();
    void open_sparse(const SparseMap& map, std::uint64_t stored);
    void open_pax_sparse(const PaxSparse& sparse, std::uint64_t stored);

    [[nodiscard]] std::int64_t signed_number(BytesView field, const char* label) const;
    [[nodiscard]] std::uint64_t number(BytesView field, const char* label) const;
    [[nodiscard]] std::uint32_t device_number(std::uint64_t number) const;

    Tape tape_;
    EntryContent content_;
    TarLimits limits_;
    TarHeader header_{};
    TarBlock block_{};
    bool is_ustar_ = false;
    bool is_gnu_ = false;
    bool ended_ = false;
    std::size_t padding_ = 0; ///< between the content and the next header
    std::uint64_t entries_ = 0;
    std::uint64_t total_ = 0;
    Extended extended_{};
    std::optional<PaxValues> global_{};
};

const TarHeader* TarReader::State::next() {
    content_.skip();
    if (extended_.count > 0) {
        extended_ = {};
    }
    while (!ended_ && read_block()) {
        if (!take_extended()) {
            set_header();
            return &header_;
        }
    }
    if (extended_.count > 0) {
        tape_.refuse_cut();
    }
    ended_ = true;
    return nullptr;
}

/// The next header block, or false at the end of the archive.
bool TarReader::State::read_block() {
    std::array<char, 2 * kTarBlock> buffer;
    const std::size_t wanted = padding_ + kTarBlock;
    const std::size_t count = tape_.fill(buffer.data(), wanted);
    if (count == padding_) {
        return false;
    }
    if (count != wanted) {
        tape_.refuse_cut();
    }
    std::memcpy(&block_, buffer.data() + padding_, kTarBlock);
    padding_ = 0;
    if (block_.name.front() == '\0' &&
        block_bytes(block_).find_first_not_of('\0') == BytesView::npos) {
        tape_.drain();
        return false;
    }
    check_block();
    is_ustar_ = field_bytes(block_.magic) == kUstarMagic;
    is_gnu_ = field_bytes(block_.magic) == kGnuMagic;
    return true;
}

void TarReader::State::check_block() const {
    const auto checksum = parse_tar_number(field_bytes(block_.checksum));
    if (checksum != checksum_of<unsigned char>(block_) &&
        checksum != checksum_of<signed char>(block_)) {
        tape_.refuse_here("a tar header does not fit its checksum");
    }
}

/// Whether the block was about the next entry, and is now kept.
bool TarReader::State::take_extended() {
    switch (block_.type) {
    case 'x':
        take_pax();
        break;
    case 'g':
        take_global();
        break;
    case 'L':
        extended_.gnu_name = read_gnu_text();
        break;
    case 'K':
        extended_.gnu_link = read_gnu_text();
        break;
    default:
        return false;
    }
    if (++extended_.count > kMaxExtended) {
        tape_.refuse_here("too many extended tar headers for one entry");
    }
    return true;
}

Bytes TarReader::State::read_extended() {
    const std::uint64_t size = number(field_bytes(block_.size), "size");
    if (size > limits_.extended) {
        tape_.refuse_here(fmt::format(
            "an extended tar header of {} is larger than {}", format_size(size),
            format_size(limits_.extended)));
    }
    Bytes bytes(size, '\0');
    tape_.read_fully(bytes.data(), bytes.size());
    padding_ = tar_padding(size);
    return bytes;
}

std::string TarReader::State::read_gnu_text() {
    std::string text = read_extended();
    text.resize(std::min(text.find('\0'), text.size()));
    return text;
}

void TarReader::State::take_pax() {
    const Bytes records = read_extended();
    const PaxValues& base = extended_.pax ? *extended_.pax : global_.value_or(PaxValues{});
    extended_.pax =
        with_context("reading " + tape_.name(), [&] { return parse_pax(records, base); });
}

void TarReader::State::take_global() {
    const Bytes records = read_extended();
    const PaxValues base = global_.value_or(PaxValues{});
    global_ = with_context("reading " + tape_.name(), [&] { return parse_pax(records, base); });
    if (global_->sparse) {
        tape_.refuse_here("a global pax header tells of a sparse file");
    }
}

void TarReader::State::set_header() {
    if (++entries_ > limits_.entries) {
        tape_.refuse_here(fmt::format("more than {} entries", limits_.entries));
    }
    set_names();
    set_owner();
    set_devices();
    header_.mode = static_cast<std::uint32_t>(number(field_bytes(block_.mode), "mode") & 07777U);
    header_.mtime = signed_number(field_bytes(block_.mtime), "mtime");
    header_.size = number(field_bytes(block_.size), "size");
    header_.xattrs.clear();
    if (extended_.pax) {
        overlay_pax(*extended_.pax);
    } else if (global_) {
        overlay_pax(*global_);
    }
    set_type();
    open_content();
    if (header_.size > limits_.total - total_) {
        tape_.refuse_here(fmt::format("the entries hold more than {}", format_size(limits_.total)));
    }
    total_ += header_.size;
}

void TarReader::State::set_names() {
    const std::string_view prefix = is_ustar_ ? field_text(block_.prefix) : std::string_view();
    header_.name.assign(prefix);
    if (!prefix.empty()) {
        header_.name.push_back('/');
    }
    header_.name.append(field_text(block_.name));
    header_.link.assign(field_text(block_.link));
    overlay(header_.name, extended_.gnu_name);
    overlay(header_.link, extended_.gnu_link);
}

void TarReader::State::set_owner() {
    header_.uid = number(field_bytes(block_.uid), "uid");
    header_.gid = number(field_bytes(block_.gid), "gid");
    const bool has_names = is_ustar_ || is_gnu_;
    header_.user.assign(has_names ? field_text(block_.user) : std::string_view());
    header_.group.assign(has_names ? field_text(block_.group) : std::string_view());
}

void TarReader::State::set_devices() {
    header_.device_major = 0;
    header_.device_minor = 0;
    if (is_device()) {
        header_.device_major = device_number(number(field_bytes(block_.device_major), "major"));
        header_.device_minor = device_number(number(field_bytes(block_.device_minor), "minor"));
    }
}

void TarReader::State::overlay_pax(const PaxValues& pax) {
    overlay(header_.name, pax.path);
    overlay(header_.link, pax.link);
    overlay(header_.user, pax.user);
    overlay(header_.group, pax.group);
    overlay(header_.size, pax.size);
    overlay(header_.uid, pax.uid);
    overlay(header_.gid, pax.gid);
    overlay(header_.mtime, pax.mtime);
    if (is_device()) {
        header_.device_major = device_number(pax.device_major.value_or(header_.device_major));
        header_.device_minor = device_number(pax.device_minor.value_or(header_.device_minor));
    }
    if (pax.sparse) {
        overlay(header_.name, pax.sparse->name);
    }
    header_.xattrs = pax.xattrs;
}

void TarReader::State::set_type() {
    const auto type = tar_type_of(block_.type);
    if (!type) {
        tape_.refuse_here(fmt::format(
            "the tar entry \"{}\" is of the unknown type 0x{:02x}", header_.name,
            static_cast<unsigned char>(block_.type)));
    }
    const bool is_directory = type == TarType::file && header_.name.ends_with('/');
    header_.type = is_directory ? TarType::directory : *type;
    if (header_.name.empty()) {
        tape_.refuse_here("a tar entry has no name");
    }
    const bool is_link = header_.type == TarType::hard_link || header_.type == TarType::symlink;
    if (is_link && header_.link.empty()) {
        tape_.refuse_here(fmt::format("the link \"{}\" has no target", header_.name));
    }
    if (!is_link) {
        header_.link.clear();
    }
}

void TarReader::State::open_content() {
    if (header_.type != TarType::file) {
        header_.size = 0;
        return content_.open(0);
    }
    const std::uint64_t stored = header_.size;
    padding_ = tar_padding(stored);
    if (block_.type == kTarGnuSparse) {
        if (!is_gnu_) {
            tape_.refuse_here("a sparse file (type S) in an archive that is not of GNU tar");
        }
        open_sparse(read_gnu_map(tape_, block_bytes(block_), limits_.extended), stored);
    } else if (extended_.pax && extended_.pax->sparse) {
        open_pax_sparse(*extended_.pax->sparse, stored);
    } else {
        content_.open(stored);
    }
}

void TarReader::State::open_pax_sparse(const PaxSparse& sparse, std::uint64_t stored) {
    const std::uint64_t major = sparse.major.value_or(0);
    const std::uint64_t minor = sparse.minor.value_or(0);
    if (!sparse.real_size) {
        tape_.refuse_here(fmt::format("the sparse file \"{}\" has no size", header_.name));
    }
    if (major == 1 && minor == 0) {
        open_sparse(read_pax_map(tape_, sparse, stored, limits_.extended), stored);
    } else if (major == 0 && minor <= 1) {
        open_sparse({.numbers = sparse.numbers, .real_size = *sparse.real_size}, stored);
    } else {
        tape_.refuse_here(fmt::format("the sparse file format {}.{} is unknown", major, minor));
    }
}

void TarReader::State::open_sparse(const SparseMap& map, std::uint64_t stored) {
    stored -= map.map_size;
    header_.size = map.real_size;
    content_.open_sparse(check_extents(tape_, map, stored), map.real_size, stored);
}

std::int64_t TarReader::State::signed_number(BytesView field, const char* label) const {
    const auto number = parse_tar_number(field);
    if (!number) {
        tape_.refuse_here(fmt::format("the {} in a tar header is no number", label));
    }
    return *number;
}

std::uint64_t TarReader::State::number(BytesView field, const char* label) const {
    const std::int64_t number = signed_number(field, label);
    if (number < 0) {
        tape_.refuse_here(fmt::format("the {} in a tar header is negative", label));
    }
    return static_cast<std::uint64_t>(number);
}

std::uint32_t TarReader::State::device_number(std::uint64_t number) const {
    if (number > std::numeric_limits<std::uint32_t>::max()) {
        tape_.refuse_here("a device number is too large");
    }
    return static_cast<std::uint32_t>(number);
}

TarReader::TarReader(Source& input, const TarLimits& limits, std::string name)
    : state_(std::make_unique<State>(input, limits, std::move(name))) {}

TarReader::~TarReader() = default;

const TarHeader* TarReader::next() {
    return state_->next();
}

Source& TarReader::content() {
    return state_->content();
}

} // namespace pare::archive
