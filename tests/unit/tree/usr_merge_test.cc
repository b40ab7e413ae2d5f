// SPDX-License-Identifier: Apache-2.0
#include "tree/tree.hh"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using pare::ImagePath;
using pare::tree::usr_merged;
using pare::tree::usr_merged_link;

namespace {

std::string merged(std::string_view path) {
    const auto moved = usr_merged(ImagePath::parse(path));
    return moved ? moved->relative() : "(nothing)";
}

/// The link's text after its path was merged.
std::string link(std::string_view path, std::string_view target) {
    const ImagePath original = ImagePath::parse(path);
    return usr_merged_link(original, usr_merged(original).value(), target);
}

} // namespace

TEST_CASE("usr-merge moves the seven directories below /usr and nothing else") {
    CHECK(merged("bin/sh") == "usr/bin/sh");
    CHECK(merged("sbin/ldconfig") == "usr/sbin/ldconfig");
    CHECK(merged("lib/x86_64-linux-gnu/libc.so.6") == "usr/lib/x86_64-linux-gnu/libc.so.6");
    CHECK(merged("lib64/ld-linux-x86-64.so.2") == "usr/lib64/ld-linux-x86-64.so.2");
    CHECK(merged("lib32/x") == "usr/lib32/x");
    CHECK(merged("libo32/x") == "usr/libo32/x");
    CHECK(merged("libx32/x") == "usr/libx32/x");
    CHECK(merged("usr/lib/x") == "usr/lib/x");
    CHECK(merged("library/x") == "library/x");
    CHECK(merged("opt/lib/x") == "opt/lib/x");
    CHECK(merged("etc") == "etc");
}

TEST_CASE("the directory itself, or base-files' own symlink, is the first layer's business") {
    CHECK(merged("lib") == "(nothing)");
    CHECK(merged("bin") == "(nothing)");
    CHECK(merged("lib64") == "(nothing)");
}

TEST_CASE("symlinks of Debian 12 packages still point at the same file") {
    // libc6, absolute: the symlinks of the root lead on.
    CHECK(
        link("lib64/ld-linux-x86-64.so.2", "/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2") ==
        "/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2");
    // dash, libkmod2, kmod: beside the link.
    CHECK(link("bin/sh", "dash") == "dash");
    CHECK(link("lib/x86_64-linux-gnu/libkmod.so.2", "libkmod.so.2.4.0") == "libkmod.so.2.4.0");
    CHECK(link("sbin/lsmod", "/bin/kmod") == "/bin/kmod");
    // systemd: up and down below /lib.
    CHECK(link("lib/systemd/system/sockets.target.wants/x.socket", "../x.socket") == "../x.socket");
    CHECK(
        link("sbin/iptables-legacy", "../lib/xtables-legacy-multi") ==
        "../lib/xtables-legacy-multi");
    // *-dev packages: already below /usr, led back by the symlink of the root.
    CHECK(
        link("usr/lib/x86_64-linux-gnu/libz.so", "../../../lib/x86_64-linux-gnu/libz.so.1") ==
        "../../../lib/x86_64-linux-gnu/libz.so.1");
}

TEST_CASE("a relative symlink that leaves the merged directories is told again") {
    CHECK(link("lib/x", "../etc/y") == "../../etc/y");
    CHECK(link("lib/a/b", "../../opt/y/z") == "../../../opt/y/z");
    CHECK(link("bin/x", "../usr/bin/y") == "y");
    CHECK(link("lib/x86_64-linux-gnu/x", "../../usr/share/x") == "../../share/x");
    CHECK(link("lib/x", "../../../../etc/y") == "../../../../etc/y");
    CHECK(link("lib/x", "..") == "../..");
    CHECK(link("lib/a/x", "../../usr/lib/a") == ".");
}

TEST_CASE("a path of a symlink or a RUNPATH leads below /usr, also with dots in it") {
    const auto aim = [](const std::string& directory, const std::string& target) {
        return pare::tree::usr_merged_aim(ImagePath::parse(directory), target).relative();
    };
    CHECK(aim("usr/bin", "../lib/x") == "usr/lib/x");
    CHECK(aim("opt/x/bin", "./../lib") == "opt/x/lib");
    CHECK(aim("opt/x", "/lib64/ld.so") == "usr/lib64/ld.so");
    CHECK(aim("opt", "/lib") == "usr/lib");
    CHECK(aim("opt", "../../../sbin") == "usr/sbin");
    CHECK(aim("opt", "..").empty());
}
