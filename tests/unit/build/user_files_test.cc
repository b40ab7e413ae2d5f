// SPDX-License-Identifier: Apache-2.0
// The user's own files as cuts.
#include "build/user_files.hh"
#include "fixture.hh"

#include <sys/stat.h>

namespace pare::test {

namespace {

namespace fs = std::filesystem;
using build::CutPtr;
using build::user_file_identity;
using definition::UserFile;
using store::Kind;
using tree::EntryType;

constexpr std::int64_t kTime = 1'700'000'000;

/// A directory of the host with two files and a symlink.
class HostFiles {
public:
    HostFiles() {
        write("tree/b", "bb");
        write("tree/sub/a", "aaa");
        fs::permissions(path("tree/b"), fs::perms(0700));
        fs::permissions(path("tree/sub/a"), fs::perms(0600));
        fs::create_symlink("b", path("tree/link"));
    }

    void write(const std::string& name, BytesView bytes) const {
        make_directories(path(name).parent_path());
        write_file(path(name), bytes);
    }

    [[nodiscard]] fs::path path(const std::string& name) const { return directory_.path() / name; }

private:
    TemporaryDirectory directory_;
};

/// The entries of a cut as `mode path`, with what links say.
Names listing_of(const cut::Cut& cut) {
    Names lines;
    for (const cut::Item& item : cut.items) {
        CHECK(item.entry.mtime == kTime);
        lines.push_back(
            std::to_string(static_cast<int>(item.entry.type)) + " " +
            shell("printf %o " + std::to_string(item.entry.mode), "/") + " " +
            item.entry.path.relative() + (item.entry.link.empty() ? "" : " -> " + item.entry.link));
    }
    return lines;
}

CutPtr cut_of(Workshop& workshop, const UserFile& file) {
    return build::cut_user_file(file, kTime, kGzip, workshop.tools());
}

Bytes content_of(Workshop& workshop, const CutPtr& cut, const std::string& path) {
    const cut::Item* item = cut->find(ImagePath::parse(path));
    REQUIRE(item != nullptr);
    return workshop.store().get(Kind::part, cut->key)->substr(item->offset, item->entry.size);
}

std::string message_of(const UserFile& file) {
    const Error error = error_of([&] { (void)user_file_identity(file); });
    CHECK(error.kind() == ErrorKind::definition);
    CHECK(error.where() == file.where);
    return error.message();
}

} // namespace

TEST_CASE("a directory of the host comes whole, in order of name, symlinks as they are") {
    const HostFiles host;
    Workshop workshop;
    const CutPtr cut = cut_of(workshop, {.from = host.path("tree"), .to = "/srv/app"});
    CHECK(
        listing_of(cut->cut) == Names{
                                    "1 755 srv/app", "1 755 srv/app/sub", "0 755 srv/app/b",
                                    "2 777 srv/app/link -> b", "0 644 srv/app/sub/a"});
    CHECK(content_of(workshop, cut, "srv/app/b") == "bb");
    CHECK(content_of(workshop, cut, "srv/app/sub/a") == "aaa");
}

TEST_CASE("what is excluded of a directory stays out, by name at any depth or by path") {
    const HostFiles host;
    Workshop workshop;
    host.write("tree/sub/deep/b", "name again");
    host.write("tree/sub/other/c", "c");
    host.write("tree/here/c", "c");
    host.write("tree/sub/here", "a name right in the directory alone");
    const CutPtr cut = cut_of(
        workshop,
        {.from = host.path("tree"), .to = "/srv", .exclude = {"b", "sub/other", "li*", "/here"}});
    CHECK(
        listing_of(cut->cut) == Names{
                                    "1 755 srv",
                                    "1 755 srv/sub",
                                    "1 755 srv/sub/deep",
                                    "0 644 srv/sub/a",
                                    "0 644 srv/sub/here",
                                });
}

TEST_CASE("the part of the user's files is a valid tar behind an end mark") {
    const HostFiles host;
    Workshop workshop;
    const CutPtr cut = cut_of(workshop, {.from = host.path("tree"), .to = "/srv"});
    const Bytes part = workshop.store().get(Kind::part, cut->key).value();
    CHECK(part.size() == cut->cut.part_size);
    host.write("layer.tar", part + Bytes(archive::tar_end()));
    CHECK(shell("tar -tf layer.tar", host.path("")) == "srv/b\nsrv/link\nsrv/sub/a\n");
}

TEST_CASE("owner and mode are those of the definition, for every file") {
    const HostFiles host;
    Workshop workshop;
    const CutPtr cut = cut_of(
        workshop,
        {.from = host.path("tree"), .to = "/srv", .mode = 0440, .uid = 5, .gid = 4'000'000'000});
    for (const cut::Item& item : cut->cut.items) {
        CHECK(item.entry.uid == 5);
        CHECK(item.entry.gid == 4'000'000'000);
        CHECK((item.entry.type != EntryType::file || item.entry.mode == 0440));
    }
}

TEST_CASE("text of the definition is a file of its own") {
    Workshop workshop;
    const CutPtr cut = cut_of(workshop, {.content = "debug: false\n", .to = "/etc/server.yaml"});
    CHECK(listing_of(cut->cut) == Names{"0 644 etc/server.yaml"});
    CHECK(content_of(workshop, cut, "etc/server.yaml") == "debug: false\n");
}

TEST_CASE(
    "names, content, modes and places make the identity, times and owners of the host do not") {
    const HostFiles host;
    const UserFile file{.from = host.path("tree"), .to = "/srv"};
    const std::string first = user_file_identity(file);
    const HostFiles copy;
    fs::last_write_time(copy.path("tree/b"), fs::file_time_type{});
    fs::permissions(copy.path("tree/b"), fs::perms(0755));
    CHECK(user_file_identity({.from = copy.path("tree"), .to = "/srv"}) == first);
    std::set<std::string> seen{first};
    for (const UserFile& other :
         {UserFile{.from = file.from, .to = "/opt"},
          UserFile{.from = file.from, .to = "/srv", .mode = 0600},
          UserFile{.from = file.from, .to = "/srv", .uid = 1},
          UserFile{.from = file.from, .to = "/srv", .gid = 1},
          UserFile{.from = host.path("tree/b"), .to = "/srv"}}) {
        CHECK(seen.insert(user_file_identity(other)).second);
    }
    host.write("tree/b", "bc");
    CHECK(seen.insert(user_file_identity(file)).second);
    host.write("tree/new", "");
    CHECK(seen.insert(user_file_identity(file)).second);
    fs::rename(host.path("tree/new"), host.path("tree/newer"));
    CHECK(seen.insert(user_file_identity(file)).second);
}

TEST_CASE("a symlink that leads out of the directory is not followed") {
    const HostFiles host;
    host.write("secret", "nobody may know");
    fs::create_symlink(host.path("secret"), host.path("tree/out"));
    fs::create_directory_symlink(host.path(""), host.path("tree/up"));
    Workshop workshop;
    const CutPtr cut = cut_of(workshop, {.from = host.path("tree"), .to = "/srv"});
    CHECK(cut->find(ImagePath::parse("srv/out"))->entry.type == EntryType::symlink);
    CHECK(cut->find(ImagePath::parse("srv/up"))->entry.type == EntryType::symlink);
    CHECK(cut->cut.items.size() == 7);
    CHECK(!contains(*workshop.store().get(Kind::part, cut->key), "nobody may know"));
}

TEST_CASE("what is not there, or is no file, is refused with the place in the definition") {
    const HostFiles host;
    UserFile file{.where = {"server.yaml", 4, 7}, .from = host.path("nothing"), .to = "/x"};
    CHECK(contains(message_of(file), "there is no file"));
    REQUIRE(::mkfifo(host.path("tree/pipe").c_str(), 0600) == 0);
    file.from = host.path("tree/pipe");
    CHECK(contains(message_of(file), "neither a file, a directory nor a symlink"));
    file.from = host.path("tree");
    CHECK(contains(message_of(file), "tree/pipe"));
}

TEST_CASE("equal files are cut once, and each time and compression has what it needs") {
    const HostFiles host;
    Workshop workshop;
    const UserFile file{.from = host.path("tree"), .to = "/srv"};
    const CutPtr first = cut_of(workshop, file);
    const CutPtr second = cut_of(workshop, file);
    CHECK(first->key == second->key);
    CHECK(first->cut == second->cut);
    CHECK(workshop.count("parts") == 1);
    const CutPtr zstd = build::cut_user_file(file, kTime, kZstd, workshop.tools());
    CHECK(zstd->key == first->key);
    CHECK(workshop.count("members") == 2);
    const CutPtr later = build::cut_user_file(file, kTime + 1, kGzip, workshop.tools());
    CHECK(later->key != first->key);
    CHECK(later->cut.items.front().entry.mtime == kTime + 1);
}

} // namespace pare::test
