// SPDX-License-Identifier: Apache-2.0
// Problem: users have the sources of their packages in APT's words, and those should do as they
// are. Format: sources.list(5): one line `deb [option=value ...] URI SUITE COMPONENT...`, and
// deb822 paragraphs (Types, URIs, Suites, Components, options). Refuses: options that switch off
// what pare always asks for, options that nobody knows, URIs of other kinds than http, https and
// file.
#include "deb/sources.hh"

#include "deb/control.hh"
#include "support/error.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace pare::deb {

namespace {

/// Fields of deb822 and options of a line; empty names where there is no such thing.
struct Setting {
    std::string_view field;
    std::string_view option;
    void (*apply)(Source& source, std::string_view value, const std::string& where);
};

[[noreturn]] void refuse(const std::string& where, const std::string& what, std::string hint) {
    throw Error(ErrorKind::definition, what, std::move(hint)).at({.file = where});
}

/// Between white space and commas; the line form has the latter, deb822 the former.
std::vector<std::string> words_of(std::string_view value) {
    std::vector<std::string> words;
    for (const std::string_view part : split_words(value)) {
        for (const std::string_view word : split(part, ',')) {
            if (!word.empty()) {
                words.emplace_back(word);
            }
        }
    }
    return words;
}

bool truth(std::string_view value, const std::string& where) {
    for (const std::string_view word : {"yes", "true", "on", "1", "enable", "with"}) {
        if (value == word) {
            return true;
        }
    }
    for (const std::string_view word : {"no", "false", "off", "0", "disable", "without"}) {
        if (value == word) {
            return false;
        }
    }
    refuse(where, fmt::format("'{}' is neither yes nor no", value), "write yes or no");
}

/// A key in the source itself: deb822 indents its lines and writes an empty one as a dot.
std::string embedded_key(std::string_view value) {
    std::string key;
    for (const std::string_view line : split(value, '\n')) {
        const std::string_view text = trim(line);
        key.append(text == "." ? "" : text).push_back('\n');
    }
    return key;
}

void set_signed_by(Source& source, std::string_view value, const std::string& /*where*/) {
    if (value.find("-----BEGIN") != std::string_view::npos) {
        source.signed_by = {embedded_key(value)};
    } else {
        source.signed_by = words_of(value);
    }
}

void set_architectures(Source& source, std::string_view value, const std::string& /*where*/) {
    source.architectures = words_of(value);
}

void set_trusted(Source& source, std::string_view value, const std::string& where) {
    source.trusted = truth(value, where);
}

void set_check_valid_until(Source& source, std::string_view value, const std::string& where) {
    source.check_valid_until = truth(value, where);
}

void ignore(Source& /*source*/, std::string_view /*value*/, const std::string& /*where*/) {}

void refuse_weak(Source& /*source*/, std::string_view value, const std::string& where) {
    if (truth(value, where)) {
        refuse(
            where, "an option of this source allows what pare never does",
            "remove Allow-Insecure, Allow-Weak and Allow-Downgrade-To-Insecure");
    }
}

/// What apt uses to choose among index files and ways to fetch them does not concern pare.
constexpr std::array<Setting, 14> kSettings = {{
    {"Signed-By", "signed-by", set_signed_by},
    {"Architectures", "arch", set_architectures},
    {"Trusted", "trusted", set_trusted},
    {"Check-Valid-Until", "check-valid-until", set_check_valid_until},
    {"Languages", "lang", ignore},
    {"Targets", "target", ignore},
    {"PDiffs", "pdiffs", ignore},
    {"By-Hash", "by-hash", ignore},
    {"Check-Date", "check-date", ignore},
    {"Date-Max-Future", "date-max-future", ignore},
    {"Description", "", ignore},
    {"Allow-Insecure", "allow-insecure", refuse_weak},
    {"Allow-Weak", "allow-weak", refuse_weak},
    {"Allow-Downgrade-To-Insecure", "allow-downgrade-to-insecure", refuse_weak},
}};

constexpr std::array<std::string_view, 5> kOwnFields = {
    "Types", "URIs", "Suites", "Components", "Enabled"};

bool same_name(std::string_view left, std::string_view right) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : int{c}; };
    return std::ranges::equal(left, right, {}, lower, lower);
}

[[noreturn]] void refuse_unknown(
    std::string_view name, std::string_view Setting::* column, const std::string& where) {
    std::vector<std::string> known;
    known.reserve(kSettings.size());
    for (const Setting& setting : kSettings) {
        known.emplace_back(setting.*column);
    }
    const auto meant = nearest(name, known);
    refuse(
        where, fmt::format("pare knows no option '{}'", name),
        meant ? fmt::format("did you mean {}?", *meant) : "see sources.list(5)");
}

void apply(
    Source& source, std::string_view Setting::* column, std::string_view name,
    std::string_view value, const std::string& where) {
    const auto found = std::ranges::find_if(kSettings, [&](const Setting& setting) {
        return !(setting.*column).empty() && same_name(setting.*column, name);
    });
    if (found == kSettings.end()) {
        refuse_unknown(name, column, where);
    }
    found->apply(source, value, where);
}

std::string checked_uri(std::string_view text, const std::string& where) {
    const bool is_known =
        std::ranges::any_of(std::array{"http://", "https://", "file:/"}, [&](const char* scheme) {
            return text.starts_with(scheme) && text.size() > std::string_view(scheme).size();
        });
    if (!is_known) {
        refuse(
            where, fmt::format("'{}' is no URL that pare can fetch from", text),
            "write http://, https:// or file:///");
    }
    std::string uri(text);
    if (!uri.ends_with('/')) {
        uri.push_back('/');
    }
    return uri;
}

/// A suite becomes part of URLs; it has no business above its archive.
void check_suite(const Source& source, const std::string& where) {
    const auto parts = split(source.suite, '/');
    if (source.suite.starts_with('/') && source.suite != "/") {
        refuse(where, "the suite begins with a slash", "write the path from the archive's URL on");
    }
    if (std::ranges::find(parts, "..") != parts.end()) {
        refuse(where, "the suite leads out of the archive", "name the suite: trixie");
    }
    const bool is_flat = source.suite.ends_with('/');
    if (is_flat && !source.components.empty()) {
        refuse(
            where, fmt::format("the flat archive '{}' has components", source.suite),
            "remove the components, or the slash at the end of the suite");
    }
    if (!is_flat && source.components.empty()) {
        refuse(
            where, fmt::format("the suite '{}' has no components", source.suite),
            "name some: main");
    }
}

/// Splits off `[...]`, which may hold spaces.
std::string_view take_options(std::string_view& rest, const std::string& where) {
    rest = trim(rest);
    if (!rest.starts_with('[')) {
        return {};
    }
    const std::size_t end = rest.find(']');
    if (end == std::string_view::npos) {
        refuse(where, "the options have no end", "close them with ]");
    }
    const std::string_view options = rest.substr(1, end - 1);
    rest.remove_prefix(end + 1);
    return options;
}

bool asks_for_packages(const Paragraph& paragraph, const std::string& where) {
    if (paragraph.has("Enabled") && !truth(paragraph.value("Enabled"), where)) {
        return false;
    }
    const auto types = words_of(paragraph.value("Types"));
    for (const std::string& type : types) {
        if (type != "deb" && type != "deb-src") {
            refuse(where, fmt::format("there is no type '{}'", type), "write Types: deb");
        }
    }
    if (types.empty()) {
        refuse(where, "the source has no Types", "write Types: deb");
    }
    return std::ranges::find(types, "deb") != types.end();
}

std::vector<Source> sources_of(const Paragraph& paragraph, const std::string& where) {
    if (!asks_for_packages(paragraph, where)) {
        return {};
    }
    Source common{.components = words_of(paragraph.value("Components")), .where = where};
    for (const auto& [field, value] : paragraph.fields) {
        const auto is_field = [&](std::string_view own) { return same_name(own, field); };
        if (!field.starts_with("X-") && !std::ranges::any_of(kOwnFields, is_field)) {
            apply(common, &Setting::field, field, value, where);
        }
    }
    std::vector<Source> sources;
    for (const std::string_view uri : split_words(paragraph.value("URIs"))) {
        for (const std::string_view suite : split_words(paragraph.value("Suites"))) {
            Source source = common;
            source.uri = checked_uri(uri, where);
            source.suite = suite;
            check_suite(source, where);
            sources.push_back(std::move(source));
        }
    }
    if (sources.empty()) {
        refuse(where, "the source has no URIs or no Suites", "name both");
    }
    return sources;
}

} // namespace

std::optional<Source> parse_one_line(std::string_view line, const std::string& where) {
    std::string_view rest = trim(line.substr(0, line.find('#')));
    const std::string_view type = rest.substr(0, rest.find_first_of(" \t"));
    if (type == "deb-src" || type.empty()) {
        return std::nullopt;
    }
    if (type != "deb") {
        refuse(
            where, fmt::format("'{}' begins no source", type),
            "write deb [signed-by=KEYS] URL SUITE COMPONENT");
    }
    rest.remove_prefix(type.size());
    Source source{.where = where};
    for (const std::string_view option : split_words(take_options(rest, where))) {
        const std::size_t equals = option.find('=');
        if (equals == std::string_view::npos) {
            refuse(where, fmt::format("the option '{}' has no value", option), "write name=value");
        }
        apply(source, &Setting::option, option.substr(0, equals), option.substr(equals + 1), where);
    }
    const auto words = split_words(rest);
    if (words.size() < 2) {
        refuse(where, "the source has no URL or no suite", "write deb URL SUITE COMPONENT");
    }
    source.uri = checked_uri(words[0], where);
    source.suite = words[1];
    source.components.assign(words.begin() + 2, words.end());
    check_suite(source, where);
    return source;
}

std::vector<Source> parse_list(std::string_view text, const std::string& name) {
    std::vector<Source> sources;
    std::size_t number = 0;
    for (const std::string_view line : split(text, '\n')) {
        ++number;
        if (auto source = parse_one_line(line, fmt::format("{}:{}", name, number))) {
            sources.push_back(std::move(*source));
        }
    }
    return sources;
}

std::vector<Source> parse_deb822_sources(std::string_view text, const std::string& name) {
    std::vector<Paragraph> paragraphs;
    try {
        paragraphs = parse_control(text, name);
    } catch (const Error& error) {
        throw Error(ErrorKind::definition, error.message(), error.hint()).at(error.where());
    }
    std::vector<Source> sources;
    for (const Paragraph& paragraph : paragraphs) {
        for (Source& source : sources_of(paragraph, fmt::format("{}:{}", name, paragraph.line))) {
            sources.push_back(std::move(source));
        }
    }
    return sources;
}

} // namespace pare::deb
