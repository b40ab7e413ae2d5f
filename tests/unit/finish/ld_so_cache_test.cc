// SPDX-License-Identifier: Apache-2.0
#include "finish/ld_cache.hh"
#include "finish/ld_so_conf.hh"
#include "fixture.hh"
#include "support/files.hh"
#include "support/run_command.hh"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace fs = std::filesystem;

using pare::Bytes;
using pare::BytesView;
using pare::Endian;
using pare::Error;
using pare::ImagePath;
using pare::read_int;
using pare::finish::compare_library_names;
using pare::finish::LdCacheEntry;
using pare::finish::LdSoConfLine;
using pare::finish::made_at;
using pare::finish::parse_ld_cache;
using pare::finish::parse_ld_so_conf;
using pare::finish::TestImage;
using pare::finish::write_ld_cache;

namespace {

/// `name (flags) => path` of each entry, in order.
std::string contents(BytesView cache, Endian endian) {
    REQUIRE(cache.substr(0, 20) == "glibc-ld.so.cache1.1");
    const auto number = [&](std::size_t at) { return read_int<std::uint32_t>(cache, at, endian); };
    std::string lines;
    for (std::size_t i = 0; i < number(20); ++i) {
        const std::size_t at = 48 + 24 * i;
        lines += fmt::format(
            "{} ({:04x}) => {}\n", cache.data() + number(at + 4), number(at),
            cache.data() + number(at + 8));
    }
    return lines;
}

/// The entries of a cache as values.
std::vector<LdCacheEntry> entries_of(BytesView cache) {
    const auto number = [&](std::size_t at) {
        return read_int<std::uint32_t>(cache, at, Endian::little);
    };
    std::vector<LdCacheEntry> entries;
    for (std::size_t i = 0; i < number(20); ++i) {
        const std::size_t at = 48 + 24 * i;
        entries.push_back(
            {.soname = cache.data() + number(at + 4),
             .path = cache.data() + number(at + 8),
             .flags = number(at)});
    }
    return entries;
}

/// The name of the generator in a cache: the one extension that it has.
std::string generator_of(BytesView cache) {
    const auto number = [&](std::size_t at) {
        return read_int<std::uint32_t>(cache, at, Endian::little);
    };
    const std::size_t at = number(32);
    REQUIRE(number(at) == 0xeaa42174);
    REQUIRE(number(at + 4) == 1);
    return std::string(cache.substr(number(at + 16), number(at + 20)));
}

Bytes read_file(const fs::path& path) {
    return Bytes(pare::MappedFile(path).bytes());
}

/// The smallest ELF file that is a shared library: a header, PT_LOAD, PT_DYNAMIC with a soname or
/// without.
Bytes library(std::string_view soname, std::uint16_t machine, Endian endian, std::uint32_t flags) {
    Bytes elf = "\177ELF";
    const auto half = [&](std::uint16_t value) { pare::append_int(elf, value, endian); };
    const auto word = [&](std::uint32_t value) { pare::append_int(elf, value, endian); };
    const auto wide = [&](std::uint64_t value) { pare::append_int(elf, value, endian); };
    elf.push_back('\2');
    elf.push_back(endian == Endian::little ? '\1' : '\2');
    elf.push_back('\1');
    elf.append(9, '\0');
    half(3); // ET_DYN
    half(machine);
    word(1);
    wide(0);
    wide(64); // program headers follow
    wide(0);
    word(flags);
    half(64);
    half(56);
    half(2);
    half(0);
    half(0);
    half(0);
    const std::size_t dynamic = 64 + 2 * 56;
    const std::size_t strings = dynamic + 4 * 16;
    const std::size_t size = strings + 1 + soname.size() + 1;
    const auto segment = [&](std::uint32_t type, std::size_t at, std::size_t length) {
        word(type);
        word(4);
        wide(at);
        wide(at);
        wide(at);
        wide(length);
        wide(length);
        wide(8);
    };
    segment(1, 0, size);
    segment(2, dynamic, 4 * 16);
    wide(5); // DT_STRTAB
    wide(strings);
    wide(10); // DT_STRSZ
    wide(soname.size() + 2);
    wide(soname.empty() ? 21 : 14); // DT_DEBUG, which says nothing, or DT_SONAME
    wide(1);
    wide(0);
    wide(0);
    elf.push_back('\0');
    return elf.append(soname).append(1, '\0');
}

Bytes x86_library(std::string_view soname) {
    return library(soname, 62, Endian::little, 0);
}

/// The cache that the finisher makes for a little-endian image.
std::string cached(TestImage& image) {
    const auto made = image.finish("ld.so.cache");
    const auto* cache = made_at(made, "etc/ld.so.cache");
    return cache == nullptr ? "" : contents(cache->content, Endian::little);
}

/// A root on disk and the same in memory.
class TwinRoot {
public:
    void add_directory(const std::string& path) {
        fs::create_directories(root_.path() / path);
        image_.add_directory(path);
    }

    void add_file(const std::string& path, const Bytes& bytes) {
        fs::create_directories((root_.path() / path).parent_path());
        std::ofstream(root_.path() / path, std::ios::binary) << bytes;
        image_.add_file(path, bytes);
    }

    void add_symlink(const std::string& path, const std::string& target) {
        fs::create_directories((root_.path() / path).parent_path());
        fs::create_symlink(target, root_.path() / path);
        image_.add_symlink(path, target);
    }

    /// Copies a library of this machine, symlinks as they are; false when it is not there.
    bool add_library_of_host(const fs::path& source) {
        if (fs::is_symlink(source)) {
            const fs::path target = fs::read_symlink(source);
            add_symlink("usr" + source.string(), target.string());
            return target.has_parent_path() || add_library_of_host(source.parent_path() / target);
        }
        if (!fs::exists(source)) {
            return false;
        }
        add_file("usr" + source.string(), read_file(source));
        return true;
    }

    [[nodiscard]] const fs::path& path() const { return root_.path(); }

    [[nodiscard]] TestImage& image() { return image_; }

private:
    pare::TemporaryDirectory root_;
    TestImage image_;
};

} // namespace

TEST_CASE("library names sort as the loader searches them") {
    CHECK(compare_library_names("libz.so.1", "libz.so.1") == 0);
    CHECK(compare_library_names("libz.so.10", "libz.so.9") > 0);
    CHECK(compare_library_names("libz.so.1", "libz.so") > 0);
    CHECK(compare_library_names("lib1.so", "libA.so") > 0);
    CHECK(compare_library_names("libA.so", "lib1.so") < 0);
    CHECK(compare_library_names("libB.so", "liba.so") < 0);
    CHECK(compare_library_names("lib99999999999999999999999.so", "lib2.so") > 0);
}

TEST_CASE("ld.so.conf lists directories and further files") {
    using Kind = LdSoConfLine::Kind;
    const auto lines = parse_ld_so_conf(
        "# comment\ninclude ld.so.conf.d/*.conf /opt/*.conf\n/usr/lib/a/ # here\n  /b=libc5\n"
        "hwcap 0 x\nrelative/dir\n\n/\r\n",
        ImagePath::parse("etc/ld.so.conf"));
    CHECK(
        lines == std::vector<LdSoConfLine>{
                     {Kind::include, "/etc/ld.so.conf.d/*.conf"},
                     {Kind::include, "/opt/*.conf"},
                     {Kind::directory, "/usr/lib/a"},
                     {Kind::directory, "/b"},
                     {Kind::directory, "/"}});
    const std::string huge(2 << 20, '\n');
    CHECK_THROWS_AS(
        static_cast<void>(parse_ld_so_conf(huge, ImagePath::parse("etc/ld.so.conf"))), Error);
}

TEST_CASE("strings that end alike are stored once, and big-endian machines get their order") {
    const std::vector<LdCacheEntry> entries = {
        {"libb.so.1", "/lib/libb.so.1", 0x0403}, {"liba.so.1", "/lib/liba.so.1", 0x0403}};
    const Bytes cache = write_ld_cache(entries, Endian::big, "test");
    CHECK(
        contents(cache, Endian::big) ==
        "libb.so.1 (0403) => /lib/libb.so.1\nliba.so.1 (0403) => /lib/liba.so.1\n");
    CHECK(read_int<std::uint32_t>(cache, 24, Endian::big) == 2 * 15);
    CHECK(cache[28] == '\3');
    CHECK(cache.ends_with("test"));
    CHECK(write_ld_cache(entries, Endian::little, "test")[28] == '\2');
}

TEST_CASE("a cache is read in either byte order, and behind the format of before") {
    const std::vector<LdCacheEntry> entries{
        {.soname = "libz.so.1", .path = "/lib/libz.so.1", .flags = 3},
        {.soname = "libc.so.6", .path = "/lib/libc.so.6", .flags = 1}};
    for (const Endian endian : {Endian::little, Endian::big}) {
        const Bytes cache = write_ld_cache(entries, endian, "test");
        CHECK(parse_ld_cache(cache) == entries);
        Bytes both = "ld.so-1.7.0";
        both.push_back('\0');
        pare::append_int(both, std::uint32_t{1}, endian);
        both.append(12, 'x'); // one entry
        both.append(4, '\0'); // to a multiple of 8
        CHECK(parse_ld_cache(both + cache) == entries);
        CHECK_THROWS_AS((void)parse_ld_cache(both), Error);
    }
}

TEST_CASE("what is no cache, or ends too early, is refused") {
    const Bytes cache = write_ld_cache({{.soname = "a", .path = "/a"}}, Endian::little, "test");
    CHECK_THROWS_AS((void)parse_ld_cache(""), Error);
    CHECK_THROWS_AS((void)parse_ld_cache("something else"), Error);
    CHECK_THROWS_AS((void)parse_ld_cache(cache.substr(0, 60)), Error);
    CHECK_THROWS_AS((void)parse_ld_cache(cache.substr(0, 73)), Error);
}

TEST_CASE("without a library there is no cache") {
    TestImage image;
    image.add_file("usr/lib/libno.so.1", "no ELF file");
    image.add_file("usr/bin/server", x86_library(""));
    CHECK(image.finish("ld.so.cache").empty());
}

TEST_CASE("an image without ld.so.conf is searched where Debian's says") {
    TestImage image;
    image.add_symlink("lib", "usr/lib");
    image.add_file("usr/lib/x86_64-linux-gnu/libz.so.1", x86_library("libz.so.1"));
    image.add_file("usr/local/lib/libz.so.1", x86_library("libz.so.1"));
    image.add_file("usr/lib/liba.so.1", x86_library("liba.so.1"));
    image.add_file("opt/lib/libo.so.1", x86_library("libo.so.1"));
    CHECK(
        cached(image) == "libz.so.1 (0303) => /usr/local/lib/libz.so.1\n"
                         "libz.so.1 (0303) => /lib/x86_64-linux-gnu/libz.so.1\n"
                         "liba.so.1 (0303) => /lib/liba.so.1\n");
}

TEST_CASE("ld.so.conf and the files that it includes add directories, once each") {
    TestImage image;
    image.add_file("etc/ld.so.conf", "include /etc/ld.so.conf.d/*.conf\n/opt/missing\n");
    image.add_file("etc/ld.so.conf.d/b.conf", "/opt/b\n/opt/a\n/opt/../opt/b\n");
    image.add_file("etc/ld.so.conf.d/a.conf", "/opt/a\n");
    image.add_file("etc/ld.so.conf.d/.hidden.conf", "/opt/hidden\n");
    for (const char* directory : {"a", "b", "hidden"}) {
        image.add_file(fmt::format("opt/{}/libx.so.1", directory), x86_library("libx.so.1"));
    }
    CHECK_THROWS_AS(image.finish("ld.so.cache"), Error);
    image.replace_bytes("etc/ld.so.conf.d/b.conf", "/opt/b\n/opt/a\n");
    CHECK(
        cached(image) == "libx.so.1 (0303) => /opt/a/libx.so.1\n"
                         "libx.so.1 (0303) => /opt/b/libx.so.1\n");
}

TEST_CASE("files of ld.so.conf may include each other, but not without end") {
    TestImage image;
    image.add_file("opt/lib/libx.so.1", x86_library("libx.so.1"));
    image.add_file("etc/ld.so.conf", "include /etc/ld.so.conf.d/0\n");
    for (int i = 0; i < 10; ++i) {
        image.add_file(
            fmt::format("etc/ld.so.conf.d/{}", i),
            fmt::format("include /etc/ld.so.conf /etc/ld.so.conf.d/{}\n/opt/lib\n", i + 1));
    }
    CHECK(cached(image) == "libx.so.1 (0303) => /opt/lib/libx.so.1\n");
    image.add_file("etc/ld.so.conf.d/10", "/opt/lib\n");
    CHECK_THROWS_AS(image.finish("ld.so.cache"), Error);
}

TEST_CASE("a file without a link of its soname gets one, as ldconfig makes it") {
    TestImage image;
    image.add_file("usr/local/lib/libx.so.1.2", x86_library("libx.so.1"));
    image.add_file("usr/local/lib/libx.so.1.10", x86_library("libx.so.1"));
    image.add_symlink("usr/local/lib/libx.so", "libx.so.1");
    const auto made = image.finish("ld.so.cache");
    REQUIRE(made_at(made, "usr/local/lib/libx.so.1") != nullptr);
    CHECK(made_at(made, "usr/local/lib/libx.so.1")->entry.link == "libx.so.1.10");
    CHECK(
        contents(made_at(made, "etc/ld.so.cache")->content, Endian::little) ==
        "libx.so.1 (0303) => /usr/local/lib/libx.so.1\n");
}

TEST_CASE("the cache is made again only when a library or ld.so.conf changed") {
    TestImage image;
    image.add_file("usr/lib/liba.so.1", x86_library("liba.so.1"));
    CHECK_FALSE(cached(image).empty());
    image.start_child_step();
    image.add_file("usr/bin/server", "x");
    CHECK(image.finish("ld.so.cache").empty());
    image.add_file("usr/lib/libb.so.1", x86_library("libb.so.1"));
    CHECK(
        cached(image) ==
        "libb.so.1 (0303) => /usr/lib/libb.so.1\nliba.so.1 (0303) => /usr/lib/liba.so.1\n");
}

TEST_CASE("the user's own cache stays") {
    TestImage image;
    image.add_file("usr/lib/liba.so.1", x86_library("liba.so.1"));
    image.add_user_file("etc/ld.so.cache", "mine");
    CHECK(image.finish("ld.so.cache").empty());
}

TEST_CASE("each architecture lists its own libraries, under its own flags and byte order") {
    struct Case {
        std::string architecture;
        std::string triplet;
        std::uint16_t machine;
        Endian endian;
        std::uint32_t elf_flags;
        std::string flags;
    };

    for (const Case& c : {
             Case{"arm64", "aarch64-linux-gnu", 183, Endian::little, 0, "0a03"},
             Case{"s390x", "s390x-linux-gnu", 22, Endian::big, 0, "0403"},
             Case{"ppc64el", "powerpc64le-linux-gnu", 21, Endian::little, 2, "0503"},
             Case{"riscv64", "riscv64-linux-gnu", 243, Endian::little, 5, "1003"},
             Case{"loong64", "loongarch64-linux-gnu", 258, Endian::little, 0x43, "1203"},
         }) {
        TestImage image;
        image.architecture = c.architecture;
        const std::string directory = "usr/lib/" + c.triplet;
        image.add_symlink("lib", "usr/lib");
        image.add_file(
            directory + "/liba.so.1", library("liba.so.1", c.machine, c.endian, c.elf_flags));
        image.add_file(directory + "/libx86.so.1", x86_library("libx86.so.1"));
        const auto made = image.finish("ld.so.cache");
        REQUIRE(made_at(made, "etc/ld.so.cache") != nullptr);
        CHECK(
            contents(made_at(made, "etc/ld.so.cache")->content, c.endian) ==
            fmt::format("liba.so.1 ({}) => /lib/{}/liba.so.1\n", c.flags, c.triplet));
    }
}

TEST_CASE("the cache is the one that ldconfig writes, but for the name of its writer") {
    if (!pare::test::has_program("ldconfig") || !fs::exists("/lib/x86_64-linux-gnu/libc.so.6")) {
        MESSAGE("no ldconfig or no amd64 libraries here: not compared");
        return;
    }
    TwinRoot twin;
    twin.add_symlink("lib", "usr/lib");
    for (const char* name :
         {"ld-linux-x86-64.so.2", "libc.so.6", "libm.so.6", "libmvec.so.1", "libresolv.so.2",
          "libstdc++.so.6", "libgcc_s.so.1", "libssl.so.3", "libcrypto.so.3", "libz.so.1",
          "libzstd.so.1", "libmemusage.so", "libnss_files.so.2"}) {
        static_cast<void>(twin.add_library_of_host(fs::path("/lib/x86_64-linux-gnu") / name));
    }
    const Bytes zlib = x86_library("libx.so.3");
    twin.add_file("usr/local/lib/libx.so.3.9", zlib);
    twin.add_file("usr/local/lib/libx.so.3.10", zlib);
    twin.add_symlink("usr/local/lib/libx.so", "libx.so.3");
    twin.add_symlink("usr/local/lib/libx.so.3", "libx.so.3.10");
    twin.add_symlink("usr/local/lib/liby.so.1", "libx.so.3.9");
    twin.add_file("usr/local/lib/libnoname.so", x86_library(""));
    twin.add_file("usr/local/lib/libx.so.txt", "no ELF file");
    twin.add_file("opt/lib/libx.so.3", zlib);
    twin.add_file("etc/ld.so.conf", "include /etc/ld.so.conf.d/*.conf\n");
    twin.add_file("etc/ld.so.conf.d/libc.conf", "# libc\n/usr/local/lib\n");
    twin.add_file(
        "etc/ld.so.conf.d/x86_64-linux-gnu.conf",
        "/usr/local/lib/x86_64-linux-gnu\n/lib/x86_64-linux-gnu\n/usr/lib/x86_64-linux-gnu\n");
    twin.add_file("etc/ld.so.conf.d/zz.conf", "/opt/lib/\n");

    const auto ran = pare::test::run_command({"ldconfig", "-X", "-r", twin.path().string()});
    REQUIRE(ran.status == 0);
    const Bytes theirs = read_file(twin.path() / "etc/ld.so.cache");
    const auto made = twin.image().finish("ld.so.cache");
    REQUIRE(made_at(made, "etc/ld.so.cache") != nullptr);
    const Bytes& ours = made_at(made, "etc/ld.so.cache")->content;
    CHECK(contents(ours, Endian::little) == contents(theirs, Endian::little));
    CHECK(write_ld_cache(entries_of(ours), Endian::little, generator_of(theirs)) == theirs);
    CHECK(write_ld_cache(entries_of(ours), Endian::little, "pare") == ours);
    CHECK(parse_ld_cache(theirs) == entries_of(theirs));

    const fs::path copy = twin.path() / "ours";
    std::ofstream(copy, std::ios::binary) << ours;
    const auto printed = pare::test::run_command({"ldconfig", "-p", "-C", copy.string()});
    CHECK(printed.status == 0);
    CHECK(printed.output.find("Cache generated by: pare\n") != std::string::npos);
    CHECK(
        printed.output.find("libc.so.6 (libc6,x86-64) => /lib/x86_64-linux-gnu/libc.so.6") !=
        std::string::npos);
}
