// SPDX-License-Identifier: Apache-2.0
// Single locales of a package of all.
#include "fixture.hh"

namespace pare::test {

namespace {

/// As Debian's locales-all: what locales share is a file of one of them.
Tar locales() {
    return {
        tar_file("./usr/lib/locale/aa_DJ.utf8/LC_COLLATE", "collate"),
        tar_file("./usr/lib/locale/aa_DJ.utf8/LC_TIME", "aa"),
        tar_file("./usr/lib/locale/de_AT.utf8/LC_MESSAGES/SYS_LC_MESSAGES", "ja"),
        tar_file("./usr/lib/locale/de_AT.utf8/LC_TIME", "at"),
        tar_file("./usr/lib/locale/de_DE.utf8/LC_TIME", "de"),
        tar_file("./usr/lib/locale/de_DE/LC_TIME", "latin1"),
        tar_file("./usr/lib/locale/de_DE@euro/LC_TIME", "latin9"),
        tar_file("./usr/lib/locale/en_US.iso885915/LC_TIME", "us"),
        tar_file("./usr/lib/locale/hi_IN/LC_TIME", "hi"),
        tar_file("./usr/lib/locale/sr_RS/LC_TIME", "sr"),
        tar_file("./usr/lib/locale/sr_RS@latin/LC_TIME", "sr"),
        tar_symlink("./usr/lib/locale/de_DE.utf8/LC_COLLATE", "../aa_DJ.utf8/LC_COLLATE"),
        tar_symlink(
            "./usr/lib/locale/de_DE.utf8/LC_MESSAGES/SYS_LC_MESSAGES",
            "../../de_CH.utf8/LC_MESSAGES/SYS_LC_MESSAGES"),
        tar_symlink(
            "./usr/lib/locale/de_CH.utf8/LC_MESSAGES/SYS_LC_MESSAGES",
            "/usr/lib/locale/de_AT.utf8/LC_MESSAGES/SYS_LC_MESSAGES"),
        tar_symlink("./usr/lib/locale/xx_XX.utf8/LC_TIME", "LC_DATE"),
        tar_symlink(
            "./usr/lib/locale/xx_XX.utf8/LC_DATE",
            "../../../../../../../usr/lib/locale/xx_XX.utf8/LC_TIME"),
        tar_file("./usr/share/doc/sample/copyright", "free\n")};
}

/// Where the files of that locale are, below usr/lib/locale.
Names files_of(const std::string& locale) {
    Names files = cut_entries(locales(), {.locales = {locale}}).files();
    std::erase(files, "usr/share/doc/sample/copyright");
    for (std::string& file : files) {
        file.erase(0, std::string_view("usr/lib/locale/").size());
    }
    return files;
}

std::string refusal(const std::string& locale) {
    const auto error = thrown_by([&] { return files_of(locale); });
    return error ? error->hint() : "no error";
}

} // namespace

TEST_CASE("a locale comes with what its links lead to, and nothing else") {
    CHECK(
        files_of("de_DE.UTF-8") ==
        Names{
            "aa_DJ.utf8/LC_COLLATE", "de_AT.utf8/LC_MESSAGES/SYS_LC_MESSAGES", "de_DE.utf8/LC_TIME",
            "de_DE.utf8/LC_COLLATE", "de_DE.utf8/LC_MESSAGES/SYS_LC_MESSAGES",
            "de_CH.utf8/LC_MESSAGES/SYS_LC_MESSAGES"});
    CHECK(files_of("xx_XX.utf8") == Names{"xx_XX.utf8/LC_TIME", "xx_XX.utf8/LC_DATE"});
    const CutPackage both = cut_entries(locales(), {.locales = {"hi_IN", "sr_RS@latin"}});
    CHECK(
        both.files() == Names{
                            "usr/lib/locale/hi_IN/LC_TIME", "usr/lib/locale/sr_RS@latin/LC_TIME",
                            "usr/share/doc/sample/copyright"});
}

TEST_CASE("locales are found by the names that setlocale() takes") {
    for (const char* name : {"hi_IN.UTF-8", "hi_IN.utf8", "hi_IN"}) {
        CHECK(files_of(name) == Names{"hi_IN/LC_TIME"});
    }
    for (const char* name : {"sr_RS.UTF-8@latin", "sr_RS@latin"}) {
        CHECK(files_of(name) == Names{"sr_RS@latin/LC_TIME"});
    }
    CHECK(files_of("de_DE") == Names{"de_DE/LC_TIME"});
    CHECK(files_of("de_DE@euro") == Names{"de_DE@euro/LC_TIME"});
    CHECK(files_of("en_US.ISO-8859-15") == Names{"en_US.iso885915/LC_TIME"});
    CHECK(files_of("en_US.8859-15") == Names{"en_US.iso885915/LC_TIME"});
}

TEST_CASE("a locale that is not there is told, with those that are near") {
    CHECK(refusal("de_DX.UTF-8") == "did you mean 'de_DE.UTF-8'?");
    CHECK(refusal("de") == "of that language there is de_AT.UTF-8, de_CH.UTF-8, de_DE.UTF-8");
    CHECK(refusal("german") == "locales have names like de_DE.UTF-8");
    // Both are in another encoding.
    CHECK(refusal("de_DE.UTF-8@euro") != "no error");
    CHECK(refusal("de_DE.KOI8-R") != "no error");
    CHECK_THROWS_WITH_AS(
        files_of("tlh"), doctest::Contains("'locales': sample.deb has no locale 'tlh'"), Error);
}

TEST_CASE("the key of a cut depends on its locales") {
    CHECK(cut::cut_key("x", {.locales = {"de_DE"}}) != cut::cut_key("x", {}));
    CHECK(cut::cut_key("x", {.locales = {"de_DE"}}) != cut::cut_key("x", {.include = {"de_DE"}}));
}

} // namespace pare::test
