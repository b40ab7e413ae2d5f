// SPDX-License-Identifier: Apache-2.0
// Writes what keyless signing leaves behind, from a world of its own: keyless DIRECTORY writes
// trusted_root.json and bundle.json there, for verifiers that we did not write.
#define DOCTEST_CONFIG_IMPLEMENT
#include "attest/bundle.hh"
#include "support/files.hh"
#include "unit/attest/keyless.hh"

#include <doctest/doctest.h>

#include <cstdio>
#include <cstdlib>

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fputs("usage: keyless DIRECTORY\n", stderr);
        return 2;
    }
    // The world checks what it makes with doctest's words.
    doctest::Context context;
    context.setAsDefaultForAssertsOutOfTestCases();
    context.setAssertHandler([](const doctest::AssertData& data) {
        if (data.m_failed) {
            std::fprintf(stderr, "%s:%d: %s\n", data.m_file, data.m_line, data.m_expr);
            std::exit(1);
        }
    });
    const std::filesystem::path folder = argv[1];
    const pare::attest::test::KeylessWorld world;
    pare::write_file(folder / "trusted_root.json", world.trusted_root());
    pare::write_file(
        folder / "bundle.json", pare::attest::write_bundle(world.sign(R"({"some":"statement"})")));
    return 0;
}
