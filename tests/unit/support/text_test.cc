// SPDX-License-Identifier: Apache-2.0
#include "support/error.hh"
#include "support/text.hh"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using pare::glob_matches;

TEST_CASE("a star stays within a component, two stars do not") {
    CHECK(glob_matches("usr/lib/*.so", "usr/lib/libc.so"));
    CHECK_FALSE(glob_matches("usr/*.so", "usr/lib/libc.so"));
    CHECK(glob_matches("usr/**.so", "usr/lib/libc.so"));
    CHECK(glob_matches("usr/share/ca-certificates/**", "usr/share/ca-certificates/mozilla/a.crt"));
    CHECK(glob_matches("**/x", "a/b/x"));
    CHECK(glob_matches("usr/l?b/*", "usr/lib/x"));
    CHECK_FALSE(glob_matches("usr/l?b", "usr/l/b"));
    CHECK_FALSE(glob_matches("usr", "usr/lib"));
    CHECK(glob_matches("a*b*c", "axxbxxc"));
    CHECK(glob_matches("**a/*b", "xa/ya/zb"));
}

TEST_CASE("matching takes no exponential time") {
    const std::string path(2000, 'a');
    CHECK_FALSE(glob_matches("*a*a*a*a*a*a*a*a*a*a*b", path));
    CHECK_FALSE(glob_matches("**a**a**a**a**a**a**a**a**b", path));
}

TEST_CASE("the nearest word is offered only when it is near") {
    const std::vector<std::string> words = {"packages", "repositories", "keyring"};
    CHECK(pare::nearest("packges", words) == "packages");
    CHECK_FALSE(pare::nearest("volumes", words));
}

TEST_CASE("a command is split like a shell would") {
    using Words = std::vector<std::string>;
    CHECK(
        pare::split_command("/bin/a  b 'c d' \"e \\\" f\" g\\ h ''") ==
        Words{"/bin/a", "b", "c d", "e \" f", "g h", ""});
    CHECK_THROWS_AS((void)pare::split_command("a 'b"), pare::Error);
}

TEST_CASE("sizes, durations and times read well") {
    CHECK(pare::format_size(999) == "999 B");
    CHECK(pare::format_size(1'234'567) == "1.2 MB");
    CHECK(pare::format_duration(std::chrono::milliseconds(420)) == "0.42 s");
    CHECK(pare::format_duration(std::chrono::seconds(190)) == "3 min 10 s");
    CHECK(pare::format_time(0) == "1970-01-01T00:00:00Z");
}

TEST_CASE("times are read as RFC 3339 has them") {
    CHECK(pare::parse_time("2023-11-14T22:13:20Z") == 1'700'000'000);
    CHECK(pare::parse_time("2023-11-14t23:13:20.123+01:00") == 1'700'000'000);
    for (const char* text :
         {"", "2023-11-14", "2023-11-14T22:13:20", "2023-13-14T22:13:20Z", "2023-11-14T22:13:20+1",
          "2023-11-14 22:13:20Z"}) {
        CHECK_THROWS_AS(static_cast<void>(pare::parse_time(text)), pare::Error);
    }
}
