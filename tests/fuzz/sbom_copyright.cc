// SPDX-License-Identifier: Apache-2.0
// Copyright files: every reference of the expression that comes out has its text.
#include "sbom/copyright.hh"
#include "support/text.hh"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(data, data + size);
    const pare::sbom::Licences licences = pare::sbom::read_copyright(text);
    std::string words = licences.expression;
    std::ranges::replace(words, '(', ' ');
    std::ranges::replace(words, ')', ' ');
    for (const std::string_view word : pare::split_words(words)) {
        const bool has_text =
            std::ranges::any_of(licences.texts, [&](const auto& one) { return one.id == word; });
        if (word.starts_with("LicenseRef-") && !has_text) {
            std::abort();
        }
    }
    return 0;
}
