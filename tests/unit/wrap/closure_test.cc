// SPDX-License-Identifier: Apache-2.0
// Which files a program needs, by the rules of the loader.
#include "wrap/closure.hh"

#include <doctest/doctest.h>

#include <algorithm>

namespace pare::test {

namespace {

using wrap::Closure;
using wrap::find_closure;
using wrap::Offer;
using wrap::Offered;

const std::string kTriplet = "x86_64-linux-gnu";
const std::string kLibraries = "/usr/lib/x86_64-linux-gnu/";

ImagePath path(const std::string& text) {
    return ImagePath::parse(text);
}

Offered file(std::vector<std::string> needed, const std::string& package = "") {
    return {.package = package, .elf = {.needed = std::move(needed)}};
}

Offered library(
    const std::string& soname, const std::string& package, std::vector<std::string> needed = {}) {
    return {.package = package, .elf = {.soname = soname, .needed = std::move(needed)}};
}

Offered link(const std::string& to, const std::string& package) {
    return {.package = package, .link = to};
}

/// What the closure of /usr/bin/program holds, in its order.
std::vector<std::string> paths(const Closure& closure) {
    std::vector<std::string> all;
    for (const wrap::Need& need : closure.needs) {
        all.push_back(need.path.absolute());
    }
    return all;
}

Closure closure_of(const Offer& offer, const std::vector<wrap::Extra>& extras = {}) {
    return find_closure(offer, {path("/usr/bin/program")}, extras, kTriplet);
}

using Texts = std::vector<std::string>;

} // namespace

TEST_CASE("a program that is no ELF file can ask for a library") {
    const Offer offer = {
        {path(kLibraries + "libone.so.1"), library("libone.so.1", "libone1", {"libtwo.so.2"})},
        {path(kLibraries + "libtwo.so.2"), library("libtwo.so.2", "libtwo2")}};
    const Closure closure = find_closure(offer, {}, {{"libone.so.1", "--dlopen"}}, kTriplet);
    CHECK(
        paths(closure) ==
        std::vector<std::string>{kLibraries + "libone.so.1", kLibraries + "libtwo.so.2"});
    CHECK(find_closure(offer, {}, {{"libnone.so.1", ""}}, kTriplet).missing.size() == 1);
}

TEST_CASE("a program needs its libraries, the links to them, and theirs") {
    const Offer offer{
        {path("/usr/bin/program"), file({"libz.so.1"})},
        {path(kLibraries + "libz.so.1"), link("libz.so.1.3", "zlib1g")},
        {path(kLibraries + "libz.so.1.3"), library("libz.so.1", "zlib1g", {"libc.so.6"})},
        {path(kLibraries + "libc.so.6"), library("libc.so.6", "libc6")},
        {path(kLibraries + "libm.so.6"), library("libm.so.6", "libc6")}};
    const Closure closure = closure_of(offer);
    CHECK(
        paths(closure) == Texts{
                              "/usr/bin/program", kLibraries + "libz.so.1",
                              kLibraries + "libz.so.1.3", kLibraries + "libc.so.6"});
    CHECK(closure.missing.empty());
    const auto chain = closure.chain_to(path(kLibraries + "libc.so.6"));
    REQUIRE(chain.size() == 3);
    CHECK(chain[1].as == "libz.so.1");
    CHECK(chain[2].as == "libc.so.6");
    CHECK(chain[2].package == "libc6");
    CHECK(closure.chain_to(path(kLibraries + "libm.so.6")).empty());
}

TEST_CASE("the interpreter is needed where the program names it, wherever /lib64 leads") {
    Offered program = file({});
    program.elf.interpreter = "/lib64/ld-linux-x86-64.so.2";
    const Offer offer{
        {path("/usr/bin/program"), program},
        {path("/usr/lib64/ld-linux-x86-64.so.2"),
         link("../lib/x86_64-linux-gnu/ld-linux-x86-64.so.2", "libc6")},
        {path(kLibraries + "ld-linux-x86-64.so.2"), library("ld-linux-x86-64.so.2", "libc6")}};
    CHECK(
        paths(closure_of(offer)) == Texts{
                                        "/usr/bin/program", "/usr/lib64/ld-linux-x86-64.so.2",
                                        kLibraries + "ld-linux-x86-64.so.2"});
}

TEST_CASE("DT_RUNPATH wins over the default directories, and $ORIGIN is the file's own") {
    Offered program = file({"libown.so.1"});
    program.elf.runpath = "$ORIGIN/../lib:/nowhere";
    const Offer offer{
        {path("/usr/bin/program"), program},
        {path("/usr/lib/libown.so.1"), library("libown.so.1", "")},
        {path(kLibraries + "libown.so.1"), library("libown.so.1", "other")}};
    CHECK(paths(closure_of(offer)) == Texts{"/usr/bin/program", "/usr/lib/libown.so.1"});
}

TEST_CASE("DT_RUNPATH holds for the file's own needs alone, DT_RPATH for those below too") {
    Offered program = file({"liba.so"});
    program.elf.runpath = "/opt/a";
    Offer offer{
        {path("/usr/bin/program"), program},
        {path("/opt/a/liba.so"), library("liba.so", "", {"libb.so"})},
        {path("/opt/a/libb.so"), library("libb.so", "")},
        {path(kLibraries + "libb.so"), library("libb.so", "b")}};
    CHECK(paths(closure_of(offer)).back() == kLibraries + "libb.so");
    offer.at(path("/usr/bin/program")).elf.runpath.clear();
    offer.at(path("/usr/bin/program")).elf.rpath = "/opt/a";
    CHECK(paths(closure_of(offer)).back() == "/opt/a/libb.so");
}

TEST_CASE("what lies in a directory of its own is reached by its name, as by an alternative") {
    const Offer offer{
        {path("/usr/bin/program"), file({"libblas.so.3"})},
        {path(kLibraries + "blas/libblas.so.3"), library("libblas.so.3", "libblas3")}};
    CHECK(paths(closure_of(offer)).back() == kLibraries + "blas/libblas.so.3");
}

TEST_CASE("what is nowhere is missing, with who needs it; loops of links and of needs end") {
    const Offer offer{
        {path("/usr/bin/program"), file({"libnone.so.1", "libloop.so", "liba.so"})},
        {path(kLibraries + "libloop.so"), link("libloop.so", "x")},
        {path(kLibraries + "liba.so"), library("liba.so", "a", {"libb.so"})},
        {path(kLibraries + "libb.so"), library("libb.so", "b", {"liba.so"})}};
    const Closure closure = closure_of(offer);
    REQUIRE(closure.missing.size() == 2);
    CHECK(closure.missing[0] == wrap::Missing{"libnone.so.1", path("/usr/bin/program")});
    CHECK(closure.missing[1].library == "libloop.so");
    CHECK(closure.needs.size() == 3);
}

TEST_CASE("a version of symbols that the library does not define is missing") {
    Offered program = file({"libc.so.6"});
    program.elf.version_needs = {{"libc.so.6", {"GLIBC_2.34", "GLIBC_2.38"}}, {"libx.so", {"X"}}};
    Offered libc = library("libc.so.6", "libc6");
    libc.elf.version_definitions = {"GLIBC_2.2.5", "GLIBC_2.34"};
    const Offer offer{{path("/usr/bin/program"), program}, {path(kLibraries + "libc.so.6"), libc}};
    const Closure closure = closure_of(offer);
    REQUIRE(closure.missing_versions.size() == 1);
    CHECK(
        closure.missing_versions[0] ==
        wrap::MissingVersion{
            "GLIBC_2.38", path(kLibraries + "libc.so.6"), path("/usr/bin/program")});
}

TEST_CASE("a library that is opened by name is wanted for its own reason") {
    const Offer offer{
        {path("/usr/bin/program"), file({})},
        {path(kLibraries + "libgcc_s.so.1"), library("libgcc_s.so.1", "libgcc-s1")}};
    const Closure closure = closure_of(offer, {{"libgcc_s.so.1", "it ends threads"}});
    REQUIRE(closure.needs.size() == 2);
    CHECK(closure.needs[1].as == "it ends threads");
}

TEST_CASE("each root is a process of its own: what one finds serves no other") {
    Offered own = file({"libz.so.1"});
    own.elf.runpath = "$ORIGIN/lib";
    const Offer offer{
        {path("/app/own"), own},
        {path("/app/lib/libz.so.1"), library("libz.so.1", "")},
        {path("/usr/bin/program"), file({"libz.so.1"})}};
    const auto closures = wrap::find_closures(
        offer, {path("/app/own"), path("/usr/bin/program")}, {.triplet = kTriplet});
    REQUIRE(closures.size() == 2);
    CHECK(closures[0].missing.empty());
    CHECK(closures[1].missing.size() == 1);
}

TEST_CASE("what a file names itself can be asked for without what that needs in turn") {
    const Offer offer{
        {path("/usr/bin/program"), file({"liba.so.1", "libgone.so.1"})},
        {path("/usr/lib/liba.so.1"), file({"libb.so.1"})},
        {path("/usr/lib/libb.so.1"), file({})}};
    const auto named = wrap::find_named(offer, {path("/usr/bin/program")}, {.triplet = kTriplet});
    REQUIRE(named.size() == 1);
    CHECK(paths(named[0]) == std::vector<std::string>{"/usr/bin/program", "/usr/lib/liba.so.1"});
    REQUIRE(named[0].missing.size() == 1);
    CHECK(named[0].missing[0].library == "libgone.so.1");
}

TEST_CASE("LD_LIBRARY_PATH comes before RUNPATH, the cache behind it, then the default places") {
    const auto found = [](const std::vector<std::string>& places) {
        Offered program = file({"libz.so.1"});
        program.elf.runpath = "/run";
        Offer offer{{path("/usr/bin/program"), program}};
        for (const std::string& place : places) {
            offer.emplace(path(place + "/libz.so.1"), library("libz.so.1", ""));
        }
        const auto closures = wrap::find_closures(
            offer, {path("/usr/bin/program")},
            {.triplet = kTriplet,
             .directories = {"/first"},
             .cache = {{"libz.so.1", "/cached/libz.so.1"}}});
        return closures[0].missing.empty() ? paths(closures[0]).back() : "";
    };
    CHECK(found({"/first", "/run", "/cached", "/usr/lib"}) == "/first/libz.so.1");
    CHECK(found({"/run", "/cached", "/usr/lib"}) == "/run/libz.so.1");
    CHECK(found({"/cached", "/usr/lib"}) == "/cached/libz.so.1");
    CHECK(found({"/usr/lib", "/elsewhere"}) == "/usr/lib/libz.so.1");
    CHECK(found({"/elsewhere"}).empty());
}

} // namespace pare::test
