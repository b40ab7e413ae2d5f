// SPDX-License-Identifier: Apache-2.0
#include "crypto/openpgp.hh"
#include "support/expect.hh"

#include <doctest/doctest.h>

#include <string>

using namespace pare;
using namespace pare::crypto;

namespace {

const std::string kSignature = "-----BEGIN PGP SIGNATURE-----\n"
                               "\n"
                               "iQ==\n"
                               "-----END PGP SIGNATURE-----\n";

std::string message(const std::string& text) {
    return "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n" + text + "\n" + kSignature;
}

/// The message of the refusal; empty when there is none.
std::string refusal(const std::string& text) {
    const auto error = test::thrown_by([&] { return parse_cleartext(text, "InRelease"); });
    if (!error) {
        return {};
    }
    CHECK(error->kind() == ErrorKind::refused);
    CHECK(error->where().file == "InRelease");
    CHECK(error->where().line > 0);
    CHECK(!error->hint().empty());
    return error->message();
}

bool refused_for(const std::string& text, std::string_view why) {
    const std::string said = refusal(text);
    INFO(said);
    CHECK(said.find(why) != said.npos);
    return !said.empty();
}

} // namespace

TEST_CASE("the text between header and signature comes back, without the last line end") {
    const Cleartext cleartext = parse_cleartext(message("Origin: Debian\nSuite: stable"), "x");
    CHECK(cleartext.text == "Origin: Debian\nSuite: stable");
    CHECK(cleartext.signature == kSignature);
}

TEST_CASE("what no signature covers is not in the text: CR and white space at line ends") {
    CHECK(parse_cleartext(message("a \t\r\nb\t\n \nc"), "x").text == "a\nb\n\nc");
}

TEST_CASE("escaped dashes lose their escape") {
    CHECK(
        parse_cleartext(message("- -----BEGIN X-----\n- - a\n- From b\n- "), "x").text ==
        "-----BEGIN X-----\n- a\nFrom b\n");
}

TEST_CASE("an empty text and empty lines at its ends stay what they are") {
    CHECK(parse_cleartext(message(""), "x").text.empty());
    CHECK(parse_cleartext(message("\na\n"), "x").text == "\na\n");
}

TEST_CASE("several Hash headers and none are allowed") {
    const std::string begin = "-----BEGIN PGP SIGNED MESSAGE-----\n";
    CHECK(
        parse_cleartext(begin + "Hash: SHA256\nHash: SHA512,SHA384\n\na\n" + kSignature, "x")
            .text == "a");
    CHECK(parse_cleartext(begin + "\na\n" + kSignature, "x").text == "a");
}

TEST_CASE("white space around the message is no harm, anything else is refused") {
    CHECK(refusal("\n \r\n" + message("a") + "\n\t\n").empty());
    CHECK(refused_for("a\n" + message("a"), "does not begin with a signed message"));
    CHECK(refused_for(message("a") + "a\n", "something stands behind the signature"));
    CHECK(refused_for(message("a") + message("a"), "something stands behind the signature"));
    CHECK(refused_for(message("a") + kSignature, "something stands behind the signature"));
}

TEST_CASE("headers other than Hash are refused, and lines that merely look empty") {
    const std::string begin = "-----BEGIN PGP SIGNED MESSAGE-----\n";
    const std::string header = "a header that is not \"Hash\"";
    CHECK(refused_for(begin + "Charset: UTF-7\n\na\n" + kSignature, header));
    CHECK(refused_for(begin + "Hash: SHA256\n \na\n" + kSignature, header));
    CHECK(refused_for(begin + "Hash: SHA256\n\f\na\n" + kSignature, header));
    CHECK(refused_for(begin + "Hash: SHA256", "ends within its headers"));
}

TEST_CASE("a message within the message is refused") {
    CHECK(refused_for(message("-----BEGIN PGP SIGNED MESSAGE-----\n\nb"), "dash"));
    CHECK(refused_for(message("-a"), "dash"));
}

TEST_CASE("NUL and CR within a line are refused") {
    CHECK(refused_for(message("a\rb"), "NUL or CR"));
    CHECK(refused_for(message(std::string("a\0b", 3)), "NUL or CR"));
}

TEST_CASE("a message that is cut short anywhere is refused") {
    const std::string whole = message("Origin: Debian");
    for (std::size_t size = 0; size + 1 < whole.size(); ++size) {
        CHECK_MESSAGE(!refusal(whole.substr(0, size)).empty(), "cut at ", size);
    }
}
