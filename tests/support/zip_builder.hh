// SPDX-License-Identifier: Apache-2.0
// Zip archives, jars and class files, byte by byte as a test wants them.
#pragma once

#include "support/bytes.hh"

#include <cstdint>
#include <string>
#include <vector>

namespace pare::test {

struct ZipMember {
    std::string name{};
    std::string content{};
    bool deflated = true;
};

[[nodiscard]] Bytes build_zip(const std::vector<ZipMember>& members);

/// The first bytes of a class file (JVM specification, 4.1) for a release of Java.
[[nodiscard]] Bytes class_file(unsigned java, bool is_preview = false);

} // namespace pare::test
