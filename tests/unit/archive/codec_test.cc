// SPDX-License-Identifier: Apache-2.0
#include "helpers.hh"

namespace pare::test {

namespace {

using archive::Compression;

Bytes text() {
    Bytes text;
    for (int i = 0; i < 5000; ++i) {
        text += "line " + std::to_string(i * 7919) + " of a text that packs well\n";
    }
    return text;
}

/// Gives its bytes one at a time, as a slow network may.
class Trickle final : public Source {
public:
    explicit Trickle(BytesView bytes) : inner_(bytes) {}

    std::size_t read(char* buffer, std::size_t size) override {
        return inner_.read(buffer, std::min<std::size_t>(size, 1));
    }

private:
    ViewSource inner_;
};

/// Reads to the end and tells how many bytes came before an error.
std::uint64_t drain(Source& source, std::string& error) {
    std::vector<char> buffer(1U << 20);
    std::uint64_t total = 0;
    try {
        while (const std::size_t count = source.read(buffer.data(), buffer.size())) {
            total += count;
        }
    } catch (const Error& caught) {
        error = caught.message();
    }
    return total;
}

} // namespace

TEST_CASE("every codec gives back what was packed") {
    for (const Codec codec : {Codec::none, Codec::gzip, Codec::zstd, Codec::xz}) {
        for (const Bytes& bytes : {Bytes("x"), text(), noise(300'000), Bytes(200'000, '\0')}) {
            CHECK(unpack(pack(bytes, codec), codec) == bytes);
        }
    }
}

TEST_CASE("an empty piece is a whole member or frame") {
    for (const Codec codec : {Codec::gzip, Codec::zstd, Codec::xz}) {
        const Bytes packed = pack("", codec);
        CHECK(!packed.empty());
        CHECK(unpack(packed, codec).empty());
    }
}

TEST_CASE("members and frames that follow each other decode to one text") {
    for (const Codec codec : {Codec::gzip, Codec::zstd, Codec::xz}) {
        const Bytes packed = pack("one ", codec) + pack("", codec) + pack("two", codec);
        CHECK(unpack(packed, codec) == "one two");
    }
}

TEST_CASE("a codec is known by the first bytes of what it made") {
    for (const Codec codec : {Codec::gzip, Codec::zstd, Codec::xz}) {
        CHECK(archive::detect_codec(pack("x", codec)) == codec);
    }
    CHECK(archive::detect_codec("") == Codec::none);
    CHECK(archive::detect_codec("\x1f") == Codec::none);
    CHECK(archive::detect_codec(std::string("x\0ustar", 7)) == Codec::none);
    // A skippable zstd frame, with which pzstd begins.
    CHECK(archive::detect_codec(BytesView("\x53\x2a\x4d\x18\0\0\0\0", 8)) == Codec::zstd);
}

TEST_CASE("decoding does not depend on how the input arrives or how much is asked for") {
    const Bytes bytes = text();
    for (const Codec codec : {Codec::none, Codec::gzip, Codec::zstd, Codec::xz}) {
        const Bytes packed = pack(bytes, codec) + pack("end", codec);
        Trickle trickle(packed);
        const auto plain = archive::decompress(trickle, codec, {}, "test");
        Bytes got;
        char piece[7];
        while (const std::size_t count = plain->read(piece, sizeof piece)) {
            got.append(piece, count);
        }
        CHECK(got == bytes + "end");
        CHECK(plain->read(piece, sizeof piece) == 0);
    }
}

TEST_CASE("data that is cut short anywhere is refused") {
    for (const Codec codec : {Codec::gzip, Codec::zstd, Codec::xz}) {
        const Bytes packed = pack("some text, some text, some text", codec);
        for (std::size_t size = 0; size < packed.size(); ++size) {
            const Error error = error_of([&] { unpack(packed.substr(0, size), codec); });
            CHECK(error.kind() == ErrorKind::refused);
            CHECK(contains(error.message(), "test: "));
        }
    }
}

TEST_CASE("a changed byte in the packed data is refused or changes nothing") {
    const Bytes bytes = "some text, some text, some text, and more text";
    for (const Codec codec : {Codec::gzip, Codec::zstd, Codec::xz}) {
        const Bytes packed = pack(bytes, codec);
        for (std::size_t at = 0; at < packed.size(); ++at) {
            Bytes changed = packed;
            changed[at] = static_cast<char>(changed[at] ^ 0x20);
            Bytes got = bytes;
            const auto error = thrown_by([&] { got = unpack(changed, codec); });
            CHECK((!error || error->kind() == ErrorKind::refused));
            CHECK(got == bytes);
        }
    }
}

TEST_CASE("garbage after the data is refused, zeros after gzip and xz are padding") {
    for (const Codec codec : {Codec::gzip, Codec::zstd, Codec::xz}) {
        const Bytes packed = pack("text", codec);
        CHECK(error_of([&] { unpack(packed + "garbage", codec); }).kind() == ErrorKind::refused);
        CHECK(error_of([&] { unpack(packed + '\x1f', codec); }).kind() == ErrorKind::refused);
    }
    CHECK(unpack(pack("text", Codec::gzip) + Bytes(100'000, '\0'), Codec::gzip) == "text");
    CHECK(unpack(pack("text", Codec::xz) + Bytes(512, '\0'), Codec::xz) == "text");
    const Bytes hidden = pack("a", Codec::gzip) + Bytes(70'000, '\0') + pack("b", Codec::gzip);
    CHECK(contains(error_of([&] { unpack(hidden, Codec::gzip); }).message(), "follows"));
}

TEST_CASE("the limit on the output holds for every codec, to the byte") {
    const Bytes bytes = text();
    for (const Codec codec : {Codec::none, Codec::gzip, Codec::zstd, Codec::xz}) {
        const Bytes packed = pack(bytes, codec);
        CHECK(unpack(packed, codec, {.output = bytes.size()}) == bytes);
        const Error error = error_of([&] { unpack(packed, codec, {.output = bytes.size() - 1}); });
        CHECK(error.kind() == ErrorKind::refused);
    }
}

TEST_CASE("a bomb of 1 GiB of zeros is stopped soon after 64 MiB") {
    const TemporaryDirectory directory;
    shell("head -c 1073741824 /dev/zero | zstd -q -19 -o bomb.zst", directory.path());
    shell("head -c 268435456 /dev/zero | xz -T1 -1 > bomb.xz", directory.path());
    const auto stopped_at = [&](const char* name, Codec codec) {
        const MappedFile file(directory.path() / name);
        ViewSource source(file.bytes());
        std::string error;
        const std::uint64_t total = drain(*archive::decompress(source, codec, {}, name), error);
        CHECK(contains(error, "decompression bomb"));
        return total;
    };
    CHECK(stopped_at("bomb.zst", Codec::zstd) < std::uint64_t{70} << 20);
    CHECK(stopped_at("bomb.xz", Codec::xz) < std::uint64_t{70} << 20);
}

TEST_CASE("zeros that gzip can hold are no bomb unless the ratio is set lower") {
    const Bytes packed = pack(Bytes(std::size_t{80} << 20, '\0'), Codec::gzip);
    std::string error;
    ViewSource source(packed);
    CHECK(
        drain(*archive::decompress(source, Codec::gzip, {}, "zeros"), error) == std::uint64_t{80}
                                                                                    << 20);
    CHECK(error.empty());
    ViewSource again(packed);
    drain(*archive::decompress(again, Codec::gzip, {.expansion = 100}, "zeros"), error);
    CHECK(contains(error, "100 times"));
}

TEST_CASE("xz that needs more than 128 MiB of memory is refused") {
    const TemporaryDirectory directory;
    shell("echo text | xz -T1 --lzma2=preset=6,dict=256MiB > large.xz", directory.path());
    const Bytes packed = read_file(directory.path() / "large.xz");
    CHECK(contains(error_of([&] { unpack(packed, Codec::xz); }).message(), "128 MiB"));
}

TEST_CASE("zstd with a window over 128 MiB is refused") {
    const TemporaryDirectory directory;
    shell("head -c 300000000 /dev/zero | zstd -q --long=28 -1 > large.zst", directory.path());
    const Bytes packed = read_file(directory.path() / "large.zst");
    CHECK(contains(error_of([&] { unpack(packed, Codec::zstd); }).message(), "128 MiB"));
}

TEST_CASE("gunzip() of a whole buffer agrees with the stream") {
    const Bytes bytes = text();
    const Bytes packed = pack(bytes, Codec::gzip);
    CHECK(archive::gunzip(packed, bytes.size(), "test") == bytes);
    CHECK(archive::gunzip(packed + packed, 1U << 30, "test") == bytes + bytes);
    CHECK(archive::gunzip(pack("", Codec::gzip), 0, "test").empty());
    CHECK(archive::gunzip(packed + Bytes(1000, '\0'), bytes.size(), "test") == bytes);
}

TEST_CASE("gunzip() refuses what is too large, cut, changed or followed by garbage") {
    const Bytes bytes = text();
    const Bytes packed = pack(bytes, Codec::gzip);
    const auto refused = [](const Bytes& bad, std::uint64_t limit) {
        return error_of([&] { static_cast<void>(archive::gunzip(bad, limit, "test")); }).kind() ==
               ErrorKind::refused;
    };
    CHECK(refused(packed, bytes.size() - 1));
    CHECK(refused(packed + packed, bytes.size()));
    CHECK(refused(packed + "garbage", 1U << 30));
    CHECK(refused("", 1U << 30));
    for (const std::size_t size : {std::size_t{1}, std::size_t{17}, packed.size() - 1}) {
        CHECK(refused(packed.substr(0, size), 1U << 30));
    }
    Bytes lying = packed;
    lying.replace(lying.size() - 4, 4, "\xff\xff\xff\xff");
    CHECK(refused(lying, std::uint64_t{8} << 30));
}

TEST_CASE("a gzip member has no name, no time and an unknown system") {
    const Bytes packed = archive::compress(text(), {.codec = Codec::gzip, .level = 6});
    CHECK(packed.substr(0, 8) == BytesView("\x1f\x8b\x08\0\0\0\0\0", 8));
    CHECK(packed[9] == '\xff');
    CHECK(read_int<std::uint32_t>(packed, packed.size() - 4, Endian::little) == text().size());
}

TEST_CASE("the same bytes are packed to the same bytes, at every level") {
    const Bytes bytes = text();
    for (int level = 1; level <= 12; ++level) {
        const Compression compression{.codec = Codec::gzip, .level = level};
        const Bytes packed = archive::compress(bytes, compression);
        CHECK(packed == archive::compress(bytes, compression));
        CHECK(archive::gunzip(packed, bytes.size(), "test") == bytes);
    }
    for (int level = 1; level <= 19; ++level) {
        const Compression compression{.codec = Codec::zstd, .level = level};
        const Bytes packed = archive::compress(bytes, compression);
        CHECK(packed == archive::compress(bytes, compression));
        CHECK(unpack(packed, Codec::zstd) == bytes);
    }
}

TEST_CASE("a compression is written as it was read") {
    CHECK(archive::parse_compression("gzip") == Compression{.codec = Codec::gzip, .level = 6});
    CHECK(archive::parse_compression("zstd") == Compression{.codec = Codec::zstd, .level = 3});
    CHECK(archive::parse_compression("none").codec == Codec::none);
    for (const char* const text : {"gzip:1", "gzip:12", "zstd:19", "none"}) {
        CHECK(archive::to_string(archive::parse_compression(text)) == text);
    }
}

TEST_CASE("an unknown compression or level is a usage error that names what is allowed") {
    for (const char* const text :
         {"", "lz4", "xz", "gzip:", "gzip:0", "gzip:13", "zstd:20", "zstd:-1", "none:1", "GZIP",
          "gzip:6:6", "gzip:six"}) {
        const Error error = error_of([&] { static_cast<void>(archive::parse_compression(text)); });
        CHECK(error.kind() == ErrorKind::usage);
        CHECK(contains(error.hint(), "gzip[:1-12], zstd[:1-19] or none"));
    }
}

TEST_CASE("xz of several blocks is the same on any number of threads") {
    const TemporaryDirectory directory;
    const Bytes bytes = noise(1'000'000) + text() + Bytes(2'000'000, 'x');
    write_file(directory.path() / "plain", bytes);
    shell("xz -T2 --block-size=100000 -c plain > packed", directory.path());
    const Bytes packed = read_file(directory.path() / "packed");
    for (const unsigned threads : {0U, 1U, 2U, 5U}) {
        CHECK(unpack(packed, Codec::xz, {.threads = threads}) == bytes);
        CHECK(unpack(packed + packed, Codec::xz, {.threads = threads}) == bytes + bytes);
        CHECK(unpack(pack(bytes, Codec::xz), Codec::xz, {.threads = threads}) == bytes);
    }
}

TEST_CASE("xz on threads is refused for damage, cuts, bombs and limits as without them") {
    const TemporaryDirectory directory;
    shell("head -c 268435456 /dev/zero | xz -T2 -1 > bomb.xz", directory.path());
    const Bytes bomb = read_file(directory.path() / "bomb.xz");
    const auto refused = [](const Bytes& packed, const archive::Limits& limits) {
        std::string error;
        ViewSource source(packed);
        CHECK(drain(*archive::decompress(source, Codec::xz, limits, "x"), error) < 70U << 20);
        return error;
    };
    CHECK(contains(refused(bomb, {.threads = 2}), "decompression bomb"));
    CHECK(contains(refused(bomb, {.output = 1000, .threads = 2}), "more than"));
    const Bytes packed = bomb.substr(0, 6000);
    CHECK(contains(refused(packed, {.threads = 2}), "ends too early"));
    Bytes changed = packed;
    changed[3000] = static_cast<char>(changed[3000] ^ 1);
    CHECK(contains(refused(changed, {.threads = 2}), "damaged"));
}

TEST_CASE("gzip, zstd and xz read what we write, and we read what they write") {
    const TemporaryDirectory directory;
    const Bytes bytes = text() + noise(100'000);
    write_file(directory.path() / "plain", bytes);
    write_file(directory.path() / "ours.gz", pack(bytes, Codec::gzip) + pack("x", Codec::gzip));
    write_file(directory.path() / "ours.zst", pack(bytes, Codec::zstd) + pack("x", Codec::zstd));
    shell("gzip -dc ours.gz > a && zstd -q -dc ours.zst > b && cmp a b", directory.path());
    CHECK(read_file(directory.path() / "a") == bytes + "x");
    CHECK(contains(shell("zstd -lv ours.zst", directory.path()), "Check: XXH64"));
    for (const char* const line :
         {"gzip -1", "gzip -9 --name", "zstd -q -c -1", "zstd -q -c -19 --no-check",
          "zstd -q -c --ultra -22", "xz -0 -T1", "xz -9 -T1", "xz -T2 --block-size=64KiB",
          "xz --check=none -T1", "xz --check=sha256 -T1", "xz --x86 --lzma2 -T1"}) {
        CAPTURE(line);
        shell(std::string(line) + " < plain > packed", directory.path());
        const Bytes packed = read_file(directory.path() / "packed");
        CHECK(unpack(packed, archive::detect_codec(packed)) == bytes);
    }
}

} // namespace pare::test
