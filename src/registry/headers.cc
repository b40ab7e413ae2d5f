// SPDX-License-Identifier: Apache-2.0
// Header fields with their own small grammars (RFC 9110, sections 5.6.2 to 5.6.6):
//
//   challenge = scheme [ 1*SP ( token68 / #( name BWS "=" BWS ( token / quoted-string ) ) ) ]
//   link      = "<" target ">" *( ";" name [ "=" ( token / quoted-string ) ] )
//
// They come from servers: nothing here is longer than a head may be (net/), more than 64
// parameters are refused, and what cannot be read is as if it were not there.
#include "registry/headers.hh"

#include "support/text.hh"

#include <algorithm>
#include <cstdint>

namespace pare::registry {

namespace {

constexpr std::size_t kMaxParameters = 64;

bool is_token(char c) {
    constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kMarks.find(c) != std::string_view::npos;
}

std::string lower(std::string_view text) {
    std::string lowered(text);
    for (char& c : lowered) {
        c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
    }
    return lowered;
}

/// Takes pieces from the front of a header.
class Reader {
public:
    explicit Reader(std::string_view text) : rest_(text) {}

    void skip(std::string_view characters) {
        rest_.remove_prefix(std::min(rest_.find_first_not_of(characters), rest_.size()));
    }

    bool take(char c) {
        const bool there = rest_.starts_with(c);
        rest_.remove_prefix(there ? 1 : 0);
        return there;
    }

    std::string_view token() {
        const auto end = std::find_if_not(rest_.begin(), rest_.end(), is_token);
        const auto size = static_cast<std::size_t>(end - rest_.begin());
        const std::string_view taken = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return taken;
    }

    /// The text up to `end`, which goes too; nothing when it does not come.
    std::optional<std::string_view> until(char end) {
        const std::size_t at = rest_.find(end);
        if (at == std::string_view::npos) {
            return std::nullopt;
        }
        const std::string_view taken = rest_.substr(0, at);
        rest_.remove_prefix(at + 1);
        return taken;
    }

    /// A token or a quoted string.
    std::optional<std::string> value() {
        if (!take('"')) {
            return std::string(token());
        }
        std::string text;
        while (!rest_.empty()) {
            const char c = rest_.front();
            rest_.remove_prefix(1);
            if (c == '"') {
                return text;
            }
            if (c == '\\' && !rest_.empty()) {
                text.push_back(rest_.front());
                rest_.remove_prefix(1);
            } else {
                text.push_back(c);
            }
        }
        return std::nullopt;
    }

    [[nodiscard]] bool at_end() const { return rest_.empty(); }

    [[nodiscard]] Reader copy() const { return *this; }

private:
    std::string_view rest_;
};

/// `name=value` with its white space; leaves the reader where it was for anything else, and at the
/// end behind a value that never ends.
bool take_parameter(Reader& reader, Challenge& challenge) {
    Reader ahead = reader.copy();
    const std::string name = lower(ahead.token());
    ahead.skip(" \t");
    if (name.empty() || !ahead.take('=') || challenge.parameters.size() >= kMaxParameters) {
        return false;
    }
    ahead.skip(" \t");
    std::optional<std::string> value = ahead.value();
    if (!value) {
        reader = Reader({});
        return false;
    }
    challenge.parameters.emplace(name, std::move(*value));
    reader = ahead;
    return true;
}

} // namespace

std::string Challenge::at(const std::string& name) const {
    const auto found = parameters.find(name);
    return found == parameters.end() ? std::string() : found->second;
}

std::vector<Challenge> parse_challenges(std::string_view header) {
    std::vector<Challenge> challenges;
    Reader reader(header);
    while (challenges.size() < kMaxParameters) {
        reader.skip(" \t,");
        Challenge challenge{.scheme = lower(reader.token())};
        if (challenge.scheme.empty()) {
            break;
        }
        reader.skip(" \t");
        while (take_parameter(reader, challenge)) {
            reader.skip(" \t,");
        }
        challenges.push_back(std::move(challenge));
    }
    return challenges;
}

std::string next_link(std::string_view header) {
    Reader reader(header);
    while (true) {
        reader.skip(" \t,");
        if (!reader.take('<')) {
            return {};
        }
        const auto target = reader.until('>');
        if (!target) {
            return {};
        }
        Challenge attributes;
        reader.skip(" \t;");
        while (take_parameter(reader, attributes)) {
            reader.skip(" \t;");
        }
        if (lower(attributes.at("rel")) == "next") {
            return std::string(*target);
        }
    }
}

std::optional<std::uint64_t> parse_upload_range(std::string_view header) {
    std::string_view text = trim(header);
    if (text.starts_with("bytes=")) {
        text.remove_prefix(6);
    }
    const std::size_t dash = text.find('-');
    if (dash == std::string_view::npos || text.substr(0, dash) != "0") {
        return std::nullopt;
    }
    return parse_number(text.substr(dash + 1));
}

std::string media_type_of(std::string_view header) {
    return lower(trim(header.substr(0, header.find(';'))));
}

} // namespace pare::registry
