// SPDX-License-Identifier: Apache-2.0
// The frame of a .deb: ar(5) as deb(5) restricts it. "!<arch>\n", then for each member
//   name[16] mtime[12] uid[6] gid[6] mode[8] size[10] "`\n"   decimal (mode octal), space-padded
// and its bytes, padded to an even offset.
//
// Refused: other magic, long-name tables ("//", "/123", "#1/20") and symbol tables ("/"), numbers
// that are none, members that reach over the end, more than 100 members.
#include "archive/ar.hh"

#include "archive/refuse.hh"
#include "support/text.hh"

namespace pare::archive {

namespace {

constexpr std::string_view kMagic = "!<arch>\n";
constexpr std::size_t kHeaderSize = 60;
constexpr std::size_t kMaxMembers = 100;

std::string_view without_padding(std::string_view field) {
    const std::size_t last = field.find_last_not_of(' ');
    return field.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

class ArParser {
public:
    ArParser(BytesView archive, const std::string& name) : archive_(archive), name_(name) {}

    std::vector<ArMember> parse() {
        if (!archive_.starts_with(kMagic)) {
            refuse(name_, "it is no ar archive, as a .deb has to be");
        }
        position_ = kMagic.size();
        std::vector<ArMember> members;
        while (position_ < archive_.size()) {
            if (members.size() == kMaxMembers) {
                refuse(name_, fmt::format("the ar archive has more than {} members", kMaxMembers));
            }
            members.push_back(parse_member());
        }
        return members;
    }

private:
    ArMember parse_member() {
        if (archive_.size() - position_ < kHeaderSize) {
            refuse_here("the archive ends in the middle of it");
        }
        const BytesView header = archive_.substr(position_, kHeaderSize);
        if (!header.ends_with("`\n")) {
            refuse_here("it does not end as one");
        }
        ArMember member{.name = parse_name(header.substr(0, 16))};
        const std::uint64_t mtime = parse_field("mtime", header.substr(16, 12));
        member.mtime = static_cast<std::int64_t>(mtime);
        const std::uint64_t size = parse_field("size", header.substr(48, 10));
        const std::size_t start = position_ + kHeaderSize;
        if (size > archive_.size() - start) {
            refuse_here(fmt::format(
                "member {} has {} bytes, but only {} are left", member.name, size,
                archive_.size() - start));
        }
        member.bytes = archive_.substr(start, size);
        position_ = std::min(start + size + size % 2, archive_.size());
        return member;
    }

    std::string parse_name(std::string_view field) const {
        std::string_view name = without_padding(field);
        if (name.starts_with('/') || name.starts_with("#1/")) {
            refuse_here("it uses a long name, which a .deb never does");
        }
        if (name.ends_with('/')) {
            name.remove_suffix(1);
        }
        if (name.empty()) {
            refuse_here("it has no name");
        }
        return std::string(name);
    }

    std::uint64_t parse_field(std::string_view label, std::string_view field) const {
        const auto number = parse_number(without_padding(field));
        if (!number) {
            refuse_here(fmt::format("its {} \"{}\" is no number", label, without_padding(field)));
        }
        return *number;
    }

    [[noreturn]] void refuse_here(std::string_view why) const {
        refuse(name_, fmt::format("bad ar member header at byte {}: {}", position_, why));
    }

    BytesView archive_;
    const std::string& name_;
    std::size_t position_ = 0;
};

} // namespace

std::vector<ArMember> parse_ar(BytesView archive, const std::string& name) {
    return ArParser(archive, name).parse();
}

} // namespace pare::archive
