// SPDX-License-Identifier: Apache-2.0
#include "support/base64.hh"

#include <doctest/doctest.h>
#include <rapidcheck.h>

using namespace pare;

TEST_CASE("base64 has the values of RFC 4648") {
    const std::pair<BytesView, std::string_view> vectors[] = {
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
        {"\xfb\xff", "+/8="}};
    for (const auto& [bytes, text] : vectors) {
        CHECK(to_base64(bytes) == text);
        CHECK(from_base64(text) == Bytes(bytes));
    }
}

TEST_CASE("what is not base64 and nothing else is not taken for it") {
    for (const char* text :
         {"Zg", "Zg=", "Zg===", "Z===", "====", "Zm9v\n", " Zm9v", "Zm9v ", "Z=9v", "Zg==Zm9v",
          "Zm9*", "-_8="}) {
        INFO(text);
        CHECK(!from_base64(text));
    }
}

TEST_CASE("the URL-safe alphabet counts where it is asked for") {
    CHECK(from_any_base64("-_8=") == Bytes("\xfb\xff"));
    CHECK(from_any_base64("+/8=") == Bytes("\xfb\xff"));
    CHECK(!from_any_base64("-_8"));
}

TEST_CASE("base64 of any bytes is read back as they were") {
    rc::check([](const std::string& bytes) { RC_ASSERT(from_base64(to_base64(bytes)) == bytes); });
}
