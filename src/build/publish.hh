// SPDX-License-Identifier: Apache-2.0
// The use case: definitions in, images in registries out.
#pragma once

#include "build/build.hh"
#include "registry/copy.hh"

#include <string>
#include <vector>

namespace pare::build {

struct PublishRequest {
    Options options{}; ///< output, format and tags do not matter
    /// `HOST/REPOSITORY[:TAG]` for one image, or `HOST/FOLDER/`, below which each image gets the
    /// name that it has in an output: `HOST/FOLDER/cc:debug`.
    std::vector<std::string> references{};
};

struct Published {
    std::string reference{}; ///< with its tag
    registry::Copied copied{};
};

struct Publications {
    Result result{};
    std::vector<Published> published{}; ///< references as they were given, images in their order
};

/// Builds everything, then sends what registries lack: each blob once, and a tag when all that it
/// stands for is there. Throws ErrorKind::usage for references that do not fit the images, before
/// anything is built.
[[nodiscard]] Publications publish(const PublishRequest& request, const Tools& tools);

} // namespace pare::build
