// SPDX-License-Identifier: Apache-2.0
#include "dockerfile/flags.hh"

#include "dockerfile/line.hh"
#include "support/error.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace pare::dockerfile {

namespace {

enum class Kind {
    boolean,
    text,
    texts, ///< may stand more than once
};

struct Known {
    std::string_view keyword;
    std::string_view name;
    Kind kind;
};

constexpr std::array kKnown = {
    Known{"from", "platform", Kind::text},
    Known{"copy", "from", Kind::text},
    Known{"copy", "chown", Kind::text},
    Known{"copy", "chmod", Kind::text},
    Known{"copy", "link", Kind::boolean},
    Known{"copy", "parents", Kind::boolean},
    Known{"copy", "exclude", Kind::texts},
    Known{"add", "chown", Kind::text},
    Known{"add", "chmod", Kind::text},
    Known{"add", "link", Kind::boolean},
    Known{"add", "keep-git-dir", Kind::boolean},
    Known{"add", "checksum", Kind::text},
    Known{"add", "exclude", Kind::texts},
    Known{"add", "unpack", Kind::boolean},
    Known{"run", "mount", Kind::texts},
    Known{"run", "network", Kind::text},
    Known{"run", "security", Kind::text},
    Known{"run", "device", Kind::texts},
    Known{"healthcheck", "interval", Kind::text},
    Known{"healthcheck", "timeout", Kind::text},
    Known{"healthcheck", "start-period", Kind::text},
    Known{"healthcheck", "start-interval", Kind::text},
    Known{"healthcheck", "retries", Kind::text},
};

const Known* find_known(std::string_view keyword, std::string_view name) {
    const auto found = std::find_if(kKnown.begin(), kKnown.end(), [&](const Known& known) {
        return known.keyword == keyword && known.name == name;
    });
    return found == kKnown.end() ? nullptr : &*found;
}

std::string hint_for(std::string_view keyword, std::string_view name) {
    std::vector<std::string> names;
    for (const Known& known : kKnown) {
        if (known.keyword == keyword) {
            names.push_back("--" + std::string(known.name));
        }
    }
    if (names.empty()) {
        return "take it away; this instruction has none";
    }
    const auto close = nearest("--" + std::string(name), names);
    return close ? fmt::format("did you mean {}?", *close) : "it has " + join(names, ", ");
}

} // namespace

void refuse_word(const std::string& file, const Word& word, std::string message, std::string hint) {
    Error error(ErrorKind::definition, std::move(message), std::move(hint));
    error.at({file, word.range.begin.line, word.range.begin.column});
    throw error;
}

Flags::Flags(const Instruction& instruction, const std::string& file) {
    for (const Word& flag : instruction.flags) {
        const std::size_t equals = flag.text.find('=');
        const bool has_value = equals != std::string::npos;
        const std::string name = flag.text.substr(2, has_value ? equals - 2 : std::string::npos);
        Word value{has_value ? flag.text.substr(equals + 1) : "", flag.range};
        const Known* known = find_known(instruction.keyword, name);
        if (known == nullptr) {
            refuse_word(
                file, flag, fmt::format("{} has no flag --{}", instruction.written.text, name),
                hint_for(instruction.keyword, name));
        }
        if (known->kind != Kind::texts && find(name)) {
            refuse_word(
                file, flag, fmt::format("the flag --{} stands there twice", name),
                "take one of them away");
        }
        if (has_value ? value.text.empty() && known->kind == Kind::boolean
                      : known->kind != Kind::boolean) {
            refuse_word(
                file, flag, fmt::format("the flag --{} has no value", name),
                fmt::format("write --{}=VALUE", name));
        }
        if (known->kind == Kind::boolean) {
            value.text = has_value ? to_lower(value.text) : "true";
            if (value.text != "true" && value.text != "false") {
                refuse_word(
                    file, flag, fmt::format("the flag --{} is true or false", name),
                    fmt::format("write --{}", name));
            }
        }
        given_.push_back({name, std::move(value)});
    }
}

std::optional<Word> Flags::find(std::string_view name) const {
    const auto found = std::find_if(
        given_.begin(), given_.end(), [&](const Given& given) { return given.name == name; });
    return found == given_.end() ? std::nullopt : std::optional(found->value);
}

std::vector<Word> Flags::all(std::string_view name) const {
    std::vector<Word> values;
    for (const Given& given : given_) {
        if (given.name == name) {
            values.push_back(given.value);
        }
    }
    return values;
}

bool Flags::is_true(std::string_view name) const {
    const auto value = find(name);
    return value && value->text == "true";
}

} // namespace pare::dockerfile
