// SPDX-License-Identifier: Apache-2.0
// dive's figures, on images for which they can be computed by hand.
#include "inspect/efficiency.hh"
#include "support/deb_builder.hh"
#include "support/expect.hh"

namespace pare::test {

namespace {

using inspect::Efficiency;

Efficiency measured(const std::vector<Tar>& layers) {
    std::vector<std::shared_ptr<const inspect::Layer>> read;
    for (const Tar& tar : layers) {
        const Bytes bytes = build_tar(tar);
        ViewSource source(bytes);
        read.push_back(
            std::make_shared<const inspect::Layer>(inspect::read_layer(source, "layer", {})));
    }
    return inspect::measure(read);
}

TarEntry file_of(std::string name, std::size_t size) {
    return tar_file(std::move(name), Bytes(size, 'x'));
}

/// `/path bytes count`.
Names words_of(const Efficiency& efficiency) {
    Names lines;
    for (const inspect::RepeatedPath& one : efficiency.repeated) {
        lines.push_back(
            one.path.absolute() + " " + std::to_string(one.bytes) + " " +
            std::to_string(one.count));
    }
    return lines;
}

} // namespace

TEST_CASE("an image in which every path is brought once wastes nothing") {
    const Efficiency one = measured({{tar_directory("d/"), file_of("d/a", 100)}});
    CHECK(one.score == 1);
    CHECK(one.wasted == 0);
    CHECK(one.bytes == 100);
    CHECK(one.own_bytes == 0);
    CHECK_FALSE(one.wasted_part());
    CHECK(measured({}).score == 1);
    CHECK(measured({{tar_directory("d/")}, {tar_directory("d/")}}).score == 1);
}

TEST_CASE("a file that was replaced counts with all its copies") {
    // /a: 100 + 60, least 60. /b: 40 once. /c: 200 once.
    // score = (60 + 40 + 200) / (160 + 40 + 200) = 300 / 400
    // wasted = 160, of the 260 bytes of the upper layer
    const Efficiency efficiency =
        measured({{file_of("a", 100), file_of("b", 40)}, {file_of("a", 60), file_of("c", 200)}});
    CHECK(efficiency.score == 300.0 / 400.0);
    CHECK(efficiency.wasted == 160);
    CHECK(efficiency.bytes == 400);
    CHECK(efficiency.own_bytes == 260);
    CHECK(efficiency.wasted_part() == 160.0 / 260.0);
    CHECK(words_of(efficiency) == Names{"/a 160 2"});
}

TEST_CASE("files and directories that were removed") {
    // Layer 1: /d/a 300, /d/e/b 200, /f 50, /keep 450. Layer 2 removes /d and /f, brings /f again
    // and /own 100; layer 3 removes /f.
    // /d/a 300, /d/e/b 200 and /keep 450 are met once; /d is met once, as a whiteout of 500 bytes;
    // /f: 50, 0 as a whiteout and 10 in layer 2, 0 in layer 3: 60 bytes, least 0, met 4 times;
    // /own 100.
    // score = (300 + 200 + 450 + 500 + 0 + 100) / (300 + 200 + 450 + 500 + 60 + 100) = 1550 / 1610
    const Efficiency efficiency = measured(
        {{tar_directory("d/"), file_of("d/a", 300), tar_directory("d/e/"), file_of("d/e/b", 200),
          file_of("f", 50), file_of("keep", 450)},
         {file_of(".wh.d", 0), file_of(".wh.f", 0), file_of("f", 10), file_of("own", 100)},
         {file_of(".wh.f", 0)}});
    CHECK(efficiency.score == 1550.0 / 1610.0);
    CHECK(efficiency.wasted == 60);
    CHECK(efficiency.bytes == 1110);
    CHECK(efficiency.own_bytes == 110);
    CHECK(words_of(efficiency) == Names{"/f 60 4"});
}

TEST_CASE("links have no size of their own") {
    // /a: 100 in layer 1. /b is a hard link: 0. In layer 2 /b is a file of 30: 30 bytes, least 0.
    // /c is a symlink, then a file of 20. score = (100 + 0 + 0) / (100 + 30 + 20)
    const Efficiency efficiency = measured(
        {{file_of("a", 100), tar_hard_link("b", "a"), tar_symlink("c", "a")},
         {file_of("b", 30), file_of("c", 20)}});
    CHECK(efficiency.score == 100.0 / 150.0);
    CHECK(efficiency.wasted == 50);
    CHECK(efficiency.bytes == 150);
    CHECK(words_of(efficiency) == Names{"/b 30 2", "/c 20 2"});
}

TEST_CASE("a hard link to a lower layer's file adds nothing to a directory that is removed") {
    // /d/b is a link to /a of the layer below: the whiteout of /d hides 7 bytes, those of /d/c.
    // score = (100 + 0 + 7 + 7) / (100 + 0 + 7 + 7)
    const Efficiency efficiency = measured(
        {{file_of("a", 100)},
         {tar_directory("d/"), tar_hard_link("d/b", "a"), file_of("d/c", 7)},
         {file_of(".wh.d", 0)}});
    CHECK(efficiency.score == 1);
    CHECK(efficiency.bytes == 107);
    CHECK(efficiency.repeated.empty());
}

TEST_CASE("an opaque directory is what the whiteouts of all that it hides are") {
    const Tar lower{tar_directory("d/"),   file_of("d/a", 300),   tar_directory("d/e/"),
                    file_of("d/e/b", 200), tar_directory("d/g/"), file_of("d/g/h", 70),
                    file_of("d/g/i", 5),   file_of("d/x", 9)};
    const Tar own{
        tar_directory("d/"), tar_directory("d/g/"), file_of("d/g/h", 30), file_of("d/x", 1)};
    Tar opaque = own;
    opaque.push_back(file_of("d/.wh..wh..opq", 0));
    Tar explicitly = own;
    for (const char* name : {"d/.wh.a", "d/.wh.e", "d/g/.wh.i"}) {
        explicitly.push_back(file_of(name, 0));
    }
    // /d/a 300 + 0, /d/e/b 200, /d/e 200 as a whiteout, /d/g/h 70 + 30, /d/g/i 5 + 0, /d/x 9 + 1.
    // score = (0 + 200 + 200 + 30 + 0 + 1) / (300 + 200 + 200 + 100 + 5 + 10) = 431 / 815
    const Efficiency efficiency = measured({lower, opaque});
    CHECK(efficiency.score == 431.0 / 815.0);
    CHECK(efficiency.wasted == 415);
    CHECK(words_of(efficiency) == Names{"/d/a 300 2", "/d/g/h 100 2", "/d/x 10 2", "/d/g/i 5 2"});
    CHECK(measured({lower, explicitly}).score == efficiency.score);
    CHECK(words_of(measured({lower, explicitly})) == words_of(efficiency));
}

} // namespace pare::test
