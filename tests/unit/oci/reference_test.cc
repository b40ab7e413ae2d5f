// SPDX-License-Identifier: Apache-2.0
#include "oci/reference.hh"
#include "support/error.hh"
#include "support/expect.hh"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace pare;
using namespace pare::oci;
using pare::test::error_of;

namespace {

const std::string kDigest = "sha256:" + std::string(64, 'a');

} // namespace

TEST_CASE("references to registries are read as docker reads them") {
    const auto full = [](std::string_view text) { return to_string(parse_image_reference(text)); };
    CHECK(full("debian") == "docker.io/library/debian:latest");
    CHECK(full("team/app:1.2") == "docker.io/team/app:1.2");
    CHECK(full("index.docker.io/debian") == "docker.io/library/debian:latest");
    CHECK(full("docker://Registry.Example/a/b") == "registry.example/a/b:latest");
    CHECK(full("localhost/app") == "localhost/app:latest");
    CHECK(full("127.0.0.1:5000/app:v1") == "127.0.0.1:5000/app:v1");
    CHECK(full("[::1]:5000/app:v1") == "[::1]:5000/app:v1");
    CHECK(full("debian@" + kDigest) == "docker.io/library/debian@" + kDigest);
    CHECK(full("debian:13@" + kDigest) == "docker.io/library/debian:13@" + kDigest);
    CHECK(full("a.example/x__y.z-0---1/w") == "a.example/x__y.z-0---1/w:latest");
}

TEST_CASE("a reference in full is read back as it was") {
    for (const std::string& text : std::vector<std::string>{
             "docker.io/library/debian:13", "a:1/b:c", "oci:dir:tag", "docker-archive:x.tar:n:t"}) {
        CHECK(to_string(parse_image_reference(text)) == text);
    }
}

TEST_CASE("a repository has no tag of its own") {
    const ImageReference reference = parse_registry_reference("a.example/team/app");
    CHECK(reference.host == "a.example");
    CHECK(reference.repository == "team/app");
    CHECK(reference.tag.empty());
}

TEST_CASE("what no registry would take is refused") {
    for (const std::string& wrong : std::vector<std::string>{
             "",
             "UPPER",
             "a//b",
             "/a",
             "a/",
             "a:",
             "a:-x",
             "a:" + std::string(129, 'x'),
             "a@",
             "a@sha256:12",
             "a@sha512:" + std::string(128, 'a'),
             "a..b",
             "-a",
             "a-",
             "a___b",
             "a/../b",
             "a.example:0/b",
             "a.example:99999/b",
             "a.example:x/b",
             "us er.example/b",
             "user@host/b",
             "https://a.example/b",
             "[::1/b",
             "[::1]x/b",
             std::string(256, 'a'),
             "a b",
             "a\nb"}) {
        CAPTURE(wrong);
        CHECK(error_of([&] { return parse_image_reference(wrong); }).kind() == ErrorKind::usage);
    }
}

TEST_CASE("hosts of registries") {
    CHECK(parse_registry_host("Registry.Example:5000") == "registry.example:5000");
    CHECK(parse_registry_host("index.docker.io") == "docker.io");
    for (const char* wrong : {"", "a/b", "a:b", "http://a", "a b", "-a"}) {
        CAPTURE(wrong);
        CHECK(error_of([&] { return parse_registry_host(wrong); }).kind() == ErrorKind::usage);
    }
}
