// SPDX-License-Identifier: Apache-2.0
#include "folder.hh"

#include <doctest/doctest.h>

using namespace pare;
using namespace pare::definition;

TEST_CASE("an unknown key is told with its place and what may have been meant") {
    const Folder folder;
    CHECK(
        folder.error("contents:\n  packges: [a]\n") ==
        "x.yaml:2:3: unknown key 'packges' in 'contents' | did you mean 'packages'?");
    CHECK(
        folder.error("enviroment: {A: b}\n") ==
        "x.yaml:1:1: unknown key 'enviroment' | did you mean 'environment'?");
    CHECK(
        folder.error("accounts:\n  users:\n    - {username: a, uid: 1, home: /a}\n") ==
        "x.yaml:3:29: unknown key 'home' in 'accounts.users' | known here: username, uid, gid, "
        "shell, homedir");
    CHECK(
        folder.error("run-as: 65532\n") ==
        "x.yaml:1:1: unknown key 'run-as' | 'run-as' stands in 'accounts'");
    CHECK(
        folder.error("contents: {environment: {A: b}}\n") ==
        "x.yaml:1:12: unknown key 'environment' in 'contents' | 'environment' stands at the top "
        "of a definition");
    CHECK(
        folder.error("layering: {size: 3}\n") ==
        "x.yaml:1:12: unknown key 'size' in 'layering' | known here: strategy, budget");
    CHECK(
        folder.error("contents: {packages: [{package: a, inlcude: [b]}]}\n") ==
        "x.yaml:1:36: unknown key 'inlcude' in 'contents.packages' | did you mean 'include'?");
}

TEST_CASE("a value of another type is told with its place") {
    const Folder folder;
    CHECK(folder.error("work-dir: [a]\n") == "x.yaml:1:11: expected a text, got a list");
    CHECK(folder.error("archs: amd64\n") == "x.yaml:1:8: expected a list, got 'amd64'");
    CHECK(folder.error("contents: 3\n") == "x.yaml:1:11: expected a mapping, got '3'");
    CHECK(folder.error("- a\n") == "x.yaml:1:1: expected a mapping, got a list");
    CHECK(
        folder.error("environment: [A=b]\n") ==
        "x.yaml:1:14: expected a mapping of texts, got a list");
    CHECK(
        folder.error("environment: {A: {b: c}}\n") ==
        "x.yaml:1:18: expected a text, got a mapping");
    CHECK(
        folder.error("layering: {budget: many}\n") ==
        "x.yaml:1:20: expected a whole number, got 'many'");
    CHECK(
        folder.error("layering: {budget: 0}\n") ==
        "x.yaml:1:20: expected 1 to 127 layers, got '0'");
    CHECK(
        folder.error("contents: {packages: [[a]]}\n") ==
        "x.yaml:1:23: expected a text, got a list");
    CHECK(folder.error("contents: {files: [a]}\n") == "x.yaml:1:20: expected a mapping, got 'a'");
    CHECK(
        folder.error("paths: [{path: /a, type: directory, recursive: yes}]\n") ==
        "x.yaml:1:48: expected true or false, got 'yes'");
    CHECK(
        folder.error("accounts: {users: [{username: a, uid: 4294967295}]}\n") ==
        "x.yaml:1:39: expected a user or group number, got '4294967295'");
    CHECK(folder.error("work-dir: \"/a\\0b\"\n") == "x.yaml:1:11: a text holds a NUL byte");
}

TEST_CASE("a value that cannot be is told with its place") {
    const Folder folder;
    CHECK(
        folder.error("paths:\n  - {path: /a, type: file}\n") ==
        "x.yaml:2:22: expected directory, empty-file, hardlink, symlink, permissions, got 'file'");
    CHECK(
        folder.error("paths:\n  - {path: /a, type: simlink}\n") ==
        "x.yaml:2:22: expected directory, empty-file, hardlink, symlink, permissions, got "
        "'simlink' | did you mean 'symlink'?");
    CHECK(
        folder.error("paths:\n  - {path: /a, type: directory, permissions: 0o9}\n") ==
        "x.yaml:2:46: expected permissions like 0o755, got '0o9'");
    CHECK(
        folder.error("paths: [{path: /a/../b, type: directory}]\n") ==
        "x.yaml:1:16: path '../b' climbs with '..'");
    CHECK(
        folder.error("paths: [{path: /a, type: symlink}]\n") ==
        "x.yaml:1:9: the link /a has no 'source'");
    CHECK(
        folder.error("work-dir: srv\n") ==
        "x.yaml:1:11: expected an absolute path in the image, got 'srv'");
    CHECK(
        folder.error("ports: [70000]\n") ==
        "x.yaml:1:9: expected a port like 8080 or 53/udp, got '70000'");
    CHECK(
        folder.error("archs: [amd4]\n") ==
        "x.yaml:1:9: expected amd64, arm64, arm/v7, s390x, ppc64le, riscv64, 386, arm/v6, loong64, "
        "x86_64, aarch64, armv7, armhf, x86, loongarch64, got 'amd4' | did you mean 'amd64'?");
    CHECK(
        folder.error("environment: {\"A=B\": c}\n") ==
        "x.yaml:1:15: 'A=B' is no name of a variable");
    CHECK(folder.error("environment: {'': c}\n") == "x.yaml:1:15: '' is no name");
    CHECK(folder.error("annotations: {\"a\\nb\": c}\n") == "x.yaml:1:15: 'a\nb' is no name");
    CHECK(
        folder.error("annotations:\n  " + std::string(256, 'x') + ": c\n") ==
        "x.yaml:2:3: '" + std::string(60, 'x') + "' is no name");
    CHECK(
        folder.error("os-release: {PRETTY NAME: c}\n") ==
        "x.yaml:1:14: 'PRETTY NAME' is no field of os-release");
    CHECK(
        folder.error("entrypoint: {command: 'sh -c \"a'}\n") ==
        "x.yaml:1:23: a \" quote is not closed in: sh -c \"a");
    CHECK(
        folder.error("healthcheck: {command: /check, interval: 30}\n") ==
        "x.yaml:1:42: expected a duration like 30s, 1m30s or 500ms, got '30'");
    CHECK(
        folder.error("healthcheck: {test: [/check]}\n") ==
        "x.yaml:1:21: 'healthcheck.test' does not say how it is run | write [CMD, PROGRAM, "
        "ARGUMENT...], [CMD-SHELL, SCRIPT] or [NONE]");
    CHECK(
        folder.error("healthcheck: {retries: 3}\n") ==
        "x.yaml:1:14: 'healthcheck' has one of 'probe', 'command' and 'test'");
    CHECK(
        folder.error("healthcheck: {command: /a, probe: 'tcp://[::1]:1'}\n") ==
        "x.yaml:1:14: 'healthcheck' has one of 'probe', 'command' and 'test'");
    CHECK(
        folder.error("healthcheck: {probe: 'tcp://[::1]:1', status: 200}\n") ==
        "x.yaml:1:47: 'status' is for a 'probe' with http://");
    CHECK(
        folder.error("healthcheck: {probe: 'http://[::1]', status: 2xx}\n") ==
        "x.yaml:1:46: expected an HTTP status or a range of them, like 200-299, got '2xx'");
    CHECK(folder.error("healthcheck: [a]\n") == "x.yaml:1:14: expected a mapping, got a list");
    CHECK(
        folder.error("healthcheck: {command: []}\n") ==
        "x.yaml:1:24: expected a program, got a list");
}

TEST_CASE("a URL that the probe would refuse is told from where on") {
    const Folder folder;
    const auto problem = [&](const std::string& url) {
        const std::string error = folder.error("healthcheck: '" + url + "'\n");
        const std::string start = "x.yaml:1:14: '" + url.substr(0, 60) + "' cannot be probed";
        CHECK(error.starts_with(start));
        return error.substr(start.size(), error.find(" | write http://") - start.size());
    };
    CHECK(problem("/healthz") == "");
    CHECK(problem("https://127.0.0.1/") == "");
    for (const char* host :
         {"db:80/",
          "",
          "/",
          ":80",
          "localhosts",
          "127.0.0.1.example",
          "1.2.3",
          "1.2.3.256/",
          "01.2.3.4",
          "1.2.3.4.5",
          "[::1",
          "[]",
          "[:1]",
          "[1:2:3:4:5:6:7]",
          "[1:2:3:4:5:6:7:8:9]",
          "[1:2:3:4:5:6:7::8:9]",
          "[1::2::3]",
          "[12345::]",
          "[::g]",
          "[1:]",
          "[fe80::1%eth0]",
          "user@127.0.0.1",
          "127.0.0.1:0",
          "127.0.0.1:65536",
          "127.0.0.1:080",
          "127.0.0.1:",
          "127.0.0.1:99999999999",
          "127.0.0.1:80?x",
          "127.0.0.1/a b",
          "127.0.0.1/#a"}) {
        CAPTURE(host);
        CHECK(problem(std::string("http://") + host).starts_with(" from '"));
    }
    CHECK(problem("http://db:80/") == " from 'db:80/' on");
    CHECK(problem("http://127.0.0.1.example/") == " from '.example/' on");
    CHECK(problem("tcp://127.0.0.1") == " from '' on");
    CHECK(problem("tcp://127.0.0.1:80/") == " from '/' on");
    CHECK(problem("unix://run/app.sock") == " from 'run/app.sock' on");
    CHECK(problem("unix:///" + std::string(107, 'x')) == " from 'x' on");
    CHECK(problem("file:///" + std::string(1000, 'x')) == " from 'x' on");
    CHECK(problem("file://a") == " from 'a' on");
    CHECK(problem("file:///a?maxage=3s") == " from '?maxage=3s' on");
    for (const char* age : {"", "30", "0s", "1d", "1s2", "36000m", "-1s", "30s&x=1"}) {
        CHECK(
            problem("file:///a?max-age=" + std::string(age)) ==
            " from '" + std::string(age) + "' on");
    }
    CHECK(folder.error("healthcheck: \"file:///a\\nb\"\n")
              .starts_with("x.yaml:1:14: 'file:///a\nb' cannot be probed from '\nb' on"));
}

TEST_CASE("a package request that says nothing known is refused") {
    const Folder folder;
    const std::string form =
        "write NAME, NAME_SLICE, NAME=VERSION, NAME>=VERSION, NAME/SUITE or !NAME";
    for (const char* bad : {"a b", "a=", "a==1", "=1", "a/", "a/b c", "!a=1", "!", "a>>1", "ä"}) {
        CHECK(
            folder.error("contents:\n  packages: [\"" + std::string(bad) + "\"]\n") ==
            "x.yaml:2:14: '" + std::string(bad) + "' is no package request | " + form);
    }
    CHECK(
        folder.error("contents: {packages: [foo~1.2]}\n") ==
        "x.yaml:1:23: 'foo~1.2': '~' is no comparison of Debian versions | write foo>=1.2 or "
        "foo=1.2");
    CHECK(
        folder.error("contents: {packages: [!libgcc-s1 ]}\n") ==
        "x.yaml:1:23: '!libgcc-s1' is a tag of YAML, not a text | put a text that begins with '!' "
        "in quotes");
    CHECK(
        folder.error("contents: {packages: [{package: '!a'}]}\n") ==
        "x.yaml:1:33: expected the name of a package to take, got '!a'");
    for (const char* key : {"to: /opt", "strip: 2"}) {
        CHECK(
            folder.error(std::string("contents: {packages: [{package: a, ") + key + "}]}\n") ==
            "x.yaml:1:23: 'to' and 'strip' are for the files that 'include' names | "
            "include: [\"**\"] takes all of the package");
    }
    CHECK(
        folder.error("contents: {packages: [{include: [a]}]}\n") ==
        "x.yaml:1:23: 'package' is missing in 'contents.packages'");
}

TEST_CASE("what is missing or said twice is told") {
    const Folder folder;
    CHECK(
        folder.error("cmd: a\ncmd: b\n") ==
        "x.yaml:2:1: the key 'cmd' stands twice; first in line 1");
    CHECK(
        folder.error("accounts: {users: [{username: a}]}\n") ==
        "x.yaml:1:20: 'uid' is missing in 'accounts.users'");
    CHECK(
        folder.error("contents:\n  files: [{from: a, content: b, to: /c}]\n") ==
        "x.yaml:2:11: an entry of 'contents.files' has either 'from' or 'content'");
    CHECK(
        folder.error("contents:\n  files: [{to: /c}]\n") ==
        "x.yaml:2:11: an entry of 'contents.files' has either 'from' or 'content'");
    CHECK(
        folder.error("from: cc\ninclude: base.yaml\n") ==
        "x.yaml:2:10: a definition comes from one thing: 'cc' or 'base.yaml'");
    CHECK(
        folder.error("variants: [debug, debug]\n") ==
        "x.yaml:1:19: the variant 'debug' is listed twice");
    CHECK(
        folder.error("variants: [all]\n") ==
        "x.yaml:1:12: 'all' cannot name a variant | use letters, digits, '-', '_' and '.'; 'all' "
        "means every variant");
}

TEST_CASE("a mistake in an overlay is found even when nobody chooses it") {
    const Folder folder;
    CHECK(
        folder.error("variants:\n  latest: {}\n  debug: {cmdd: a}\n") ==
        "x.yaml:3:11: unknown key 'cmdd' | did you mean 'cmd'?");
    CHECK(
        folder.error("distributions:\n  debian:12: {from: cc}\n  debian:13: {}\n") ==
        "x.yaml:2:15: 'from' cannot differ by variant or distribution | write it at the top of "
        "the definition");
    CHECK(
        folder.error("variants:\n  x: {contents: {baseimage: {image: dir}}}\n") ==
        "x.yaml:2:37: what a definition comes from cannot differ by variant or distribution | "
        "write it at the top of the definition");
    CHECK(
        folder.error("distributions: [debian:12]\n") ==
        "x.yaml:1:16: expected a mapping of names to what differs, got a list");
}

TEST_CASE("what cannot be found is told with what there is") {
    const Folder folder;
    folder.write("server.yaml", "from: cc\n");
    CHECK(
        folder.error("from: stattic\n") ==
        "x.yaml:1:7: there is no built-in definition 'stattic' | did you mean 'static'? built in "
        "are base-nossl, base, cc, java-base, java17, java21, java25, nodejs, nodejs22, nodejs24, python3, static; a file is named with its .yaml");
    CHECK(
        folder.error("from: ./sever.yaml\n") ==
        "x.yaml:1:7: there is no definition sever.yaml | did you mean server.yaml?");
    folder.write("own/y.yaml", "from: ./z.yaml\n");
    CHECK(folder.error_in("own/y.yaml") == "own/y.yaml:1:7: there is no definition own/z.yaml");
    CHECK(
        folder.error("from: ./\n") ==
        "x.yaml:1:7:  is a directory, no definition | name the YAML file in it, or write oci:DIR "
        "for an image");
    CHECK(
        folder.error("from: 'cc:'\n") ==
        "x.yaml:1:7: 'cc:' names no definition | write NAME, NAME:VARIANT or FILE.yaml");
    CHECK(
        folder.error("from: cc:debugg\n") ==
        "x.yaml:1:7: cc has no variant 'debugg' | did you mean 'debug'? it has latest, nonroot, "
        "debug, debug-nonroot");
    CHECK(folder.error_in("nothing.yaml") == "there is no definition nothing.yaml");
    CHECK(
        refusal([] { return read_built_in("variants"); }) ==
        "there is no built-in definition 'variants' | built in are base-nossl, base, cc, java-base, java17, java21, java25, nodejs, nodejs22, nodejs24, "
        "python3, static; "
        "a file is named with its .yaml");
    CHECK(
        refusal([] { return read_built_in("oci:dir:tag"); }) ==
        "oci:dir:tag is an image, no definition | name a file that says: from: oci:dir:tag");
}

TEST_CASE("definitions that come from each other are told as a loop") {
    const Folder folder;
    folder.write("a.yaml", "from: ./sub/b.yaml\n");
    folder.write("sub/b.yaml", "from: ../c.yaml\n");
    folder.write("c.yaml", "# not the first line\nfrom: ./sub/../a.yaml\n");
    CHECK(
        folder.error_in("a.yaml") ==
        "c.yaml:2:7: 'from' goes in a loop: a.yaml -> sub/b.yaml -> c.yaml -> a.yaml | take one "
        "of these out");
    folder.write("self.yaml", "from: ./self.yaml\n");
    CHECK(
        folder.error_in("self.yaml") == "self.yaml:1:7: 'from' goes in a loop: self.yaml -> "
                                        "self.yaml | take one of these out");
    std::filesystem::create_symlink("link.yaml", folder.path("other.yaml"));
    folder.write("link.yaml", "from: ./other.yaml\n");
    CHECK(folder.error_in("link.yaml").find("goes in a loop") != std::string::npos);
}

TEST_CASE("a line of 32 definitions is long enough") {
    const Folder folder;
    folder.write("0.yaml", "work-dir: /\n");
    for (int i = 1; i < 33; ++i) {
        folder.write(std::to_string(i) + ".yaml", "from: ./" + std::to_string(i - 1) + ".yaml\n");
    }
    CHECK(folder.read("31.yaml").front().steps.size() == 32);
    CHECK(
        folder.error_in("32.yaml") == "1.yaml:1:7: more than 32 definitions come from each other");
}

TEST_CASE("an error in a parent says whose parent it is") {
    const Folder folder;
    folder.write("base.yaml", "cmdd: a\n");
    folder.write("server.yaml", "from: ./base.yaml\n");
    const Error error = error_of([&] { return folder.read("server.yaml"); });
    CHECK(error.context() == Names{"reading what " + folder.path("server.yaml") + " comes from"});
    CHECK(error.where().str() == folder.path("base.yaml") + ":1:1");
}
