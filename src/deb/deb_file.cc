// SPDX-License-Identifier: Apache-2.0
// Problem: a package file is read where it lies in memory; nothing is unpacked.
// Format: deb(5), version 2: an ar archive of `debian-binary` ("2.N\n"),
// `control.tar[.gz|.xz|.zst]` and `data.tar[.gz|.xz|.zst]`, in this order. Members whose name
// begins with `_` may stand between them, and anything after the last: both are ignored, as dpkg
// does. Refuses: any other order or member, other compressions, a control archive larger than 16
// MiB, a control file that is missing, twice there, or no regular file.
#include "deb/deb_file.hh"

#include "archive/ar.hh"
#include "support/error.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <optional>

namespace pare::deb {

namespace {

using archive::ArMember;
using archive::Codec;
using archive::TarHeader;
using archive::TarType;

constexpr std::uint64_t kLargestControl = std::uint64_t{16} << 20;
constexpr std::uint64_t kMostControlFiles = 1000;
constexpr std::size_t kLongestFormat = 64;
constexpr const char* kHint = "fetch the package again; if it stays so, it is not a Debian package";

[[noreturn]] void refuse(const std::string& name, const std::string& what) {
    throw Error(ErrorKind::refused, fmt::format("{}: {}", name, what), kHint);
}

/// The compression that the name of a member says, when it begins with `stem`.
std::optional<Codec> codec_of(std::string_view member, std::string_view stem) {
    struct Suffix {
        std::string_view text;
        Codec codec;
    };

    static constexpr std::array<Suffix, 4> kSuffixes{{
        {"", Codec::none},
        {".gz", Codec::gzip},
        {".xz", Codec::xz},
        {".zst", Codec::zstd},
    }};
    if (!member.starts_with(stem)) {
        return std::nullopt;
    }
    member.remove_prefix(stem.size());
    const auto* const found = std::ranges::find(kSuffixes, member, &Suffix::text);
    return found == kSuffixes.end() ? std::nullopt : std::optional(found->codec);
}

/// Goes through the members in the order that deb(5) demands.
class Members {
public:
    Members(BytesView file, const std::string& name)
        : members_(archive::parse_ar(file, name)), name_(name) {}

    const ArMember& take_first() {
        if (members_.empty() || members_.front().name != "debian-binary") {
            refuse(name_, "expected debian-binary as the first member of a .deb");
        }
        return members_[next_++];
    }

    /// The next member whose name does not begin with `_`; it must be `stem`, compressed or not.
    std::pair<const ArMember&, Codec> take_tar(std::string_view stem) {
        while (next_ < members_.size() && members_[next_].name.starts_with('_')) {
            ++next_;
        }
        if (next_ == members_.size()) {
            refuse(name_, fmt::format("expected {}, got the end of the .deb", stem));
        }
        const ArMember& member = members_[next_++];
        const std::optional<Codec> codec = codec_of(member.name, stem);
        if (!codec) {
            refuse(
                name_, fmt::format(
                           "expected {} (plain, .gz, .xz or .zst), got the member `{}`", stem,
                           member.name));
        }
        return {member, *codec};
    }

private:
    std::vector<ArMember> members_;
    const std::string& name_;
    std::size_t next_ = 0;
};

void check_format(BytesView text, const std::string& name) {
    const bool is_known = text.size() <= kLongestFormat && text.starts_with("2.") &&
                          text.size() > 3 && text[2] >= '0' && text[2] <= '9' &&
                          text.find('\n') != BytesView::npos;
    if (!is_known) {
        refuse(name, fmt::format("expected .deb format 2.0, got `{}`", text.substr(0, 10)));
    }
}

/// Decompresses bytes that somebody else owns.
class MemberSource final : public Source {
public:
    MemberSource(
        BytesView bytes, Codec codec, const archive::Limits& limits, const std::string& name)
        : packed_(bytes), plain_(archive::decompress(packed_, codec, limits, name)) {}

    std::size_t read(char* buffer, std::size_t size) override { return plain_->read(buffer, size); }

private:
    ViewSource packed_;
    std::unique_ptr<Source> plain_;
};

/// The files of a control archive that pare has a use for.
class ControlFiles {
public:
    ControlFiles(Source& tar, const std::string& name) : name_(name) {
        archive::TarReader reader(
            tar, {.entries = kMostControlFiles, .total = kLargestControl}, name);
        while (const TarHeader* header = reader.next()) {
            take(*header, reader.content());
        }
        if (!control) {
            refuse(name_, "there is no control file in control.tar");
        }
        std::ranges::sort(scripts);
    }

    std::optional<Bytes> control{};
    std::optional<Bytes> md5sums{};
    std::optional<Bytes> conffiles{};
    std::vector<std::string> scripts{};

private:
    void take(const TarHeader& header, Source& content) {
        std::string_view file = header.name;
        if (file.starts_with("./")) {
            file.remove_prefix(2);
        }
        if (file == "control") {
            keep(control, header, content);
        } else if (file == "md5sums") {
            keep(md5sums, header, content);
        } else if (file == "conffiles") {
            keep(conffiles, header, content);
        } else if (is_script(file) && std::ranges::find(scripts, file) == scripts.end()) {
            scripts.emplace_back(file);
        }
    }

    static bool is_script(std::string_view file) {
        static constexpr std::array<std::string_view, 5> kScripts{
            "config", "postinst", "postrm", "preinst", "prerm"};
        return std::ranges::find(kScripts, file) != kScripts.end();
    }

    void keep(std::optional<Bytes>& file, const TarHeader& header, Source& content) const {
        if (header.type != TarType::file) {
            refuse(name_, fmt::format("{} in control.tar is no regular file", header.name));
        }
        if (file) {
            refuse(name_, fmt::format("{} is twice in control.tar", header.name));
        }
        file = read_all(content, kLargestControl);
    }

    const std::string& name_;
};

} // namespace

struct DebFile::Data {
    std::string name{};
    BytesView bytes{};
    Codec codec{};
    bool is_taken = false;
};

DebFile::DebFile(BytesView file, const std::string& name) {
    Members members(file, name);
    const ArMember& first = members.take_first();
    check_format(first.bytes, name);
    date_ = first.mtime;

    const auto [control, control_codec] = members.take_tar("control.tar");
    const auto [data, data_codec] = members.take_tar("data.tar");
    data_ = std::make_unique<Data>(Data{name + ": data.tar", data.bytes, data_codec});

    const std::string control_name = name + ": control.tar";
    MemberSource tar(control.bytes, control_codec, {.output = kLargestControl}, control_name);
    ControlFiles files(tar, control_name);
    // What follows the end of the tar still has to pass the checks of the compression.
    (void)read_all(tar, kLargestControl);
    control_ = std::move(files.control).value_or(Bytes());
    md5sums_ = std::move(files.md5sums).value_or(Bytes());
    conffiles_ = std::move(files.conffiles).value_or(Bytes());
    scripts_ = std::move(files.scripts);
}

DebFile::~DebFile() = default;

std::unique_ptr<Source> DebFile::data(const archive::Limits& limits) {
    ensure(!std::exchange(data_->is_taken, true), "the data of a package is read twice");
    return std::make_unique<MemberSource>(data_->bytes, data_->codec, limits, data_->name);
}

} // namespace pare::deb
