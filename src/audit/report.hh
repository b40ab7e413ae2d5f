// SPDX-License-Identifier: Apache-2.0
// Findings as documents: pure functions from findings to text.
#pragma once

#include "audit/finding.hh"
#include "support/json.hh"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pare::audit {

enum class ReportFormat { text, json, sarif, junit, github };

[[nodiscard]] std::optional<ReportFormat> parse_report_format(std::string_view name);

/// What was looked at, beside the findings themselves.
struct Subject {
    std::string name{};    ///< the file or the image
    std::string source{};  ///< its text, to show lines of it; may be empty
    std::string version{}; ///< of pare
};

/// Ends with a line feed. Control characters of the input are escaped.
[[nodiscard]] std::string
render(ReportFormat format, std::span<const Finding> findings, const Subject& subject);

// One for each format.
[[nodiscard]] std::string render_text(std::span<const Finding> findings, const Subject& subject);
[[nodiscard]] json::Value to_json(std::span<const Finding> findings, const Subject& subject);
/// SARIF 2.1.0, as code scanning services read it.
[[nodiscard]] json::Value to_sarif(std::span<const Finding> findings, const Subject& subject);
/// One failed test case a finding, or one that passes.
[[nodiscard]] std::string render_junit(std::span<const Finding> findings, const Subject& subject);
/// Workflow commands that annotate lines of a pull request.
[[nodiscard]] std::string render_github(std::span<const Finding> findings);

/// How many there are of each severity.
struct Counts {
    std::size_t notes = 0;
    std::size_t warnings = 0;
    std::size_t errors = 0;
};

[[nodiscard]] Counts count(std::span<const Finding> findings);
/// Whether one is at least so severe.
[[nodiscard]] bool any_at_least(std::span<const Finding> findings, Severity severity);

/// `text` with control characters as `\x1b`.
[[nodiscard]] std::string visible(std::string_view text);

} // namespace pare::audit
