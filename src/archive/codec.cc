// SPDX-License-Identifier: Apache-2.0
// Chooses the codec: by the first bytes of a file, by the text of an option.
#include "archive/codec.hh"

#include "archive/decoder.hh"
#include "archive/refuse.hh"
#include "support/text.hh"

#include <algorithm>

namespace pare::archive {

namespace {

using namespace std::string_view_literals;

constexpr std::string_view kAllowed = "use gzip[:1-12], zstd[:1-19] or none";

struct CodecName {
    std::string_view name;
    Codec codec;
    int default_level;
    int highest_level; ///< 0: it takes no level
};

constexpr CodecName kCodecNames[] = {
    {"gzip", Codec::gzip, 6, 12},
    {"zstd", Codec::zstd, 3, 19},
    {"none", Codec::none, 0, 0},
};

/// Passes the bytes on; the limit on the output holds here too.
class PlainSource final : public Source {
public:
    PlainSource(Source& input, const Limits& limits, std::string name)
        : input_(input), limit_(limits.output), name_(std::move(name)) {}

    std::size_t read(char* buffer, std::size_t size) override {
        const std::size_t count = input_.read(buffer, size);
        total_ += count;
        if (total_ > limit_) {
            refuse(name_, fmt::format("it has more than {}", format_size(limit_)));
        }
        return count;
    }

private:
    Source& input_;
    std::uint64_t limit_;
    std::string name_;
    std::uint64_t total_ = 0;
};

/// RFC 8878 section 3.1.2: 0x184D2A50 to 0x184D2A5F, little-endian.
bool is_skippable_frame(BytesView bytes) {
    return bytes.size() >= 4 && (static_cast<unsigned char>(bytes[0]) & 0xf0U) == 0x50U &&
           bytes.substr(1, 3) == "\x2a\x4d\x18"sv;
}

int parse_level(const CodecName& codec, std::string_view text, std::string_view whole) {
    const auto level = parse_number(text);
    if (!level || *level < 1 || *level > static_cast<std::uint64_t>(codec.highest_level)) {
        const std::string wanted = codec.highest_level == 0
                                       ? "takes no level"
                                       : fmt::format("goes from 1 to {}", codec.highest_level);
        throw Error(
            ErrorKind::usage,
            fmt::format("bad compression \"{}\": {} {}", whole, codec.name, wanted),
            std::string(kAllowed));
    }
    return static_cast<int>(*level);
}

} // namespace

Codec detect_codec(BytesView first_bytes) {
    if (first_bytes.starts_with("\x1f\x8b"sv)) {
        return Codec::gzip;
    }
    if (first_bytes.starts_with("\x28\xb5\x2f\xfd"sv) || is_skippable_frame(first_bytes)) {
        return Codec::zstd;
    }
    return first_bytes.starts_with("\xfd"
                                   "7zXZ\0"sv)
               ? Codec::xz
               : Codec::none;
}

std::unique_ptr<Source>
decompress(Source& input, Codec codec, const Limits& limits, const std::string& name) {
    switch (codec) {
    case Codec::gzip:
        return decode_gzip(input, limits, name);
    case Codec::zstd:
        return decode_zstd(input, limits, name);
    case Codec::xz:
        return decode_xz(input, limits, name);
    case Codec::none:
        break;
    }
    return std::make_unique<PlainSource>(input, limits, name);
}

Compression parse_compression(std::string_view text) {
    const std::size_t colon = text.find(':');
    const std::string_view name = text.substr(0, colon);
    const auto* const found = std::ranges::find(kCodecNames, name, &CodecName::name);
    if (found == std::end(kCodecNames)) {
        throw Error(
            ErrorKind::usage, fmt::format("unknown compression \"{}\"", text),
            std::string(kAllowed));
    }
    const int level = colon == std::string_view::npos
                          ? found->default_level
                          : parse_level(*found, text.substr(colon + 1), text);
    return {.codec = found->codec, .level = level};
}

std::string to_string(const Compression& compression) {
    const auto* const found = std::ranges::find(kCodecNames, compression.codec, &CodecName::codec);
    ensure(found != std::end(kCodecNames), "a compression that can be written");
    return found->highest_level == 0 ? std::string(found->name)
                                     : fmt::format("{}:{}", found->name, compression.level);
}

Bytes compress(BytesView bytes, const Compression& compression) {
    switch (compression.codec) {
    case Codec::gzip:
        return encode_gzip(bytes, compression.level);
    case Codec::zstd:
        return encode_zstd(bytes, compression.level);
    case Codec::none:
        return Bytes(bytes);
    case Codec::xz:
        break;
    }
    throw Error(ErrorKind::bug, "layers are never compressed with xz");
}

} // namespace pare::archive
