// SPDX-License-Identifier: Apache-2.0
#include "dockerfile/expand.hh"
#include "support/expect.hh"

#include <doctest/doctest.h>

#include <algorithm>

using namespace pare;
using namespace pare::dockerfile;
using pare::test::contains;
using pare::test::error_of;
using pare::test::Names;

namespace {

std::string with(const std::string& value, std::string_view text) {
    return expand(text, {{"X", value}, {"EMPTY", ""}, {"PART", "b"}}).text;
}

std::string refusal(std::string_view text) {
    return error_of([&] { return expand(text, {{"X", "value"}, {"EMPTY", ""}}); }).message();
}

} // namespace

TEST_CASE("defaults stand in for variables that are not set, with a colon also for empty ones") {
    CHECK(with("v", "${X-d} ${EMPTY-d} ${NONE-d}") == "v  d");
    CHECK(with("v", "${X:-d} ${EMPTY:-d} ${NONE:-d}") == "v d d");
    CHECK(with("v", "${X+a} ${EMPTY+a} ${NONE+a}") == "a a ");
    CHECK(with("v", "${X:+a} ${EMPTY:+a} ${NONE:+a}") == "a  ");
    CHECK(with("v", "${NONE:-${ALSO:-${X}}}") == "v");
}

TEST_CASE("a variable can be demanded") {
    CHECK(with("v", "${X?} ${X:?} ${EMPTY?}") == "v v ");
    CHECK(refusal("${NONE?say which}") == "NONE: say which");
    CHECK(refusal("${EMPTY:?}") == "EMPTY: must have a value");
}

TEST_CASE("prefixes and suffixes are cut, the shortest or the longest") {
    CHECK(with("a.b.c", "${X#*.} ${X##*.} ${X%.*} ${X%%.*}") == "b.c c a.b a");
    CHECK(with("xxyy", "${X#*x*y}") == "y");
    CHECK(with("xxyy", "${X##*x*y}") == "");
    CHECK(with("xxyy", "${X#*} ${X##*} ${X#} ${X%%}") == "xxyy  xxyy xxyy");
    CHECK(with("???y", "${X#?\\?}") == "?y");
    CHECK(with("xx**", "${X%%\\**}") == "xx");
    CHECK(with("abc", "${X#a$PART}") == "c");
    CHECK(with("안녕하세요", "${X#?} ${X%%하*}") == "녕하세요 안녕");
    CHECK(with("()[]{}^$.*?|\\x", "${X#()[]{\\}^$.\\*\\?|\\\\}") == "x");
}

TEST_CASE("parts are replaced, the first or all, each as long as it can be") {
    CHECK(with("/tmp/tmp/bar", "${X/\\/tmp/} ${X//\\/tmp/}") == "/tmp/bar /bar");
    CHECK(with("a-b-c", "${X/-*/}") == "a");
    CHECK(with("a-b-c", "${X//?/.}") == ".....");
    CHECK(with("http://host", "${X/http:\\/\\//https://}") == "https://host");
    CHECK(with("xxyy", "${X/$EMPTY/ww} ${X//$EMPTY/-}") == "wwxxyy -x-x-y-y-");
    CHECK(with("xxyy", "${X///}") == "xxyy");
}

TEST_CASE("what is no expansion is refused") {
    CHECK(contains(refusal("${X=v}"), "modifier"));
    CHECK(contains(refusal("${X:#v}"), "modifier"));
    CHECK(contains(refusal("${X/v}"), "ends before /"));
    CHECK(contains(refusal("${X//v/}x${"), "bad substitution"));
    CHECK(contains(refusal("${X#\\x}"), "escapes what needs no escape"));
    CHECK(contains(refusal("a 'b"), "not closed"));
}

TEST_CASE("the escape character can be the backtick") {
    const ExpandOptions options{.escape = '`'};
    CHECK(expand("c:\\a`$X \"`\"\"", {}, options).text == "c:\\a$X \"");
}

TEST_CASE("it is told which variables a text asks for") {
    const Expanded expanded = expand("$A ${B:-x} ${A}${C%z}", {{"A", "1"}});
    CHECK(
        expanded.uses == std::vector<Use>{
                             {.name = "A", .set = true},
                             {.name = "B", .set = false, .has_default = true},
                             {.name = "C", .set = false}});
}

TEST_CASE("words part at white space that no quote holds, after expansion") {
    const Expanded expanded = expand("a\"b c\" $X 'd $X'e", {{"X", "1 2"}});
    CHECK(expanded.words == Names{"ab c", "1", "2", "d $Xe"});
    CHECK(expanded.text == "ab c 1 2 d $Xe");
}

TEST_CASE("here-documents expand variables and nothing else") {
    const ExpandOptions options{.plain_quotes = true};
    CHECK(expand("echo '$X' \"$X\"", {{"X", "1"}}, options).text == "echo '1' \"1\"");
}

TEST_CASE("hostile texts end early") {
    std::string deep;
    for (int i = 0; i < 1000; ++i) {
        deep += "${A:-";
    }
    CHECK(contains(refusal(deep), "too deep"));
    const Variables large = {{"L", std::string(1U << 19U, 'a')}};
    CHECK(contains(error_of([&] { return expand("$L$L$L", large); }).message(), "1 MiB"));
    CHECK(contains(error_of([&] { return expand("\"$L$L$L\"", large); }).message(), "1 MiB"));
    std::string stars;
    for (int i = 0; i < 2000; ++i) {
        stars += "*a";
    }
    CHECK(contains(
        error_of([&] { return expand("${L//" + stars + "b/}", large); }).message(), "too long"));
    CHECK(contains(
        error_of([&] { return expand("${L//a/" + std::string(99, 'b') + "}", large); }).message(),
        "1 MiB"));
}
