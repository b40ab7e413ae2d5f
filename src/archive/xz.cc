// SPDX-License-Identifier: Apache-2.0
// xz (the .xz file format 1.1): streams one after the other, with stream padding. Packages are
// decoded in parallel, each on one thread; only a large one, which dpkg-deb makes of several
// blocks, gains from more, when it is the last that the others wait for.
//
// Refused: more than 128 MiB of decoder memory, integrity checks that liblzma cannot verify, the
// old .lzma format, anything after the last stream.
#include "archive/decoder.hh"
#include "archive/refuse.hh"

#include <lzma.h>

namespace pare::archive {

namespace {

constexpr std::uint64_t kMemoryLimit = std::uint64_t{128} << 20;
constexpr std::uint32_t kFlags = LZMA_CONCATENATED | LZMA_TELL_UNSUPPORTED_CHECK;

class XzDecoder final : public Decoder {
public:
    XzDecoder(Source& input, const Limits& limits, const std::string& name)
        : Decoder(input, limits, name) {
        check(
            limits.threads == 0 ? lzma_stream_decoder(&stream_, kMemoryLimit, kFlags)
                                : start_threads(limits.threads));
    }

    ~XzDecoder() override { lzma_end(&stream_); }

protected:
    Step step(BytesView packed, Input input, char* buffer, std::size_t size) override {
        stream_.next_in = reinterpret_cast<const std::uint8_t*>(packed.data());
        stream_.avail_in = packed.size();
        stream_.next_out = reinterpret_cast<std::uint8_t*>(buffer);
        stream_.avail_out = size;
        const lzma_ret result = lzma_code(&stream_, input == Input::ended ? LZMA_FINISH : LZMA_RUN);
        check(result);
        return {
            .consumed = packed.size() - stream_.avail_in,
            .produced = size - stream_.avail_out,
            .finished = result == LZMA_STREAM_END};
    }

private:
    /// Fewer threads than asked for are used when their blocks do not fit the memory limit.
    lzma_ret start_threads(unsigned threads) {
        lzma_mt options{};
        options.flags = kFlags;
        options.threads = threads;
        options.memlimit_threading = kMemoryLimit;
        options.memlimit_stop = kMemoryLimit;
        return lzma_stream_decoder_mt(&stream_, &options);
    }

    void check(lzma_ret result) const {
        switch (result) {
        case LZMA_OK:
        case LZMA_STREAM_END:
            return;
        case LZMA_MEM_ERROR:
            throw Error(ErrorKind::environment, "no memory to decompress " + name());
        case LZMA_MEMLIMIT_ERROR:
            refuse(name(), "the xz data needs more than 128 MiB of memory to decompress");
        case LZMA_BUF_ERROR:
            cut_short();
        case LZMA_FORMAT_ERROR:
            damaged("it is no xz data");
        case LZMA_OPTIONS_ERROR:
            damaged("it uses xz options that do not exist");
        case LZMA_UNSUPPORTED_CHECK:
            damaged("its integrity check is of an unknown kind");
        case LZMA_DATA_ERROR:
            damaged("the xz data does not fit its own checks");
        default:
            throw Error(ErrorKind::bug, "liblzma was used wrongly for " + name());
        }
    }

    lzma_stream stream_ = LZMA_STREAM_INIT;
};

} // namespace

std::unique_ptr<Source> decode_xz(Source& input, const Limits& limits, const std::string& name) {
    return std::make_unique<XzDecoder>(input, limits, name);
}

} // namespace pare::archive
