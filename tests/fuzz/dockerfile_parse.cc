// SPDX-License-Identifier: Apache-2.0
// Dockerfiles of other people: they are taken or refused, their places lie inside of them.
#include "dockerfile/model.hh"
#include "dockerfile/parse.hh"
#include "support/bytes.hh"
#include "support/error.hh"

#include <algorithm>
#include <cstddef>
#include <cstdint>

using namespace pare;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const BytesView input(reinterpret_cast<const char*>(data), size);
    try {
        const dockerfile::Document document = dockerfile::parse(input, "Dockerfile");
        const auto lines =
            1 + static_cast<std::size_t>(std::count(input.begin(), input.end(), '\n'));
        for (const dockerfile::Instruction& instruction : document.instructions) {
            ensure(
                instruction.range.begin.line >= 1 && instruction.range.end.line <= lines &&
                    instruction.range.begin <= instruction.range.end,
                "an instruction stands in its file");
        }
        const dockerfile::Build build = dockerfile::evaluate(document);
        ensure(build.needed[build.target], "the target needs itself");
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::bug) {
            throw;
        }
    }
    return 0;
}
