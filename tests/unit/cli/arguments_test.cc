// SPDX-License-Identifier: Apache-2.0
#include "cli/arguments.hh"
#include "cli/help.hh"
#include "cli/source_options.hh"
#include "support/expect.hh"

#include <doctest/doctest.h>

using namespace pare;
using namespace pare::cli;

namespace {

using Words = std::vector<std::string>;

/// `message | hint` of the error.
std::string problem(const Words& words) {
    const auto error = test::thrown_by([&] { return parse_arguments(words); });
    CHECK((!error || error->kind() == ErrorKind::usage));
    return error ? error->message() + " | " + error->hint() : "";
}

const Option& option_of(const Command& command, std::string_view names) {
    for (const Option& option : command.options) {
        if (option.names == names) {
            return option;
        }
    }
    throw Error(ErrorKind::bug, "there is no such option");
}

Words list_of(const Command& command, std::string_view names) {
    return *std::get<Words*>(option_of(command, names).target);
}

std::string text_of(const Command& command, std::string_view names) {
    return *std::get<std::string*>(option_of(command, names).target);
}

} // namespace

TEST_CASE("options take one value each time, arguments all that are left") {
    const Invocation invocation = parse_arguments(
        {"build", "cc", "--arch", "amd64", "server.yaml", "-o", "out", "--arch=arm64", "-vq",
         "--json", "--jobs", "3"});
    const Command& command = invocation.command;
    CHECK(list_of(command, "DEFINITION") == Words{"cc", "server.yaml"});
    CHECK(list_of(command, "--arch") == Words{"amd64", "arm64"});
    CHECK(text_of(command, "-o,--output") == "out");
    CHECK(text_of(command, "--format") == "oci");
    CHECK(*std::get<std::uint64_t*>(option_of(command, "--jobs").target) == 3);
    CHECK(invocation.common.verbose == 1);
    CHECK(invocation.common.quiet);
    CHECK(invocation.common.json);
    CHECK_FALSE(invocation.help);
}

TEST_CASE("commands of two words are found") {
    const Invocation invocation = parse_arguments({"show", "why", "cc", "libc6"});
    CHECK(text_of(invocation.command, "DEFINITION") == "cc");
    CHECK(text_of(invocation.command, "PACKAGE") == "libc6");
}

TEST_CASE("unknown commands and options name the nearest") {
    CHECK(problem({"biuld"}) == "there is no command \"biuld\" | did you mean pare build?");
    CHECK(
        problem({"show", "pakages", "cc"}) ==
        "there is no command \"show pakages\" | did you mean pare show packages?");
    CHECK(problem({"frobnicate"}) == "there is no command \"frobnicate\" | see pare --help");
    CHECK(
        problem({"build", "cc", "-o", "x", "--ofline"}) ==
        "pare build has no option --ofline | did you mean --offline?");
    CHECK(
        problem({"build", "cc", "-o", "x", "--formt=oci"}) ==
        "pare build has no option --formt | did you mean --format?");
    CHECK(
        problem({"build", "cc", "-o", "x", "--xyzzy"}) ==
        "pare build has no option --xyzzy | see pare build --help");
}

TEST_CASE("what is missing or too much is said in our words") {
    CHECK(problem({}) == "no command is given | see pare --help");
    CHECK(problem({"show"}) == "pare show needs to know what | see pare show --help");
    CHECK(problem({"lock"}) == "pare lock needs DEFINITION | see pare lock --help");
    CHECK(
        problem({"show", "why", "cc"}) == "pare show why needs PACKAGE | see pare show why --help");
    CHECK(
        problem({"version", "now"}) ==
        "pare version does not take \"now\" | see pare version --help");
    CHECK(problem({"--json", "build"}).starts_with("the option --json stands before a command"));
    CHECK_FALSE(problem({"build", "cc", "-o"}).empty());
    CHECK_FALSE(problem({"build", "cc", "-o", "x", "--jobs", "many"}).empty());
}

TEST_CASE("every command has a help with an example that the command line takes") {
    for (const CommandRow& row : commands()) {
        CAPTURE(row.name);
        Words words;
        for (std::size_t at = 0; at < row.name.size();) {
            const std::size_t end = std::min(row.name.find(' ', at), row.name.size());
            words.emplace_back(row.name.substr(at, end - at));
            at = end + 1;
        }
        words.emplace_back("--help");
        const Invocation invocation = parse_arguments(words);
        REQUIRE(invocation.help);
        CHECK(invocation.help->starts_with("Usage: pare " + std::string(row.name)));
        CHECK(invocation.help->find("  pare " + std::string(row.name)) != std::string::npos);
        CHECK(overview().find(row.summary) != std::string::npos);
        std::string examples = row.make().examples;
        for (std::size_t at = 0; at < examples.size();) {
            const std::size_t end = std::min(examples.find('\n', at), examples.size());
            Words example;
            for (std::size_t word = at; word < end;) {
                const std::size_t stop = std::min(examples.find(' ', word), end);
                example.push_back(examples.substr(word, stop - word));
                word = stop + 1;
            }
            example.erase(example.begin());
            CHECK(problem(example).empty());
            at = end + 1;
        }
    }
}

TEST_CASE("help is there for the program, a group and by its own name") {
    CHECK(parse_arguments({"--help"}).help == overview());
    CHECK(parse_arguments({"help"}).help == overview());
    CHECK(parse_arguments({"help", "lock"}).help->starts_with("Usage: pare lock DEFINITION"));
    CHECK(parse_arguments({"show", "-h"}).help->find("show layers") != std::string::npos);
    CHECK_FALSE(parse_arguments({"--version"}).help);
}

TEST_CASE("a lock stands beside its definition") {
    CHECK(default_lock_path("server.yaml") == "server.lock.json");
    CHECK(default_lock_path("dir.d/server.yml:debug") == "dir.d/server.lock.json");
    CHECK(default_lock_path("cc:debug") == "cc.lock.json");
    CHECK(default_lock_path("a:b/c") == "a:b/c.lock.json");
}

TEST_CASE("requests are made of options and the environment") {
    SourceOptions options;
    options.archs = {"amd64,arm64", "arm/v7"};
    options.refresh = true;
    const Environment epoch = [](const char* name) {
        return std::string(std::string_view(name) == "SOURCE_DATE_EPOCH" ? "1700000000" : "");
    };
    const build::Request request = options.request({"cc"}, epoch);
    CHECK(request.archs == Words{"amd64", "arm64", "arm/v7"});
    CHECK(request.fresh_for == 0);
    CHECK(request.source_date_epoch == 1'700'000'000);
    options.offline = true;
    CHECK_THROWS_AS(static_cast<void>(options.request({}, epoch)), Error);
    options.offline = false;
    const Environment wrong = [](const char*) { return std::string("yesterday"); };
    CHECK_THROWS_AS(static_cast<void>(options.request({}, wrong)), Error);
}
