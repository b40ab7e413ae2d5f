// SPDX-License-Identifier: Apache-2.0
// The first stage: from a request to the steps that have to be made. Steps that several images have
// in common (static below base below cc) are one node, so that all their work is done once.
#pragma once

#include "build/build.hh"
#include "cut/slices.hh"
#include "deb/sources.hh"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace pare::build {

class BaseImage;

/// One step of a definition for one architecture.
struct StepNode {
    const StepNode* parent = nullptr; ///< null for a root
    definition::Step step{};
    std::shared_ptr<BaseImage> base{}; ///< of a root that starts from an image
    std::string base_reference{};      ///< likewise
    std::string architecture{};        ///< OCI name
    std::string debian_architecture{};
    std::vector<deb::Source> sources{}; ///< all that this step may take packages from
    /// All slice definitions: the built-in ones, those of the parents, its own. Never null.
    std::shared_ptr<const cut::SliceLibrary> slices{};
    package::LockedStep locked{}; ///< filled by the resolve stage
};

/// One image to make.
struct Target {
    std::string definition{}; ///< as it was asked for
    std::string name{};       ///< `cc`
    std::string variant{};
    std::string distribution{}; ///< `debian:13`
    std::string architecture{};
    const StepNode* last = nullptr;
    /// Of the definition itself first, of the root last.
    std::shared_ptr<const std::vector<definition::DefinitionText>> texts{};
};

struct Plan {
    std::vector<std::unique_ptr<StepNode>> nodes{}; ///< parents before children
    std::vector<Target> targets{};                  ///< in the order of the request
};

/// Programs that definitions name (`app`) are wrapped, for which the repositories are asked. The
/// locks (by definition reference) say what tags of base images stand for.
[[nodiscard]] Plan make_plan(
    const Request& request, const Tools& tools,
    const std::map<std::string, package::Lock>& locks = {});

/// The image's name when the user gives none: NAME:VARIANT, or NAME-debian13:VARIANT when the
/// request is for more than one release.
[[nodiscard]] std::string default_tag(const Target& target, const Plan& plan);

/// The OCI name of this machine's architecture. Throws ErrorKind::usage for one that pare does not
/// know.
[[nodiscard]] std::string host_architecture();

/// From the root to the node itself.
[[nodiscard]] std::vector<const StepNode*> path_to(const StepNode* node);

/// The mirror that a request and this host give for a distribution (`debian:13`).
[[nodiscard]] deb::Mirror mirror_for(const std::string& distribution, const Request& request);

} // namespace pare::build
