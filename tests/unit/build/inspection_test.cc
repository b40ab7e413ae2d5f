// SPDX-License-Identifier: Apache-2.0
// What is said of images that somebody else made: who owns what, who needs what, what changed.
#include "build/explanation.hh"
#include "build/image_changes.hh"
#include "fixture.hh"

#include <algorithm>

namespace pare::test {

namespace {

using build::Inspection;

/// `tool` needs `data`; both need each other's `loop` packages in a circle.
const Bytes kStatus = "Package: tool\nStatus: install ok installed\nVersion: 1.0\n"
                      "Architecture: amd64\nDepends: middle\n\n"
                      "Package: middle\nStatus: install ok installed\nVersion: 1.5\n"
                      "Architecture: amd64\nDepends: data (>= 1)\n\n"
                      "Package: data\nStatus: install ok installed\nVersion: 2.0\n"
                      "Architecture: all\n\n"
                      "Package: left\nStatus: install ok installed\nVersion: 1\n"
                      "Architecture: all\nDepends: right\n\n"
                      "Package: right\nStatus: install ok installed\nVersion: 1\n"
                      "Architecture: all\nDepends: left\n";

class Sample : public ForeignImage {
public:
    explicit Sample(const Bytes& status = kStatus) {
        image.config.entrypoint = {"tool"};
        image.config.env = {"PATH=/usr/bin"};
        add_layer(
            {tar_file("var/lib/dpkg/status", status),
             tar_file(
                 "var/lib/dpkg/info/tool.list", "/.\n/usr/bin/tool\n/bin/run\n/usr/bin/alias\n"),
             tar_file("var/lib/dpkg/info/data.list", "/usr/share/data\n/usr/share/link\n"),
             tar_symlink("bin", "usr/bin"), tar_file("usr/bin/tool", read_file("/bin/true"), 0755),
             tar_file("usr/bin/run", "#!/usr/bin/env -S tool -v\n", 0755),
             tar_file("usr/bin/broken", "#!/usr/bin/gone\n", 0755),
             tar_symlink("usr/bin/alias", "tool"), tar_file("usr/share/data", "12345"),
             tar_hard_link("usr/share/link", "usr/share/data"), tar_file("etc/key", "secret"),
             tar_file("etc/d/x", "x")});
        add_layer(
            {tar_file("usr/share/data", "123"), tar_file("etc/.wh.key", ""),
             tar_file("etc/.wh.d", "")});
    }
};

Inspection inspect(const ForeignImage& image, Workshop& workshop) {
    const build::Tools tools = workshop.tools();
    return build::Inspector(tools).inspect(image.write(), {}).front();
}

Names names_of(const Inspection& image, const std::vector<std::size_t>& packages) {
    Names names;
    for (const std::size_t package : packages) {
        names.push_back(image.document.packages[package].name);
    }
    return names;
}

std::string owner(const Inspection& image, const std::string& path) {
    const auto package = image.package_of(ImagePath::parse(path));
    return package ? image.document.packages[*package].name : "";
}

/// `by -> of`
Names words_of(const std::vector<build::Use>& uses) {
    Names words;
    for (const build::Use& use : uses) {
        words.push_back(use.by.absolute() + " -> " + use.of.absolute());
    }
    return words;
}

} // namespace

TEST_CASE("each path has its package, links too where the database names them") {
    Workshop workshop;
    const Inspection image = inspect(Sample(), workshop);
    CHECK(owner(image, "usr/bin/tool") == "tool");
    CHECK(owner(image, "usr/bin/run") == "tool");
    CHECK(owner(image, "usr/bin/alias") == "tool");
    CHECK(owner(image, "usr/share/data") == "data");
    CHECK(owner(image, "usr/bin/broken").empty());
    const std::vector<std::uint64_t> sizes = image.package_sizes();
    CHECK(sizes[build::find_packages(image, "data").front()] == 3);
    CHECK(image.entry.image.layers.size() == image.layers.size());
}

TEST_CASE("scripts name their programs, by path or through env; what is missing is told") {
    Workshop workshop;
    const Inspection image = inspect(Sample(), workshop);
    CHECK(words_of(image.uses.scripts) == Names{"/usr/bin/run -> /usr/bin/tool"});
    Names unmet;
    for (const build::Unmet& each : image.uses.unmet) {
        unmet.push_back(each.by.absolute() + " " + each.name);
    }
    CHECK(std::ranges::count(unmet, "/usr/bin/broken /usr/bin/gone") == 1);
    CHECK(std::ranges::count(unmet, "/usr/bin/tool libc.so.6") == 1);
}

TEST_CASE("layers are read once ever; a damaged record is read anew") {
    Workshop workshop;
    const build::Tools tools = workshop.tools();
    const Sample image;
    const std::string reference = image.write();
    const auto opened = [&] {
        build::Inspector inspector(tools);
        CHECK(inspector.inspect(reference, {}).front().files.entries().size() == 10);
        return inspector.opened();
    };
    CHECK(opened() == 2);
    CHECK(opened() == 0);
    for (const auto& file :
         std::filesystem::recursive_directory_iterator(workshop.store().root() / "layers")) {
        if (file.is_regular_file()) {
            write_file(file.path(), read_file(file.path()) + "x");
            break;
        }
    }
    CHECK(opened() == 1);
    CHECK(opened() == 0);
}

TEST_CASE("why a package is there: the way up to one that nothing needs, or a circle") {
    Workshop workshop;
    const Inspection image = inspect(Sample(), workshop);
    const auto explain = [&](const char* name) {
        return build::explain_package(image, build::find_packages(image, name).front());
    };
    CHECK(names_of(image, explain("data").chain) == Names{"tool", "middle", "data"});
    CHECK(names_of(image, explain("data").dependents) == Names{"middle"});
    CHECK(names_of(image, explain("tool").chain) == Names{"tool"});
    CHECK(explain("left").chain.empty());
    CHECK(names_of(image, explain("left").dependents) == Names{"right"});
    CHECK(build::find_packages(image, "nothing").empty());
}

TEST_CASE("a path says which layers it is from, and who uses it") {
    Workshop workshop;
    const Inspection image = inspect(Sample(), workshop);
    using Appearances = std::vector<build::Appearance>;
    const auto explain = [&](const char* path) {
        return build::explain_path(image, ImagePath::parse(path));
    };
    const auto data = explain("usr/share/data");
    REQUIRE(data);
    CHECK(data->appearances == Appearances{{.layer = 0}, {.layer = 1}});
    const auto key = explain("etc/key");
    REQUIRE(key);
    CHECK_FALSE(key->is_there);
    CHECK(key->appearances == Appearances{{.layer = 0}, {.layer = 1, .removes = true}});
    CHECK(explain("etc/d/x")->appearances.back().removes);
    const auto tool = explain("bin/tool");
    REQUIRE(tool);
    CHECK(tool->path == ImagePath::parse("usr/bin/tool"));
    CHECK(tool->is_started);
    CHECK(words_of(tool->scripts) == Names{"/usr/bin/run -> /usr/bin/tool"});
    CHECK(tool->links == std::vector{ImagePath::parse("usr/bin/alias")});
    CHECK(explain("usr/bin/alias")->leads_to == ImagePath::parse("usr/bin/tool"));
    CHECK_FALSE(explain("nowhere"));
}

TEST_CASE("two images differ in packages, files and configuration; an image does not from itself") {
    Workshop workshop;
    const Inspection before = inspect(Sample(), workshop);
    Bytes status = kStatus;
    status.replace(status.find("1.5"), 3, "1.6");
    status.replace(status.find("Package: left"), 13, "Package: anew");
    Sample changed(status);
    changed.image.config.user = "7";
    const Inspection after = inspect(changed, workshop);
    CHECK(build::compare({before}, {before}).front().is_same());
    const build::ImageChanges changes = build::compare({before}, {after}).front();
    CHECK_FALSE(changes.is_same());
    Names packages;
    for (const build::VersionChange& package : changes.packages) {
        packages.push_back(package.name + " " + package.before + "/" + package.after);
    }
    CHECK(packages == Names{"anew /1", "left 1/", "middle 1.5/1.6"});
    REQUIRE(changes.files.size() == 1);
    CHECK(changes.files.front().path == "/var/lib/dpkg/status");
    CHECK(changes.config == std::vector<inspect::Differing>{{"user", "", "7"}});
    const auto alone = build::compare({before}, {});
    REQUIRE(alone.size() == 1);
    CHECK(alone.front().after_digest.empty());
}

} // namespace pare::test
