// SPDX-License-Identifier: Apache-2.0
#include "support/error.hh"
#include "support/image_path.hh"

#include <doctest/doctest.h>

using pare::ImagePath;

TEST_CASE("an image path is relative to the root and clean") {
    CHECK(ImagePath::parse("./usr//bin/./env/").relative() == "usr/bin/env");
    CHECK(ImagePath::parse("/usr/bin").absolute() == "/usr/bin");
    CHECK(ImagePath::parse("./").is_root());
}

TEST_CASE("a path that climbs or hides a NUL is refused") {
    CHECK_THROWS_AS(ImagePath::parse("usr/../../etc"), pare::Error);
    CHECK_THROWS_AS(ImagePath::parse(std::string_view("a\0b", 3)), pare::Error);
    CHECK_THROWS_AS(ImagePath::parse(std::string(300, 'a')), pare::Error);
}

TEST_CASE("leading components are stripped from a path that has more of them") {
    const ImagePath path = ImagePath::parse("node-22/bin/node");
    CHECK(path.stripped(0) == path);
    CHECK(path.stripped(1) == ImagePath::parse("bin/node"));
    CHECK(path.stripped(2) == ImagePath::parse("node"));
    CHECK_FALSE(path.stripped(3));
    CHECK(ImagePath().stripped(0) == ImagePath());
    CHECK_FALSE(ImagePath().stripped(1));
}

TEST_CASE("a directory sorts right before what it holds") {
    CHECK(ImagePath::parse("a") < ImagePath::parse("a/b"));
    CHECK(ImagePath::parse("a/b") < ImagePath::parse("a-b"));
    CHECK(ImagePath::parse("a/b").is_within(ImagePath::parse("a")));
    CHECK_FALSE(ImagePath::parse("ab").is_within(ImagePath::parse("a")));
}
