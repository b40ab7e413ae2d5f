// SPDX-License-Identifier: Apache-2.0
// Runs a fuzz harness over the files of its corpus, without libFuzzer, in every test run. Each
// input is also cut short and flipped at a few places.
#include "support/files.hh"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

void run(const pare::Bytes& bytes) {
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

} // namespace

int main(int argc, char** argv) {
    std::size_t inputs = 0;
    for (int i = 1; i < argc; ++i) {
        for (const auto& file : std::filesystem::directory_iterator(argv[i])) {
            const pare::Bytes whole = pare::read_file(file.path());
            run(whole);
            for (std::size_t piece = 1; piece < 16; ++piece) {
                const std::size_t at = whole.size() * piece / 16;
                run(whole.substr(0, at));
                pare::Bytes flipped = whole;
                if (at < flipped.size()) {
                    flipped[at] = static_cast<char>(flipped[at] ^ 0x55);
                }
                run(flipped);
            }
            ++inputs;
        }
    }
    std::printf("%zu inputs replayed\n", inputs);
    return inputs == 0 ? 1 : 0;
}
