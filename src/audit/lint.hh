// SPDX-License-Identifier: Apache-2.0
// The use case: a Dockerfile in, findings out.
#pragma once

#include "audit/finding.hh"
#include "dockerfile/model.hh"

#include <string>
#include <string_view>
#include <vector>

namespace pare::audit {

struct LintOptions {
    dockerfile::BuildOptions build{};
    std::vector<std::string> ignored{}; ///< ids of rules
};

/// All findings, by place, without those that the options or a line `# pare ignore=RULE[,RULE]`
/// above the instruction take away. Throws what parse() and evaluate() throw, and ErrorKind::usage
/// for a rule that does not exist.
[[nodiscard]] std::vector<Finding>
lint_dockerfile(const dockerfile::Document& document, const LintOptions& options = {});

/// `text` with all fixes of `findings` applied; of those that overlap, the first.
[[nodiscard]] std::string apply_fixes(std::string_view text, const std::vector<Finding>& findings);

} // namespace pare::audit
