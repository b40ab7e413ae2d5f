// SPDX-License-Identifier: Apache-2.0
// The plan of a definition that is only in memory, as `pare wrap` makes them to ask the solver and
// to build.
#pragma once

#include "build/plan.hh"

#include <string>

namespace pare::build {

/// `library` with one more built-in definition.
[[nodiscard]] definition::Library
with_definition(const definition::Library& library, const std::string& name, std::string text);

/// The same tools with another library, which must outlive them.
[[nodiscard]] Tools with_library(const Tools& tools, const definition::Library& library);

class MemoryPlan {
public:
    /// `source` is the request but for its definitions; `name` is for messages.
    MemoryPlan(const std::string& name, std::string text, Request source, const Tools& tools);
    MemoryPlan(const MemoryPlan&) = delete;
    MemoryPlan& operator=(const MemoryPlan&) = delete;

    /// Asks the solver for the packages of all steps.
    void resolve();

    [[nodiscard]] const Target& target() const { return plan_.targets.front(); }

    [[nodiscard]] const StepNode& last() const { return *target().last; }

private:
    definition::Library library_;
    Tools tools_;
    Request request_;
    Plan plan_;
};

} // namespace pare::build
