// SPDX-License-Identifier: Apache-2.0
// What layers on top of each other come to.
#include "inspect/filesystem.hh"
#include "support/deb_builder.hh"
#include "support/expect.hh"

namespace pare::test {

namespace {

using inspect::Filesystem;

Filesystem stack(const std::vector<Tar>& layers) {
    Filesystem files;
    for (const Tar& tar : layers) {
        const Bytes bytes = build_tar(tar);
        ViewSource source(bytes);
        files.lay(std::make_shared<const inspect::Layer>(
            inspect::read_layer(source, "layer", {.contents = true})));
    }
    return files;
}

Names paths(const Filesystem& files) {
    Names names;
    for (const auto& [path, placed] : files.entries()) {
        names.push_back(path.relative());
    }
    return names;
}

/// The mode of what a path leads to; 0 for nothing.
std::uint32_t mode_at(const Filesystem& files, const std::string& text) {
    const inspect::Entry* entry = files.resolve(text);
    return entry == nullptr ? 0 : entry->mode;
}

} // namespace

TEST_CASE("an entry says which layer it is from") {
    const Filesystem files =
        stack({{tar_file("a", "1"), tar_file("b", "1")}, {tar_file("b", "2")}});
    CHECK(files.entries().at(ImagePath::parse("a")).layer == 0);
    CHECK(files.entries().at(ImagePath::parse("b")).layer == 1);
    CHECK(files.find(ImagePath::parse("c")) == nullptr);
}

TEST_CASE("a file hides a directory with all that was in it") {
    const Tar lower{tar_directory("d/"), tar_file("d/a", "1"), tar_file("d.x", "1")};
    CHECK(paths(stack({lower, {tar_file("d", "file")}})) == Names{"d", "d.x"});
    CHECK(paths(stack({lower, {tar_symlink("d", "d.x")}})) == Names{"d", "d.x"});
    CHECK(paths(stack({lower, {tar_directory("d/", 0700)}})) == Names{"d", "d/a", "d.x"});
}

TEST_CASE("a hard link to a file of a lower layer is that file, also when the layer hides it") {
    const Tar lower{tar_file("a", "content", 0711)};
    const Filesystem files = stack({lower, {tar_hard_link("b", "a"), tar_file(".wh.a", "")}});
    CHECK(paths(files) == Names{"b"});
    CHECK(files.find(ImagePath::parse("b"))->mode == 0711);
    CHECK(files.find(ImagePath::parse("b"))->size == 7);
    CHECK(files.entries().at(ImagePath::parse("b")).layer == 0);
}

TEST_CASE("links are followed inside the image, in any part of a path") {
    const Filesystem files = stack(
        {{tar_symlink("lib", "usr/lib"), tar_directory("usr/"), tar_directory("usr/lib/"),
          tar_file("usr/lib/x", "x", 0640), tar_symlink("y", "/../lib/./x"),
          tar_symlink("usr/up", "../../../lib/x"), tar_symlink("loop", "loop"),
          tar_symlink("nowhere", "gone/x"), tar_symlink("long", std::string(300, 'n'))}});
    CHECK(mode_at(files, "/lib/x") == 0640);
    CHECK(mode_at(files, "/y") == 0640);
    CHECK(mode_at(files, "/usr/up") == 0640);
    CHECK(mode_at(files, "/loop") == 0);
    CHECK(mode_at(files, "/nowhere") == 0);
    CHECK(mode_at(files, "/long") == 0);
    CHECK(files.real_path("/usr/up") == ImagePath::parse("usr/lib/x"));
    CHECK_FALSE(files.real_path("/nowhere"));
    const Filesystem implied = stack({{tar_symlink("lib", "usr/lib"), tar_file("usr/lib/x", "x")}});
    CHECK(implied.real_path("/lib") == ImagePath::parse("usr/lib"));
    CHECK(implied.resolve("/lib") == nullptr);
    CHECK(files.resolve("lib/x", ImagePath::parse("usr")) != nullptr);
    CHECK(files.resolve("x", ImagePath::parse("usr")) == nullptr);
}

} // namespace pare::test
