// SPDX-License-Identifier: Apache-2.0
// A hostile layer, twice on top of itself: it is read or refused, and no path is found that is not
// there.
#include "inspect/contents.hh"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const pare::BytesView input(reinterpret_cast<const char*>(data), size);
    try {
        pare::ViewSource source(input);
        const auto layer = std::make_shared<const pare::inspect::Layer>(pare::inspect::read_layer(
            source, "fuzz", {.contents = true, .keeps = pare::inspect::declares_packages}));
        pare::inspect::Filesystem files;
        files.lay(layer);
        files.lay(layer);
        for (const auto& [path, placed] : files.entries()) {
            const pare::inspect::Entry* entry = files.find(path);
            static_cast<void>(files.resolve(path.absolute()));
            if (entry != placed.entry || !pare::inspect::same_entry(*entry, *entry)) {
                std::abort();
            }
        }
        static_cast<void>(pare::inspect::declared_packages(files));
    } catch (const pare::Error& error) {
        if (error.kind() != pare::ErrorKind::refused) {
            std::abort();
        }
    }
    return 0;
}
