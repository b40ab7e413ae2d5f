// SPDX-License-Identifier: Apache-2.0
#include "audit/lint.hh"

#include "audit/dockerfile_rules.hh"
#include "audit/review.hh"
#include "audit/rules.hh"
#include "dockerfile/line.hh"
#include "support/error.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace pare::audit {

using namespace dockerfile;

namespace {

/// Ids in one comment, by the line that it stands on.
using Pragmas = std::map<std::size_t, std::set<std::string>>;

void check_id(const std::string& id, const Where& where) {
    if (find_rule(id) != nullptr) {
        return;
    }
    std::vector<std::string> ids;
    for (const Rule& rule : rules()) {
        ids.emplace_back(rule.id);
    }
    const auto close = nearest(id, ids);
    Error error(
        where.file.empty() ? ErrorKind::usage : ErrorKind::definition,
        fmt::format("there is no rule {}", id),
        close ? fmt::format("did you mean {}?", *close) : "pare lint --list-rules names them all");
    error.at(where);
    throw error;
}

Pragmas read_pragmas(const Document& document) {
    Pragmas pragmas;
    for (const Comment& comment : document.comments) {
        constexpr std::string_view kMark = "pare ignore=";
        std::set<std::string>& ids = pragmas[comment.place.line];
        if (!comment.text.starts_with(kMark)) {
            continue;
        }
        for (const std::string_view id :
             split(std::string_view(comment.text).substr(kMark.size()), ',')) {
            const std::string name(trim(id));
            check_id(name, {document.name, comment.place.line, comment.place.column});
            ids.insert(name);
        }
    }
    return pragmas;
}

/// First lines of the instructions, by each line that they have.
class Starts {
public:
    explicit Starts(const Document& document) {
        for (const Instruction& instruction : document.instructions) {
            starts_[instruction.range.begin.line] = instruction.range.end.line;
        }
    }

    [[nodiscard]] std::size_t of(std::size_t line) const {
        auto after = starts_.upper_bound(line);
        if (after == starts_.begin()) {
            return line;
        }
        --after;
        return line <= after->second ? after->first : line;
    }

private:
    std::map<std::size_t, std::size_t> starts_;
};

/// Whether a comment in the block directly above the instruction names the rule.
bool is_ignored(const Finding& finding, const Pragmas& pragmas, const Starts& starts) {
    std::size_t line = starts.of(finding.place.line);
    while (line > 1) {
        const auto comment = pragmas.find(--line);
        if (comment == pragmas.end()) {
            return false;
        }
        if (comment->second.contains(std::string(finding.rule->id))) {
            return true;
        }
    }
    return false;
}

void sort_by_place(std::vector<Finding>& findings) {
    const auto key = [](const Finding& finding) {
        return std::tie(finding.place, finding.rule->id, finding.message);
    };
    std::sort(findings.begin(), findings.end(), [&key](const Finding& left, const Finding& right) {
        return key(left) < key(right);
    });
    const auto same = [&key](const Finding& left, const Finding& right) {
        return key(left) == key(right);
    };
    findings.erase(std::unique(findings.begin(), findings.end(), same), findings.end());
}

/// Offsets of lines and columns in a text.
class Offsets {
public:
    explicit Offsets(std::string_view text) : text_(text), lines_({0}) {
        constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
        lines_[0] = text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (text[i] == '\n') {
                lines_.push_back(i + 1);
            }
        }
    }

    [[nodiscard]] std::size_t of(std::size_t line, std::size_t column) const {
        if (line > lines_.size()) {
            return text_.size();
        }
        std::size_t offset = lines_[line - 1];
        for (; column > 1 && offset < text_.size(); --column) {
            offset += character_width(text_.substr(offset));
        }
        return offset;
    }

private:
    std::string_view text_;
    std::vector<std::size_t> lines_;
};

} // namespace

std::vector<Finding> lint_dockerfile(const Document& document, const LintOptions& options) {
    for (const std::string& id : options.ignored) {
        check_id(id, {});
    }
    const Pragmas pragmas = read_pragmas(document);
    const Build build = evaluate(document, options.build);
    Review review(document, build);
    for (const auto check :
         {check_forms, check_commands, check_runs, check_users, check_bases, check_copies,
          check_sources, check_builders, check_stages, check_variables, check_style}) {
        check(review);
    }
    std::vector<Finding> findings = review.take();
    const Starts starts(document);
    std::erase_if(findings, [&](const Finding& finding) {
        const bool unwanted =
            std::find(options.ignored.begin(), options.ignored.end(), finding.rule->id) !=
            options.ignored.end();
        return unwanted || is_ignored(finding, pragmas, starts);
    });
    sort_by_place(findings);
    return findings;
}

std::string apply_fixes(std::string_view text, const std::vector<Finding>& findings) {
    std::vector<const Fix*> fixes;
    for (const Finding& finding : findings) {
        if (finding.fix) {
            fixes.push_back(&*finding.fix);
        }
    }
    std::sort(fixes.begin(), fixes.end(), [](const Fix* left, const Fix* right) {
        return std::tie(left->place, left->replacement) <
               std::tie(right->place, right->replacement);
    });
    const Offsets offsets(text);
    std::string fixed;
    std::size_t done = 0;
    for (const Fix* fix : fixes) {
        const std::size_t begin = offsets.of(fix->place.line, fix->place.column);
        const std::size_t end = offsets.of(fix->place.end_line, fix->place.end_column);
        if (begin >= done && end >= begin) {
            fixed += text.substr(done, begin - done);
            fixed += fix->replacement;
            done = end;
        }
    }
    return fixed + std::string(text.substr(done));
}

} // namespace pare::audit
