// SPDX-License-Identifier: Apache-2.0
#include "audit/report.hh"

#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

namespace pare::audit {

namespace {

constexpr std::array<std::pair<std::string_view, ReportFormat>, 5> kFormats = {{
    {"text", ReportFormat::text},
    {"json", ReportFormat::json},
    {"sarif", ReportFormat::sarif},
    {"junit", ReportFormat::junit},
    {"github", ReportFormat::github},
}};

std::string plural(std::size_t number, std::string_view word) {
    return fmt::format("{} {}{}", number, word, number == 1 ? "" : "s");
}

/// The line of the source and a mark below it.
std::string excerpt(const Place& place, const std::vector<std::string_view>& lines) {
    if (place.line == 0 || place.line > lines.size()) {
        return {};
    }
    constexpr std::size_t kShown = 160;
    const std::string line = visible(trim(lines[place.line - 1]).substr(0, kShown));
    return line.empty() ? "" : "    " + line + "\n";
}

} // namespace

std::optional<ReportFormat> parse_report_format(std::string_view name) {
    for (const auto& [known, format] : kFormats) {
        if (known == name) {
            return format;
        }
    }
    return std::nullopt;
}

std::string visible(std::string_view text) {
    std::string shown;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20U || byte == 0x7fU) {
            shown += fmt::format("\\x{:02x}", static_cast<unsigned>(byte));
        } else {
            shown += c;
        }
    }
    return shown;
}

Counts count(std::span<const Finding> findings) {
    Counts counts;
    for (const Finding& finding : findings) {
        std::size_t& number = finding.rule->severity == Severity::error     ? counts.errors
                              : finding.rule->severity == Severity::warning ? counts.warnings
                                                                            : counts.notes;
        ++number;
    }
    return counts;
}

bool any_at_least(std::span<const Finding> findings, Severity severity) {
    return std::any_of(findings.begin(), findings.end(), [severity](const Finding& finding) {
        return finding.rule->severity >= severity;
    });
}

std::string render_text(std::span<const Finding> findings, const Subject& subject) {
    const auto lines = split(subject.source, '\n');
    std::string text;
    for (const Finding& finding : findings) {
        const Place& place = finding.place;
        const std::string where =
            place.line == 0 ? place.file
                            : fmt::format("{}:{}:{}", place.file, place.line, place.column);
        text += fmt::format(
            "{}: {}: {} [{}]\n", visible(where), severity_name(finding.rule->severity),
            visible(finding.message), finding.rule->id);
        text += excerpt(place, lines);
        text += fmt::format("    {}{}\n", finding.rule->mend, finding.fix ? " (--fix)" : "");
    }
    const Counts counts = count(findings);
    if (findings.empty()) {
        return text + visible(subject.name) + ": nothing found\n";
    }
    return text + fmt::format(
                      "{}: {}, {}, {}\n", visible(subject.name), plural(counts.errors, "error"),
                      plural(counts.warnings, "warning"), plural(counts.notes, "note"));
}

std::string render(ReportFormat format, std::span<const Finding> findings, const Subject& subject) {
    switch (format) {
    case ReportFormat::text:
        return render_text(findings, subject);
    case ReportFormat::json:
        return json::write(to_json(findings, subject), json::Layout::pretty) + "\n";
    case ReportFormat::sarif:
        return json::write(to_sarif(findings, subject), json::Layout::pretty) + "\n";
    case ReportFormat::junit:
        return render_junit(findings, subject);
    case ReportFormat::github:
        return render_github(findings);
    }
    return {};
}

} // namespace pare::audit
