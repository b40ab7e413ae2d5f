// SPDX-License-Identifier: Apache-2.0
// `pare wrap`: from a program to the definition of the smallest image that runs it.
#pragma once

#include "build/build.hh"
#include "support/files.hh"
#include "wrap/closure.hh"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace pare::build {

struct WrapRequest {
    /// The program; then files and directories that it needs beside it.
    std::vector<std::filesystem::path> paths{};
    std::string name{};                    ///< of the image; empty: that of the program
    std::vector<std::string> entrypoint{}; ///< empty: the program
    std::vector<std::string> dlopen{};     ///< names of libraries that it opens itself
    std::vector<std::string> packages{};   ///< further packages, as in a definition
    /// Where packages come from, as in a definition; empty: the distribution.
    std::vector<std::string> repositories{};
    std::string from{};                 ///< the definition to build on; empty: what suits
    std::vector<std::string> exclude{}; ///< of directories, as in contents.files
    std::vector<std::string> ports{};   ///< it listens on, as in a definition
    std::string healthcheck{};          ///< what the probe asks; empty: no health check
    std::filesystem::path jdk{};        ///< that makes the runtime of a Java program; empty: none
    std::vector<std::string> modules{}; ///< of the JDK, besides those that the program shows
    Request source{};                   ///< where packages come from
};

/// A package that nothing needs a file of though others depend on it, or a part of the user's
/// files that has no use in an image.
struct LeftOut {
    std::string name{};
    std::string reason{};
};

struct WrapPlan {
    std::string name{};
    std::vector<std::string> architectures{}; ///< OCI names
    std::string distribution{};
    std::string from{};       ///< the definition that the image is built on; empty: none
    std::string definition{}; ///< YAML that gives the image
    wrap::Offer offer{};      ///< sizes of what is needed
    wrap::Closure closure{};
    std::vector<LeftOut> left_out{};
    std::vector<std::string> notes{}; ///< what may be missing once the program runs
    /// Where some of the files are that the definition names; they go with the last plan.
    std::shared_ptr<const TemporaryDirectory> workshop{};
};

/// Finds out what a program needs. Throws ErrorKind::definition for what would not run, before
/// anything is built.
[[nodiscard]] WrapPlan plan_wrap(const WrapRequest& request, const Tools& tools);

/// Builds what a plan says; `options` are those of a build but for its definitions.
[[nodiscard]] Result build_wrap(const WrapPlan& plan, Options options, const Tools& tools);

} // namespace pare::build
