// SPDX-License-Identifier: Apache-2.0
#include "support/expect.hh"
#include "support/yaml.hh"

#include <doctest/doctest.h>

#include <string>

using namespace pare;
using yaml::Node;
using yaml::NodeKind;
using yaml::parse;

namespace {

/// `file:line:column: message` of the error that parsing ends in, and its hint.
std::string refusal(const std::string& text) {
    const Error error = test::error_of([&] { return parse(text, "x.yaml"); });
    CHECK(error.kind() == ErrorKind::definition);
    return test::told(error);
}

/// A node in one line: what it is, without places.
std::string shown(const Node& node) {
    std::string text;
    switch (node.kind) {
    case NodeKind::null:
        return "~";
    case NodeKind::scalar:
        return node.quoted ? "'" + node.text + "'" : node.text;
    case NodeKind::sequence:
        for (const Node& item : node.items) {
            text += (text.empty() ? "" : " ") + shown(item);
        }
        return "[" + text + "]";
    case NodeKind::mapping:
        for (const auto& [key, value] : node.members) {
            text += (text.empty() ? "" : " ") + shown(key) + ":" + shown(value);
        }
        return "{" + text + "}";
    }
    return text;
}

std::string shown(const std::string& text) {
    return shown(parse(text, "x.yaml"));
}

} // namespace

TEST_CASE("scalars stay the text that was written") {
    CHECK(
        shown("[1.10, 012, 0o17, on, yes, 2001-12-14, 1e3, 0x1f, -]") ==
        "[1.10 012 0o17 on yes 2001-12-14 1e3 0x1f -]");
    CHECK(shown("['on', \"a\\nb\"]") == "['on' 'a\nb']");
    CHECK(
        shown("a: |\n  two\n  lines\nb: >-\n  one\n  line\n") == "{a:'two\nlines\n' b:'one line'}");
    CHECK(shown("[!!str 1, !!int 2, ! x]") == "['1' 2 'x']");
}

TEST_CASE("nothing is null, quoted nothing is a text") {
    CHECK(shown("[~, null, '', 'null', ]") == "[~ ~ '' 'null']");
    CHECK(shown("a:\nb: ''\n") == "{a:~ b:''}");
    CHECK(shown("") == "~");
    CHECK(shown("# a comment\n") == "~");
    CHECK(shown("---\n...\n") == "~");
}

TEST_CASE("every node knows where it stands") {
    const Node root = parse("a: 1\nbé: {c: [x, y]}\n", "x.yaml");
    CHECK(root.where == Where{"x.yaml", 1, 1});
    CHECK(root.find("a")->where == Where{"x.yaml", 1, 4});
    CHECK(root.members[1].first.where == Where{"x.yaml", 2, 1});
    CHECK(root.find("bé")->find("c")->items[1].where == Where{"x.yaml", 2, 13});
    CHECK(root.find("z") == nullptr);
}

TEST_CASE("anchors, aliases and merge keys are resolved") {
    CHECK(shown("a: &x [1, 2]\nb: *x\n") == "{a:[1 2] b:[1 2]}");
    CHECK(shown("a: &x {k: 1, l: 2}\nb: {<<: *x, l: 3}\n") == "{a:{k:1 l:2} b:{l:3 k:1}}");
    CHECK(
        shown("a: &x {k: 1}\nb: &y {k: 2, l: 2}\nc: {<<: [*x, *y]}\n") ==
        "{a:{k:1} b:{k:2 l:2} c:{k:1 l:2}}");
    CHECK(shown("'<<': 1\n") == "{'<<':1}");
    const Node root = parse("a: &x {k: 1}\nb: *x\n", "x.yaml");
    CHECK(root.find("b")->where.line == 2);
    CHECK(refusal("a: *x\n") == "x.yaml:1:4: the alias *x has no anchor before it");
    CHECK(refusal("a: &x [*x]\n") == "x.yaml:1:8: the alias *x has no anchor before it");
    CHECK(refusal("<<: 1\n") == "x.yaml:1:5: only mappings can be merged with <<");
}

TEST_CASE("what YAML leaves open is refused with its place") {
    CHECK(refusal("a: 1\nb: 2\na: 3\n") == "x.yaml:3:1: the key 'a' stands twice; first in line 1");
    CHECK(
        refusal("x: &x {a: 1}\ny: {<<: *x, <<: *x}\n") ==
        "x.yaml:2:13: the key '<<' stands twice; first in line 2");
    CHECK(refusal("[a]: 1\n") == "x.yaml:1:1: a key is no text");
    CHECK(refusal("~: 1\n") == "x.yaml:1:1: a key is no text");
    CHECK(refusal("a: 1\n---\nb: 2\n") == "x.yaml:2:1: a second document begins; only one is read");
    CHECK(
        refusal("packages: [!libgcc-s1 ]\n") ==
        "x.yaml:1:12: '!libgcc-s1' is a tag of YAML, not a text | put a text that begins with '!' "
        "in quotes");
    CHECK(
        refusal("a: !!binary aGk=\n") ==
        "x.yaml:1:4: 'tag:yaml.org,2002:binary' is a tag of YAML, not a text | put a text that "
        "begins with '!' in quotes");
    CHECK(
        refusal("packages: [!libgcc-s1]\n") ==
        "x.yaml:1:22: bad YAML: did not find expected whitespace or line break while scanning a "
        "tag (line 1) | put a text that begins with '!' in quotes");
    CHECK(refusal("a: !!seq {}\n").find("is a tag of YAML") != std::string::npos);
}

TEST_CASE("bad syntax is told with its place") {
    CHECK(
        refusal("a: [1, 2\nb: 3\n") == "x.yaml:2:2: bad YAML: did not find expected ',' or ']' "
                                       "while parsing a flow sequence (line 1)");
    CHECK(
        refusal("a: \"open\n") == "x.yaml:2:1: bad YAML: found unexpected end of stream while "
                                  "scanning a quoted scalar (line 1)");
    CHECK(
        refusal("a: 1\n\tb: 2\n") == "x.yaml:2:1: bad YAML: found a tab character that "
                                     "violates indentation while scanning a plain scalar (line 1)");
    CHECK(refusal("ok: 1\nbad: \xff\n") == "x.yaml:2:6: bad YAML: invalid leading UTF-8 octet");
    CHECK(
        refusal(std::string("a: 1\nb: \0c", 10)) ==
        "x.yaml:2:4: bad YAML: control characters are not allowed");
}

TEST_CASE("YAML may be 64 levels deep, by aliases too") {
    const std::string deep(64, '[');
    CHECK(shown(deep + std::string(64, ']')).size() == 128);
    CHECK(
        refusal(deep + "[[" + std::string(66, ']')) ==
        "x.yaml:1:66: it is nested more than 64 levels deep");
    CHECK(
        refusal(std::string(200'000, '[')) == "x.yaml:1:66: it is nested more than 64 levels deep");
    std::string dashes;
    for (int i = 0; i < 100'000; ++i) {
        dashes += "- ";
    }
    CHECK(refusal(dashes) == "x.yaml:1:131: it is nested more than 64 levels deep");
    const std::string half = std::string(40, '[') + std::string(40, ']');
    CHECK(
        refusal("a: &x " + half + "\nb: " + std::string(40, '[') + "*x" + std::string(40, ']')) ==
        "x.yaml:2:44: it is nested more than 64 levels deep");
}

TEST_CASE("aliases that would fill the memory are refused at once") {
    std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 30; ++i) {
        const std::string below = "*a" + std::to_string(i - 1);
        bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + below;
        for (int j = 0; j < 9; ++j) {
            bomb += ", " + below;
        }
        bomb += "]\n";
    }
    CHECK(refusal(bomb) == "x.yaml:5:40: the document has more than 100000 nodes");
    std::string many = "[x";
    for (int i = 0; i < 100'000; ++i) {
        many += ",x";
    }
    CHECK(refusal(many + "]").find("more than 100000 nodes") != std::string::npos);
    std::string anchored;
    for (int i = 0; i < 60; ++i) {
        anchored += "[&a" + std::to_string(i) + " ";
    }
    const std::string items = many.substr(0, 20'000);
    CHECK(
        refusal(anchored + items + "]" + std::string(60, ']')).find("more than 100000 nodes") !=
        std::string::npos);
}

TEST_CASE("large mappings and merges take no quadratic time") {
    std::string large = "a: &a\n";
    for (int i = 0; i < 16'000; ++i) {
        large += "  k" + std::to_string(i) + ": 0\n";
    }
    large += "b:\n  <<: *a\n";
    for (int i = 0; i < 1'000; ++i) {
        large += "  l" + std::to_string(i) + ": 0\n";
    }
    CHECK(parse(large, "x.yaml").find("b")->members.size() == 17'000);
}
