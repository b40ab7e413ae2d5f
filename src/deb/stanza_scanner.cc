// SPDX-License-Identifier: Apache-2.0
// Problem: an index of 50 MB and 70 000 paragraphs is read by every build that has no lock, and
// few of its paragraphs matter.
// Format: deb822(5) as in deb/control.cc, but without comments, which a Packages file never has.
// Refuses: comments, and paragraphs that do not say once each what they are called (Package,
// Version, Architecture).
#include "deb/stanza_scanner.hh"

#include "support/error.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <cstring>

namespace pare::deb {

namespace {

/// Whether `line` begins with `field` (in lower case) and a colon.
bool begins_with_field(std::string_view line, std::string_view field) {
    if (line.size() <= field.size() || line[field.size()] != ':') {
        return false;
    }
    return std::ranges::equal(line.substr(0, field.size()), field, [](char given, char wanted) {
        return given == wanted || (given | 0x20) == wanted;
    });
}

bool is_blank(std::string_view line) {
    return line.find_first_not_of(" \t\r") == std::string_view::npos;
}

} // namespace

void StanzaScanner::refuse(
    std::string_view place, const std::string& what, const std::string& hint) const {
    const std::string_view before(text_.begin(), place.begin());
    const auto lines = static_cast<std::size_t>(std::ranges::count(before, '\n'));
    throw Error(ErrorKind::refused, what, hint).at({name_, lines + 1, 1});
}

std::string_view StanzaScanner::take_line() {
    const char* const begin = text_.data() + position_;
    const std::size_t left = text_.size() - position_;
    const auto* const end = static_cast<const char*>(std::memchr(begin, '\n', left));
    const std::size_t size = end == nullptr ? left : static_cast<std::size_t>(end - begin);
    position_ += std::min(size + 1, left);
    return {begin, size};
}

StanzaScanner::Line StanzaScanner::classify(std::string_view line) const {
    if (line.empty()) {
        return Line::blank;
    }
    switch (line.front()) {
    case ' ':
    case '\t':
    case '\r':
        return is_blank(line) ? Line::blank : Line::continuation;
    case '#':
        refuse(line, "a comment stands in a Packages file", "regenerate the index without it");
    default:
        return Line::field;
    }
}

void StanzaScanner::set_once(
    std::string_view& value, std::string_view line, std::size_t field_size) {
    if (value.data() != nullptr) {
        refuse(
            line, fmt::format("the field {} stands here a second time", line.substr(0, field_size)),
            "the index is broken; ask whoever runs the repository to make it again");
    }
    value = line.substr(field_size + 1);
    folded_ = &value;
}

void StanzaScanner::take_field(std::string_view line) {
    folded_ = nullptr;
    // One look at the first letter spares most lines the comparisons.
    switch (line.front() | 0x20) {
    case 'p':
        if (begins_with_field(line, "package")) {
            set_once(stanza_.package, line, 7);
        } else if (begins_with_field(line, "provides")) {
            set_once(stanza_.provides, line, 8);
        }
        break;
    case 'v':
        if (begins_with_field(line, "version")) {
            set_once(stanza_.version, line, 7);
        }
        break;
    case 'a':
        if (begins_with_field(line, "architecture")) {
            set_once(stanza_.architecture, line, 12);
        }
        break;
    case 'm':
        if (begins_with_field(line, "multi-arch")) {
            stanza_.is_multi_arch_allowed = trim(line.substr(11)) == "allowed";
        }
        break;
    default:
        break;
    }
}

void StanzaScanner::check() const {
    const auto need = [this](std::string_view value, std::string_view field) {
        if (value.empty()) {
            refuse(
                stanza_.text, fmt::format("a paragraph without {}", field),
                "the index is broken; ask whoever runs the repository to make it again");
        }
    };
    need(stanza_.package, "Package");
    need(stanza_.version, "Version");
    need(stanza_.architecture, "Architecture");
}

const Stanza* StanzaScanner::next() {
    stanza_ = {};
    folded_ = nullptr;
    while (position_ < text_.size()) {
        const std::string_view line = take_line();
        const Line kind = classify(line);
        if (kind == Line::blank) {
            if (stanza_.text.empty()) {
                continue;
            }
            break;
        }
        stanza_.text =
            stanza_.text.empty() ? line : std::string_view(stanza_.text.begin(), line.end());
        if (kind == Line::field) {
            take_field(line);
        } else if (folded_ != nullptr) {
            *folded_ = std::string_view(folded_->begin(), line.end());
        }
    }
    if (stanza_.text.empty()) {
        return nullptr;
    }
    for (std::string_view* value :
         {&stanza_.package, &stanza_.version, &stanza_.architecture, &stanza_.provides}) {
        *value = trim(*value);
    }
    check();
    return &stanza_;
}

} // namespace pare::deb
