// SPDX-License-Identifier: Apache-2.0
#include "dockerfile/instruction.hh"
#include "dockerfile/parse.hh"
#include "support/expect.hh"

#include <doctest/doctest.h>

using namespace pare;
using namespace pare::dockerfile;
using namespace std::chrono_literals;
using pare::test::contains;
using pare::test::error_of;
using pare::test::told;

namespace {

Command command_of(const Document& document) {
    return read_command(document.instructions.front(), document.name);
}

template <typename Kind>
Kind read(std::string_view line) {
    return std::get<Kind>(command_of(parse(line, "Dockerfile")));
}

std::string refusal(std::string_view line) {
    const Document document = parse(line, "Dockerfile");
    return told(error_of([&] { return command_of(document); }));
}

} // namespace

TEST_CASE("FROM names an image, a stage and a platform") {
    const From from = read<From>("FROM --platform=$BUILDPLATFORM golang:1 as Build");
    CHECK(from.base.text == "golang:1");
    CHECK(from.name->text == "build");
    CHECK(from.as->text == "as");
    CHECK(from.platform->text == "$BUILDPLATFORM");
    CHECK(contains(refusal("FROM a b"), "either one or three arguments"));
    CHECK(contains(refusal("FROM a AS 1st"), "Dockerfile:1:11: \"1st\" cannot be the name"));
}

TEST_CASE("COPY has sources, a destination and flags") {
    const Copy copy =
        read<Copy>("COPY --from=b --chown=1:1 --link --exclude=x --exclude=y a c /to/");
    CHECK_FALSE(copy.is_add);
    CHECK(copy.sources.size() == 2);
    CHECK(copy.destination.text == "/to/");
    CHECK(copy.from->text == "b");
    CHECK(copy.chown->text == "1:1");
    CHECK(copy.link);
    CHECK(copy.exclude.size() == 2);
    CHECK(contains(refusal("COPY\t"), "requires at least two arguments"));
    CHECK(contains(refusal("ADD a"), "requires at least two arguments"));
}

TEST_CASE("COPY takes here-documents as files") {
    const Copy copy = read<Copy>("COPY <<A b <<-'C' /to/\none\nA\n\ttwo\nC\n");
    REQUIRE(copy.contents.size() == 2);
    CHECK(copy.contents[0].content == "one\n");
    CHECK_FALSE(copy.contents[1].expand);
    CHECK(copy.sources.size() == 1);
    CHECK(contains(refusal("COPY /foo <<EOF\nEOF"), "cannot accept a heredoc as a destination"));
}

TEST_CASE("unknown flags are named, with the nearest one") {
    CHECK(
        refusal("COPY --form=x a b") ==
        "Dockerfile:1:6: COPY has no flag --form | did you mean --from?");
    CHECK(
        refusal("MAINTAINER --boo joe") == "Dockerfile:1:12: MAINTAINER has no flag --boo | "
                                           "take it away; this instruction has none");
    CHECK(
        contains(refusal("COPY --from=a --from=b c d"), "Dockerfile:1:15: the flag --from stands"));
    CHECK(contains(refusal("COPY --link=perhaps a b"), "true or false"));
    CHECK(contains(refusal("COPY --from a b"), "has no value"));
    CHECK_FALSE(read<Copy>("COPY --link=False a b").link);
}

TEST_CASE("RUN has mounts") {
    const Run run = read<Run>(
        "RUN --mount=type=cache,dst=/root/.cache,sharing=locked --mount=from=b,target=/b,rw "
        "--network=none make");
    REQUIRE(run.mounts.size() == 2);
    CHECK(run.mounts[0].type == "cache");
    CHECK(run.mounts[0].target == "/root/.cache");
    CHECK(run.mounts[1].type == "bind");
    CHECK(run.mounts[1].from == "b");
    CHECK(run.network->text == "none");
    CHECK(run.command.words.front().text == "make");
    CHECK(
        read<Run>("RUN --mount='type=bind,\"source=a,b\",target=/c' x").mounts[0].source == "a,b");
    CHECK(contains(refusal("RUN --mount=type=cahe x"), "did you mean cache?"));
    CHECK(contains(refusal("RUN --mount=taget=/x x"), "did you mean target?"));
    CHECK(contains(refusal("RUN --mount=from=$X,target=/x x"), "does not expand variables"));
    CHECK(contains(refusal("RUN --mount=type=secret x"), "names no secret"));
    CHECK(contains(refusal("RUN --mount=type=bind,mode=0700,target=/a x"), "has no mode"));
    CHECK(contains(refusal("RUN --mount=target x"), "has no value"));
    CHECK(contains(refusal("RUN --network=bridge x"), "it is default, none, host"));
}

TEST_CASE("HEALTHCHECK is a command with durations, or NONE") {
    const HealthCheck check = read<HealthCheck>(
        "HEALTHCHECK --interval=1m30s --timeout=500ms --retries=3 cmd [\"/a\", \"b\"]");
    CHECK(check.interval == 90s);
    CHECK(check.timeout == 500ms);
    CHECK(check.retries == 3);
    CHECK(check.command.form == Form::json);
    CHECK(check.command.words.size() == 2);
    CHECK(read<HealthCheck>("HEALTHCHECK NONE").none);
    CHECK(contains(refusal("HEALTHCHECK"), "at least one argument"));
    CHECK(contains(refusal("HEALTHCHECK CMD"), "has no command"));
    CHECK(contains(refusal("HEALTHCHECK NONE x"), "takes no arguments"));
    CHECK(contains(refusal("HEALTHCHECK CONNECT x"), "has no type \"CONNECT\""));
    CHECK(contains(refusal("HEALTHCHECK --interval=50ns CMD x"), "duration of 1ms or more"));
    CHECK(contains(refusal("HEALTHCHECK --interval=5 CMD x"), "duration"));
    CHECK(contains(refusal("HEALTHCHECK --retries=-1 CMD x"), "number of retries"));
}

TEST_CASE("durations are Go's") {
    CHECK(parse_duration("1h2m3.5s") == 3723500ms);
    CHECK(parse_duration("-.5h") == -30min);
    CHECK(parse_duration("10µs") == 10us);
    CHECK(parse_duration("0") == 0s);
    for (const std::string_view text :
         {"", "-", "5", "s", ".s", "1.2.3s", "1d", "1e9s", "99999999999h"}) {
        CHECK_FALSE(parse_duration(text));
    }
}

TEST_CASE("each instruction wants the right number of words") {
    for (const std::string_view keyword : {"WORKDIR", "USER", "STOPSIGNAL", "MAINTAINER"}) {
        CHECK(contains(refusal(keyword), "requires exactly one argument"));
    }
    for (const std::string_view keyword :
         {"ENV", "LABEL", "ONBUILD", "EXPOSE", "VOLUME", "ARG", "SHELL"}) {
        CHECK(contains(refusal(keyword), "requires at least one argument"));
    }
    CHECK(contains(refusal("ENV =x"), "names can not be blank"));
    CHECK(contains(refusal("ARG =x"), "names can not be blank"));
    CHECK(contains(refusal("VOLUME [\" \"]"), "a path of VOLUME is empty"));
    CHECK(read<Cmd>("CMD").command.words.empty());
    CHECK(read<Cmd>("CMD []").command.form == Form::json);
    CHECK(read<Entrypoint>("ENTRYPOINT a b").command.words.front().text == "a b");
}

TEST_CASE("SHELL wants JSON form") {
    CHECK(read<Shell>("SHELL [\"/bin/bash\", \"-c\"]").words.size() == 2);
    CHECK(contains(refusal("SHELL /bin/bash -c"), "JSON form"));
    CHECK(contains(refusal("SHELL []"), "at least one argument"));
}

TEST_CASE("ENV in its old form is known as such") {
    CHECK(read<Env>("ENV a b c").legacy);
    CHECK_FALSE(read<Env>("ENV a=b").legacy);
    CHECK(read<Env>("ENV a=b c=\"d e\"").variables[1].value.text == "\"d e\"");
    const Arg arg = read<Arg>("ARG a b=c");
    CHECK_FALSE(arg.arguments[0].value);
    CHECK(arg.arguments[1].value->text == "c");
}

TEST_CASE("ONBUILD takes neither FROM nor MAINTAINER") {
    CHECK(contains(refusal("ONBUILD FROM scratch"), "FROM isn't allowed as an ONBUILD trigger"));
    CHECK(contains(refusal("ONBUILD MAINTAINER me"), "isn't allowed"));
    CHECK(read<OnBuild>("ONBUILD RUN a").trigger != nullptr);
}

TEST_CASE("an instruction that does not exist is named, with the nearest one") {
    CHECK(
        refusal("ENTRPOINT x") ==
        "Dockerfile:1:1: there is no instruction ENTRPOINT | did you mean entrypoint?");
    CHECK(contains(refusal("FOO bar"), "there is no instruction FOO"));
}
