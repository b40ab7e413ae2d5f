// SPDX-License-Identifier: Apache-2.0
// What a Dockerfile comes to: its stages, what each takes from others, and the configuration of the
// image as far as the text alone says it.
#pragma once

#include "dockerfile/document.hh"
#include "dockerfile/expand.hh"
#include "dockerfile/instruction.hh"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace pare::dockerfile {

struct BuildOptions {
    Variables arguments{};                ///< --build-arg
    std::string target{};                 ///< name or number of a stage; empty: the last one
    std::string platform = "linux/amd64"; ///< os/architecture[/variant]
};

/// One instruction of a stage, with its words expanded where the language does that. Paths of COPY
/// and ADD are absolute as far as the working directory is known.
struct Step {
    const Instruction* instruction = nullptr;
    Command command{};
    std::vector<Use> unset{};                  ///< variables that came to nothing
    std::optional<std::size_t> source_stage{}; ///< of COPY --from
    std::string source_image{};                ///< of COPY --from, when it is no stage
};

/// What the text says; what it leaves open is decided by the base image.
struct Config {
    std::optional<Word> user{};
    std::optional<CommandLine> entrypoint{};
    std::optional<CommandLine> command{};
    std::optional<HealthCheck> health_check{};
    std::vector<std::string> shell{}; ///< empty: the default
    Variables environment{};
    std::string workdir{}; ///< empty: that of the base image
    std::vector<Word> ports{};
    std::vector<Word> volumes{};
    std::map<std::string, std::string> labels{};
    std::optional<Word> stop_signal{};
};

struct Stage {
    std::size_t index = 0;
    std::string name{}; ///< in lower case, or empty
    const Instruction* instruction = nullptr;
    From from{};                         ///< expanded
    std::vector<Use> unset{};            ///< variables of FROM that came to nothing
    std::optional<std::size_t> parent{}; ///< the stage that it begins with
    std::string image{};       ///< the reference at the root of its parents, or `scratch`;
                               ///< empty for want of an argument (`unset`)
    std::vector<Step> steps{}; ///< own ones, and what ONBUILD of a parent brings
    Config config{};           ///< with what parents set
    Variables arguments{};     ///< ARG in its scope at the end
    std::vector<const Instruction*> triggers{}; ///< of ONBUILD, for stages that begin with it
};

struct Build {
    std::vector<Step> globals{};  ///< ARG before the first FROM
    Variables global_arguments{}; ///< their values, and those of the platform
    std::vector<Stage> stages{};
    std::size_t target = 0;
    std::vector<bool> needed{}; ///< by stage: whether the target is made with it

    [[nodiscard]] const Stage& final_stage() const { return stages[target]; }
};

/// Reads all instructions and follows their variables. `document` must outlive the result. Throws
/// ErrorKind::definition with the place for what BuildKit refuses: an instruction before FROM, a
/// base without a name, a variable that ${name:?} demands, a port that is none, stages that need
/// each other; ErrorKind::usage for a target that is not there.
[[nodiscard]] Build evaluate(const Document& document, const BuildOptions& options = {});

/// The stage `name`, among all or only those before `limit`; case does not matter, the last of
/// several counts.
[[nodiscard]] std::optional<std::size_t>
find_stage(const Build& build, std::string_view name, std::size_t limit);

} // namespace pare::dockerfile
