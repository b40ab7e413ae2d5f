// SPDX-License-Identifier: Apache-2.0
// The form in which the store keeps a cut, and the key that it keeps it under.
#include "fixture.hh"
#include "support/digest.hh"

#include <set>

namespace pare::test {

namespace {

using cut::Cut;
using cut::Item;
using cut::parse_manifest;
using cut::write_manifest;

elf::Elf some_elf() {
    return {
        .type = elf::FileType::shared,
        .is64 = false,
        .endian = Endian::big,
        .machine = 22,
        .flags = 0x70000001,
        .interpreter = "/lib/ld64.so.1",
        .dynamic = true,
        .soname = "libx.so.1",
        .needed = {"liba.so", "libb.so"},
        .rpath = "/opt/lib",
        .runpath = "$ORIGIN",
        .version_needs = {{"liba.so", {"A_1", "A_2"}}, {"libb.so", {}}},
        .version_definitions = {"X_1", "X_2"}};
}

/// A cut in which nothing is as it is by default.
Cut full_cut() {
    const Item directory{
        .entry = {.path = ImagePath::parse("usr"), .type = EntryType::directory, .mode = 01777}};
    const Item file{
        .entry =
            {.path = ImagePath::parse("usr/lib/libx.so.1"),
             .mode = 04755,
             .uid = 65532,
             .gid = UINT32_MAX,
             .mtime = kDate,
             .size = std::uint64_t{5} << 32,
             .xattrs = {{"security.capability", Bytes("\1\0\2", 3)}, {"user.x", ""}}},
        .offset = (std::uint64_t{7} << 32) + 512,
        .elf = some_elf()};
    const Item symlink{
        .entry = {.path = ImagePath::parse("usr/l"), .type = EntryType::symlink, .link = "lib/x"}};
    const Item hard_link{
        .entry = {
            .path = ImagePath::parse("usr/h"),
            .type = EntryType::hard_link,
            .link = "usr/lib/libx.so.1"}};
    Cut cut;
    cut.package = "sample";
    cut.version = "1:2.0-3";
    cut.architecture = "ppc64el";
    cut.source = "source";
    cut.date = kDate;
    cut.scripts = {"postinst", "prerm"};
    cut.replaces = {"old"};
    cut.items = {directory, file, symlink, hard_link};
    cut.kept = {{ImagePath::parse("etc/kept"), Bytes("k\0k", 3)}};
    cut.aside = {{ImagePath::parse("etc/aside"), ""}, {ImagePath::parse("etc/b"), "b"}};
    cut.part_size = std::uint64_t{9} << 32;
    return cut;
}

/// Damaged bytes are refused, or say something that can be written and read again.
void check_damaged(const Bytes& damaged) {
    const auto error = thrown_by([&] {
        const Cut cut = parse_manifest(damaged);
        CHECK(parse_manifest(write_manifest(cut)) == cut);
    });
    CHECK((!error || error->kind() == ErrorKind::refused));
}

std::string key_of(const Selection& selection) {
    return cut::cut_key(hash_hex("package"), selection);
}

} // namespace

TEST_CASE("a manifest gives back the cut that it was written of") {
    CHECK(parse_manifest(write_manifest(full_cut())) == full_cut());
    CHECK(parse_manifest(write_manifest({})) == Cut{});
    const Cut real = cut_entries({tar_directory("./usr/"), tar_file("./usr/x", "x")}).cut;
    CHECK(parse_manifest(write_manifest(real)) == real);
}

TEST_CASE("a manifest that ends early or goes on is refused") {
    const Bytes manifest = write_manifest(full_cut());
    for (std::size_t size = 0; size < manifest.size(); ++size) {
        CAPTURE(size);
        CHECK(error_of([&] {
                  (void)parse_manifest(BytesView(manifest).substr(0, size));
              }).kind() == ErrorKind::refused);
    }
    const Error error = error_of([&] { (void)parse_manifest(manifest + '\0'); });
    CHECK(error.kind() == ErrorKind::refused);
    CHECK(contains(error.message(), "after its end"));
}

TEST_CASE("a manifest with a flipped bit is refused or read, and nothing worse") {
    const Bytes manifest = write_manifest(full_cut());
    for (std::size_t bit = 0; bit < 8 * manifest.size(); ++bit) {
        CAPTURE(bit);
        Bytes damaged = manifest;
        damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
        check_damaged(damaged);
    }
}

TEST_CASE("a manifest with a byte of all ones or none is refused or read, and nothing worse") {
    const Bytes manifest = write_manifest(full_cut());
    for (std::size_t at = 0; at < manifest.size(); ++at) {
        CAPTURE(at);
        for (const char value : {'\0', '\377'}) {
            Bytes damaged = manifest;
            damaged[at] = value;
            check_damaged(damaged);
        }
    }
}

TEST_CASE("a manifest of something else is refused") {
    for (const char* text : {"", "pare cut", "pare cut\n", "{\"package\": \"sample\"}\n"}) {
        CHECK(error_of([&] { (void)parse_manifest(text); }).kind() == ErrorKind::refused);
    }
    Bytes manifest = write_manifest(full_cut());
    manifest[0] = 'P';
    CHECK(error_of([&] { (void)parse_manifest(manifest); }).kind() == ErrorKind::refused);
}

TEST_CASE("a manifest has no paths that climb") {
    Bytes manifest = write_manifest(full_cut());
    const std::size_t at = manifest.find("usr/lib/libx.so.1");
    REQUIRE(at != Bytes::npos);
    manifest.replace(at, 6, "../../");
    CHECK(error_of([&] { (void)parse_manifest(manifest); }).kind() == ErrorKind::refused);
}

TEST_CASE("equal packages and selections have one key, and it is a SHA-256") {
    const Selection selection{.include = {"a"}, .strip = 1, .to = "/b"};
    CHECK(is_hex(key_of(selection), 64));
    CHECK(key_of(selection) == key_of(Selection(selection)));
    CHECK(key_of(selection) != cut::cut_key(hash_hex("other package"), selection));
}

TEST_CASE("selections that differ in anything have keys that differ") {
    const std::vector<Selection> selections{
        {},
        {.include = {"a"}},
        {.include = {"a", "b"}},
        {.include = {"b", "a"}},
        {.include = {"ab"}},
        {.include = {"a", ""}},
        {.include = {"a"}, .strip = 1},
        {.include = {"a"}, .strip = 11},
        {.include = {"a"}, .to = "a"},
        {.include = {"a"}, .leave_out = {"a"}},
        {.to = "a"},
        {.leave_out = {"a"}},
        {.leave_out = {"a", "b"}},
        {.leave_out = {"a"}, .reads = {"b"}},
        {.leave_out = {"a"}, .dropped = {"b"}},
        {.reads = {"a"}},
        {.reads = {"a", "b"}},
        {.reads = {"a"}, .dropped = {"b"}},
        {.dropped = {"a"}},
        {.dropped = {"a", "b"}},
        {.dropped = {"1:a"}},
        {.strip = 1}};
    std::set<std::string> keys;
    for (const Selection& selection : selections) {
        keys.insert(key_of(selection));
    }
    CHECK(keys.size() == selections.size());
}

} // namespace pare::test
