// SPDX-License-Identifier: Apache-2.0
#include "fixture.hh"

#include <doctest/doctest.h>

namespace pare::finish {

namespace {

void add_java(TestImage& image, const std::string& release) {
    for (const char* program : {"java", "keytool"}) {
        image.add_file("usr/lib/jvm/java-" + release + "-openjdk-amd64/bin/" + program, "x");
    }
}

} // namespace

TEST_CASE("the programs of a Java runtime are in /usr/bin") {
    TestImage image;
    add_java(image, "21");
    CHECK(
        listing(image.finish("alternatives")) ==
        "usr/bin/java -> /usr/lib/jvm/java-21-openjdk-amd64/bin/java\n"
        "usr/bin/keytool -> /usr/lib/jvm/java-21-openjdk-amd64/bin/keytool\n");
}

TEST_CASE("of two releases of Java the newer one is taken, by number") {
    TestImage image;
    add_java(image, "17");
    add_java(image, "9");
    CHECK(listing(image.finish("alternatives")).find("java-9-") == std::string::npos);
}

TEST_CASE("an implementation of BLAS is where programs look, the fastest first") {
    TestImage image;
    image.add_file("usr/lib/x86_64-linux-gnu/blas/libblas.so.3", "x");
    image.add_file("usr/lib/x86_64-linux-gnu/openblas-pthread/libblas.so.3", "x");
    CHECK(
        listing(image.finish("alternatives")) ==
        "usr/lib/x86_64-linux-gnu/libblas.so.3 -> "
        "/usr/lib/x86_64-linux-gnu/openblas-pthread/libblas.so.3\n");
}

TEST_CASE("what stands there stays, and an image without alternatives gets none") {
    TestImage image;
    CHECK(image.finish("alternatives").empty());
    add_java(image, "21");
    image.add_user_file("usr/bin/java", "my own");
    image.add_file("usr/bin/keytool", "a package's");
    CHECK(image.finish("alternatives").empty());
}

} // namespace pare::finish
