// SPDX-License-Identifier: Apache-2.0
#include "deb/contents.hh"

#include <doctest/doctest.h>

using namespace pare;
using namespace pare::deb;

namespace {

Bytes index_of(const std::string& contents) {
    ViewSource source(contents);
    return index_libraries(source, "Contents");
}

} // namespace

TEST_CASE("libraries are found by their file name, with every package that has them") {
    const Bytes index =
        index_of("bin/ls                                  utils/coreutils\n"
                 "lib/x86_64-linux-gnu/libc.so.6\t\t\tlibs/libc6,devel/libc6-other\n"
                 "usr/lib/x86_64-linux-gnu/libz.so.1      libs/zlib1g\n"
                 "usr/lib/x86_64-linux-gnu/libz.so.1.3    libs/zlib1g\n"
                 "usr/lib/debug/lib/libz.so.1             debug/zlib1g-dbg\n"
                 "usr/share/doc/libz.so.1                 doc/zlib\n"
                 "usr/lib/a name/libspace.so              libs/space\n");
    CHECK(
        find_libraries({index}, "libc.so.6") ==
        std::vector<LibraryFile>{
            {"usr/lib/x86_64-linux-gnu/libc.so.6", "libc6"},
            {"usr/lib/x86_64-linux-gnu/libc.so.6", "libc6-other"}});
    CHECK(
        find_libraries({index}, "libz.so.1") ==
        std::vector<LibraryFile>{{"usr/lib/x86_64-linux-gnu/libz.so.1", "zlib1g"}});
    CHECK(find_libraries({index}, "libspace.so").size() == 1);
    CHECK(find_libraries({index}, "libz.so").empty());
    CHECK(find_libraries({index}, "ls").empty());
}

TEST_CASE("several indexes are searched as one, and an empty one has nothing") {
    const Bytes one = index_of("usr/lib/liba.so libs/one\n");
    const Bytes two = index_of("usr/lib/liba.so libs/two\nusr/lib/liba.so libs/one");
    CHECK(find_libraries({one, two, Bytes()}, "liba.so").size() == 2);
    CHECK(index_of("").empty());
}

TEST_CASE("a line without end is refused") {
    CHECK_THROWS_AS((void)index_of(std::string(3U << 20, 'x')), Error);
}
