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

/// A file or directory of the user's and its place in the image, or one that is made for it.
struct WrappedFile {
    std::filesystem::path from{};
    std::string to{};
    std::vector<std::string> exclude{}; ///< as definition::UserFile::exclude
    std::string content{};              ///< in place of `from`
    bool executable = false;            ///< of `content`
};

/// A symlink that is made for the program.
struct WrappedLink {
    std::string path{};
    std::string target{};
};

/// Everything that the text says.
struct WrapText {
    std::string title{};
    std::string from{};                      ///< what it is built on; empty: from nothing
    std::vector<std::string> repositories{}; ///< empty: those of what it is built on
    std::vector<std::string> archs{};        ///< empty: any
    std::vector<WrappedFile> files{};
    std::vector<WrappedLink> links{};
    std::map<std::string, std::string> environment{};
    std::string work_dir{}; ///< empty: as it is below, or /home/nonroot
    std::vector<std::string> entrypoint{};
    std::vector<std::string> ports{};
    std::string healthcheck{};      ///< empty: none
    std::set<wrap::Trait> traits{}; ///< without effect with `from`, which has what they ask for
    std::map<std::string, std::set<std::string>> taken{}; ///< globs by package
    std::vector<std::string> packages{};                  ///< as the user wrote them
    std::set<std::string> licences{}; ///< slices of base-files that packages point to
    std::set<std::string> excluded{};
};

/// YAML, with a comment on each part that is there for a reason of its own.
[[nodiscard]] std::string write_definition(const WrapText& text);

} // namespace pare::build
