// SPDX-License-Identifier: Apache-2.0
// The options of all commands that look into finished images.
#pragma once

#include "cli/command.hh"
#include "cli/source_options.hh"

#include <string>
#include <vector>

namespace pare::cli {

struct InspectingOptions {
    SourceOptions source{}; ///< only `archs`, the store, threads and registries

    [[nodiscard]] std::vector<Option> options();
    /// `--arch`, one by one.
    [[nodiscard]] std::vector<std::string> architectures() const;
};

/// An argument that names an image.
[[nodiscard]] Option image_argument(std::string name, std::string& target);

} // namespace pare::cli
