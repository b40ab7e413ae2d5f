// SPDX-License-Identifier: Apache-2.0
// Reads the instructions of one stage, in their order.
#pragma once

#include "dockerfile/model.hh"
#include "dockerfile/scope.hh"

namespace pare::dockerfile {

class StageReader {
public:
    /// `stage` already has what its parent set; `build` has the global arguments.
    StageReader(
        const Document& document, const BuildOptions& options, const Build& build, Stage& stage,
        Budget& budget);

    /// Throws ErrorKind::definition with the place.
    void read(const Instruction& instruction);

private:
    void apply(Arg& arg, std::vector<Use>& unset);
    void apply(Env& env, std::vector<Use>& unset);
    void apply(Label& label, std::vector<Use>& unset);
    void apply(Copy& copy, std::vector<Use>& unset);
    void apply(Run& run, std::vector<Use>& unset);
    void apply(Cmd& cmd, std::vector<Use>& unset);
    void apply(Entrypoint& entrypoint, std::vector<Use>& unset);
    void apply(HealthCheck& check, std::vector<Use>& unset);
    void apply(Expose& expose, std::vector<Use>& unset);
    void apply(User& user, std::vector<Use>& unset);
    void apply(Workdir& workdir, std::vector<Use>& unset);
    void apply(Volume& volume, std::vector<Use>& unset);
    void apply(StopSignal& signal, std::vector<Use>& unset);
    void apply(Shell& shell, std::vector<Use>& unset);
    void apply(OnBuild& onbuild, std::vector<Use>& unset);
    void apply(Maintainer& maintainer, std::vector<Use>& unset);
    void apply(From& from, std::vector<Use>& unset);

    void check_port(const Word& port) const;
    [[nodiscard]] const std::string* given_argument(const std::string& name) const;

    const Document& document_;
    const BuildOptions& options_;
    const Build& build_;
    Stage& stage_;
    Scope scope_;
    bool has_command_ = false; ///< CMD of this stage itself
};

} // namespace pare::dockerfile
