// SPDX-License-Identifier: Apache-2.0
// Whether what is in an image finds the libraries that it needs.
#include "build/libraries.hh"
#include "build_steps.hh"

namespace pare::test {

namespace {

using build::StepNode;
using build::StepState;
using elf::Elf;

constexpr std::uint16_t kAmd64 = 62;
constexpr std::uint16_t kArm64 = 183;

/// A file of a package; only ELF files need and have libraries.
struct PackagedFile {
    std::string path{};
    std::optional<Elf> elf{};
    std::string link{}; ///< of a symlink
};

/// A program, or a library, that needs these.
Elf needing(Names libraries) {
    return {.machine = kAmd64, .needed = std::move(libraries)};
}

Elf library_called(std::string soname) {
    return {.machine = kAmd64, .soname = std::move(soname)};
}

/// The state of an image, put together by hand.
class Image {
public:
    StepState state{};

    /// `left_out` are the libraries that no slice of the package took.
    void add_package(
        const std::string& name, const std::vector<PackagedFile>& files, Names left_out = {}) {
        cut::Cut cut{.package = name};
        cut.left_out = std::move(left_out);
        for (const PackagedFile& file : files) {
            tree::Entry entry{.path = ImagePath::parse(file.path), .mode = 0644};
            if (!file.link.empty()) {
                entry.type = tree::EntryType::symlink;
                entry.link = file.link;
            }
            cut.items.push_back({.entry = std::move(entry), .elf = file.elf});
        }
        add_cut({.name = name}, std::move(cut));
    }

    void add_user_file(const std::string& path, const Elf& elf) {
        cut::Cut cut;
        cut.items.push_back({.entry = {.path = ImagePath::parse(path), .mode = 0755}, .elf = elf});
        add_cut({.kind = tree::OriginKind::user, .name = "parent.yaml"}, std::move(cut));
    }

    /// Files of an image that the definition starts from: nothing is known of them but names.
    void add_base_image(const Names& paths) {
        const std::size_t origin = state.tree.add_origin({.kind = tree::OriginKind::base});
        for (const std::string& path : paths) {
            add({.path = ImagePath::parse(path), .mode = 0644}, origin);
        }
        state.bringers.emplace_back();
    }

private:
    void add_cut(tree::Origin by, cut::Cut cut) {
        const std::size_t origin = state.tree.add_origin(std::move(by));
        for (const cut::Item& item : cut.items) {
            add(item.entry, origin);
        }
        state.bringers.push_back(
            {.cut = std::make_shared<const build::StoredCut>("key", std::move(cut))});
    }

    void add(const tree::Entry& entry, std::size_t origin) {
        state.tree.add_missing_parents(entry.path, origin, 0);
        state.tree.add(entry, origin, [](const auto&, const auto&) { return true; });
    }
};

void check(const Image& image, const StepNode& node = step({}, {}), std::size_t first_origin = 0) {
    build::check_libraries(image.state, node, first_origin);
}

std::optional<Error>
problem_of(const Image& image, const StepNode& node = step({}, {}), std::size_t first_origin = 0) {
    return thrown_by([&] { check(image, node, first_origin); });
}

} // namespace

TEST_CASE("an image in which everything finds what it needs is good") {
    Image image;
    image.add_package("tool", {{"usr/bin/tool", needing({"liba.so.1"})}, {"usr/share/tool/text"}});
    image.add_package("liba1", {{"usr/lib/liba.so.1", needing({"libc.so.6"})}});
    image.add_package("libc6", {{"usr/lib/libc.so.6", library_called("libc.so.6")}});
    CHECK_NOTHROW(check(image));
}

TEST_CASE("a missing library is told with the file that needs it, its package and the step") {
    Image image;
    image.add_package("tool", {{"usr/bin/tool", needing({"liba.so.1"})}});
    const Error error = error_of([&] { check(image); });
    CHECK(error.kind() == ErrorKind::definition);
    CHECK(
        error.message() ==
        "parent.yaml: /usr/bin/tool (package 'tool') needs liba.so.1, which is not in the image");
    CHECK(contains(error.hint(), "add the package that has it"));
    CHECK(contains(error.hint(), "contents.missing-libraries"));
}

TEST_CASE("a library that a slice leaves out is told with the slice that has it") {
    Image image;
    image.add_package(
        "helper", {{"usr/bin/helper", needing({"libdata.so.1"})}},
        {"usr/lib/libelse.so.1", "usr/share/helper/libdata.so.1"});
    CHECK(problem_of(image)->hint() == "add helper_data to contents.packages");
}

TEST_CASE("a library that is in no slice of its package is told with the whole package") {
    Image image;
    image.add_package(
        "helper", {{"usr/bin/helper", needing({"liba.so.1"})}}, {"usr/lib/liba.so.1"});
    CHECK(problem_of(image)->hint() == "add helper_all to contents.packages");
    Image unsliced;
    unsliced.add_package(
        "plain", {{"usr/bin/plain", needing({"liba.so.1"})}}, {"usr/share/doc/plain/liba.so.1"});
    CHECK(problem_of(unsliced)->hint() == "add plain_all to contents.packages");
}

TEST_CASE("a library may be missing where the step, or one that it comes from, waives it") {
    Image image;
    image.add_package("tool", {{"usr/bin/tool", needing({"liba.so.1", "libb.so.1"})}});
    StepNode parent = step({}, {});
    parent.step.missing_libraries = {"liba.so.1"};
    StepNode child = step({}, {}, &parent);
    CHECK(contains(problem_of(image, child)->message(), "libb.so.1"));
    child.step.missing_libraries = {"libb.so.1"};
    CHECK_NOTHROW(check(image, child));
}

TEST_CASE("a library may lie anywhere: RUNPATH, $ORIGIN and dlopen() lead to many places") {
    for (const char* path :
         {"usr/lib/jvm/lib/server/liba.so.1", "opt/tool/liba.so.1", "liba.so.1"}) {
        Elf program = needing({"liba.so.1"});
        program.runpath = "$ORIGIN/../lib";
        Image image;
        image.add_package("tool", {{"usr/bin/tool", program}, {path, library_called("liba.so.1")}});
        CHECK_NOTHROW_MESSAGE(check(image), path);
    }
}

TEST_CASE("a library may be needed by a path of its own") {
    Image image;
    image.add_package("tool", {{"usr/bin/tool", needing({"/opt/tool/liba.so.1"})}});
    CHECK(problem_of(image));
    image.add_package("liba1", {{"opt/tool/liba.so.1", library_called("")}});
    CHECK_NOTHROW(check(image));
}

TEST_CASE("a library is known by the name of its file, of a link to it, or by its soname") {
    for (const PackagedFile& file :
         {PackagedFile{.path = "usr/lib/liba.so.1", .elf = library_called("")},
          PackagedFile{.path = "usr/lib/liba.so.1", .link = "liba.so.1.2"},
          PackagedFile{.path = "usr/lib/liba-1.2.so", .elf = library_called("liba.so.1")}}) {
        Image image;
        image.add_package("tool", {{"usr/bin/tool", needing({"liba.so.1"})}, file});
        CHECK_NOTHROW_MESSAGE(check(image), file.path);
    }
}

TEST_CASE("a directory of that name is no library") {
    Image image;
    image.add_package(
        "tool", {{"usr/bin/tool", needing({"liba.so.1"})}, {"usr/lib/liba.so.1/text"}});
    CHECK(problem_of(image));
}

TEST_CASE("files for other machines are data") {
    Image image;
    Elf foreign = needing({"liba.so.1"});
    foreign.machine = kArm64;
    image.add_package("firmware", {{"usr/lib/firmware/loader", foreign}});
    CHECK_NOTHROW(check(image));
    StepNode node = step({}, {});
    node.debian_architecture = "arm64";
    CHECK(problem_of(image, node));
    node.debian_architecture = "no-such";
    CHECK_NOTHROW(check(image, node));
}

TEST_CASE("a library of a base image counts, and what that image lacks itself is its own affair") {
    Image image;
    image.add_base_image({"usr/lib/liba.so.1", "usr/bin/program"});
    image.add_package("tool", {{"usr/bin/tool", needing({"liba.so.1"})}});
    CHECK_NOTHROW(check(image));
}

TEST_CASE("only what the step brought is looked at, its parents were when they were made") {
    Image image;
    image.add_package("old", {{"usr/bin/old", needing({"liba.so.1"})}});
    image.add_package("new", {{"usr/bin/new", needing({"libb.so.1"})}});
    CHECK(contains(problem_of(image, step({}, {}), 0)->message(), "/usr/bin/"));
    CHECK(contains(problem_of(image, step({}, {}), 1)->message(), "/usr/bin/new"));
    CHECK_NOTHROW(check(image, step({}, {}), 2));
}

TEST_CASE("a program needs its loader at the very place that it names") {
    Elf program = needing({});
    program.interpreter = "/lib64/ld.so.2";
    Image image;
    image.add_package("tool", {{"usr/bin/tool", program}});
    image.add_package("libc6", {{"usr/lib/ld.so.2", library_called("ld.so.2")}});
    const Error error = error_of([&] { check(image); });
    CHECK(contains(error.message(), "/usr/bin/tool (package 'tool') needs /lib64/ld.so.2"));
    CHECK(error.hint() == "start from an image with the C library: from: base, or from: cc");
    image.add_package("base-files", {{.path = "lib64", .link = "usr/lib"}});
    CHECK_NOTHROW(check(image));
}

TEST_CASE("a loader that a slice leaves out is told with the slice that has it") {
    Elf program = needing({});
    program.interpreter = "/usr/share/helper/ld.so.2";
    Image image;
    image.add_package("helper", {{"usr/bin/tool", program}}, {"usr/share/helper/ld.so.2"});
    CHECK(problem_of(image)->hint() == "add helper_data to contents.packages");
}

TEST_CASE("a file of the user is told with the definition that it comes from") {
    Image image;
    image.add_user_file("srv/app", needing({"liba.so.1"}));
    CHECK(
        problem_of(image)->message() ==
        "parent.yaml: /srv/app (the files of parent.yaml) needs liba.so.1, which is not in the "
        "image");
}

} // namespace pare::test
