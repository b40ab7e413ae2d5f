// SPDX-License-Identifier: Apache-2.0
// The definition that `pare wrap` writes, as text.
#pragma once

#include "wrap/program.hh"

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace pare::build {

/// A file of the user's and its place in the image.
struct WrappedFile {
    std::filesystem::path from{};
    std::string to{};
};

/// Everything that the text says.
struct WrapText {
    std::string title{};
    std::vector<std::string> repositories{};
    std::string architecture{};
    std::vector<WrappedFile> files{};
    std::vector<std::string> entrypoint{};
    std::string healthcheck{}; ///< empty: none
    std::set<wrap::Trait> traits{};
    std::map<std::string, std::set<std::string>> taken{}; ///< globs by package
    std::vector<std::string> packages{};                  ///< as the user wrote them
    std::set<std::string> excluded{};
};

/// YAML, with a comment on each part that is there for a reason of its own.
[[nodiscard]] std::string write_definition(const WrapText& text);

} // namespace pare::build
