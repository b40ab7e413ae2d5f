// SPDX-License-Identifier: Apache-2.0
// zstd (RFC 8878): frames and skippable frames one after the other. Windows over 128 MiB are
// refused; so are empty files and anything after the last frame.
//
// A context without workers gives other bytes than one with them, so compression always uses none:
// pieces are compressed in parallel, never parts of one.
#include "archive/decoder.hh"
#include "archive/refuse.hh"

#include <zstd.h>
#include <zstd_errors.h>

namespace pare::archive {

namespace {

constexpr int kWindowLogMax = 27;

struct FreeDecompressor {
    void operator()(ZSTD_DCtx* it) const { ZSTD_freeDCtx(it); }
};

struct FreeCompressor {
    void operator()(ZSTD_CCtx* it) const { ZSTD_freeCCtx(it); }
};

class ZstdDecoder final : public Decoder {
public:
    ZstdDecoder(Source& input, const Limits& limits, const std::string& name)
        : Decoder(input, limits, name), context_(ZSTD_createDCtx()) {
        if (context_ == nullptr) {
            throw Error(ErrorKind::environment, "no memory to decompress " + name);
        }
        ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax, kWindowLogMax);
    }

protected:
    Step step(BytesView packed, Input input, char* buffer, std::size_t size) override {
        if (input == Input::ended && frame_ == Frame::complete) {
            return {.finished = true};
        }
        ZSTD_inBuffer in{packed.data(), packed.size(), 0};
        ZSTD_outBuffer out{buffer, size, 0};
        const std::size_t result = ZSTD_decompressStream(context_.get(), &out, &in);
        if (ZSTD_isError(result) != 0U) {
            explain(result);
        }
        frame_ = result == 0 ? Frame::complete : Frame::open;
        if (input == Input::ended && out.pos == 0 && frame_ == Frame::open) {
            cut_short();
        }
        return {.consumed = in.pos, .produced = out.pos};
    }

private:
    enum class Frame { open, complete };

    [[noreturn]] void explain(std::size_t result) const {
        switch (ZSTD_getErrorCode(result)) {
        case ZSTD_error_memory_allocation:
            throw Error(ErrorKind::environment, "no memory to decompress " + name());
        case ZSTD_error_frameParameter_windowTooLarge:
            refuse(name(), "the zstd data needs a window of more than 128 MiB");
        default:
            damaged(ZSTD_getErrorName(result));
        }
    }

    std::unique_ptr<ZSTD_DCtx, FreeDecompressor> context_;
    Frame frame_ = Frame::open;
};

void set(ZSTD_CCtx& context, ZSTD_cParameter parameter, int value) {
    ensure(
        ZSTD_isError(ZSTD_CCtx_setParameter(&context, parameter, value)) == 0U,
        "zstd knows the parameter");
}

} // namespace

std::unique_ptr<Source> decode_zstd(Source& input, const Limits& limits, const std::string& name) {
    return std::make_unique<ZstdDecoder>(input, limits, name);
}

Bytes encode_zstd(BytesView bytes, int level) {
    const std::unique_ptr<ZSTD_CCtx, FreeCompressor> context(ZSTD_createCCtx());
    if (context == nullptr) {
        throw Error(ErrorKind::environment, "no memory to compress");
    }
    set(*context, ZSTD_c_compressionLevel, level);
    set(*context, ZSTD_c_checksumFlag, 1);
    set(*context, ZSTD_c_contentSizeFlag, 1);
    const std::size_t bound = ZSTD_compressBound(bytes.size());
    const auto buffer = std::make_unique_for_overwrite<char[]>(bound);
    const std::size_t size =
        ZSTD_compress2(context.get(), buffer.get(), bound, bytes.data(), bytes.size());
    if (ZSTD_isError(size) != 0U) {
        throw Error(
            ErrorKind::environment, "cannot compress: " + std::string(ZSTD_getErrorName(size)));
    }
    return {buffer.get(), size};
}

} // namespace pare::archive
