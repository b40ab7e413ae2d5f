// SPDX-License-Identifier: Apache-2.0
// dpkg's records of this host; dpkg itself is the oracle.
#include "deb/host_packages.hh"
#include "support/files.hh"
#include "support/shell.hh"
#include "support/text.hh"

#include <doctest/doctest.h>

namespace pare::test {

namespace {

/// A host with two packages, one of them for an architecture.
class Records {
public:
    Records() {
        make_directories(directory_.path() / "info");
        write(
            "libz1:amd64.list",
            "/.\n/lib\n/lib/x86_64-linux-gnu/libz.so.1\n/usr/share/doc/libz1\n");
        write("tool.list", "/usr/bin/tool\n/opt/libz.so.1");
        write("tool.md5sums", "/usr/bin/libz.so.1\n");
    }

    [[nodiscard]] deb::HostPackages packages() const {
        return deb::HostPackages(directory_.path());
    }

private:
    void write(const std::string& name, BytesView text) const {
        write_file(directory_.path() / "info" / name, text);
    }

    TemporaryDirectory directory_;
};

} // namespace

TEST_CASE("the owner of a file is found on both sides of the usr-merge") {
    const Records records;
    CHECK(records.packages().owner_of("/usr/bin/tool") == "tool");
    CHECK(records.packages().owner_of("/bin/tool") == "tool");
    CHECK(records.packages().owner_of("/usr/lib/x86_64-linux-gnu/libz.so.1") == "libz1");
    CHECK_FALSE(records.packages().owner_of("/usr/bin/too").has_value());
    CHECK_FALSE(records.packages().owner_of("/usr/local/bin/tool").has_value());
}

TEST_CASE("libraries are found by their file's name, wherever they are") {
    const Records records;
    CHECK(
        records.packages().libraries("libz.so.1") ==
        std::vector<deb::LibraryFile>{
            {"opt/libz.so.1", "tool"}, {"usr/lib/x86_64-linux-gnu/libz.so.1", "libz1"}});
    CHECK(records.packages().libraries("libz.so").empty());
}

TEST_CASE("a host without records has no packages") {
    const TemporaryDirectory empty;
    CHECK_FALSE(deb::HostPackages(empty.path()).owner_of("/usr/bin/tool").has_value());
    CHECK(deb::HostPackages(empty.path()).libraries("libc.so.6").empty());
}

TEST_CASE("dpkg gives the same owner") {
    for (const char* path : {"/usr/bin/dpkg", "/usr/bin/env"}) {
        const std::string said = shell(std::string("dpkg -S ") + path, "/");
        CHECK(deb::HostPackages().owner_of(path) == said.substr(0, said.find(':')));
    }
}

} // namespace pare::test
