// SPDX-License-Identifier: Apache-2.0
#include "dockerfile/scope.hh"

#include "support/error.hh"

namespace pare::dockerfile {

namespace {

constexpr std::uint64_t kMaxBytes = 16U << 20U;

} // namespace

void Budget::spend(std::uint64_t bytes) {
    // Each entry costs more than its text.
    constexpr std::uint64_t kEntry = 64;
    spent_ += bytes + kEntry;
    if (spent_ > kMaxBytes) {
        throw Error(
            ErrorKind::definition, "the variables of the Dockerfile take more than 16 MiB",
            "do not let variables double themselves");
    }
}

void Scope::set_argument(const std::string& name, const std::string& value) {
    budget_.spend(name.size() + value.size());
    if (!environment_.contains(name)) {
        visible_[name] = value;
    }
}

void Scope::set_environment(const std::string& name, const std::string& value) {
    budget_.spend(name.size() + value.size());
    environment_.insert(name);
    visible_[name] = value;
}

Expanded Scope::expand_at(const Word& word, std::vector<Use>& unset) const {
    try {
        Expanded expanded = expand(word.text, visible_, {.escape = document_.escape});
        if (!expanded.uses.empty()) {
            budget_.spend(expanded.text.size());
        }
        for (const Use& use : expanded.uses) {
            if (!use.set && !use.has_default) {
                unset.push_back(use);
            }
        }
        return expanded;
    } catch (Error& error) {
        error.at({document_.name, word.range.begin.line, word.range.begin.column});
        throw;
    }
}

void Scope::expand_word(Word& word, std::vector<Use>& unset) const {
    word.text = expand_at(word, unset).text;
}

std::vector<Word> Scope::expand_words(const Word& word, std::vector<Use>& unset) const {
    std::vector<Word> words;
    for (std::string& text : expand_at(word, unset).words) {
        words.push_back({std::move(text), word.range});
    }
    return words;
}

} // namespace pare::dockerfile
