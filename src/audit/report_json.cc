// SPDX-License-Identifier: Apache-2.0
// Findings as JSON: our own document, and SARIF 2.1.0 (OASIS, 2023 errata 01). In SARIF a place
// without lines is a path inside of an image; columns count characters, which columnKind says.
#include "audit/report.hh"

#include <set>

namespace pare::audit {

namespace {

json::Value number(std::size_t value) {
    return {static_cast<std::uint64_t>(value)};
}

json::Object place_json(const Place& place) {
    json::Object object{{"file", place.file}};
    if (place.line > 0) {
        object.set("line", number(place.line));
        object.set("column", number(place.column));
        object.set("end_line", number(place.end_line));
        object.set("end_column", number(place.end_column));
    }
    return object;
}

json::Object text_object(std::string_view text) {
    return {{"text", text}};
}

std::string page_of(const Rule& rule) {
    return "docs/rules/" + std::string(rule.id) + ".md";
}

/// Only what may stand in a URI; the rest percent-encoded.
std::string uri_of(std::string_view path) {
    constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                        "0123456789-._~/";
    constexpr std::string_view kHex = "0123456789ABCDEF";
    std::string uri;
    for (const char c : path) {
        if (kPlain.find(c) != std::string_view::npos) {
            uri += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            uri += '%';
            uri += kHex[byte >> 4U];
            uri += kHex[byte & 0xfU];
        }
    }
    return uri;
}

json::Object region(const Place& place) {
    return {
        {"startLine", number(place.line)},
        {"startColumn", number(place.column)},
        {"endLine", number(place.end_line)},
        {"endColumn", number(place.end_column)}};
}

json::Object location(const Place& place) {
    json::Object physical{{"artifactLocation", json::Object{{"uri", uri_of(place.file)}}}};
    if (place.line > 0) {
        physical.set("region", region(place));
    }
    return {{"physicalLocation", std::move(physical)}};
}

json::Object sarif_rule(const Rule& rule) {
    return {
        {"id", rule.id},
        {"shortDescription", text_object(rule.what)},
        {"fullDescription", text_object(rule.why)},
        {"help", text_object(rule.mend)},
        {"defaultConfiguration", json::Object{{"level", severity_name(rule.severity)}}},
        {"properties", json::Object{{"page", page_of(rule)}}}};
}

json::Object sarif_fix(const Fix& fix, const Rule& rule) {
    const json::Object replacement{
        {"deletedRegion", region(fix.place)}, {"insertedContent", text_object(fix.replacement)}};
    const json::Object change{
        {"artifactLocation", json::Object{{"uri", uri_of(fix.place.file)}}},
        {"replacements", json::Array{replacement}}};
    return {{"description", text_object(rule.mend)}, {"artifactChanges", json::Array{change}}};
}

} // namespace

json::Value to_json(std::span<const Finding> findings, const Subject& subject) {
    json::Array list;
    for (const Finding& finding : findings) {
        json::Object object = place_json(finding.place);
        object.set("rule", finding.rule->id);
        object.set("severity", severity_name(finding.rule->severity));
        object.set("message", finding.message);
        object.set("mend", finding.rule->mend);
        json::Value fix;
        if (finding.fix) {
            json::Object change = place_json(finding.fix->place);
            change.set("replacement", finding.fix->replacement);
            fix = std::move(change);
        }
        object.set("fix", std::move(fix));
        list.emplace_back(std::move(object));
    }
    const Counts counts = count(findings);
    return json::Object{
        {"subject", subject.name},
        {"errors", number(counts.errors)},
        {"warnings", number(counts.warnings)},
        {"notes", number(counts.notes)},
        {"findings", std::move(list)}};
}

json::Value to_sarif(std::span<const Finding> findings, const Subject& subject) {
    json::Array rules;
    std::set<std::string_view> seen;
    json::Array results;
    for (const Finding& finding : findings) {
        if (seen.insert(finding.rule->id).second) {
            rules.emplace_back(sarif_rule(*finding.rule));
        }
        json::Object result{
            {"ruleId", finding.rule->id},
            {"level", severity_name(finding.rule->severity)},
            {"message", text_object(finding.message)},
            {"locations", json::Array{location(finding.place)}}};
        if (finding.fix) {
            result.set("fixes", json::Array{sarif_fix(*finding.fix, *finding.rule)});
        }
        results.emplace_back(std::move(result));
    }
    const json::Object driver{
        {"name", "pare"}, {"version", subject.version}, {"rules", std::move(rules)}};
    const json::Object run{
        {"tool", json::Object{{"driver", driver}}},
        {"columnKind", "unicodeCodePoints"},
        {"results", std::move(results)}};
    return json::Object{
        {"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
        {"version", "2.1.0"},
        {"runs", json::Array{run}}};
}

} // namespace pare::audit
