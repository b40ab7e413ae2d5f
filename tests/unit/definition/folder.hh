// SPDX-License-Identifier: Apache-2.0
// A directory of definitions that a test writes, and short words for what is read from it.
#pragma once

#include "definition/built_in.hh"
#include "support/expect.hh"
#include "support/files.hh"

#include <filesystem>
#include <string>
#include <vector>

namespace pare::definition {

using test::error_of;
using test::Names;
using test::told;

inline Names step_names(const Chain& chain) {
    Names names;
    for (const Step& step : chain.steps) {
        names.push_back(step.name);
    }
    return names;
}

/// Requests as they are written, `!name` for those left out.
inline Names package_names(const Step& step) {
    Names names;
    for (const PackageRequest& request : step.packages) {
        names.push_back((request.excluded ? "!" : "") + request.name);
    }
    return names;
}

inline Chain read_built_in(const std::string& reference, const std::string& distribution = "") {
    return read_definition(
               {.reference = reference, .distribution = distribution}, built_in_library())
        .front();
}

/// `file:line:column: message | hint` of the Error that `work` ends in.
template <typename Work>
std::string refusal(Work&& work) {
    return told(error_of(std::forward<Work>(work)));
}

class Folder {
public:
    void write(const std::string& name, const std::string& text) const {
        std::filesystem::create_directories((directory_.path() / name).parent_path());
        write_file(directory_.path() / name, text);
    }

    [[nodiscard]] std::string path(const std::string& name = "") const {
        return (directory_.path() / name).string();
    }

    [[nodiscard]] std::vector<Chain>
    read(const std::string& name, Names variants = {}, const std::string& distribution = "") const {
        return read_definition(
            {.reference = path(name),
             .variants = std::move(variants),
             .distribution = distribution},
            built_in_library());
    }

    /// The only step of a definition with this text.
    [[nodiscard]] Step step(const std::string& text) const {
        write("x.yaml", text);
        return read("x.yaml").front().steps.front();
    }

    /// The error of reading a file; the folder's own path is left out of it.
    [[nodiscard]] std::string error_in(
        const std::string& name, Names variants = {}, const std::string& distribution = "") const {
        std::string text = refusal([&] { return read(name, std::move(variants), distribution); });
        const std::string own = path();
        for (std::size_t at = text.find(own); at != std::string::npos; at = text.find(own)) {
            text.erase(at, own.size());
        }
        return text;
    }

    /// The error of a definition with this text.
    [[nodiscard]] std::string error(const std::string& text) const {
        write("x.yaml", text);
        return error_in("x.yaml");
    }

private:
    TemporaryDirectory directory_;
};

} // namespace pare::definition
