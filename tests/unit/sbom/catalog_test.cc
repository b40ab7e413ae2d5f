// SPDX-License-Identifier: Apache-2.0
// From files of an image to its document: which packages there are, whose the files are, and what
// needs what.
#include "sbom/catalog.hh"
#include "support/expect.hh"

#include <algorithm>

namespace pare::test {

namespace {

using sbom::Catalog;
using sbom::Ecosystem;
using sbom::File;
using sbom::Package;

/// An image made of texts by path.
class FakeImage {
public:
    FakeImage& add(const std::string& path, const std::string& text = "") {
        files_[ImagePath::parse(path)] = std::make_shared<const Bytes>(text);
        return *this;
    }

    [[nodiscard]] Catalog catalog(const sbom::Knowledge& knowledge = {}) const {
        sbom::ImageFiles image;
        for (const auto& [path, text] : files_) {
            image.files.push_back({.path = path, .sha1 = "1", .sha256 = "2", .size = text->size()});
            if (sbom::is_of_interest(path)) {
                image.contents.emplace(path, text);
            }
        }
        image.content = [&image](const ImagePath& path) -> const Bytes* {
            const auto found = image.contents.find(path);
            return found == image.contents.end() ? nullptr : found->second.get();
        };
        return sbom::make_document(image, knowledge, {.name = "x", .digest = "sha256:0"}, "1");
    }

private:
    std::map<ImagePath, std::shared_ptr<const Bytes>> files_;
};

Names names_of(const Catalog& catalog) {
    Names names;
    for (const Package& package : catalog.document.packages) {
        names.push_back(package.name);
    }
    return names;
}

const File& file_at(const Catalog& catalog, const std::string& path) {
    const auto found =
        std::ranges::find(catalog.document.files, ImagePath::parse(path), &File::path);
    REQUIRE(found != catalog.document.files.end());
    return *found;
}

/// The name of the package that the file belongs to; empty when it belongs to none.
std::string owner_of(const Catalog& catalog, const std::string& path) {
    const File& file = file_at(catalog, path);
    return file.package ? catalog.document.packages[*file.package].name : "";
}

Names needs_of(const Catalog& catalog, const std::string& name) {
    const auto found = std::ranges::find(catalog.document.packages, name, &Package::name);
    REQUIRE(found != catalog.document.packages.end());
    Names names;
    for (const std::size_t index : found->depends) {
        names.push_back(catalog.document.packages[index].name);
    }
    return names;
}

const std::string kStatusD = "var/lib/dpkg/status.d/";

} // namespace

TEST_CASE("status.d: packages own what their md5sums list, and their own records") {
    const Catalog catalog = FakeImage()
                                .add(kStatusD + "a", "Package: a\nVersion: 1\n")
                                .add(kStatusD + "a.md5sums", "00  usr/bin/a\n00  lib/moved\n")
                                .add("usr/bin/a")
                                .add("usr/bin/nobody")
                                .add("usr/lib/moved")
                                .catalog();
    CHECK(names_of(catalog) == Names{"a"});
    CHECK(owner_of(catalog, "usr/bin/a") == "a");
    CHECK(owner_of(catalog, "usr/lib/moved") == "a");
    CHECK(owner_of(catalog, kStatusD + "a") == "a");
    CHECK(owner_of(catalog, kStatusD + "a.md5sums") == "a");
    CHECK(owner_of(catalog, "usr/bin/nobody").empty());
}

TEST_CASE("dpkg's own database: the list is of one architecture or of none") {
    const Catalog catalog =
        FakeImage()
            .add(
                "var/lib/dpkg/status",
                "Package: a\nVersion: 1\nArchitecture: amd64\n\nPackage: b\nVersion: 1\n")
            .add("var/lib/dpkg/info/a:amd64.list", "/.\n/etc\n/etc/a.conf\n")
            .add("var/lib/dpkg/info/b.list", "/usr/bin/b\n")
            .add("etc/a.conf")
            .add("usr/bin/b")
            .catalog();
    CHECK(owner_of(catalog, "etc/a.conf") == "a");
    CHECK(owner_of(catalog, "usr/bin/b") == "b");
}

TEST_CASE("packages need the first alternative that is there, by name or by what it provides") {
    const Catalog catalog =
        FakeImage()
            .add(
                "var/lib/dpkg/status",
                "Package: a\nVersion: 1\nDepends: no | c, mail, a\n\nPackage: b\nVersion: 1\n"
                "Provides: mail\n\nPackage: c\nVersion: 1\n")
            .catalog();
    CHECK(needs_of(catalog, "a") == Names{"b", "c"});
    CHECK(needs_of(catalog, "c").empty());
}

TEST_CASE("licences come from the copyright file") {
    const Catalog catalog = FakeImage()
                                .add(kStatusD + "a", "Package: a\nVersion: 1\n")
                                .add(
                                    "usr/share/doc/a/copyright",
                                    "Format: copyright-format/1.0\n\nFiles: *\nLicense: Expat\n")
                                .catalog();
    CHECK(catalog.document.packages.front().licences.expression == "MIT");
}

TEST_CASE("a Python distribution inside a Debian package is no package of its own") {
    const std::string site = "usr/lib/python3/dist-packages/";
    FakeImage image;
    image.add(site + "yaml-6.dist-info/METADATA", "Name: PyYAML\nVersion: 6\n")
        .add(site + "idna-3.dist-info/METADATA", "Name: idna\nVersion: 3\n")
        .add(site + "idna-3.dist-info/RECORD", "idna/core.py,,\n")
        .add(site + "idna/core.py")
        .add(kStatusD + "python3-yaml", "Package: python3-yaml\nVersion: 6-1\n")
        .add(kStatusD + "python3-yaml.md5sums", "00  " + site + "yaml-6.dist-info/METADATA\n");
    const Catalog catalog = image.catalog();
    CHECK(names_of(catalog) == Names{"python3-yaml", "idna"});
    CHECK(owner_of(catalog, site + "idna/core.py") == "idna");
    CHECK(owner_of(catalog, site + "yaml-6.dist-info/METADATA") == "python3-yaml");
}

TEST_CASE("a Node package owns its directory, and needs what Node would load") {
    const auto manifest = [](const std::string& name, const std::string& version) {
        return R"({"name":")" + name + R"(","version":")" + version +
               R"(","dependencies":{"b":"*"}})";
    };
    const std::string modules = "app/node_modules/";
    const Catalog catalog =
        FakeImage()
            .add(modules + "@s/a/package.json", manifest("@s/a", "1"))
            .add(modules + "@s/a/lib/x.js")
            .add(modules + "@s/a/test/package.json", manifest("no", "1"))
            .add(modules + "@s/a/node_modules/b/package.json", manifest("b", "2"))
            .add(modules + "b/package.json", manifest("b", "1"))
            .catalog();
    CHECK(names_of(catalog) == Names{"@s/a", "b", "b"});
    CHECK(owner_of(catalog, modules + "@s/a/lib/x.js") == "@s/a");
    CHECK(catalog.document.packages[1].version == "2");
    CHECK(catalog.document.packages[0].depends == std::vector<std::size_t>{1});
}

TEST_CASE("what the build knows is in the document") {
    sbom::Knowledge knowledge;
    knowledge.packages = {
        {.name = "a",
         .version = "1",
         .url = "http://x/a.deb",
         .sha256 = "ab",
         .reason = "asked for"},
        {.ecosystem = Ecosystem::archive,
         .name = "node",
         .version = "22",
         .url = "http://x/n.tar"}};
    const auto origin = [&](const char* path, tree::OriginKind kind, const char* name) {
        knowledge.origins[ImagePath::parse(path)] = {.kind = kind, .name = name};
    };
    origin("etc/conffile", tree::OriginKind::package, "a");
    origin("etc/passwd", tree::OriginKind::finisher, "accounts");
    origin("usr/bin/server", tree::OriginKind::user, "server.yaml");
    origin("nodejs/bin/node", tree::OriginKind::archive, "node");
    const Catalog catalog = FakeImage()
                                .add(kStatusD + "a", "Package: a\nVersion: 1\n")
                                .add(kStatusD + "a.md5sums", "00  etc/passwd\n00  usr/bin/server\n")
                                .add("etc/conffile")
                                .add("etc/passwd")
                                .add("usr/bin/server")
                                .add("nodejs/bin/node")
                                .catalog(knowledge);
    CHECK(names_of(catalog) == Names{"a", "node"});
    CHECK(catalog.document.packages.front().url == "http://x/a.deb");
    CHECK(catalog.document.packages.front().reason == "asked for");
    CHECK(owner_of(catalog, "etc/conffile") == "a");
    CHECK(owner_of(catalog, "nodejs/bin/node") == "node");
    // These stand in the place of what the package lists.
    CHECK(owner_of(catalog, "etc/passwd").empty());
    CHECK(owner_of(catalog, "usr/bin/server").empty());
    CHECK(
        sbom::origin_text(file_at(catalog, "etc/passwd")) ==
        "generated by the finisher accounts of pare");
    CHECK(
        sbom::origin_text(file_at(catalog, "usr/bin/server")) ==
        "brought by the definition server.yaml");
}

TEST_CASE("a database that cannot be read is told of, and the others are read") {
    const Catalog catalog = FakeImage()
                                .add("lib/apk/db/installed", "nonsense")
                                .add(kStatusD + "a", "Package: a\nVersion: 1\n")
                                .add("app/node_modules/b/package.json", "{")
                                .catalog();
    CHECK(names_of(catalog) == Names{"a"});
    REQUIRE(catalog.unreadable.size() == 2);
    CHECK(contains(catalog.unreadable.front(), "/app/node_modules/b/package.json"));
    CHECK(contains(catalog.unreadable.back(), "/lib/apk/db/installed"));
}

TEST_CASE("the system is what os-release says") {
    CHECK(
        FakeImage()
            .add("usr/lib/os-release", "ID=alpine\nVERSION_ID=3.22\n")
            .catalog()
            .document.system == sbom::OperatingSystem{.id = "alpine", .version = "3.22"});
}

} // namespace pare::test
