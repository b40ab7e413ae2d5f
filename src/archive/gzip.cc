// SPDX-License-Identifier: Apache-2.0
// gzip (RFC 1952): members one after the other, decoded as one stream. zlib streams; libdeflate,
// which is two to three times as fast, works where the whole file is in memory.
//
// Zero bytes after the last member are padding (tapes, block devices) and accepted; anything else
// there is refused, and so is an empty file, which is no gzip file.
#include "archive/decoder.hh"
#include "archive/refuse.hh"
#include "support/text.hh"

#include <libdeflate.h>
#include <zlib.h>

#include <algorithm>
#include <limits>

namespace pare::archive {

namespace {

constexpr int kGzipOnly = 16 + MAX_WBITS;
/// DEFLATE gives at most 258 bytes for 2 bits.
constexpr std::uint64_t kMaxExpansion = 1032;
constexpr std::size_t kMinMember = 18;

bool is_padding(BytesView bytes) {
    return bytes.find_first_not_of('\0') == BytesView::npos;
}

class GzipDecoder final : public Decoder {
public:
    GzipDecoder(Source& input, const Limits& limits, const std::string& name)
        : Decoder(input, limits, name) {
        if (inflateInit2(&stream_, kGzipOnly) != Z_OK) {
            throw Error(ErrorKind::environment, "no memory to decompress " + name);
        }
    }

    ~GzipDecoder() override { inflateEnd(&stream_); }

protected:
    Step step(BytesView packed, Input input, char* buffer, std::size_t size) override {
        switch (state_) {
        case State::first:
            if (packed.empty()) {
                cut_short();
            }
            state_ = State::member;
            break;
        case State::between:
            return between(packed, input);
        case State::padding:
            return padding(packed, input);
        case State::member:
            break;
        }
        return inflate_some(packed, buffer, size);
    }

private:
    enum class State { first, member, between, padding };

    Step between(BytesView packed, Input input) {
        if (input == Input::ended) {
            return {.finished = true};
        }
        state_ = packed.front() == '\0' ? State::padding : State::member;
        return {};
    }

    Step padding(BytesView packed, Input input) {
        if (!is_padding(packed)) {
            refuse(name(), "something other than zeros follows the gzip data");
        }
        return {.consumed = packed.size(), .finished = input == Input::ended};
    }

    Step inflate_some(BytesView packed, char* buffer, std::size_t size) {
        constexpr std::size_t kMost = std::numeric_limits<uInt>::max();
        const auto available_in = static_cast<uInt>(std::min(packed.size(), kMost));
        const auto available_out = static_cast<uInt>(std::min(size, kMost));
        // zlib does not write to its input; its old interface only fails to say so.
        stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
        stream_.avail_in = available_in;
        stream_.next_out = reinterpret_cast<Bytef*>(buffer);
        stream_.avail_out = available_out;
        const int result = inflate(&stream_, Z_NO_FLUSH);
        switch (result) {
        case Z_STREAM_END:
            inflateReset(&stream_);
            state_ = State::between;
            break;
        case Z_OK:
            break;
        case Z_BUF_ERROR:
            cut_short();
        case Z_MEM_ERROR:
            throw Error(ErrorKind::environment, "no memory to decompress " + name());
        default:
            damaged(stream_.msg != nullptr ? stream_.msg : "it is no gzip data");
        }
        return {
            .consumed = available_in - stream_.avail_in,
            .produced = available_out - stream_.avail_out};
    }

    z_stream stream_{};
    State state_ = State::first;
};

struct FreeDecompressor {
    void operator()(libdeflate_decompressor* it) const { libdeflate_free_decompressor(it); }
};

struct FreeCompressor {
    void operator()(libdeflate_compressor* it) const { libdeflate_free_compressor(it); }
};

/// A first guess at the size of what comes out: the trailer says it, but may lie.
std::size_t guess_size(BytesView packed, std::uint64_t limit) {
    const std::uint64_t said =
        read_int<std::uint32_t>(packed, packed.size() - sizeof(std::uint32_t), Endian::little);
    const std::uint64_t most = std::min(limit, packed.size() * kMaxExpansion);
    return std::clamp<std::uint64_t>(said, std::min<std::uint64_t>(packed.size(), most), most);
}

class WholeGunzip {
public:
    WholeGunzip(BytesView packed, std::uint64_t limit, const std::string& name)
        : packed_(packed), most_(std::min(limit, packed.size() * kMaxExpansion)), limit_(limit),
          name_(name), decompressor_(libdeflate_alloc_decompressor()) {
        if (decompressor_ == nullptr) {
            throw Error(ErrorKind::environment, "no memory to decompress " + name_);
        }
    }

    Bytes run() {
        out_.resize(guess_size(packed_, limit_));
        do {
            take_member();
        } while (!packed_.empty() && packed_.front() != '\0');
        if (!is_padding(packed_)) {
            refuse(name_, "something other than zeros follows the gzip data");
        }
        out_.resize(size_);
        return std::move(out_);
    }

private:
    void take_member() {
        while (true) {
            std::size_t taken = 0;
            std::size_t given = 0;
            const libdeflate_result result = libdeflate_gzip_decompress_ex(
                decompressor_.get(), packed_.data(), packed_.size(), out_.data() + size_,
                out_.size() - size_, &taken, &given);
            if (result == LIBDEFLATE_SUCCESS) {
                packed_.remove_prefix(taken);
                size_ += given;
                return;
            }
            if (result != LIBDEFLATE_INSUFFICIENT_SPACE) {
                refuse(name_, "the gzip data is damaged or ends too early");
            }
            grow();
        }
    }

    void grow() {
        if (out_.size() >= most_) {
            refuse(name_, fmt::format("more than {} come out of it", format_size(limit_)));
        }
        out_.resize(std::min<std::uint64_t>(most_, 2 * std::uint64_t{out_.size()} + 64));
    }

    BytesView packed_;
    std::uint64_t most_;
    std::uint64_t limit_;
    const std::string& name_;
    std::unique_ptr<libdeflate_decompressor, FreeDecompressor> decompressor_;
    Bytes out_{};
    std::size_t size_ = 0;
};

} // namespace

std::unique_ptr<Source> decode_gzip(Source& input, const Limits& limits, const std::string& name) {
    return std::make_unique<GzipDecoder>(input, limits, name);
}

Bytes gunzip(BytesView bytes, std::uint64_t limit, const std::string& name) {
    if (bytes.size() < kMinMember) {
        refuse(name, "the gzip data is damaged or ends too early");
    }
    return WholeGunzip(bytes, limit, name).run();
}

// libdeflate writes the header that we want by itself: no name, mtime 0, OS 255.
Bytes encode_gzip(BytesView bytes, int level) {
    const std::unique_ptr<libdeflate_compressor, FreeCompressor> compressor(
        libdeflate_alloc_compressor(level));
    if (compressor == nullptr) {
        throw Error(ErrorKind::environment, "no memory to compress");
    }
    const std::size_t bound = libdeflate_gzip_compress_bound(compressor.get(), bytes.size());
    const auto buffer = std::make_unique_for_overwrite<char[]>(bound);
    const std::size_t size =
        libdeflate_gzip_compress(compressor.get(), bytes.data(), bytes.size(), buffer.get(), bound);
    ensure(size > 0, "a gzip member fits its bound");
    return {buffer.get(), size};
}

} // namespace pare::archive
