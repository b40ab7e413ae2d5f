// SPDX-License-Identifier: Apache-2.0
// Programs of the host, run without a shell.
#include "support/expect.hh"
#include "support/files.hh"
#include "support/subprocess.hh"

#include <cstdlib>

namespace pare::test {

namespace {

SubprocessResult in_shell(const std::string& line, const SubprocessOptions& options = {}) {
    return run_subprocess({"/bin/sh", "-c", line}, options);
}

} // namespace

TEST_CASE("a program gives its two outputs and its status") {
    const SubprocessResult result = in_shell("echo out; echo err >&2; exit 3");
    CHECK(result.output == "out\n");
    CHECK(result.errors == "err\n");
    CHECK(result.status == 3);
    CHECK(in_shell("kill -9 $$").status == 137);
}

TEST_CASE("words are words, whatever is in them") {
    const SubprocessResult result =
        run_subprocess({"/bin/sh", "-c", "printf '%s|' \"$@\"", "sh", "a b", "$HOME;*", ""});
    CHECK(result.output == "a b|$HOME;*||");
}

TEST_CASE("nothing is on its standard input, and it runs where it should") {
    const TemporaryDirectory directory;
    const SubprocessResult result = in_shell("cat; pwd", {.directory = directory.path()});
    CHECK(result.output == directory.path().string() + "\n");
}

TEST_CASE("variables can be kept from it") {
    ::setenv("PARE_TEST_VARIABLE", "here", 1);
    CHECK(in_shell("echo $PARE_TEST_VARIABLE").output == "here\n");
    CHECK(in_shell("echo $PARE_TEST_VARIABLE", {.without = {"PARE_TEST_VARIABLE"}}).output == "\n");
    ::unsetenv("PARE_TEST_VARIABLE");
}

TEST_CASE("what is printed beyond the limit is dropped, and the program goes on") {
    const SubprocessResult result = in_shell(
        "head -c 300000 /dev/zero; head -c 300000 /dev/zero >&2; exit 5", {.most_output = 1000});
    CHECK(result.output.size() == 1000);
    CHECK(result.errors.size() == 1000);
    CHECK(result.status == 5);
}

TEST_CASE("a program that is not there is an error") {
    const Error error = error_of([] { return run_subprocess({"/nowhere/program"}); });
    CHECK(error.kind() == ErrorKind::environment);
    CHECK(contains(error.message(), "/nowhere/program"));
}

} // namespace pare::test
