// SPDX-License-Identifier: Apache-2.0
// Dockerfiles of other people, from text to every report: whatever parses can be linted, what is
// mended still parses, and reports are documents.
#include "audit/lint.hh"
#include "audit/report.hh"
#include "dockerfile/parse.hh"
#include "support/bytes.hh"
#include "support/error.hh"

#include <cstddef>
#include <cstdint>

using namespace pare;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const BytesView input(reinterpret_cast<const char*>(data), size);
    std::vector<audit::Finding> findings;
    try {
        const dockerfile::Document document = dockerfile::parse(input, "Dockerfile");
        findings = audit::lint_dockerfile(document);
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::bug) {
            throw;
        }
        return 0;
    }
    const audit::Subject subject{.name = "Dockerfile", .source = std::string(input)};
    for (const auto format :
         {audit::ReportFormat::text, audit::ReportFormat::json, audit::ReportFormat::sarif,
          audit::ReportFormat::junit, audit::ReportFormat::github}) {
        ensure(
            findings.empty() || !audit::render(format, findings, subject).empty(),
            "findings make a report");
    }
    const std::string fixed = audit::apply_fixes(input, findings);
    const dockerfile::Document again = dockerfile::parse(fixed, "Dockerfile");
    static_cast<void>(audit::lint_dockerfile(again));
    return 0;
}
