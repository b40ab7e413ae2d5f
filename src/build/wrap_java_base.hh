// SPDX-License-Identifier: Apache-2.0
// Which Java a program needs, and which definition has that.
#pragma once

#include "build/wrap_files.hh"
#include "build/wrap_java_jars.hh"

#include <string>

namespace pare::build {

/// The Java that the jars need, and who says so.
struct NeededJava {
    unsigned java = 0;
    bool is_exact = false; ///< previews run on no other
    std::string witness{}; ///< `/x/app.jar (com/example/Main.class)`
};

[[nodiscard]] NeededJava needed_java(const Jars& jars);

/// The smallest that is enough, of those that the request allows. Throws ErrorKind::definition.
[[nodiscard]] WrapBase choose_java_base(
    const WrapRequest& request, const definition::Library& library, const NeededJava& needed);

} // namespace pare::build
