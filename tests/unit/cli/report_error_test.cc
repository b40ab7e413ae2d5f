// SPDX-License-Identifier: Apache-2.0
#include "cli/report_error.hh"
#include "support/files.hh"

#include <doctest/doctest.h>

#include <new>
#include <stdexcept>
#include <system_error>

using namespace pare;
using namespace pare::cli;

namespace {

std::string render(const Error& error) {
    return render_error(error, {});
}

template <typename Exception>
Error translated(const Exception& exception) {
    return as_error(std::make_exception_ptr(exception));
}

} // namespace

TEST_CASE("an error says what, where, while doing what, and how to mend it") {
    Error error(ErrorKind::definition, "unknown key \"packges\"", "did you mean packages?");
    error.at({"nowhere/server.yaml", 3, 5})
        .while_doing("reading contents")
        .while_doing("building x");
    CHECK(
        render(error) == "error: nowhere/server.yaml:3:5: unknown key \"packges\"\n"
                         "while: reading contents\n"
                         "while: building x\n"
                         "hint: did you mean packages?\n");
    CHECK(render({ErrorKind::usage, "no"}) == "error: no\n");
}

TEST_CASE("the line of the file is shown with a mark under the column") {
    const TemporaryDirectory directory;
    const std::string file = (directory.path() / "server.yaml").string();
    write_file(file, "contents:\n    packges: [a]\n");
    Error error(ErrorKind::definition, "unknown key");
    error.at({file, 2, 7});
    CHECK(render(error) == "error: " + file + ":2:7: unknown key\n    packges: [a]\n      ^\n");
    error.at({file, 9, 1});
    CHECK(render(error) == "error: " + file + ":9:1: unknown key\n");
    error.at({file, 2, 99});
    CHECK(render(error) == "error: " + file + ":2:99: unknown key\n    packges: [a]\n");
}

TEST_CASE("colours come only where they are wanted") {
    Terminal terminal;
    terminal.colours = true;
    CHECK(render_error({ErrorKind::usage, "no"}, terminal) == "\x1b[1;31merror:\x1b[0m no\n");
}

TEST_CASE("text from outside cannot steer the terminal") {
    CHECK(render({ErrorKind::refused, "package \x1b[2J\x07"}) == "error: package \\x1b[2J\\x07\n");
}

TEST_CASE("a bug of ours asks to be reported, an interruption is short") {
    CHECK(render({ErrorKind::bug, "x"}).starts_with("bug: x\nhint: this should never happen"));
    CHECK(render({ErrorKind::interrupted, "x"}) == "interrupted\n");
}

TEST_CASE("each kind of error has its exit status") {
    CHECK(exit_status(ErrorKind::usage) == 2);
    CHECK(exit_status(ErrorKind::definition) == 2);
    CHECK(exit_status(ErrorKind::environment) == 3);
    CHECK(exit_status(ErrorKind::refused) == 4);
    CHECK(exit_status(ErrorKind::bug) == 70);
    CHECK(exit_status(ErrorKind::interrupted) == 130);
}

TEST_CASE("foreign exceptions are the system's, or bugs") {
    CHECK(translated(Error(ErrorKind::usage, "u")).kind() == ErrorKind::usage);
    CHECK(translated(std::bad_alloc()).kind() == ErrorKind::environment);
    CHECK(
        translated(std::system_error(ENOSPC, std::generic_category())).kind() ==
        ErrorKind::environment);
    CHECK(translated(std::logic_error("l")).message() == "l");
    CHECK(translated(std::logic_error("l")).kind() == ErrorKind::bug);
    CHECK(translated(7).kind() == ErrorKind::bug);
}
