// SPDX-License-Identifier: Apache-2.0
// A part in the store, plain and compressed.
#include "build/part_writer.hh"
#include "fixture.hh"

namespace pare::test {

namespace {

using build::member_key;
using build::PartWriter;
using store::Kind;

const std::string kKey = hash_hex("part");

/// Two and a half pieces: what compresses well and what does not.
Bytes two_and_a_half_pieces() {
    return Bytes(1'500'000, 'a') + noise(1'121'440);
}

/// Writes `bytes` in pieces of that size and keeps them.
void write_part(
    Workshop& workshop, BytesView bytes, const Compression& compression, std::size_t piece) {
    PartWriter writer(workshop.store(), workshop.pool(), compression);
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        writer.write(bytes.substr(at, piece));
    }
    writer.finish();
    CHECK(writer.map().bytes() == bytes);
    writer.keep(kKey);
}

std::filesystem::path member_of(Workshop& workshop, const Compression& compression) {
    return workshop.store().path(Kind::member, member_key(kKey, compression));
}

/// The compressed form that a pool of that many threads makes.
Bytes member_made_by(
    unsigned threads, BytesView bytes, const Compression& compression, std::size_t piece) {
    Workshop workshop(threads);
    write_part(workshop, bytes, compression, piece);
    return read_file(member_of(workshop, compression));
}

} // namespace

TEST_CASE("a part is in the store in both forms, and the tool gives back what was written") {
    for (const Compression& compression : {kGzip, kZstd, kPlain}) {
        CAPTURE(archive::to_string(compression));
        for (const Bytes& bytes : {Bytes("short"), Bytes(1U << 20, 'x'), two_and_a_half_pieces()}) {
            CAPTURE(bytes.size());
            Workshop workshop;
            write_part(workshop, bytes, compression, 300'000);
            CHECK(workshop.store().get(Kind::part, kKey) == bytes);
            CHECK(unpacked(member_of(workshop, compression), compression) == bytes);
        }
    }
}

TEST_CASE("the compressed form is the same at any number of threads and however it was written") {
    const Bytes bytes = two_and_a_half_pieces() + two_and_a_half_pieces();
    for (const Compression& compression : {kGzip, kZstd, kPlain}) {
        CAPTURE(archive::to_string(compression));
        const Bytes member = member_made_by(1, bytes, compression, bytes.size());
        CHECK(member_made_by(4, bytes, compression, bytes.size()) == member);
        CHECK(member_made_by(4, bytes, compression, 777) == member);
        CHECK(member_made_by(1, bytes, compression, 1'048'577) == member);
    }
}

TEST_CASE("without compression both forms are the same bytes") {
    const Bytes bytes = two_and_a_half_pieces();
    CHECK(member_made_by(2, bytes, kPlain, 1000) == bytes);
}

TEST_CASE("many pieces that wait for one thread come out in order") {
    Bytes bytes;
    for (char letter = 'a'; letter < 'm'; ++letter) {
        bytes += Bytes(1U << 20, letter);
    }
    Workshop workshop(1);
    write_part(workshop, bytes, kGzip, 5'000'000);
    CHECK(unpacked(member_of(workshop, kGzip), kGzip) == bytes);
}

TEST_CASE("a part of nothing is empty in every form") {
    for (const Compression& compression : {kGzip, kZstd, kPlain}) {
        Workshop workshop;
        write_part(workshop, "", compression, 1);
        CHECK(workshop.store().get(Kind::part, kKey) == "");
        CHECK(read_file(member_of(workshop, compression)).empty());
    }
}

TEST_CASE("a part that was not kept leaves nothing in the store") {
    Workshop workshop;
    {
        PartWriter writer(workshop.store(), workshop.pool(), kGzip);
        writer.write(two_and_a_half_pieces());
    }
    {
        PartWriter writer(workshop.store(), workshop.pool(), kGzip);
        writer.write("finished, but not kept");
        writer.finish();
    }
    for (const char* folder : {"parts", "members"}) {
        CHECK(std::filesystem::is_empty(workshop.store().root() / folder));
    }
}

TEST_CASE("a missing compressed form is made of the plain one, as it would have been at once") {
    const Bytes bytes = two_and_a_half_pieces();
    Workshop workshop;
    write_part(workshop, bytes, kGzip, bytes.size());
    build::compress_part(workshop.store(), workshop.pool(), kZstd, kKey);
    CHECK(read_file(member_of(workshop, kZstd)) == member_made_by(1, bytes, kZstd, bytes.size()));
    CHECK(workshop.store().has(Kind::member, member_key(kKey, kGzip)));
    CHECK(workshop.store().get(Kind::part, kKey) == bytes);
}

TEST_CASE("each part, codec and level has a compressed form of its own") {
    const std::string key = member_key(kKey, kGzip);
    CHECK(is_hex(key, 64));
    CHECK(key == member_key(kKey, kGzip));
    CHECK(key != member_key(hash_hex("other"), kGzip));
    CHECK(key != member_key(kKey, kZstd));
    CHECK(key != member_key(kKey, {.codec = Codec::gzip, .level = 9}));
}

} // namespace pare::test
