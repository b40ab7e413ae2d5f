// SPDX-License-Identifier: Apache-2.0
// A runtime for one Java program: jdeps of a JDK says which modules it uses, and jlink puts these
// together. The same JDK and jars give the same bytes.
#pragma once

#include "build/wrap_files.hh"
#include "build/wrap_java_jars.hh"

#include <filesystem>
#include <string>
#include <vector>

namespace pare::build {

/// A JDK of this host.
struct Jdk {
    std::filesystem::path root{};
    unsigned java = 0;     ///< 17
    std::string version{}; ///< `17.0.15`
};

/// Throws ErrorKind::definition for what is no JDK with jlink, and for one that is not for
/// `architecture` (OCI name).
[[nodiscard]] Jdk find_jdk(const std::filesystem::path& path, const std::string& architecture);

/// Puts the runtime into /usr/lib/jvm/app, with what it needs besides libraries. `modules` come
/// along in any case.
void add_java_runtime(
    WrapFiles& found, const Jdk& jdk, const Jars& jars, const std::vector<std::string>& modules);

/// Its program.
constexpr const char* kLinkedJava = "/usr/lib/jvm/app/bin/java";

} // namespace pare::build
