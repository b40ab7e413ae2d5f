// SPDX-License-Identifier: Apache-2.0
// What package managers leave in images.
#include "sbom/databases.hh"
#include "support/expect.hh"

namespace pare::test {

namespace {

using sbom::Package;
using Paths = std::vector<std::string>;

Paths relative(const std::vector<ImagePath>& paths) {
    Paths texts;
    for (const ImagePath& path : paths) {
        texts.push_back(path.relative());
    }
    return texts;
}

} // namespace

TEST_CASE("dpkg's status says what is installed, and nothing of what was removed") {
    const auto packages = sbom::read_dpkg_status(
        "Package: libssl3\nStatus: install ok installed\nArchitecture: amd64\nVersion: 3-1+b1\n"
        "Source: openssl (3-1)\nMaintainer: Team <t@example.org>\nHomepage: https://example.org\n"
        "Depends: libc6 (>= 2) | musl, zlib1g\nProvides: libssl (= 3)\n"
        "Description: Secure sockets\n in many words\n"
        "\nPackage: gone\nStatus: deinstall ok config-files\nVersion: 1\n",
        "status");
    REQUIRE(packages.size() == 1);
    const Package& package = packages.front();
    CHECK(package.name == "libssl3");
    CHECK(package.version == "3-1+b1");
    CHECK(package.source == "openssl");
    CHECK(package.source_version == "3-1");
    CHECK(package.supplier == "Team <t@example.org>");
    CHECK(package.summary == "Secure sockets");
    CHECK(package.needs == std::vector<std::vector<std::string>>{{"libc6", "musl"}, {"zlib1g"}});
    CHECK(package.provides == std::vector<std::string>{"libssl"});
}

TEST_CASE("a file of status.d has no status, and counts") {
    const auto packages =
        sbom::read_dpkg_status("Package: tzdata\nVersion: 1\nArchitecture: all\n", "tzdata");
    REQUIRE(packages.size() == 1);
    CHECK(packages.front().source == "tzdata");
}

TEST_CASE("a relation that cannot be read does not hide its package") {
    const auto packages =
        sbom::read_dpkg_status("Package: odd\nVersion: 1\nDepends: (((\n", "status");
    REQUIRE(packages.size() == 1);
    CHECK(packages.front().needs.empty());
}

TEST_CASE("a status that is no deb822 is refused with its place") {
    const Error error = error_of(
        [] { return sbom::read_dpkg_status("Package: a\n???\n", "/var/lib/dpkg/status"); });
    CHECK(error.kind() == ErrorKind::refused);
    CHECK(error.where().line == 2);
}

TEST_CASE("dpkg's lists of files") {
    CHECK(
        relative(sbom::read_md5sums("0123  usr/bin/x\nno path\n4567  ../y\n")) ==
        Paths{"usr/bin/x"});
    CHECK(relative(sbom::read_dpkg_list("/.\n/usr\n/usr/bin/x\n")) == Paths{"usr", "usr/bin/x"});
}

TEST_CASE("apk's database has packages with their files") {
    const auto packages = sbom::read_apk_installed(
        "C:Q1abc=\nP:zlib\nV:1.3-r2\nA:x86_64\nT:compression\nL:Zlib\no:zlib-ng\n"
        "D:so:libc.musl-x86_64.so.1 !old foo>=2\np:so:libz.so.1=1.3\nF:lib\nR:libz.so.1.3\na:0:0:755\n"
        "\nP:musl\nV:1\n",
        "installed");
    REQUIRE(packages.size() == 2);
    const Package& zlib = packages.front();
    CHECK(zlib.version == "1.3-r2");
    CHECK(zlib.source == "zlib-ng");
    CHECK(zlib.licences.expression == "Zlib");
    CHECK(
        zlib.needs == std::vector<std::vector<std::string>>{{"so:libc.musl-x86_64.so.1"}, {"foo"}});
    CHECK(zlib.provides == std::vector<std::string>{"so:libz.so.1"});
    CHECK(relative(zlib.files) == Paths{"lib/libz.so.1.3"});
    CHECK(packages.back().files.empty());
    CHECK(error_of([] {
              return sbom::read_apk_installed("nonsense", "db");
          }).kind() == ErrorKind::refused);
}

TEST_CASE("Python metadata ends where the prose begins, and extras are no dependency") {
    const auto package = sbom::read_python_metadata(
        "Metadata-Version: 2.1\r\nName: Foo.Bar\nVersion: 1.0\nLicense: BSD-3-Clause\n"
        "Requires-Dist: requests[socks] (>=2)\nRequires-Dist: idna<4; python_version > '3'\n"
        "Requires-Dist: pytest ; extra == 'test'\n\nName: prose\n");
    REQUIRE(package);
    CHECK(package->name == "Foo.Bar");
    CHECK(package->licences.expression == "BSD-3-Clause");
    CHECK(package->needs == std::vector<std::vector<std::string>>{{"requests"}, {"idna"}});
    CHECK(package->provides == std::vector<std::string>{"foo-bar"});
    CHECK(!sbom::read_python_metadata("Name: a b\nVersion: 1\n"));
    CHECK(!sbom::read_python_metadata("Name: a\n"));
}

TEST_CASE("a RECORD names files beside and above its directory") {
    const auto files = sbom::read_record(
        "foo/__init__.py,sha256=x,1\n\"a,b.py\",,\n../../../bin/foo,,\n/etc/foo,,\n",
        ImagePath::parse("usr/lib/python3/site-packages"));
    CHECK(
        relative(files) == Paths{
                               "usr/lib/python3/site-packages/foo/__init__.py",
                               "usr/lib/python3/site-packages/a,b.py", "usr/bin/foo", "etc/foo"});
}

TEST_CASE("package.json of an installed package") {
    const auto package = sbom::read_package_json(
        R"x({"name":"@scope/a","version":"1.2.3","license":"(MIT OR ISC)","author":{"name":"N"},)x"
        R"x("dependencies":{"b":"^1"},"devDependencies":{"c":"1"}})x",
        "package.json");
    REQUIRE(package);
    CHECK(package->name == "@scope/a");
    CHECK(package->licences.expression == "(MIT OR ISC)");
    CHECK(package->supplier == "N");
    CHECK(package->needs == std::vector<std::vector<std::string>>{{"b"}});
    CHECK(!sbom::read_package_json(R"({"type":"module"})", "package.json"));
    CHECK(!sbom::read_package_json(R"({"name":"a/b","version":"1"})", "package.json"));
}

TEST_CASE("a Go program needs its modules, those that replace others, and Go's library") {
    const auto modules = sbom::read_go_modules(
        {.version = "go1.22.1 X:nocoverage",
         .modules = "path\texample.org/x/cmd\nmod\texample.org/x\t(devel)\t\n"
                    "dep\tgolang.org/x/sys\tv0.1.0\th1:a=\ndep\told.org/y\tv1.0.0\n"
                    "=>\tnew.org/y\tv1.2.0\th1:b=\nbuild\tGOOS=linux\n"});
    REQUIRE(modules.size() == 4);
    CHECK(modules[0].name == "example.org/x");
    CHECK(modules[0].version.empty());
    CHECK(
        modules[0].needs ==
        std::vector<std::vector<std::string>>{{"golang.org/x/sys"}, {"new.org/y"}, {"stdlib"}});
    CHECK(modules[1].version == "v0.1.0");
    CHECK(modules[3].version == "1.22.1");
}

TEST_CASE("os-release with and without quotes") {
    CHECK(
        sbom::read_os_release("ID=debian\nVERSION_ID=\"13\"\nPRETTY_NAME='Debian 13'\n#x\n") ==
        sbom::OperatingSystem{.id = "debian", .version = "13", .name = "Debian 13"});
}

} // namespace pare::test
