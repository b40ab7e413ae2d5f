// SPDX-License-Identifier: Apache-2.0
// What is around the rules: places, pragmas, fixes, and where rules keep quiet. What each rule
// finds is in its page (rule_pages_test.cc).
#include "audit/lint.hh"
#include "dockerfile/parse.hh"
#include "support/expect.hh"
#include "support/files.hh"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

using namespace pare;
using namespace pare::audit;
using pare::test::error_of;
using pare::test::Names;
using pare::test::told;
namespace fs = std::filesystem;

namespace {

std::vector<Finding> lint(const std::string& text, const LintOptions& options = {}) {
    return lint_dockerfile(dockerfile::parse(text, "Dockerfile"), options);
}

Names ids(const std::vector<Finding>& findings) {
    Names names;
    for (const Finding& finding : findings) {
        names.emplace_back(finding.rule->id);
    }
    return names;
}

bool finds(const std::string& text, const std::string& id) {
    const Names found = ids(lint(text));
    return std::find(found.begin(), found.end(), id) != found.end();
}

std::string fixed(const std::string& text) {
    return apply_fixes(text, lint(text));
}

const std::string kStatic = "FROM gcr.io/distroless/static-debian13:nonroot\n";

} // namespace

TEST_CASE("nothing is found in good Dockerfiles") {
    const char* source = std::getenv("PARE_SOURCE");
    REQUIRE_MESSAGE(source != nullptr, "PARE_SOURCE is not set");
    std::size_t count = 0;
    for (const auto& entry : fs::directory_iterator(fs::path(source) / "tests/dockerfiles/good")) {
        const std::string name = entry.path().filename().string();
        ++count;
        const auto document = dockerfile::parse(read_file(entry.path()), name);
        for (const Finding& finding : lint_dockerfile(document)) {
            FAIL_CHECK(
                name << ":" << finding.place.line << ": " << std::string(finding.rule->id) << ": "
                     << finding.message);
        }
    }
    CHECK(count >= 10);
}

TEST_CASE("findings come in the order of the file and know their place") {
    const auto findings = lint(kStatic + "COPY a \\\n  .env /app/\nCMD a b\n");
    REQUIRE(
        ids(findings) ==
        Names{"base-without-digest", "secret-file-copied", "shell-form-without-shell"});
    CHECK(findings[1].place == Place{"Dockerfile", 3, 3, 3, 7});
    CHECK(findings[2].place == Place{"Dockerfile", 4, 5, 4, 8});
}

TEST_CASE("a comment above an instruction leaves rules out for it") {
    const std::string pragma = "# pare ignore=shell-form-without-shell\n";
    CHECK(finds(kStatic + "CMD a\n", "shell-form-without-shell"));
    CHECK_FALSE(finds(kStatic + pragma + "CMD a\n", "shell-form-without-shell"));
    CHECK_FALSE(finds(kStatic + pragma + "# and why\nCMD a\n", "shell-form-without-shell"));
    CHECK(finds(kStatic + pragma + "\nCMD a\n", "shell-form-without-shell"));
    CHECK(finds(kStatic + pragma + "EXPOSE 8080\nCMD a\n", "shell-form-without-shell"));
    CHECK_FALSE(finds(
        kStatic + "# pare ignore=no-command, secret-file-copied\nCOPY a \\\n  .env /\n",
        "secret-file-copied"));
    const std::string unknown = kStatic + "# pare ignore=shell-from-without-shell\nCMD a\n";
    CHECK(
        told(error_of([&] { return lint(unknown); })) ==
        "Dockerfile:2:1: there is no rule shell-from-without-shell | did you mean "
        "shell-form-without-shell?");
}

TEST_CASE("options leave rules out for the whole file") {
    CHECK(
        ids(lint(kStatic + "CMD a\n", {.ignored = {"shell-form-without-shell"}})) ==
        Names{"base-without-digest"});
    CHECK(error_of([] { return lint(kStatic, {.ignored = {"x"}}); }).kind() == ErrorKind::usage);
}

TEST_CASE("the target and the arguments decide what is looked at") {
    const std::string text = "ARG BASE=debian:13\nFROM ${BASE} AS one\nUSER 1\nCMD a\nFROM one\n";
    CHECK(finds(text, "prefer-exec-form"));
    LintOptions options;
    options.build.arguments["BASE"] = "gcr.io/distroless/static-debian13";
    CHECK(ids(lint(text, options)) == Names{"base-without-digest", "shell-form-without-shell"});
    options.build.target = "none";
    CHECK(error_of([&] { return lint(text, options); }).kind() == ErrorKind::usage);
}

TEST_CASE("what is plain is mended mechanically") {
    CHECK(fixed(kStatic + "CMD /a --port 80\n") == kStatic + "CMD [\"/a\", \"--port\", \"80\"]\n");
    CHECK(fixed("FROM a\nENTRYPOINT ['/a', '-x']\n") == "FROM a\nENTRYPOINT [\"/a\", \"-x\"]\n");
    CHECK(
        fixed("FROM a\nHEALTHCHECK --retries=1 CMD ['/a']\n") ==
        "FROM a\nHEALTHCHECK --retries=1 CMD [\"/a\"]\n");
    CHECK(fixed("FROM a as b\n") == "FROM a AS b\n");
    CHECK(fixed("from a AS b\n") == "from a as b\n");
    CHECK(fixed("FROM a\nENV X a b\nLABEL y z\n") == "FROM a\nENV X=\"a b\"\nLABEL y=z\n");
    CHECK(fixed("FROM a\nENV X a\xc2\xa0<\n") == "FROM a\nENV X=\"a\xc2\xa0<\"\n");
    CHECK(
        fixed("FROM a\nMAINTAINER Ann é\n") ==
        "FROM a\nLABEL org.opencontainers.image.authors=\"Ann é\"\n");
    CHECK(fixed("FROM a\nADD x y\n") == "FROM a\nCOPY x y\n");
    CHECK(fixed("FROM a\nRUN a \\\n\n b\n") == "FROM a\nRUN a \\\n b\n");
    CHECK(fixed("\xef\xbb\xbf# é\r\nFROM a as b\r\n") == "\xef\xbb\xbf# é\r\nFROM a AS b\r\n");
    CHECK(
        fixed("\xef\xbb\xbf"
              "FROM a as b\r\n") == "\xef\xbb\xbf"
                                    "FROM a AS b\r\n");
}

TEST_CASE("bytes that are no UTF-8 do not move a fix") {
    CHECK(fixed("FROM a\nENV \xbb\xef b\nRUN \xbb\n") == "FROM a\nENV \xbb\xef=b\nRUN \xbb\n");
}

TEST_CASE("what may mean something else is not mended") {
    for (const std::string line :
         {"CMD a && b", "CMD a $X", "CMD a 'b c'", "CMD cd /x", "CMD A=b c", "CMD a \\\n b",
          "CMD [\"a\"] || exit 1", "CMD ['a', \"b\"]", "ENV X \"a\"", "ADD x.tar /"}) {
        INFO(line);
        CHECK(fixed("FROM a\n" + line + "\n") == "FROM a\n" + line + "\n");
    }
}

TEST_CASE("a fix leaves nothing behind that the same rule finds") {
    const std::string text = "FROM debian:13 as x\nENV A b\nMAINTAINER me\nADD a b\nCMD /a b\n";
    CHECK(ids(lint(fixed(text))) == Names{"base-without-digest", "runs-as-root"});
}

TEST_CASE("a debug image has its shell where SHELL has to look for it") {
    const std::string base = "FROM gcr.io/distroless/static-debian13:debug-nonroot\n";
    CHECK(finds(base + "RUN a\n", "run-without-shell"));
    CHECK_FALSE(finds(base + "SHELL [\"/busybox/sh\", \"-c\"]\nRUN a\n", "run-without-shell"));
}

TEST_CASE("a shell that is copied in is a shell") {
    const std::string id = "run-without-shell";
    CHECK_FALSE(finds("FROM scratch\nCOPY --from=busybox:1 /bin/sh /bin/sh\nRUN a\n", id));
    CHECK(finds("FROM scratch\nCOPY --from=busybox:1 /bin/sh /sh\nRUN a\n", id));
    CHECK_FALSE(finds("FROM busybox:1 AS b\nFROM scratch\nCOPY --from=b / /\nRUN a\n", id));
}

TEST_CASE("exec forms of RUN need no shell") {
    CHECK_FALSE(finds(kStatic + "RUN [\"/app\", \"--version\"]\n", "run-without-shell"));
}

TEST_CASE("a test in brackets is no exec form") {
    CHECK_FALSE(finds("FROM a\nRUN [ -f x ] && y\n", "exec-form-not-json"));
    CHECK(finds("FROM a\nCOPY ['a', 'b']\n", "exec-form-not-json"));
}

TEST_CASE("a path below a copied directory may be there") {
    const std::string id = "command-not-copied";
    const std::string copy = "FROM scratch\nCOPY --from=x /out ";
    CHECK_FALSE(finds(copy + "/\nCMD [\"/server\"]\n", id));
    CHECK_FALSE(finds(copy + "/app\nCMD [\"/app/server\"]\n", id));
    CHECK_FALSE(finds("FROM scratch\nCOPY a server /bin/\nCMD [\"/bin/server\"]\n", id));
    CHECK(finds(copy + "/app\nCMD [\"/server\"]\n", id));
    CHECK_FALSE(finds("FROM debian\nCMD [\"/server\"]\n", id));
}

TEST_CASE("Go is dynamic only where there is a C compiler") {
    const auto text = [](const std::string& base, const std::string& build) {
        return "FROM " + base + " AS b\nRUN " + build + "\n" + kStatic + "COPY --from=b /s /s\n";
    };
    const std::string id = "dynamic-program-in-static-base";
    CHECK(finds(text("golang:1.25", "go build"), id));
    CHECK_FALSE(finds(text("golang:1.25-alpine", "go build"), id));
    CHECK(finds(text("golang:1.25-alpine", "apk add gcc && go build"), id));
    CHECK_FALSE(finds(text("golang:1.25", "go build -ldflags '-extldflags \"-static\"'"), id));
    const std::string two = "FROM golang:1.25 AS b\nENV CGO_ENABLED=0\nFROM b AS c\nRUN go build\n";
    CHECK_FALSE(finds(two + kStatic + "COPY --from=c /s /s\n", id));
    const std::string data = "FROM golang:1.25 AS b\nRUN go build\n";
    CHECK_FALSE(finds(data + kStatic + "COPY --from=b /etc/ssl/certs/ca.crt /c\n", id));
}

TEST_CASE("a program is known by the words that build it") {
    const auto text = [](const std::string& base, const std::string& build, const std::string& to) {
        return "FROM " + base + " AS b\nRUN " + build + "\nFROM gcr.io/distroless/" + to +
               ":nonroot\nCOPY --from=b /s /s\n";
    };
    const std::string musl = "cargo build --target aarch64-unknown-linux-musl";
    CHECK_FALSE(finds(text("rust:1", musl, "static-debian13"), "dynamic-program-in-static-base"));
    CHECK_FALSE(finds(text("rust:1-alpine", "cargo build", "cc-debian13"), "libc-mismatch"));
    CHECK(finds(text("rust:1.91-slim", "cargo build", "cc-debian12"), "distribution-mismatch"));
    CHECK_FALSE(finds(text("rust:1.70", "cargo build", "cc-debian12"), "distribution-mismatch"));
    CHECK(finds(text("node:24-alpine", "npm ci", "nodejs24-debian13"), "libc-mismatch"));
    CHECK_FALSE(finds(text("node:24-alpine", "npm ci", "python3-debian13"), "libc-mismatch"));
    CHECK(finds(
        text("python:3.13-bullseye", "pip install x", "python3-debian13"),
        "distribution-mismatch"));
}

TEST_CASE("pages for browsers are no programs") {
    CHECK_FALSE(finds(
        "FROM node:24-alpine AS b\nRUN npm ci\nFROM gcr.io/distroless/nodejs24-debian13\n"
        "COPY --from=b /app/dist /app/dist\n",
        "libc-mismatch"));
}

TEST_CASE("variables of a base image that is not known may be set") {
    const std::string id = "undefined-variable";
    CHECK_FALSE(finds("FROM eclipse-temurin:21\nENV X=$JAVA_HOME\n", id));
    CHECK_FALSE(finds(kStatic + "ENV PATH=$PATH:/x\n", id));
    CHECK_FALSE(finds("FROM a\nARG PORT\nEXPOSE $PORT\n", id));
    CHECK(finds("FROM a\nCOPY app-$TARGETARCH /app\n", id));
    CHECK(finds(kStatic + "COPY $NAME /x\n", id));
    CHECK(finds("FROM a AS b\nARG DIR=x\nFROM c\nCOPY --from=b $DIR /x\n", id));
}

TEST_CASE("names of secrets are told from names of files that hold them") {
    const std::string id = "secret-in-environment";
    CHECK(finds("FROM a\nARG NPM_TOKEN\n", id));
    CHECK(finds("FROM a\nENV API_KEY=1\n", id));
    CHECK_FALSE(finds(
        "FROM a\nENV PASSWORD_FILE=/run/secrets/x PUBLIC_KEY=x MONKEY=1 AUTH_TYPE=x KEY=\n", id));
}

TEST_CASE("who runs is known from USER or from the base") {
    CHECK(finds("FROM debian:13\nCMD [\"a\"]\n", "runs-as-root"));
    CHECK(finds("FROM team/app:1\nUSER 0:0\n", "runs-as-root"));
    CHECK_FALSE(finds("FROM team/app:1\n", "runs-as-root"));
    CHECK_FALSE(finds("FROM cgr.dev/chainguard/static\n", "runs-as-root"));
    CHECK_FALSE(finds("FROM scratch\nCOPY passwd /etc/passwd\nUSER app\n", "user-not-in-image"));
}

TEST_CASE("a stage that starts something is a target of its own") {
    CHECK(finds("FROM a AS x\nRUN t\nFROM b\n", "unused-stage"));
    CHECK_FALSE(finds("FROM a AS x\nCMD [\"t\"]\nFROM b\n", "unused-stage"));
}

TEST_CASE("a source that is no stage may be an image or a context of the command line") {
    const std::string id = "unknown-stage";
    CHECK_FALSE(finds("FROM a AS build\nFROM b\nCOPY --from=bindings x y\n", id));
    CHECK_FALSE(finds("FROM a AS build\nFROM b\nCOPY --from=team/built:1 x y\n", id));
    CHECK(finds("FROM a\nCOPY --from=7 x y\n", id));
    CHECK(finds("FROM a\nCOPY --from=$X x y\n", id));
}
