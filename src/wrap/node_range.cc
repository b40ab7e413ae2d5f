// SPDX-License-Identifier: Apache-2.0
// The grammar, as node-semver takes it without its option `loose`:
//   range      ::= clause ("||" clause)*
//   clause     ::= partial " - " partial | comparator (" " comparator)* | ""
//   comparator ::= ("<" | ">" | "<=" | ">=" | "=" | "~" | "~>" | "^")? partial
//   partial    ::= [v=]* nr ("." nr ("." nr pre? build?)?)?
//   nr         ::= "x" | "X" | "*" | a number without zeros before it
// A comparator holds for releases between two bounds, so that a clause comes to one span.
#include "wrap/node_range.hh"

#include "support/text.hh"

#include <algorithm>
#include <array>
#include <utility>

namespace pare::wrap {

namespace {

/// Number.MAX_SAFE_INTEGER: node-semver refuses more.
constexpr std::uint64_t kLargest = 9'007'199'254'740'991;
constexpr NodeVersion kEnd{.major = kLargest + 2};
constexpr NodeSpan kAll{.from = {}, .to = kEnd};
constexpr NodeSpan kNone{};
constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kIdentifier =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-";

/// The names of long-term releases, as `nvm install lts/iron` takes them.
constexpr std::array<std::pair<std::string_view, std::uint64_t>, 4> kNamed = {{
    {"lts/hydrogen", 18},
    {"lts/iron", 20},
    {"lts/jod", 22},
    {"lts/krypton", 24},
}};

/// A version of which the last numbers may be missing.
struct Partial {
    std::size_t known = 0; ///< how many of the numbers are there
    NodeVersion version{};
    bool is_prerelease = false;
    bool has_gap = false; ///< `1.x.3`, of which node-semver only takes `^1.x.3` and `~1.x.3`

    [[nodiscard]] bool is_full() const { return known == 3; }

    /// The first release that is none of this partial version.
    [[nodiscard]] NodeVersion next() const {
        return known == 0   ? kEnd
               : known == 1 ? NodeVersion{.major = version.major + 1}
               : known == 2 ? NodeVersion{.major = version.major, .minor = version.minor + 1}
                            : after(version);
    }

    static NodeVersion after(NodeVersion version) {
        ++version.patch;
        return version;
    }
};

/// Takes a text apart from its beginning.
class Reader {
public:
    explicit Reader(std::string_view text) : rest_(text) {}

    [[nodiscard]] bool is_at_end() const { return rest_.empty(); }

    [[nodiscard]] bool is_at_space() const { return rest_.starts_with(' '); }

    bool take(std::string_view text) {
        if (!rest_.starts_with(text)) {
            return false;
        }
        rest_.remove_prefix(text.size());
        return true;
    }

    std::string_view take_all(std::string_view of) {
        const std::size_t end = std::min(rest_.find_first_not_of(of), rest_.size());
        const std::string_view taken = rest_.substr(0, end);
        rest_.remove_prefix(end);
        return taken;
    }

    std::optional<Partial> partial(std::string_view prefix) {
        take_all(prefix);
        Partial partial;
        const std::array<std::uint64_t*, 3> numbers = {
            &partial.version.major, &partial.version.minor, &partial.version.patch};
        bool is_any = false; // from here on
        for (std::size_t i = 0; i < numbers.size(); ++i) {
            if (i > 0 && !take(".")) {
                return partial;
            }
            if (take("x") || take("X") || take("*")) {
                is_any = true;
                continue;
            }
            const auto number = plain_number(take_all(kDigits));
            if (!number) {
                return std::nullopt;
            }
            partial.has_gap = partial.has_gap || is_any;
            if (!is_any) {
                *numbers.at(i) = *number;
                ++partial.known;
            }
        }
        const bool has_name = take("-");
        if (has_name && !identifiers(IsPrerelease::yes)) {
            return std::nullopt;
        }
        partial.is_prerelease = has_name && partial.is_full();
        if (take("+") && !identifiers(IsPrerelease::no)) {
            return std::nullopt;
        }
        return partial;
    }

private:
    enum class IsPrerelease { no, yes };

    static std::optional<std::uint64_t> plain_number(std::string_view digits) {
        const auto number = parse_number(digits);
        const bool has_zeros = digits.size() > 1 && digits.front() == '0';
        return number && *number <= kLargest && !has_zeros ? number : std::nullopt;
    }

    /// Names with dots between them; a number among those of a pre-release has no zeros before it.
    bool identifiers(IsPrerelease is_prerelease) {
        do {
            const std::string_view name = take_all(kIdentifier);
            const bool is_number = name.find_first_not_of(kDigits) == std::string_view::npos;
            const bool has_zeros = is_number && name.size() > 1 && name.front() == '0';
            if (name.empty() || (is_prerelease == IsPrerelease::yes && has_zeros)) {
                return false;
            }
        } while (take("."));
        return true;
    }

    std::string_view rest_;
};

NodeSpan both(const NodeSpan& left, const NodeSpan& right) {
    return {.from = std::max(left.from, right.from), .to = std::min(left.to, right.to)};
}

/// `^1.2`: changes right of the first number that is not zero.
NodeSpan caret(const Partial& partial) {
    const NodeVersion& from = partial.version;
    NodeVersion to = partial.next();
    if (from.major > 0 || partial.known == 1) {
        to = partial.known == 0 ? kEnd : NodeVersion{.major = from.major + 1};
    } else if (from.minor > 0 && partial.known > 1) {
        to = {.major = from.major, .minor = from.minor + 1};
    }
    return {.from = from, .to = to};
}

/// `~1.2.3`: changes of the last number.
NodeSpan tilde(const Partial& partial) {
    NodeVersion to = partial.next();
    if (partial.is_full()) {
        to = {.major = partial.version.major, .minor = partial.version.minor + 1};
    }
    return {.from = partial.version, .to = to};
}

/// `<`, `>`, `<=`, `>=`, `=` or nothing. Of a pre-release, what is no release itself is left to the
/// bound.
NodeSpan compared(const Partial& partial, char direction, bool with_equal) {
    const NodeVersion& version = partial.version;
    if (direction == 0) {
        return partial.is_prerelease ? kNone : NodeSpan{.from = version, .to = partial.next()};
    }
    if (partial.known == 0) {
        return with_equal ? kAll : kNone;
    }
    const NodeVersion next = partial.is_prerelease ? version : partial.next();
    return direction == '<' ? NodeSpan{.from = {}, .to = with_equal ? next : version}
                            : NodeSpan{.from = with_equal ? version : next, .to = kEnd};
}

/// `1.2 - 2.3`; nothing for another text.
std::optional<NodeSpan> hyphen_span(std::string_view clause) {
    Reader reader(clause);
    const auto from = reader.partial("v= ");
    if (!from || reader.take_all(" ").empty() || !reader.take("-") ||
        reader.take_all(" ").empty()) {
        return std::nullopt;
    }
    const auto to = reader.partial("v= ");
    if (!to || !reader.is_at_end()) {
        return std::nullopt;
    }
    return NodeSpan{.from = from->version, .to = compared(*to, '<', true).to};
}

std::optional<NodeSpan> read_comparator(Reader& reader) {
    const bool is_caret = reader.take("^");
    const bool is_tilde = !is_caret && reader.take("~");
    reader.take_all(" ");
    const char direction = reader.take("<") ? '<' : reader.take(">") ? '>' : '\0';
    reader.take_all(" ");
    const bool with_equal = reader.take("=");
    reader.take_all(" ");
    const auto partial = reader.partial("v=");
    const bool is_ended = reader.is_at_end() || reader.is_at_space();
    // `~>` is an old way to write `~`.
    const bool has_two = (is_caret && direction != 0) || (is_tilde && direction == '<');
    const bool has_gap = partial && partial->has_gap && !is_caret && !is_tilde;
    if (!partial || !is_ended || has_two || has_gap) {
        return std::nullopt;
    }
    return is_caret   ? caret(*partial)
           : is_tilde ? tilde(*partial)
                      : compared(*partial, direction, with_equal);
}

std::optional<NodeSpan> read_clause(std::string_view clause) {
    if (const auto span = hyphen_span(clause)) {
        return span;
    }
    Reader reader(clause);
    NodeSpan span = kAll;
    for (reader.take_all(" "); !reader.is_at_end(); reader.take_all(" ")) {
        const auto one = read_comparator(reader);
        if (!one) {
            return std::nullopt;
        }
        span = both(span, *one);
    }
    return span;
}

/// Every white space as one space.
std::string with_spaces(std::string_view text) {
    std::string made;
    for (const std::string_view word : split_words(text)) {
        made.append(made.empty() ? "" : " ").append(word);
    }
    return made;
}

} // namespace

std::optional<NodeVersion> parse_node_version(std::string_view text) {
    Reader reader(trim(text));
    const auto partial = reader.partial("v");
    return partial && partial->is_full() && !partial->is_prerelease
               ? std::optional(partial->version)
               : std::nullopt;
}

bool NodeRange::allows(const NodeVersion& version) const {
    return std::ranges::any_of(
        spans, [&](const NodeSpan& span) { return span.from <= version && version < span.to; });
}

std::optional<NodeRange> parse_node_range(std::string_view text) {
    const std::string plain = with_spaces(text);
    NodeRange range;
    for (std::size_t at = 0;;) {
        const std::size_t end = plain.find("||", at);
        const auto span = read_clause(trim(std::string_view(plain).substr(at, end - at)));
        if (!span) {
            return std::nullopt;
        }
        range.spans.push_back(*span);
        if (end == std::string::npos) {
            return range;
        }
        at = end + 2;
    }
}

std::optional<NodeRange> parse_node_version_file(std::string_view text) {
    const std::vector<std::string_view> words = split_words(text);
    if (words.empty()) {
        return std::nullopt;
    }
    const std::string_view word = words.front();
    if (word == "lts/*" || word == "node" || word == "stable" || word == "current") {
        return NodeRange{{kAll}};
    }
    const auto named =
        std::ranges::find(kNamed, word, &std::pair<std::string_view, std::uint64_t>::first);
    std::uint64_t major = 0;
    if (named != kNamed.end()) {
        major = named->second;
    } else if (const auto partial = Reader(word).partial("v"); partial && partial->known > 0) {
        major = partial->version.major;
    } else {
        return std::nullopt;
    }
    return NodeRange{{{.from = {.major = major}, .to = {.major = major + 1}}}};
}

} // namespace pare::wrap
