// SPDX-License-Identifier: Apache-2.0
// Reports for build servers.
//   JUnit   the XML that they show as tests: a test suite, one failed test case a finding
//   GitHub  ::LEVEL file=F,line=L,col=C,endLine=L,endColumn=C,title=T::MESSAGE
// In the latter %, CR and LF are escaped in messages, ':' and ',' in properties too.
#include "audit/report.hh"

#include <fmt/core.h>

namespace pare::audit {

namespace {

/// Text of XML 1.0, which cannot have control characters at all.
std::string xml(std::string_view text) {
    std::string escaped;
    for (const char c : visible(text)) {
        switch (c) {
        case '&':
            escaped += "&amp;";
            break;
        case '<':
            escaped += "&lt;";
            break;
        case '>':
            escaped += "&gt;";
            break;
        case '"':
            escaped += "&quot;";
            break;
        default:
            escaped += c;
        }
    }
    return escaped;
}

std::string where(const Place& place) {
    return place.line == 0 ? place.file
                           : fmt::format("{}:{}:{}", place.file, place.line, place.column);
}

enum class Part { message, property };

std::string escape_command(std::string_view text, Part part) {
    std::string escaped;
    for (const char c : text) {
        const bool special = c == '%' || c == '\r' || c == '\n' ||
                             (part == Part::property && (c == ':' || c == ','));
        escaped += special ? fmt::format("%{:02X}", static_cast<unsigned>(c)) : std::string(1, c);
    }
    return escaped;
}

std::string_view command_name(Severity severity) {
    return severity == Severity::note ? "notice" : severity_name(severity);
}

} // namespace

std::string render_junit(std::span<const Finding> findings, const Subject& subject) {
    const std::size_t tests = findings.empty() ? 1 : findings.size();
    std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    text += fmt::format(
        "<testsuites name=\"pare\" tests=\"{0}\" failures=\"{1}\">\n"
        "  <testsuite name=\"{2}\" tests=\"{0}\" failures=\"{1}\" errors=\"0\">\n",
        tests, findings.size(), xml(subject.name));
    for (const Finding& finding : findings) {
        const std::string at = where(finding.place);
        text += fmt::format(
            "    <testcase name=\"{} {}\" classname=\"{}\">\n"
            "      <failure type=\"{}\" message=\"{}\">{}\n{}</failure>\n"
            "    </testcase>\n",
            finding.rule->id, xml(at), xml(subject.name), severity_name(finding.rule->severity),
            xml(finding.message), xml(at), xml(finding.rule->mend));
    }
    if (findings.empty()) {
        text += fmt::format(
            "    <testcase name=\"nothing found\" classname=\"{}\"/>\n", xml(subject.name));
    }
    return text + "  </testsuite>\n</testsuites>\n";
}

std::string render_github(std::span<const Finding> findings) {
    std::string text;
    for (const Finding& finding : findings) {
        const Place& place = finding.place;
        std::string lines;
        if (place.line > 0) {
            lines = fmt::format(",line={},endLine={}", place.line, place.end_line);
            // Columns are only taken for a part of one line.
            if (place.line == place.end_line) {
                lines += fmt::format(",col={},endColumn={}", place.column, place.end_column);
            }
        }
        text += fmt::format(
            "::{} file={}{},title={}::{}\n", command_name(finding.rule->severity),
            escape_command(visible(place.file), Part::property), lines, finding.rule->id,
            escape_command(
                visible(finding.message) + "\n" + std::string(finding.rule->mend), Part::message));
    }
    return text;
}

} // namespace pare::audit
