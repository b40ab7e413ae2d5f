// SPDX-License-Identifier: Apache-2.0
// What a layer's tar says, as values.
#include "inspect/layer.hh"
#include "support/deb_builder.hh"
#include "support/digest.hh"
#include "support/expect.hh"
#include "support/files.hh"

#include <filesystem>

namespace pare::test {

namespace {

using inspect::Entry;
using inspect::Layer;

Layer read(const Tar& tar, const inspect::Look& look = {.contents = true}) {
    const Bytes bytes = build_tar(tar);
    ViewSource source(bytes);
    return inspect::read_layer(source, "layer", look);
}

ImagePath path(const std::string& text) {
    return ImagePath::parse(text);
}

} // namespace

TEST_CASE("files have their digest, scripts their program, others nothing of it") {
    const Layer layer = read(
        {tar_file("a", "hello"), tar_file("b", "#!  /bin/sh -e \necho"), tar_file("c", ""),
         tar_symlink("d", "a")});
    CHECK(layer.entries.at(path("a")).sha256 == hash_hex("hello"));
    CHECK(layer.entries.at(path("a")).script.empty());
    CHECK(layer.entries.at(path("b")).script == "/bin/sh -e");
    CHECK(layer.entries.at(path("c")).sha256 == hash_hex(""));
    CHECK(layer.entries.at(path("d")).sha256.empty());
    CHECK(read({tar_file("a", "hello")}, {}).entries.at(path("a")).sha256.empty());
}

TEST_CASE("ELF files say what they need, damaged ones say nothing") {
    const Bytes self = read_file("/proc/self/exe");
    const Layer layer = read({tar_file("self", self), tar_file("bad", "\177ELFnonsense")});
    const Entry& entry = layer.entries.at(path("self"));
    REQUIRE(entry.elf);
    CHECK(contains(entry.elf->interpreter, "ld"));
    CHECK(entry.sha256 == hash_hex(self));
    CHECK_FALSE(layer.entries.at(path("bad")).elf);
}

TEST_CASE("an ELF file of more than 32 MiB is read as well") {
    Bytes large = read_file("/proc/self/exe");
    large.resize(std::max<std::size_t>(large.size(), (33U << 20) + 1), '\0');
    const Layer layer = read({tar_file("large", large), tar_file("next", "x")});
    REQUIRE(layer.entries.at(path("large")).elf);
    CHECK(layer.entries.at(path("large")).sha256 == hash_hex(large));
    CHECK(layer.entries.at(path("next")).sha256 == hash_hex("x"));
}

TEST_CASE("hard links are what their file is, as far as the layer has it") {
    const Layer layer =
        read({tar_file("a", "#!/x\n"), tar_hard_link("b", "./a"), tar_hard_link("c", "lower")});
    const Entry& link = layer.entries.at(path("b"));
    CHECK(link.link == "a");
    CHECK(link.is_file());
    CHECK(link.size == 5);
    CHECK(link.script == "/x");
    CHECK(link.sha256 == layer.entries.at(path("a")).sha256);
    CHECK(layer.entries.at(path("c")).sha256.empty());
}

TEST_CASE("device nodes and extended attributes are told") {
    const TarEntry null{
        .header = {
            .type = archive::TarType::character_device,
            .name = "dev/null",
            .device_major = 1,
            .device_minor = 3}};
    TarEntry capable = tar_file("ping", "x", 0755);
    capable.header.xattrs = {{"security.capability", std::string("\1\0", 2)}};
    const Layer layer = read({null, capable});
    CHECK(layer.entries.at(path("dev/null")).device_minor == 3);
    CHECK(layer.entries.at(path("ping")).xattrs == capable.header.xattrs);
}

TEST_CASE("whiteouts are no entries; those of AUFS itself are nothing") {
    const Layer layer = read(
        {tar_file("etc/.wh.a", ""), tar_file("etc/.wh..wh..opq", ""),
         tar_file(".wh..wh.plnk", "")});
    CHECK(layer.entries.empty());
    CHECK(layer.whiteouts == std::set{path("etc/a")});
    CHECK(layer.opaque == std::set{path("etc")});
    CHECK(error_of([] { return read({tar_file("etc/.wh.", "")}); }).kind() == ErrorKind::refused);
}

TEST_CASE("the bytes of files are kept when they are asked for") {
    const Layer layer = read(
        {tar_file("a", "one"), tar_file("b", "two")},
        {.keeps = [](const ImagePath& each) { return each.relative() == "a"; }});
    REQUIRE(layer.entries.at(path("a")).contents);
    CHECK(*layer.entries.at(path("a")).contents == "one");
    CHECK(layer.entries.at(path("a")).sha256.empty());
    CHECK_FALSE(layer.entries.at(path("b")).contents);
}

TEST_CASE("entries are the same when all but their times is") {
    const auto same = [](const TarEntry& left, const TarEntry& right) {
        const Layer one = read({left});
        const Layer two = read({right});
        return inspect::same_entry(one.entries.begin()->second, two.entries.begin()->second);
    };
    TarEntry later = tar_file("a", "x");
    later.header.mtime = 5;
    CHECK(same(tar_file("a", "x"), later));
    CHECK_FALSE(same(tar_file("a", "x"), tar_file("a", "y")));
    CHECK_FALSE(same(tar_file("a", "x"), tar_file("a", "x", 0600)));
    CHECK_FALSE(same(tar_file("a", "x"), tar_directory("a/", 0644)));
    CHECK(same(tar_directory("a/"), tar_directory("a/")));
    TarEntry link = tar_symlink("a", "b");
    link.header.mode = 0644;
    CHECK(same(tar_symlink("a", "b"), link));
    CHECK_FALSE(same(tar_symlink("a", "b"), tar_symlink("a", "c")));
}

} // namespace pare::test
