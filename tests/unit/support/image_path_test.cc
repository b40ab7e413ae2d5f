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

TEST_CASE("a directory sorts right before what it holds") {
    CHECK(ImagePath::parse("a") < ImagePath::parse("a/b"));
    CHECK(ImagePath::parse("a/b") < ImagePath::parse("a-b"));
    CHECK(ImagePath::parse("a/b").is_within(ImagePath::parse("a")));
    CHECK_FALSE(ImagePath::parse("ab").is_within(ImagePath::parse("a")));
}
