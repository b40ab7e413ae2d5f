// SPDX-License-Identifier: Apache-2.0
// What the parts of a Java program say of how it runs: the manifest of a jar (the JAR File
// Specification), the header of a class file (JVM specification, 4.1), the start scripts that
// build tools write, and the `release` file of a JDK.
#pragma once

#include "support/bytes.hh"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pare::wrap {

/// The main section of META-INF/MANIFEST.MF.
struct JarManifest {
    std::string main_class{};              ///< `com.example.Main`; empty: a library
    std::string agent{};                   ///< Launcher-Agent-Class
    std::vector<std::string> class_path{}; ///< paths from the jar's own directory, %20 decoded

    bool operator==(const JarManifest&) const = default;
};

[[nodiscard]] JarManifest parse_jar_manifest(std::string_view text);

/// The Java that can run a class file.
struct ClassVersion {
    unsigned java = 0;       ///< 17 for version 61.0
    bool is_preview = false; ///< uses what that one Java has as a preview, and no other

    bool operator==(const ClassVersion&) const = default;
};

/// How many bytes read_class_version() looks at.
constexpr std::size_t kClassHeader = 8;

/// Nothing when the bytes are no class file.
[[nodiscard]] std::optional<ClassVersion> read_class_version(BytesView bytes);

/// Whether a text can be the name of a class in a package or without one: `com.example.Main`.
[[nodiscard]] bool is_class_name(std::string_view text);

/// The class that a start script runs, as Gradle, Maven's assemblers and people write them
/// (`-classpath X ... com.example.Main`); empty when it does not show.
[[nodiscard]] std::string main_class_of_script(std::string_view script);

/// The file `release` in the directory of a JDK.
struct JdkRelease {
    unsigned java = 0; ///< 17 for "17.0.15"; 0: not said
    std::string version{};
};

[[nodiscard]] JdkRelease parse_jdk_release(std::string_view text);

/// Names of modules in what `jdeps --print-module-deps` prints, which may also hold warnings.
[[nodiscard]] std::vector<std::string> parse_module_names(std::string_view output);

} // namespace pare::wrap
