// SPDX-License-Identifier: Apache-2.0
#include "dockerfile/model.hh"
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

/// A document and what it comes to, which points into it.
struct Read {
    Document document;
    Build build;

    explicit Read(std::string_view text, const BuildOptions& options = {})
        : document(parse(text, "Dockerfile")), build(evaluate(document, options)) {}

    [[nodiscard]] const Config& config() const { return build.final_stage().config; }
};

std::string refusal(std::string_view text, const BuildOptions& options = {}) {
    return told(error_of([&] { return Read(text, options); }));
}

std::string variable(const Read& read, const std::string& name) {
    const auto found = read.config().environment.find(name);
    return found == read.config().environment.end() ? "unset" : found->second;
}

} // namespace

TEST_CASE("a global ARG is for FROM; a stage has to ask for it") {
    const std::string_view text =
        "ARG V=13\nARG I=debian:${V}\nFROM ${I}\nENV A=$V\nARG V\nENV B=$V\n";
    const Read read(text);
    CHECK(read.build.stages[0].image == "debian:13");
    CHECK(variable(read, "A").empty());
    CHECK(variable(read, "B") == "13");
    CHECK(Read(text, {.arguments = {{"V", "12"}}}).build.stages[0].image == "debian:12");
    CHECK(read.build.stages[0].steps[0].unset == std::vector<Use>{{.name = "V"}});
}

TEST_CASE("a base that waits for an argument is left open") {
    const Read read("ARG I\nFROM ${I}\n");
    CHECK(read.build.stages[0].image.empty());
    CHECK(read.build.stages[0].unset == std::vector<Use>{{.name = "I"}});
}

TEST_CASE("ARG in a stage has a default that the command line beats") {
    const std::string_view text = "FROM a\nARG X=1 Y\nENV A=$X B=${Y:-none}\n";
    CHECK(variable(Read(text), "A") == "1");
    CHECK(variable(Read(text), "B") == "none");
    const BuildOptions given{.arguments = {{"X", "2"}, {"Y", "3"}}};
    CHECK(variable(Read(text, given), "A") == "2");
    CHECK(variable(Read(text, given), "B") == "3");
}

TEST_CASE("ENV beats ARG, and a line sees what was before it") {
    CHECK(variable(Read("FROM a\nENV X=env\nARG X=arg\nENV A=$X\n"), "A") == "env");
    CHECK(variable(Read("FROM a\nENV X=1\nENV X=2 A=$X\n"), "A") == "1");
    CHECK(variable(Read("FROM a\nENV N=X\nENV $N=y\n"), "X") == "y");
}

TEST_CASE("the platform is known to FROM, and to stages that ask") {
    const Read read(
        "FROM --platform=$BUILDPLATFORM a AS b\nARG TARGETARCH TARGETVARIANT\n"
        "ENV A=$TARGETARCH$TARGETVARIANT B=$TARGETOS\n",
        {.platform = "linux/arm/v7"});
    CHECK(read.build.stages[0].from.platform->text == "linux/arm/v7");
    CHECK(variable(read, "A") == "armv7");
    CHECK(variable(read, "B").empty());
}

TEST_CASE("a stage inherits what its parent stage set") {
    const Read read("FROM debian AS Base\nARG X=1\nENV A=a\nUSER 1000\nWORKDIR /srv\nCMD [\"x\"]\n"
                    "FROM base\nENV B=$A$X\nWORKDIR data\nENTRYPOINT [\"y\"]\n");
    CHECK(read.build.stages[1].parent == 0);
    CHECK(read.build.stages[1].image == "debian");
    CHECK(variable(read, "B") == "a1");
    CHECK(read.config().user->text == "1000");
    CHECK(read.config().workdir == "/srv/data");
    CHECK(read.config().entrypoint->words.front().text == "y");
    CHECK_FALSE(read.config().command);
}

TEST_CASE("an ENTRYPOINT keeps the CMD of its own stage") {
    const Read read("FROM a\nCMD [\"x\"]\nENTRYPOINT [\"y\"]\n");
    CHECK(read.config().command->words.front().text == "x");
}

TEST_CASE("COPY tells where its files come from and go to") {
    const Read read(
        "FROM a AS build\nFROM scratch\nWORKDIR /app\nARG N=app\n"
        "COPY --from=Build [\"/src/$N\", \"./x y/\"]\nCOPY --from=0 a b /\nCOPY --from=busybox c ../d\n"
        "COPY --from=late e f\nFROM b AS late\n",
        {.target = "1"});
    const std::vector<Step>& steps = read.build.stages[1].steps;
    REQUIRE(steps.size() == 6);
    CHECK(steps[2].source_stage == 0);
    CHECK(std::get<Copy>(steps[2].command).sources[0].text == "/src/app");
    CHECK(std::get<Copy>(steps[2].command).destination.text == "/app/x y/");
    CHECK(steps[3].source_stage == 0);
    CHECK(std::get<Copy>(steps[3].command).destination.text == "/");
    CHECK(steps[4].source_image == "busybox");
    CHECK(std::get<Copy>(steps[4].command).destination.text == "/d");
    CHECK(steps[5].source_stage == 2);
}

TEST_CASE("a path below the working directory of an unknown base stays relative") {
    const Read read("FROM a\nWORKDIR sub\nCOPY x y\n");
    CHECK(read.config().workdir == "sub");
    CHECK(std::get<Copy>(read.build.stages[0].steps[1].command).destination.text == "y");
}

TEST_CASE("the target decides which stages are needed") {
    const std::string_view text =
        "FROM a AS one\nFROM b AS two\nFROM one AS three\nRUN --mount=from=two,target=/x make\nFROM c\n";
    const Read last(text);
    CHECK(last.build.target == 3);
    CHECK(last.build.needed == std::vector<bool>{false, false, false, true});
    const Read three(text, {.target = "Three"});
    CHECK(three.build.needed == std::vector<bool>{true, true, true, false});
    CHECK(refusal(text, {.target = "thre"}) == "there is no stage thre | did you mean three?");
}

TEST_CASE("ONBUILD fires in stages that begin with the one that has it") {
    const Read read("FROM a AS base\nONBUILD ENV X=1\nFROM base AS child\nENV Y=$X\nFROM child\n");
    CHECK(variable(read, "Y") == "1");
    CHECK(read.build.stages[0].config.environment.empty());
    CHECK(read.build.stages[1].steps.size() == 2);
    CHECK(read.build.stages[2].steps.empty());
}

TEST_CASE("ports, volumes, labels and the rest are gathered") {
    const Read read(
        "FROM a\nARG P=\"80 90/udp\"\nEXPOSE $P 8000-8010/tcp $NONE\nVOLUME [\"/a\", \"/b c\"]\n"
        "LABEL x=y\nSTOPSIGNAL 9\nSHELL [\"/bin/bash\", \"-c\"]\nHEALTHCHECK CMD /check\n");
    Names ports;
    for (const Word& port : read.config().ports) {
        ports.push_back(port.text);
    }
    CHECK(ports == Names{"80", "90/udp", "8000-8010/tcp"});
    CHECK(read.config().volumes.size() == 2);
    CHECK(read.config().labels.at("x") == "y");
    CHECK(read.config().stop_signal->text == "9");
    CHECK(read.config().shell == Names{"/bin/bash", "-c"});
    CHECK(read.config().health_check->command.words.front().text == "/check");
    CHECK(contains(refusal("FROM a\nEXPOSE 99999\n"), "Dockerfile:2:8: \"99999\" is no port"));
    CHECK(contains(refusal("FROM a\nEXPOSE http\n"), "is no port"));
}

TEST_CASE("what BuildKit refuses is refused with its place") {
    CHECK(contains(refusal("RUN a\n"), "Dockerfile:1:1: RUN stands before FROM"));
    CHECK(contains(refusal("ARG a\n"), "there is no FROM"));
    CHECK(contains(refusal("FROM \"\"\n"), "Dockerfile:1:6: the name of the base image"));
    CHECK(contains(refusal("FROM a\nENV X=\"${Y:?tell me}\"\n"), "Dockerfile:2:5: Y: tell me"));
    CHECK(contains(
        refusal("FROM a AS x\nCOPY --from=y a b\nFROM b AS y\nCOPY --from=x a b\n"),
        "Dockerfile:1:1: the stage x needs itself"));
    CHECK(contains(refusal("FROM a\nCPY a b\n"), "did you mean copy?"));
}

TEST_CASE("variables cannot be made to fill the memory") {
    std::string text = "FROM a\nENV A=" + std::string(1000, 'x') + "\n";
    for (int i = 0; i < 40; ++i) {
        text += "ENV A=$A$A\n";
    }
    CHECK(contains(refusal(text), "1 MiB"));
    std::string wide = "FROM a\nENV A=" + std::string(60'000, 'x') + "\n";
    for (int i = 0; i < 100; ++i) {
        wide += "ENV V" + std::to_string(i) + "=$A$A$A$A\n";
    }
    CHECK(contains(refusal(wide), "16 MiB"));
    std::string stages;
    for (int i = 0; i < 1001; ++i) {
        stages += "FROM a\n";
    }
    CHECK(contains(refusal(stages), "more than 1000 stages"));
}
