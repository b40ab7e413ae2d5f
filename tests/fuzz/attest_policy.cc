// SPDX-License-Identifier: Apache-2.0
// A policy that is accepted asks for something in each of its rules.
#include "attest/policy.hh"
#include "support/error.hh"

#include <cstddef>
#include <cstdint>

using namespace pare;

namespace {

constexpr const char* kKey = "-----BEGIN PUBLIC KEY-----\n"
                             "MCowBQYDK2VwAyEA4A/OhFe1i9olMHiQU1sVzk76H9JxbFnRZ11nzjzA66U=\n"
                             "-----END PUBLIC KEY-----\n";

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    try {
        const auto policy = attest::parse_policy(
            BytesView(reinterpret_cast<const char*>(data), size), "fuzz",
            [](const std::string&) { return Bytes(kKey); });
        for (const attest::Rule& rule : policy.rules) {
            if (rule.repositories.empty() || rule.requirements.empty() ||
                rule.requirements.front().signers.empty()) {
                __builtin_trap();
            }
        }
        static_cast<void>(attest::find_rule(policy, "registry.example/app"));
    } catch (const Error&) {
    }
    return 0;
}
