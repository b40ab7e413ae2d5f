// SPDX-License-Identifier: Apache-2.0
// What jars say of themselves and of those that they hold.
#include "sbom/java_archives.hh"
#include "support/expect.hh"
#include "support/zip_builder.hh"

namespace pare::test {

namespace {

using sbom::Package;
using Names = std::vector<std::string>;

ZipMember manifest(const std::string& lines) {
    return {"META-INF/MANIFEST.MF", "Manifest-Version: 1.0\r\n" + lines + "\r\n"};
}

ZipMember pom(const std::string& group, const std::string& artifact, const std::string& version) {
    return {
        "META-INF/maven/" + group + "/" + artifact + "/pom.properties",
        "#Created by Maven\ngroupId=" + group + "\nartifactId=" + artifact +
            "\r\nversion=" + version + "\n"};
}

std::vector<Package> packages_in(const Bytes& jar, const std::string& name) {
    return sbom::read_java_archive(sbom::extract_java_archive(jar), name);
}

/// `NAME VERSION` of each.
Names names_in(const std::vector<ZipMember>& members, const std::string& name) {
    Names names;
    for (const Package& package : packages_in(build_zip(members), name)) {
        names.push_back(package.name + " " + package.version);
    }
    return names;
}

} // namespace

TEST_CASE("Maven's coordinates say what a jar is") {
    const auto packages = packages_in(
        build_zip(
            {manifest("Bundle-License: Apache-2.0\r\nImplementation-Version: 7\r\n"),
             pom("org.example", "left", "1.2")}),
        "renamed.jar");
    REQUIRE(packages.size() == 1);
    CHECK(packages[0].name == "org.example:left");
    CHECK(packages[0].version == "1.2");
    CHECK(packages[0].licences.expression == "Apache-2.0");
    CHECK(sbom::purl_of(packages[0], {}) == "pkg:maven/org.example/left@1.2");
}

TEST_CASE("a jar without coordinates is what its manifest and its file's name say") {
    CHECK(
        names_in({manifest("Implementation-Version: 2.0\r\n")}, "right-2.1.jar") ==
        Names{"right 2.1"});
    CHECK(names_in({manifest("Bundle-Version: 2.0\r\n")}, "right.jar") == Names{"right 2.0"});
    CHECK(names_in({{"x.class", ""}}, "commons-lang3-3.12.0.jar") == Names{"commons-lang3 3.12.0"});
    CHECK_MESSAGE(
        names_in({manifest("")}, "server.jar").empty(), "a file that says nothing is no package");
    const auto packages = packages_in(build_zip({manifest("")}), "right-2.1.jar");
    CHECK(sbom::purl_of(packages.at(0), {}) == "pkg:generic/right@2.1");
}

TEST_CASE("a jar that others were merged into needs them") {
    const auto packages = packages_in(
        build_zip({pom("a", "inner", "1"), pom("b", "server", "2"), pom("c", "other", "3")}),
        "server-2-all.jar");
    REQUIRE(packages.size() == 3);
    CHECK(packages[0].name == "b:server");
    CHECK(packages[0].needs == std::vector<Names>{{"a:inner"}, {"c:other"}});
}

TEST_CASE("jars in a jar are found, as deep as programs have them") {
    const Bytes inner = build_zip({pom("org.example", "left", "1.2")});
    const Bytes plain = build_zip({manifest("")});
    const Bytes nested = build_zip({{"lib/right-3.jar", plain}, manifest("")});
    CHECK(
        names_in(
            {pom("org.example", "app", "9"),
             {"BOOT-INF/lib/left.jar", inner},
             {"WEB-INF/lib/mid-1.war", nested}},
            "app.jar") == Names{"org.example:app 9", "org.example:left 1.2", "mid 1", "right 3"});
}

TEST_CASE("an archive that cannot be read says so; one inside a good one hides nothing") {
    const Error error = error_of([] { return packages_in("no zip archive", "x-1.jar"); });
    CHECK(error.kind() == ErrorKind::refused);
    CHECK(
        names_in({pom("a", "b", "1"), {"lib/broken.jar", "no zip archive"}}, "b.jar") ==
        Names{"a:b 1"});
}

TEST_CASE("coordinates that no repository would take are none") {
    CHECK(names_in({pom("a", "b c", "1")}, "x.jar").empty());
    CHECK(names_in({pom("", "b", "1")}, "x.jar").empty());
    CHECK(names_in({pom("a", "b", "1?x=y")}, "b.jar") == Names{"a:b "});
}

} // namespace pare::test
