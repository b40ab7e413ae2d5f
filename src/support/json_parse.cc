// SPDX-License-Identifier: Apache-2.0
// RFC 8259 by nlohmann's SAX parser, which is seen in this file only. Refused beyond what it
// refuses itself: duplicate keys (RFC 8259 leaves them open, attackers do not), more than 64
// levels, integers that do not fit 64 bits with a sign (they would silently become inexact
// doubles).
#include "support/json.hh"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <iterator>
#include <unordered_set>
#include <utility>

namespace pare::json {

namespace {

constexpr std::size_t kDeepest = 64;
/// Up to here looking through all keys is cheaper than hashing them.
constexpr std::size_t kFewMembers = 16;

/// Where the lexer is: nlohmann tells the place of its own errors only, not that of an event.
class Cursor {
public:
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = const char&;

    using Place = std::string_view::const_iterator;

    Cursor(Place at, Place* furthest) : at_(at), furthest_(furthest) {}

    reference operator*() const { return *at_; }

    Cursor& operator++() {
        *furthest_ = ++at_;
        return *this;
    }

    bool operator==(const Cursor& other) const { return at_ == other.at_; }

private:
    Place at_;
    Place* furthest_;
};

Where place_of(std::string_view text, std::size_t offset, const std::string& name) {
    const std::string_view before = text.substr(0, std::min(offset, text.size()));
    const auto newlines = std::count(before.begin(), before.end(), '\n');
    const std::size_t last = before.rfind('\n');
    const std::size_t column =
        last == std::string_view::npos ? before.size() + 1 : before.size() - last;
    return {name, static_cast<std::size_t>(newlines) + 1, column};
}

/// The quote that opens the string that ends right before `end`.
std::size_t string_start(std::string_view text, std::size_t end) {
    const auto is_escaped = [&](std::size_t quote) {
        std::size_t slashes = 0;
        while (slashes < quote && text[quote - slashes - 1] == '\\') {
            ++slashes;
        }
        return slashes % 2 == 1;
    };
    std::size_t at = end - 1;
    do {
        at = text.rfind('"', at - 1);
    } while (is_escaped(at));
    return at;
}

/// The first character of the number that the lexer, standing at `end`, has just read; it looks
/// one character ahead to see where a number ends.
std::size_t number_start(std::string_view text, std::size_t end) {
    constexpr std::string_view kNumber = "+-.0123456789eE";
    std::size_t at = end;
    if (at > 0 && kNumber.find(text[at - 1]) == std::string_view::npos) {
        --at;
    }
    while (at > 0 && kNumber.find(text[at - 1]) != std::string_view::npos) {
        --at;
    }
    return at;
}

/// What is wrong, out of `[json.exception.parse_error.101] parse error at line 1, column 2: syntax
/// error while ... - what; last read: '...'; expected ...`.
std::string problem_in(const std::string& text) {
    std::size_t start = text.find("] ");
    start = start == std::string::npos ? 0 : start + 2;
    if (text.compare(start, 11, "parse error") == 0) {
        const std::size_t colon = text.find(": ", start);
        start = colon == std::string::npos ? start : colon + 2;
    }
    constexpr std::size_t kLongest = 200;
    const std::string problem = text.substr(start);
    // A token may be as long as the whole text.
    return problem.size() <= kLongest ? problem : problem.substr(0, problem.find("; last read"));
}

/// Builds values from events. The open objects and arrays are a stack; each remembers its key.
class Builder final : public nlohmann::json_sax<nlohmann::json> {
public:
    Builder(std::string_view text, Repeated repeated)
        : text_(text), furthest_(text.begin()), repeated_(repeated) {}

    /// Throws when the text is no JSON that this house takes.
    Value run(const std::string& name) {
        const Cursor begin(text_.begin(), &furthest_);
        const Cursor end(text_.end(), &furthest_);
        if (!nlohmann::json::sax_parse(begin, end, this)) {
            throw Error(ErrorKind::refused, "bad JSON: " + problem_)
                .at(place_of(text_, offset_, name));
        }
        return std::move(root_);
    }

    bool null() override { return add(nullptr); }

    bool boolean(bool value) override { return add(value); }

    bool number_integer(number_integer_t value) override { return add(std::int64_t{value}); }

    bool number_unsigned(number_unsigned_t value) override {
        if (value > INT64_MAX) {
            return fail("an integer is too large", number_start(text_, position()));
        }
        return add(static_cast<std::int64_t>(value));
    }

    bool number_float(number_float_t value, const string_t& text) override {
        if (text.find_first_of(".eE") == string_t::npos) {
            return fail("an integer is too large", number_start(text_, position()));
        }
        return add(value);
    }

    bool string(string_t& value) override { return add(std::move(value)); }

    bool binary(binary_t& /*value*/) override {
        return fail("binary values are no JSON", position());
    }

    bool start_object(std::size_t /*size*/) override { return open(Kind::object); }

    bool end_object() override { return close(); }

    bool start_array(std::size_t /*size*/) override { return open(Kind::array); }

    bool end_array() override { return close(); }

    bool key(string_t& name) override {
        const bool is_new = open_.back().is_new(name);
        open_.back().has_repeated = open_.back().has_repeated || !is_new;
        if (!is_new && repeated_ == Repeated::refused) {
            return fail(
                fmt::format("the key '{}' stands twice", name.substr(0, kLongestShown)),
                string_start(text_, position()));
        }
        open_.back().members.emplace_back(std::move(name), Value());
        return true;
    }

    bool parse_error(
        std::size_t position, const std::string& /*token*/,
        const nlohmann::detail::exception& error) override {
        return fail(problem_in(error.what()), position == 0 ? 0 : position - 1);
    }

private:
    static constexpr std::size_t kLongestShown = 60;

    enum class Kind { object, array };

    struct Open {
        Kind kind = Kind::object;
        Array items{};
        std::vector<Member> members{}; ///< the last one's value is on its way
        std::unordered_set<std::string> keys{};
        bool has_repeated = false; ///< keys

        /// Of members with the same key the last, in its place.
        void keep_last() {
            std::unordered_set<std::string> seen;
            std::vector<Member> kept;
            for (auto member = members.rbegin(); member != members.rend(); ++member) {
                if (seen.insert(member->first).second) {
                    kept.push_back(std::move(*member));
                }
            }
            std::ranges::reverse(kept);
            members = std::move(kept);
        }

        bool is_new(const std::string& key) {
            if (members.size() < kFewMembers) {
                return std::none_of(members.begin(), members.end(), [&](const Member& member) {
                    return member.first == key;
                });
            }
            if (keys.empty()) {
                for (const Member& member : members) {
                    keys.insert(member.first);
                }
            }
            return keys.insert(key).second;
        }
    };

    [[nodiscard]] std::size_t position() const {
        return static_cast<std::size_t>(furthest_ - text_.begin());
    }

    bool fail(std::string problem, std::size_t offset) {
        problem_ = std::move(problem);
        offset_ = offset;
        return false;
    }

    bool open(Kind kind) {
        if (open_.size() >= kDeepest) {
            return fail(
                fmt::format("it is nested more than {} levels deep", kDeepest), position() - 1);
        }
        open_.push_back({.kind = kind});
        return true;
    }

    bool close() {
        Open closed = std::move(open_.back());
        open_.pop_back();
        if (closed.has_repeated) {
            closed.keep_last();
        }
        return closed.kind == Kind::array ? add(std::move(closed.items))
                                          : add(Object(std::move(closed.members)));
    }

    bool add(Value value) {
        if (open_.empty()) {
            root_ = std::move(value);
        } else if (open_.back().kind == Kind::array) {
            open_.back().items.push_back(std::move(value));
        } else {
            open_.back().members.back().second = std::move(value);
        }
        return true;
    }

    std::string_view text_;
    Cursor::Place furthest_;
    Repeated repeated_;
    Value root_;
    std::vector<Open> open_;
    std::string problem_;
    std::size_t offset_ = 0;
};

} // namespace

Value parse(std::string_view text, const std::string& name, Repeated repeated) {
    return Builder(text, repeated).run(name);
}

} // namespace pare::json
