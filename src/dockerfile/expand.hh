// SPDX-License-Identifier: Apache-2.0
// Words of a Dockerfile: quotes, escapes and variables, as BuildKit's lexer has them.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace pare::dockerfile {

using Variables = std::map<std::string, std::string>;

struct ExpandOptions {
    char escape = '\\';
    bool keep_quotes = false;  ///< quotes stay in the result
    bool keep_escapes = false; ///< so do escape characters
    bool plain_quotes = false; ///< quotes mean nothing, as inside of here-documents
    bool keep_unset = false;   ///< `$name` stays where the variable is not set
};

/// One variable that a text asks for.
struct Use {
    std::string name{};
    bool set = false;
    bool has_default = false; ///< the text says what to do without it: `${name:-default}`

    bool operator==(const Use&) const = default;
};

struct Expanded {
    std::string text{};               ///< as one word
    std::vector<std::string> words{}; ///< split at white space outside of quotes, after expansion
    std::vector<Use> uses{};          ///< in the order of the text
};

/// Throws ErrorKind::definition for an unclosed quote or brace, a modifier that does not exist, a
/// variable that `${name:?text}` wants, and a result beyond 1 MiB.
[[nodiscard]] Expanded
expand(std::string_view text, const Variables& variables, const ExpandOptions& options = {});

} // namespace pare::dockerfile
