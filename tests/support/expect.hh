// SPDX-License-Identifier: Apache-2.0
// The words that tests of every room have in common: which error, in which words.
#pragma once

#include "support/error.hh"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pare::test {

/// What lists are compared with.
using Names = std::vector<std::string>;

/// The error that `work` throws, if it throws one.
template <typename Work>
std::optional<Error> thrown_by(Work&& work) {
    try {
        static_cast<void>(std::forward<Work>(work)());
    } catch (const Error& error) {
        return error;
    }
    return std::nullopt;
}

/// The error that `work` throws; the test fails when it throws none.
template <typename Work>
Error error_of(Work&& work) {
    std::optional<Error> error = thrown_by(std::forward<Work>(work));
    REQUIRE_MESSAGE(error, "nothing was thrown");
    return *std::move(error);
}

/// `file:line:column: message | hint`, as far as the error has them.
inline std::string told(const Error& error) {
    const std::string where = error.where().str();
    return (where.empty() ? "" : where + ": ") + error.message() +
           (error.hint().empty() ? "" : " | " + error.hint());
}

inline bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

} // namespace pare::test
