// SPDX-License-Identifier: Apache-2.0
// What a jar or war says of the Java, the other jars and the machine that it needs. Jars that it
// holds, as those of Spring Boot do (BOOT-INF/lib, WEB-INF/lib), are read like itself.
#pragma once

#include "support/bytes.hh"
#include "wrap/java.hh"
#include "wrap/program.hh"

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace pare::wrap {

/// A library that the program unpacks when it runs.
struct NativeLibrary {
    std::string path{}; ///< in the jar: `linux-x86-64/libx.so`, `BOOT-INF/lib/x.jar/libx.so`
    Program program{};
    std::uint64_t size = 0;
};

struct Jar {
    JarManifest manifest{};
    bool has_jars = false;                  ///< it loads jars that it holds
    ClassVersion version{};                 ///< the newest of its classes; java 0: it has none
    std::string newest{};                   ///< the class that says so
    std::string preview{};                  ///< a class that is for that version alone; empty: none
    std::vector<NativeLibrary> libraries{}; ///< for Linux with glibc, and the architecture
    std::set<std::string> other_architectures{}; ///< for which it has such libraries, too
};

/// Reads a jar; `architecture` is that of the image (OCI name). Throws ErrorKind::definition, with
/// a hint, for what is damaged.
[[nodiscard]] Jar read_jar(BytesView bytes, const std::string& name, std::string_view architecture);

/// Whether a jar has a class of that name (`com.example.Main`) where java looks for it.
[[nodiscard]] bool has_class(BytesView bytes, const std::string& name, std::string_view class_name);

} // namespace pare::wrap
