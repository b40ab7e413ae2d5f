// SPDX-License-Identifier: Apache-2.0
// Which part of a changelog is about the versions between two.
#include "deb/changelog.hh"
#include "support/expect.hh"

namespace pare::test {

namespace {

const Bytes kLog =
    "openssl (3.5.2-1~deb13u1) trixie-security; urgency=medium\n\n  * CVE-1 (really).\n\n"
    " -- A <a@example.invalid>  Sat, 01 Nov 2025 12:00:00 +0000\n\n"
    "openssl (3.5.2-1) unstable; urgency=medium\n\n  * Import.\n\n"
    " -- A <a@example.invalid>  Sat, 01 Mar 2025 12:00:00 +0000\n\n"
    "openssl (3.4.0-1) unstable; urgency=low\n\n  * Older.\n\n"
    " -- A <a@example.invalid>  Sat, 01 Feb 2025 12:00:00 +0000\n";

} // namespace

TEST_CASE("entries are given down to the version that was there before") {
    const std::string newer = deb::entries_after(kLog, "3.5.2-1~");
    CHECK(newer.starts_with("openssl (3.5.2-1~deb13u1)"));
    CHECK(newer.ends_with("+0000"));
    CHECK(contains(newer, "Import."));
    CHECK_FALSE(contains(newer, "Older."));
    CHECK_FALSE(contains(deb::entries_after(kLog, "3.5.2-1~deb13u0"), "Older."));
    CHECK(contains(deb::entries_after(kLog, "1.0"), "Older."));
}

TEST_CASE("nothing is newer than the newest, and what is no changelog says nothing") {
    CHECK(deb::entries_after(kLog, "3.5.2-1").empty());
    CHECK(deb::entries_after(kLog, "9").empty());
    CHECK(deb::entries_after("", "1").empty());
    CHECK(deb::entries_after("some notes\n (2.0) indented\n", "1").empty());
    CHECK(deb::entries_after("x (2", "1").empty());
}

} // namespace pare::test
