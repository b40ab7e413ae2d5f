// SPDX-License-Identifier: Apache-2.0
#include "dockerfile/heredoc.hh"
#include "dockerfile/parse.hh"
#include "support/expect.hh"

#include <doctest/doctest.h>

using namespace pare;
using namespace pare::dockerfile;
using pare::test::contains;
using pare::test::error_of;
using pare::test::Names;
using pare::test::told;

namespace {

Document read(std::string_view text) {
    return parse(text, "Dockerfile");
}

std::string refusal(std::string_view text) {
    return told(error_of([&] { return read(text); }));
}

Names texts(const std::vector<Word>& words) {
    Names names;
    for (const Word& word : words) {
        names.push_back(word.text);
    }
    return names;
}

Instruction only(std::string_view text) {
    const Document document = read(text);
    REQUIRE(document.instructions.size() == 1);
    return document.instructions.front();
}

Heredoc heredoc_of(std::string_view text) {
    const Instruction instruction = only(text);
    REQUIRE(instruction.heredocs.size() == 1);
    return instruction.heredocs.front();
}

} // namespace

TEST_CASE("continued lines are one instruction; comments between them vanish") {
    const Document document = read("RUN a \\\n  # why\n\n  b \\ \t\n  c\nRUN d\n");
    REQUIRE(document.instructions.size() == 2);
    CHECK(texts(document.instructions[0].words) == Names{"a   b   c"});
    CHECK(document.instructions[0].blank_lines == std::vector<Position>{{3, 1}});
    REQUIRE(document.comments.size() == 1);
    CHECK(document.comments[0].text == "why");
    CHECK(document.comments[0].place == Position{2, 3});
    CHECK(document.instructions[1].range.begin == Position{6, 1});
}

TEST_CASE("words keep their places across lines and wide characters") {
    const Instruction copy = only("COPY  --from=b  \\\n   \"é\"x 안녕 \\\n/to\n");
    CHECK(copy.flags == std::vector<Word>{{"--from=b", {{1, 7}, {1, 15}}}});
    REQUIRE(copy.words.size() == 3);
    CHECK(copy.words[0] == Word{"\"é\"x", {{2, 4}, {2, 8}}});
    CHECK(copy.words[1] == Word{"안녕", {{2, 9}, {2, 11}}});
    CHECK(copy.words[2] == Word{"/to", {{3, 1}, {3, 4}}});
    CHECK(copy.range == Range{{1, 1}, {3, 4}});
}

TEST_CASE("the elements of a JSON form have places too") {
    const Instruction cmd = only("CMD [\"a\", \\\n \"b\\\"c\"]\n");
    CHECK(cmd.form == Form::json);
    CHECK(cmd.words == std::vector<Word>{{"a", {{1, 6}, {1, 9}}}, {"b\"c", {{2, 2}, {2, 8}}}});
}

TEST_CASE("JSON form is what Go takes for an array of strings") {
    const auto form = [](std::string_view rest) { return only("CMD " + std::string(rest)).form; };
    CHECK(form("[]") == Form::json);
    CHECK(form("[ \"a\" , \"b\" ]") == Form::json);
    CHECK(form("['a']") == Form::plain);
    CHECK(form("[\"a\",]") == Form::plain);
    CHECK(form("[\"a\"] || exit 1") == Form::plain);
    CHECK(form("[\"a\" \"b\"]") == Form::plain);
    CHECK(form("[\"a]") == Form::plain);
    CHECK(form("[ -f x ] && y") == Form::plain);
    CHECK(
        texts(only("CMD [\"\\u00e9\\ud83d\\ude00\\ud800x\\n\"]").words) ==
        Names{"é😀\xef\xbf\xbdx\n"});
    CHECK(contains(refusal("CMD [\"a\", 1]"), "Dockerfile:1:5: the JSON form takes an array"));
    CHECK(contains(refusal("CMD [[\"a\"]]"), "array of strings"));
}

TEST_CASE("directives stand before everything else") {
    const Document document =
        read("# syntax = docker/dockerfile:1\n#ESCAPE=`\n# check=skip=all\nRUN a `\n b\n");
    CHECK(document.escape == '`');
    REQUIRE(document.directives.size() == 3);
    CHECK(document.directives[0].name == "syntax");
    CHECK(document.directives[0].value.text == "docker/dockerfile:1");
    CHECK(document.directives[1].value.range.begin == Position{2, 9});
    CHECK(texts(document.instructions[0].words) == Names{"a  b"});
    CHECK(read("# hello\n# escape=`\nRUN a\n").escape == '\\');
    CHECK(read("\n# escape=`\nRUN a\n").escape == '\\');
    CHECK(
        refusal("# escape=x\nRUN a") == "Dockerfile:1:10: \"x\" cannot be the escape character | "
                                        "use a backslash or a backtick");
    CHECK(contains(refusal("# escape=`\n# escape=`\nRUN a"), "Dockerfile:2:10: the directive"));
}

TEST_CASE("marks of other editors do no harm") {
    const Document document = read("\xef\xbb\xbf# escape=`\r\nRUN a `\r\n  b\r\nUSER x\r\n");
    CHECK(document.escape == '`');
    CHECK(texts(document.instructions[0].words) == Names{"a   b"});
    CHECK(texts(document.instructions[1].words) == Names{"x"});
}

TEST_CASE("a here-document runs to the line that is its name") {
    CHECK(heredoc_of("RUN <<EOF\n# not a comment\n\\\nEOF\n").content == "# not a comment\n\\\n");
    CHECK(heredoc_of("RUN 3<<EOF\nEOF").descriptor == 3);
    CHECK(heredoc_of("RUN <<EOF\n EOF\nEOF\n").content == " EOF\n");
    const Heredoc tabs = heredoc_of("RUN <<-EOF\n\ta\n\t\tb\tc\n\tEOF\n");
    CHECK(tabs.content == "\ta\n\t\tb\tc\n");
    CHECK(content_of(tabs) == "a\nb\tc\n");
    CHECK(heredoc_of("COPY <<file.txt /to\nx\nfile.txt\n").name == "file.txt");
    CHECK(heredoc_of("RUN <<  EOF  > foo\nEOF\n").name == "EOF");
    CHECK(heredoc_of("RUN <<$EOF\n$EOF\n").name == "$EOF");
    CHECK(heredoc_of("RUN <<EOF\r\na\r\nEOF\r\n").content == "a\r\n");
    CHECK(heredoc_of("ONBUILD RUN <<EOF\na\nEOF\n").content == "a\n");
    CHECK(only("ONBUILD RUN <<EOF\na\nEOF\n").trigger[0].heredocs.size() == 1);
}

TEST_CASE("a quote anywhere in its name keeps a here-document from expanding") {
    CHECK(heredoc_of("RUN <<EOF\nEOF\n").expand);
    CHECK_FALSE(heredoc_of("RUN <<'EOF'\nEOF\n").expand);
    CHECK_FALSE(heredoc_of("RUN <<-\"EOF\"\nEOF\n").expand);
    CHECK_FALSE(heredoc_of("RUN <<eo'f'\neof\n").expand);
    CHECK(heredoc_of("RUN <<eo\\'f\neo'f\n").expand);
    CHECK_FALSE(heredoc_of("RUN <<'e'o\\'f\neo'f\n").expand);
    CHECK(heredoc_of("RUN <<'one two'\none two\n").name == "one two");
}

TEST_CASE("several here-documents follow each other") {
    const Instruction copy = only("COPY <<X <<Y /to\nY\nX\nX\nY\n");
    REQUIRE(copy.heredocs.size() == 2);
    CHECK(copy.heredocs[0].content == "Y\n");
    CHECK(copy.heredocs[1].content == "X\n");
    CHECK(copy.range == Range{{1, 1}, {5, 1}});
    CHECK(copy.heredocs[1].range == Range{{4, 1}, {5, 1}});
}

TEST_CASE("not all that looks like a here-document is one") {
    for (const std::string_view line :
         {"RUN \"<<EOF\"", "RUN [\"<<EOF\"]", "USER <<EOF",
          "RUN apt-get satisfy \"cmake (<< 4.0)\"", "RUN cat <<<EOF", "RUN echo $((1<<2))",
          "RUN a <<", "RUN it's <<EOF", "ENV A=<<EOF"}) {
        INFO(std::string(line));
        CHECK(only(line).heredocs.empty());
    }
    CHECK(
        contains(refusal("RUN <<EOF\nx\n"), "Dockerfile:1:1: the here-document EOF does not end"));
}

TEST_CASE("flags stand directly behind the keyword and end at --") {
    CHECK(texts(only("COPY --a=b --c -- --d e").flags) == Names{"--a=b", "--c"});
    CHECK(texts(only("COPY --a=b --c -- --d e").words) == Names{"--d", "e"});
    CHECK(
        texts(only("RUN --mount=\"type=cache,target=/a b\" x").flags) ==
        Names{"--mount=type=cache,target=/a b"});
    CHECK(texts(only("RUN a --b").flags).empty());
}

TEST_CASE("ENV and LABEL have an old form") {
    CHECK(texts(only("ENV a b=c d").words) == Names{"a", "b=c d", ""});
    CHECK(
        texts(only("LABEL a=b \"c d\"='e f'").words) ==
        Names{"a", "b", "=", "\"c d\"", "'e f'", "="});
    CHECK(contains(refusal("ENV a"), "Dockerfile:1:5: ENV must have two arguments"));
    CHECK(contains(refusal("ENV a=b c"), "Dockerfile:1:9: \"c\" has no ="));
}

TEST_CASE("ONBUILD holds one instruction") {
    const Instruction onbuild = only("ONBUILD COPY --from=x a b");
    REQUIRE(onbuild.trigger.size() == 1);
    CHECK(onbuild.trigger[0].keyword == "copy");
    CHECK(onbuild.trigger[0].written.range.begin == Position{1, 9});
    CHECK(texts(onbuild.trigger[0].words) == Names{"a", "b"});
    CHECK(contains(refusal("ONBUILD ONBUILD RUN a"), "Dockerfile:1:9: ONBUILD cannot hold"));
}

TEST_CASE("what is too large is refused") {
    CHECK(contains(refusal("RUN " + std::string(70'000, 'a')), "Dockerfile:1: the line has more"));
    std::string many;
    for (int i = 0; i < 40; ++i) {
        many += std::string(60'000, 'a') + "\\\n";
    }
    CHECK(contains(refusal("RUN " + many), "the instruction has more than 1 MiB"));
    CHECK(contains(refusal(std::string(5U << 20U, '\n')), "more than 4 MiB"));
    CHECK(contains(
        refusal(std::string("RUN a\nRUN \0b\n", 13)), "Dockerfile:2: the Dockerfile holds a NUL"));
    CHECK(contains(refusal("# only\n"), "no instructions"));
}
