// SPDX-License-Identifier: Apache-2.0
// The order of any three lines is an order: antisymmetric and transitive.
#include "deb/version.hh"
#include "support/text.hh"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace {

void need(bool condition) {
    if (!condition) {
        __builtin_trap();
    }
}

void check_order(std::string_view a, std::string_view b, std::string_view c) {
    using pare::deb::compare_versions;
    need(compare_versions(a, a) == 0);
    const int ab = compare_versions(a, b);
    const int ba = compare_versions(b, a);
    need((ab < 0) == (ba > 0) && (ab == 0) == (ba == 0));
    const int bc = compare_versions(b, c);
    const int ac = compare_versions(a, c);
    need(!(ab <= 0 && bc <= 0) || ac <= 0);
    need(!(ab == 0 && bc == 0) || ac == 0);
    need(!(ab < 0 && bc < 0) || ac < 0);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto lines = pare::split(text, '\n');
    if (lines.size() >= 3) {
        check_order(lines[0], lines[1], lines[2]);
        check_order(lines[2], lines[0], lines[1]);
        (void)pare::deb::is_version(lines[0]);
    }
    return 0;
}
