// SPDX-License-Identifier: Apache-2.0
// Machine-readable copyright files (copyright-format 1.0, "DEP-5"): paragraphs with `Files` say
// which licence holds for which files of the source, paragraphs without give the texts of licences
// by name. A licence is a name, or names joined by `and`, `or` and commas: "A or B, and C" is
// (A or B) and C. Packages in the archive stray from the format in many ways, so whatever does not
// fit is taken as a name that only its author knows.
#include "sbom/copyright.hh"

#include "deb/control.hh"
#include "support/error.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace pare::sbom {

namespace {

constexpr std::size_t kLongestName = 400;
constexpr std::size_t kMostHolders = 2000;
constexpr std::size_t kMostNames = 5000;

/// A licence field: its first line, and the text behind it without the marks of the format.
struct Field {
    std::string name{};
    std::string text{};
};

Field read_field(std::string_view value) {
    const std::size_t end = value.find('\n');
    Field field{.name = std::string(trim(value.substr(0, end)))};
    if (end == std::string_view::npos) {
        return field;
    }
    for (std::string_view line : split(value.substr(end + 1), '\n')) {
        line.remove_prefix(line.starts_with(' ') || line.starts_with('\t') ? 1 : 0);
        field.text += line == "." ? "" : line;
        field.text += '\n';
    }
    return field;
}

bool is_machine_readable(const std::vector<deb::Paragraph>& paragraphs) {
    if (paragraphs.empty()) {
        return false;
    }
    const std::string_view format = paragraphs.front().has("Format")
                                        ? paragraphs.front().value("Format")
                                        : paragraphs.front().value("Format-Specification");
    for (const std::string_view known : {"copyright-format", "dep5", "DEP5", "dep-5"}) {
        if (format.find(known) != std::string_view::npos) {
            return true;
        }
    }
    return false;
}

class CopyrightReader {
public:
    explicit CopyrightReader(const std::vector<deb::Paragraph>& paragraphs)
        : paragraphs_(paragraphs) {}

    Licences run() {
        std::vector<std::string> names;
        std::set<std::string> known;
        for (const deb::Paragraph& paragraph : paragraphs_) {
            add_holders(paragraph.value("Copyright"));
            if (!paragraph.has("License")) {
                continue;
            }
            Field field = read_field(paragraph.value("License"));
            const bool holds = paragraph.has("Files") || &paragraph == &paragraphs_.front();
            if (holds && !field.name.empty() && field.name.size() <= kLongestName &&
                names.size() < kMostNames && known.insert(field.name).second) {
                names.push_back(field.name);
            }
            if (!field.text.empty()) {
                texts_.emplace(std::move(field.name), std::move(field.text));
            }
        }
        std::vector<std::string> parts;
        std::set<std::string> kept;
        for (const std::string& name : names) {
            for (std::string& part : operands(clauses(name))) {
                if (kept.insert(part).second) {
                    parts.push_back(std::move(part));
                }
            }
        }
        licences_.expression = join_expressions(parts, "AND");
        return std::move(licences_);
    }

private:
    /// What AND joins in an expression without brackets; the expression itself otherwise.
    static std::vector<std::string> operands(const std::string& expression) {
        constexpr std::string_view kAnd = " AND ";
        std::vector<std::string> parts;
        if (expression.find(" OR ") != std::string::npos) {
            return {expression};
        }
        std::size_t begin = 0;
        for (std::size_t at = expression.find(kAnd); at != std::string::npos;
             at = expression.find(kAnd, begin)) {
            parts.push_back(expression.substr(begin, at - begin));
            begin = at + kAnd.size();
        }
        parts.push_back(expression.substr(begin));
        std::ranges::for_each(parts, [](std::string& part) {
            std::erase_if(part, [](char c) { return c == '(' || c == ')'; });
        });
        return parts;
    }

    void add_holders(std::string_view value) {
        for (const std::string_view line : split(value, '\n')) {
            const std::string_view holder = trim(line);
            if (!holder.empty() && holders_.size() < kMostHolders &&
                holders_.insert(std::string(holder)).second) {
                licences_.copyright += licences_.copyright.empty() ? "" : "\n";
                licences_.copyright += holder;
            }
        }
    }

    /// What stands between commas is one operand, and the word behind a comma joins it.
    std::string clauses(std::string_view name) {
        std::string expression;
        for (std::string_view piece : split(name, ',')) {
            piece = trim(piece);
            const bool is_and = piece.starts_with("and ");
            const bool is_or = piece.starts_with("or ");
            piece.remove_prefix(is_and ? 4 : is_or ? 3 : 0);
            if (piece.empty()) {
                continue;
            }
            const std::string operand = alternatives(piece);
            expression = expression.empty()
                             ? operand
                             : join_expressions({expression, operand}, is_or ? "OR" : "AND");
        }
        return expression.empty() ? refer(name) : expression;
    }

    std::string alternatives(std::string_view text) {
        std::vector<std::string> all;
        for (const std::vector<std::string_view>& part : words_between(split_words(text), "or")) {
            std::vector<std::string> together;
            for (const std::vector<std::string_view>& one : words_between(part, "and")) {
                together.push_back(licence(one));
            }
            all.push_back(join_expressions(together, "AND"));
        }
        return join_expressions(all, "OR");
    }

    static std::vector<std::vector<std::string_view>>
    words_between(const std::vector<std::string_view>& words, std::string_view separator) {
        std::vector<std::vector<std::string_view>> parts(1);
        for (const std::string_view word : words) {
            if (word != separator) {
                parts.back().push_back(word);
            } else if (!parts.back().empty()) {
                parts.emplace_back();
            }
        }
        if (parts.back().empty() && parts.size() > 1) {
            parts.pop_back();
        }
        return parts;
    }

    /// `GPL-2+`, or `GPL-3+ with GCC exception`.
    std::string licence(const std::vector<std::string_view>& words) {
        if (words.empty()) {
            return refer("");
        }
        if (words.size() == 1) {
            const std::string known = spdx_name_of_debian(words.front());
            if (!known.empty()) {
                return known;
            }
        }
        std::string whole;
        for (const std::string_view word : words) {
            whole += (whole.empty() ? "" : " ") + std::string(word);
        }
        return refer(whole);
    }

    std::string refer(std::string_view name) {
        const auto found = texts_.find(std::string(name));
        LicenceText reference =
            refer_to(name, found == texts_.end() ? name : std::string_view(found->second));
        const std::string id = reference.id;
        if (std::ranges::find(licences_.texts, id, &LicenceText::id) == licences_.texts.end()) {
            licences_.texts.push_back(std::move(reference));
        }
        return id;
    }

    const std::vector<deb::Paragraph>& paragraphs_;
    Licences licences_{};
    std::map<std::string, std::string> texts_{}; ///< by name
    std::set<std::string> holders_{};
};

} // namespace

Licences read_copyright(std::string_view text) {
    try {
        const auto paragraphs = deb::parse_control(text, "copyright");
        if (is_machine_readable(paragraphs)) {
            Licences licences = CopyrightReader(paragraphs).run();
            if (!licences.expression.empty()) {
                return licences;
            }
        }
    } catch (const Error&) {
        // Prose, like most older files.
    }
    if (trim(text).empty()) {
        return {};
    }
    LicenceText whole = refer_to("copyright", text);
    return {.expression = whole.id, .texts = {std::move(whole)}};
}

} // namespace pare::sbom
