// SPDX-License-Identifier: Apache-2.0
// Every codec on every input, within limits; zlib and libdeflate agree on what gzip data says,
// when both take it: zlib alone checks the header's own CRC.
#include "archive/codec.hh"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace {

using pare::archive::Codec;

constexpr std::size_t kLimit = 1U << 22;

std::optional<pare::Bytes> streamed(pare::BytesView input, Codec codec) {
    try {
        pare::ViewSource source(input);
        const auto plain = pare::archive::decompress(source, codec, {.output = kLimit}, "fuzz");
        return pare::read_all(*plain, kLimit);
    } catch (const pare::Error&) {
        return std::nullopt;
    }
}

std::optional<pare::Bytes> whole(pare::BytesView input) {
    try {
        return pare::archive::gunzip(input, kLimit, "fuzz");
    } catch (const pare::Error&) {
        return std::nullopt;
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const pare::BytesView input(reinterpret_cast<const char*>(data), size);
    const auto by_zlib = streamed(input, Codec::gzip);
    const auto by_libdeflate = whole(input);
    if (by_zlib && by_libdeflate && *by_zlib != *by_libdeflate) {
        __builtin_trap();
    }
    static_cast<void>(streamed(input, Codec::zstd));
    static_cast<void>(streamed(input, Codec::xz));
    static_cast<void>(streamed(input, pare::archive::detect_codec(input)));
    return 0;
}
