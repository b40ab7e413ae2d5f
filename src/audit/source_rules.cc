// SPDX-License-Identifier: Apache-2.0
// Secrets in variables, and downloads that nobody checks. In every stage: what is in one that is
// not shipped is still in caches and in provenance.
#include "audit/dockerfile_rules.hh"
#include "dockerfile/line.hh"
#include "support/digest.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>

namespace pare::audit {

using namespace dockerfile;

namespace {

/// By the words of its name: DB_PASSWORD, but neither PASSWORD_FILE nor PUBLIC_KEY.
bool names_secret(std::string_view name) {
    const std::string lowered = to_lower(name);
    bool secret = false;
    std::string_view last;
    for (const std::string_view word : split(lowered, '_')) {
        secret = secret || is_one_of(
                               word, {"apikey", "auth", "credential", "credentials", "key",
                                      "password", "pass", "pword", "passwd", "secret", "token"});
        if (is_one_of(word, {"public", "gpg"})) {
            return false;
        }
        last = word;
    }
    return secret && !is_one_of(
                         last, {"file", "path", "dir", "url", "name", "id", "type", "mode",
                                "method", "provider", "enabled", "ttl", "length", "size"});
}

void check_name(Review& review, std::string_view keyword, const Word& name) {
    if (names_secret(name.text)) {
        review.report(
            "secret-in-environment", name.range,
            fmt::format("{} {} looks like a secret", keyword, name.text));
    }
}

bool is_web(std::string_view source) {
    return source.starts_with("https://") || source.starts_with("http://") ||
           source.starts_with("ftp://");
}

bool is_git(std::string_view source) {
    const std::string_view plain = source.substr(0, source.find_first_of("#?"));
    return source.starts_with("git@") || source.starts_with("git://") ||
           source.starts_with("ssh://") || (is_web(plain) && plain.ends_with(".git"));
}

/// `URL#COMMIT[:directory]`
bool names_commit(std::string_view source) {
    const std::size_t mark = source.find('#');
    constexpr std::size_t kHex = 40;
    if (mark == std::string_view::npos) {
        return false;
    }
    const std::string_view reference = source.substr(mark + 1);
    return is_hex(reference.substr(0, reference.find(':')), kHex);
}

void check_download(Review& review, const Copy& copy) {
    for (const Word& source : copy.sources) {
        const bool remote = is_web(source.text) || is_git(source.text);
        if (copy.is_add && remote && !copy.checksum && !names_commit(source.text)) {
            review.report(
                "remote-add-without-checksum", source.range,
                fmt::format("nobody checks what {} sends", source.text));
        }
    }
}

} // namespace

void check_sources(Review& review) {
    const auto check = [&review](const Step& step) {
        if (const Env* env = std::get_if<Env>(&step.command)) {
            for (const Pair& variable : env->variables) {
                // Without a value it says that there is a variable, not what it is.
                if (!variable.value.text.empty()) {
                    check_name(review, "ENV", variable.name);
                }
            }
        } else if (const Arg* arg = std::get_if<Arg>(&step.command)) {
            for (const Assignment& argument : arg->arguments) {
                check_name(review, "ARG", argument.name);
            }
        } else if (const Copy* copy = std::get_if<Copy>(&step.command)) {
            check_download(review, *copy);
        }
    };
    std::for_each(review.build.globals.begin(), review.build.globals.end(), check);
    for (const Stage& stage : review.build.stages) {
        std::for_each(stage.steps.begin(), stage.steps.end(), check);
    }
}

} // namespace pare::audit
