// SPDX-License-Identifier: Apache-2.0
#include "audit/report.hh"
#include "audit/rules.hh"
#include "support/expect.hh"

#include <doctest/doctest.h>

using namespace pare;
using namespace pare::audit;
using pare::test::contains;

namespace {

Finding in_file() {
    const Place place{"a b/Dockerfile", 2, 5, 2, 8};
    return {
        .rule = find_rule("shell-form-without-shell"),
        .place = place,
        .message = "CMD needs \"sh\"\x1b, <50%>",
        .fix = Fix{place, "[\"a\"]"}};
}

Finding in_image() {
    return {
        .rule = find_rule("base-without-digest"),
        .place = {.file = "usr/bin/x:1,2"},
        .message = "m"};
}

const Subject kSubject{.name = "a b/Dockerfile", .source = "FROM x\nCMD a b\n", .version = "1"};

} // namespace

TEST_CASE("text shows the line and how to mend it") {
    CHECK(
        render(ReportFormat::text, std::vector{in_file(), in_image()}, kSubject) ==
        "a b/Dockerfile:2:5: error: CMD needs \"sh\"\\x1b, <50%> [shell-form-without-shell]\n"
        "    CMD a b\n"
        "    Write the command in exec form: [\"/server\", \"--port\", \"8080\"]. (--fix)\n"
        "usr/bin/x:1,2: note: m [base-without-digest]\n"
        "    Append @sha256:... and renew it together with your other dependencies.\n"
        "a b/Dockerfile: 1 error, 0 warnings, 1 note\n");
    CHECK(render(ReportFormat::text, {}, kSubject) == "a b/Dockerfile: nothing found\n");
}

TEST_CASE("JSON has the same keys for every finding, and lines where there are such") {
    const json::Value value = to_json(std::vector{in_file(), in_image()}, kSubject);
    CHECK(value.at("errors").as_integer() == 1);
    const json::Value& first = value.at("findings").as_array().at(0);
    CHECK(first.at("rule").as_string() == "shell-form-without-shell");
    CHECK(first.at("line").as_integer() == 2);
    CHECK(first.at("fix").at("replacement").as_string() == "[\"a\"]");
    const json::Value& second = value.at("findings").as_array().at(1);
    CHECK(second.at("fix").is_null());
    CHECK(second.as_object().find("line") == nullptr);
}

TEST_CASE("SARIF names rules once, places by URI and fixes by region") {
    const json::Value value = to_sarif(std::vector{in_file(), in_file(), in_image()}, kSubject);
    const json::Value& run = value.at("runs").as_array().at(0);
    CHECK(run.at("tool").at("driver").at("rules").as_array().size() == 2);
    const json::Array& results = run.at("results").as_array();
    REQUIRE(results.size() == 3);
    CHECK(results[0].at("level").as_string() == "error");
    const json::Value& place = results[0].at("locations").as_array().at(0).at("physicalLocation");
    CHECK(place.at("artifactLocation").at("uri").as_string() == "a%20b/Dockerfile");
    CHECK(place.at("region").at("endColumn").as_integer() == 8);
    const json::Value& change =
        results[0].at("fixes").as_array().at(0).at("artifactChanges").as_array().at(0);
    const json::Value& replacement = change.at("replacements").as_array().at(0);
    CHECK(replacement.at("insertedContent").at("text").as_string() == "[\"a\"]");
    const json::Value& last = results[2].at("locations").as_array().at(0).at("physicalLocation");
    CHECK(last.as_object().find("region") == nullptr);
}

TEST_CASE("JUnit has a failed test for each finding, or one that passes") {
    const std::string text = render(ReportFormat::junit, std::vector{in_file()}, kSubject);
    CHECK(contains(text, "tests=\"1\" failures=\"1\""));
    CHECK(contains(text, "message=\"CMD needs &quot;sh&quot;\\x1b, &lt;50%&gt;\""));
    CHECK(contains(render(ReportFormat::junit, {}, kSubject), "failures=\"0\""));
}

TEST_CASE("annotations are workflow commands with their escapes") {
    CHECK(
        render_github(std::vector{in_file(), in_image()}) ==
        "::error file=a b/Dockerfile,line=2,endLine=2,col=5,endColumn=8,"
        "title=shell-form-without-shell::CMD needs \"sh\"\\x1b, <50%25>%0AWrite the command in "
        "exec form: [\"/server\", \"--port\", \"8080\"].\n"
        "::notice file=usr/bin/x%3A1%2C2,title=base-without-digest::m%0AAppend @sha256:... and "
        "renew it together with your other dependencies.\n");
}

TEST_CASE("severities and formats have names") {
    CHECK(parse_severity("error") == Severity::error);
    CHECK_FALSE(parse_severity("fatal"));
    CHECK(parse_report_format("github") == ReportFormat::github);
    CHECK_FALSE(parse_report_format("xml"));
    CHECK(any_at_least(std::vector{in_image()}, Severity::note));
    CHECK_FALSE(any_at_least(std::vector{in_image()}, Severity::warning));
}
