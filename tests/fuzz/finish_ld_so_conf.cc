// SPDX-License-Identifier: Apache-2.0
// Any text is an ld.so.conf, and what is read has the form that is promised.
#include "finish/ld_so_conf.hh"
#include "support/error.hh"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(data, data + size);
    try {
        for (const auto& line :
             pare::finish::parse_ld_so_conf(text, pare::ImagePath::parse("etc/ld.so.conf"))) {
            if (!line.text.starts_with('/')) {
                std::abort();
            }
        }
    } catch (const pare::Error&) {
    }
    return 0;
}
