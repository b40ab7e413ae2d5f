// SPDX-License-Identifier: Apache-2.0
#include "support/expect.hh"
#include "support/json.hh"

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <string>

using namespace pare;
using json::Layout;
using json::parse;
using json::write;

namespace {

/// `file:line:column: message` of the error that parsing ends in.
std::string refusal(const std::string& text) {
    const auto error = test::thrown_by([&] { return parse(text, "x.json"); });
    CHECK((!error || error->kind() == ErrorKind::refused));
    return error ? error->where().str() + ": " + error->message() : "no error";
}

std::string nested(std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
}

} // namespace

TEST_CASE("JSON is read and written in one form") {
    const std::string text =
        R"({"b":[1,-2,0.5,1e+30,true,false,null],"a":{"":"\u0001\n\"\\é"},"e":{},"f":[]})";
    CHECK(write(parse(text, "x.json")) == text);
    CHECK(write(parse(" [ 1 , 2 ] ", "x.json")) == "[1,2]");
    CHECK(write(parse(R"("\u00e9\ud83d\ude00\/")", "x.json")) == "\"é😀/\"");
    CHECK(
        write(parse(R"({"a":[1,{"b":[]}],"c":{}})", "x.json"), Layout::pretty) ==
        "{\n  \"a\": [\n    1,\n    {\n      \"b\": []\n    }\n  ],\n  \"c\": {}\n}");
}

TEST_CASE("numbers keep their kind and their last digit") {
    CHECK(parse("9223372036854775807", "x").as_integer() == INT64_MAX);
    CHECK(parse("-9223372036854775808", "x").as_integer() == INT64_MIN);
    CHECK(*parse("1.0", "x").real() == 1.0);
    CHECK(write(parse("1.0", "x")) == "1.0");
    CHECK(write(parse("0.1", "x")) == "0.1");
    CHECK(write(json::Value(1e300)) == "1e+300");
    CHECK(refusal("[1, 9223372036854775808]") == "x.json:1:5: bad JSON: an integer is too large");
    CHECK(refusal("-9223372036854775809") == "x.json:1:1: bad JSON: an integer is too large");
    CHECK(refusal("100000000000000000000000") == "x.json:1:1: bad JSON: an integer is too large");
    CHECK(refusal("{\"a\":\n  1e400}") == "x.json:2:7: bad JSON: number overflow parsing '1e400'");
    CHECK_THROWS_AS((void)write(json::Value(std::numeric_limits<double>::infinity())), Error);
}

TEST_CASE("a key that stands twice is refused at its place") {
    CHECK(
        refusal("{\"a\": 1,\n \"b\": 2,\n \"a\": 3}") ==
        "x.json:3:2: bad JSON: the key 'a' stands twice");
    CHECK(
        refusal("{\"a\\\"\": 1, \"a\\\"\": 2}") ==
        "x.json:1:12: bad JSON: the key 'a\"' stands twice");
    CHECK(
        refusal("{\"\\\\\": 1, \"\\\\\": 2}") ==
        "x.json:1:11: bad JSON: the key '\\' stands twice");
    std::string many = "{";
    for (int i = 0; i < 100; ++i) {
        many += "\"" + std::to_string(i) + "\":0,";
    }
    CHECK(parse(many + "\"x\":0}", "x").as_object().members().size() == 101);
    CHECK(refusal(many + "\"0\":0}") == "x.json:1:692: bad JSON: the key '0' stands twice");
    CHECK(refusal(many + "\"99\":0}") == "x.json:1:692: bad JSON: the key '99' stands twice");
}

TEST_CASE("of a key that stands twice the last value counts, for who asks so") {
    const auto read = [](const std::string& text) {
        return write(parse(text, "x.json", json::Repeated::last_wins));
    };
    CHECK(read(R"({"a":1,"b":2,"a":{"c":3,"c":4},"d":5})") == R"({"b":2,"a":{"c":4},"d":5})");
    std::string many = "{";
    for (int i = 0; i < 100'000; ++i) {
        many += "\"" + std::to_string(i % 50'000) + "\":" + std::to_string(i) + ",";
    }
    const json::Value value = parse(many + "\"x\":0}", "x", json::Repeated::last_wins);
    CHECK(value.as_object().members().size() == 50'001);
    CHECK(value.at("7").as_integer() == 50'007);
}

TEST_CASE("a large object is read in time that grows with its size only") {
    std::string large = "{";
    for (int i = 0; i < 200'000; ++i) {
        large += "\"key" + std::to_string(i) + "\":0,";
    }
    CHECK(parse(large + "\"last\":0}", "x").as_object().members().size() == 200'001);
}

TEST_CASE("JSON may be 64 levels deep") {
    CHECK(write(parse(nested(64), "x.json")) == nested(64));
    CHECK(refusal(nested(65)) == "x.json:1:65: bad JSON: it is nested more than 64 levels deep");
    CHECK(
        refusal(std::string(1'000'000, '[')) ==
        "x.json:1:65: bad JSON: it is nested more than 64 levels deep");
}

TEST_CASE("what is no JSON is refused with its place") {
    CHECK(
        refusal("{\"a\": 1,}") == "x.json:1:9: bad JSON: syntax error while parsing object key - "
                                  "unexpected '}'; expected string literal");
    CHECK(
        refusal("") == "x.json:1:1: bad JSON: syntax error while parsing value - unexpected end "
                       "of input; expected '[', '{', or a literal");
    CHECK(
        refusal("[1] x") == "x.json:1:5: bad JSON: syntax error while parsing value - invalid "
                            "literal; last read: '1] x'; expected end of input");
    CHECK(
        refusal("[\n'a']") == "x.json:2:1: bad JSON: syntax error while parsing value - invalid "
                              "literal; last read: '[<U+000A>''");
    CHECK(refusal("\"\xff\"").find("ill-formed UTF-8 byte") != std::string::npos);
    CHECK(refusal("\"" + std::string(100'000, 'x')).size() < 200);
    CHECK(refusal("[1, /* two */ 2]") != "no error");
    CHECK(refusal("NaN") != "no error");
    CHECK(refusal("01") != "no error");
}

TEST_CASE("a value that is of another kind is refused by what was wanted") {
    const json::Value value = parse(R"({"a": "text", "n": 1})", "x");
    CHECK(value.at("a").as_string() == "text");
    CHECK(value.at("n").as_integer() == 1);
    CHECK_THROWS_WITH_AS((void)value.at("b"), "the JSON object has no 'b'", Error);
    CHECK_THROWS_WITH_AS((void)value.at("a").as_integer(), "a JSON value is not an integer", Error);
    CHECK_THROWS_WITH_AS((void)value.at("n").as_array(), "a JSON value is not an array", Error);
    CHECK_THROWS_WITH_AS((void)value.at("n").at("x"), "a JSON value is not an object", Error);
    CHECK_THROWS_WITH_AS(
        (void)value.at("n").as_boolean(), "a JSON value is not true or false", Error);
}
