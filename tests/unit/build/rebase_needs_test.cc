// SPDX-License-Identifier: Apache-2.0
// What an image needs of its base: libraries, programs, accounts.
#include "finish/ld_cache.hh"
#include "image_parts.hh"

namespace pare::test {

namespace {

using build::Side;

using Elves = std::map<std::string, elf::Elf>;

const std::string kLibraries = "usr/lib/x86_64-linux-gnu/";

elf::Elf program(Names needed) {
    return {.type = elf::FileType::executable, .machine = 62, .needed = std::move(needed)};
}

elf::Elf library(const std::string& soname, Names needed = {}, Names versions = {}) {
    return {
        .type = elf::FileType::shared,
        .machine = 62,
        .soname = soname,
        .needed = std::move(needed),
        .version_definitions = std::move(versions)};
}

/// The findings for own programs on two bases of these libraries.
Findings libraries(
    const Elves& old_base, const Elves& new_base, const Elves& own, const Tar& both = {},
    const oci::RunConfig& config = {}) {
    const Filesystem before = stack({layer_of(both, old_base), layer_of({}, own)});
    const Filesystem after = stack({layer_of(both, new_base), layer_of({}, own)});
    return build::check_libraries(
        Side{before, config, 1}, Side{after, config, 1}, {.architecture = "amd64"});
}

Findings programs(
    const Tar& old_base, const Tar& new_base, const Tar& own, const oci::RunConfig& config = {}) {
    const Filesystem before = stack({layer_of(old_base), layer_of(own)});
    const Filesystem after = stack({layer_of(new_base), layer_of(own)});
    return build::check_programs(Side{before, config, 1}, Side{after, config, 1});
}

Names accounts(const std::string& user, const std::string& before, const std::string& after) {
    const Filesystem old_files =
        stack({layer_of({tar_file("etc/passwd", before), tar_file("etc/group", "g:x:5:\n")})});
    const Filesystem new_files = stack({layer_of({tar_file("etc/passwd", after)})});
    const oci::RunConfig config{.user = user};
    return messages(build::check_accounts(Side{old_files, config, 1}, Side{new_files, config, 1}));
}

} // namespace

TEST_CASE("a library of the same name serves, under whichever file name") {
    const Elves old_base{{kLibraries + "libz.so.1", library("libz.so.1")}};
    const Findings findings = libraries(old_base, old_base, {{"app", program({"libz.so.1"})}});
    CHECK(findings.refusals.empty());
    CHECK(findings.notes.empty());
}

TEST_CASE("a library that is gone is refused, with who needs it") {
    const Elves old_base{{kLibraries + "libz.so.1", library("libz.so.1")}};
    const Elves new_base{{kLibraries + "libz.so.2", library("libz.so.2")}};
    const Findings findings = libraries(old_base, new_base, {{"app", program({"libz.so.1"})}});
    CHECK(messages(findings) == Names{"/app needs libz.so.1, which the new base does not have"});
    CHECK(findings.notes == Names{"libz.so.1 is gone: a program that opens it itself would fail"});
}

TEST_CASE("what libraries of the base need counts too") {
    const Elves old_base{{kLibraries + "liba.so.1", library("liba.so.1")}};
    const Elves new_base{{kLibraries + "liba.so.1", library("liba.so.1", {"libb.so.1"})}};
    CHECK(
        messages(libraries(old_base, new_base, {{"app", program({"liba.so.1"})}})) ==
        Names{
            "/" + kLibraries +
            "liba.so.1 (which /app needs) needs libb.so.1, which the new base does not have"});
    CHECK(libraries(old_base, new_base, {{"app", program({})}}).refusals.empty());
}

TEST_CASE("a library that is older than the image wants is refused by the version of its symbols") {
    elf::Elf app = program({"libc.so.6"});
    app.version_needs = {{"libc.so.6", {"GLIBC_2.38"}}};
    const auto with = [](const Names& versions) {
        return Elves{{kLibraries + "libc.so.6", library("libc.so.6", {}, versions)}};
    };
    CHECK(
        messages(libraries(with({"GLIBC_2.38"}), with({"GLIBC_2.36"}), {{"app", app}})) ==
        Names{"/app needs GLIBC_2.38 of libc.so.6, which the new base does not have"});
    CHECK(libraries(with({"GLIBC_2.38"}), with({"GLIBC_2.38", "GLIBC_2.41"}), {{"app", app}})
              .refusals.empty());
}

TEST_CASE("the program that loads programs is needed as well") {
    elf::Elf app = program({});
    app.interpreter = "/lib64/ld-linux-x86-64.so.2";
    const Elves loader{{"usr/lib64/ld-linux-x86-64.so.2", library("ld-linux-x86-64.so.2")}};
    CHECK(
        messages(libraries(loader, {}, {{"app", app}})) ==
        Names{"/app needs /lib64/ld-linux-x86-64.so.2, which the new base does not have"});
}

TEST_CASE("what neither base has is a note") {
    const Findings findings = libraries({}, {}, {{"app", program({"libnone.so.1"})}});
    CHECK(findings.refusals.empty());
    CHECK(findings.notes == Names{"/app needs libnone.so.1, which neither base has"});
}

TEST_CASE("a library that moves to where the loader does not look is refused") {
    const Elves own{{"app", program({"libz.so.1"})}};
    const Elves found{{kLibraries + "libz.so.1", library("libz.so.1")}};
    const Elves aside{{"opt/z/libz.so.1", library("libz.so.1")}};
    CHECK(messages(libraries(found, aside, own)).size() == 1);
    CHECK(libraries(aside, aside, own).refusals.empty());
    CHECK(
        libraries(found, aside, own, {}, {.env = {"LD_LIBRARY_PATH=/x:/opt/z"}}).refusals.empty());
    const Bytes cache = finish::write_ld_cache(
        {{.soname = "libz.so.1", .path = "/opt/z/libz.so.1", .flags = 0x0303}}, Endian::little,
        "test");
    CHECK(libraries(found, aside, own, {tar_file("etc/ld.so.cache", cache)}).refusals.empty());
    CHECK(
        libraries(found, aside, own, {tar_file("etc/ld.so.cache", "broken")}).refusals.size() == 1);
}

TEST_CASE("a library that only a program knows the place of is still one to keep") {
    const Elves old_base{{"opt/jvm/libjvm.so", library("libjvm.so")}};
    CHECK(
        messages(libraries(old_base, {}, {{"app/native.so", library("", {"libjvm.so"})}})) ==
        Names{"/app/native.so needs libjvm.so, which the new base does not have"});
}

TEST_CASE("programs of other machines are searched for among their own") {
    elf::Elf other = program({"libz.so.1"});
    other.machine = 183;
    elf::Elf others = library("libz.so.1");
    others.machine = 183;
    const Elves own{{"other", other}};
    const Elves amd{{kLibraries + "libz.so.1", library("libz.so.1")}};
    const Elves arm{{"usr/lib/aarch64-linux-gnu/libz.so.1", others}};
    CHECK(libraries(amd, amd, own).refusals.empty());
    CHECK(libraries(amd, amd, own).notes.empty());
    CHECK(messages(libraries(arm, amd, own)).size() == 1);
}

TEST_CASE("images that are not usr-merged are searched like others") {
    const Elves own{{"app", program({"libz.so.1"})}};
    const Elves old_base{{"lib/x86_64-linux-gnu/libz.so.1.2", library("libz.so.1")}};
    const Elves new_base{{kLibraries + "libz.so.1", library("libz.so.1")}};
    const Filesystem before = stack(
        {layer_of({tar_symlink("lib/x86_64-linux-gnu/libz.so.1", "libz.so.1.2")}, old_base),
         layer_of({}, own)});
    const Filesystem after = stack({layer_of({}, new_base), layer_of({}, own)});
    const Findings findings =
        build::check_libraries(Side{before, {}, 1}, Side{after, {}, 1}, {.architecture = "amd64"});
    CHECK(findings.refusals.empty());
    CHECK(findings.notes.empty());
}

TEST_CASE("the programs of the configuration must stay") {
    const Tar shell{tar_file("bin/sh", "", 0755), tar_file("usr/bin/env", "", 0755)};
    const Tar python{tar_file("usr/bin/python3", "", 0755)};
    CHECK(
        messages(programs(python, shell, {}, {.entrypoint = {"/usr/bin/python3"}})) ==
        Names{"Entrypoint is /usr/bin/python3, which the new base does not have"});
    CHECK(
        messages(programs(python, shell, {}, {.cmd = {"python3"}})) ==
        Names{"Cmd is python3, which the new base does not have"});
    CHECK(programs(python, shell, {}, {.env = {"PATH=/opt"}, .cmd = {"python3"}}).refusals.empty());
    CHECK(programs(python, python, {}, {.cmd = {"python3"}}).refusals.empty());
    CHECK(
        messages(programs(
            shell, python, {}, {.healthcheck = oci::Healthcheck{.test = {"CMD-SHELL", "true"}}})) ==
        Names{"Healthcheck is /bin/sh, which the new base does not have"});
    CHECK(programs(python, shell, {tar_file("usr/bin/python3", "mine")}, {.cmd = {"python3"}})
              .refusals.empty());
}

TEST_CASE("links and scripts of the image must lead where they led") {
    const Tar old_base{tar_file("usr/bin/python3.11", ""), tar_file("usr/bin/env", "")};
    const Tar new_base{tar_file("usr/bin/python3.13", ""), tar_file("usr/bin/env", "")};
    CHECK(
        messages(
            programs(old_base, new_base, {tar_symlink("venv/python", "/usr/bin/python3.11")})) ==
        Names{"/venv/python leads to /usr/bin/python3.11, which the new base does not have"});
    CHECK(programs(old_base, new_base, {tar_symlink("venv/python", "/nowhere")}).refusals.empty());
    CHECK(
        messages(programs(old_base, new_base, {tar_file("run", "#! /usr/bin/python3.11 -E\n")})) ==
        Names{"/run is a script for /usr/bin/python3.11, which the new base does not have"});
    CHECK(
        messages(programs(old_base, new_base, {tar_file("run", "#!/usr/bin/env python3.11\n")})) ==
        Names{"/run is a script for python3.11, which the new base does not have"});
    CHECK(
        programs(old_base, new_base, {tar_file("run", "#!/usr/bin/env -S x\n")}).refusals.empty());
}

TEST_CASE("the name of the user must mean the same numbers") {
    const std::string passwd = "root:x:0:0::/:\napp:x:1000:5::/:\n";
    const Names wanted{
        "the image runs as app, which /etc/passwd of the new base does not have with the same "
        "numbers"};
    CHECK(accounts("app", passwd, passwd).empty());
    CHECK(accounts("app", passwd, "app:x:1001:5::/:\n") == wanted);
    CHECK(accounts("app", passwd, "app:x:1000:6::/:\n") == wanted);
    CHECK(accounts("app", passwd, "root:x:0:0::/:\n") == wanted);
    CHECK(accounts("1000:1000", passwd, "").empty());
    CHECK(accounts("", passwd, "").empty());
    CHECK(accounts("0:g", passwd, "").size() == 1);
}

} // namespace pare::test
