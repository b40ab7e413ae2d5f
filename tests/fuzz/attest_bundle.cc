// SPDX-License-Identifier: Apache-2.0
// Everything that lies beside an image in the hope of being a signature: bundles, envelopes,
// statements, payloads. What is accepted is written and read back the same.
#include "attest/bundle.hh"
#include "attest/simple_signing.hh"
#include "attest/statement.hh"

#include <cstddef>
#include <cstdint>

using namespace pare;
using namespace pare::attest;

namespace {

/// Reads, writes and reads again.
template <typename Parse, typename Write>
void try_both(BytesView input, Parse parse, Write write) {
    try {
        const auto value = parse(input);
        if (!(parse(write(value)) == value)) {
            __builtin_trap();
        }
    } catch (const Error&) {
        return;
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const BytesView input(reinterpret_cast<const char*>(data), size);
    try_both(input, [](BytesView text) { return parse_bundle(text, "fuzz"); }, write_bundle);
    try_both(input, [](BytesView text) { return parse_statement(text, "fuzz"); }, write_statement);
    try_both(
        input, [](BytesView text) { return parse_simple_signing(text, "fuzz"); },
        write_simple_signing);
    try_both(
        input, [](BytesView text) { return parse_envelope(json::parse(text, "fuzz")); },
        [](const Envelope& envelope) { return json::write(envelope_json(envelope)); });
    return 0;
}
