// SPDX-License-Identifier: Apache-2.0
// The loop around a decoder. A bomb is refused as soon as its output passes the limit or grows out
// of proportion to the packed bytes that the decoder has taken.
#include "archive/decoder.hh"

#include "archive/refuse.hh"
#include "support/text.hh"

namespace pare::archive {

namespace {

constexpr std::size_t kBufferSize = std::size_t{64} * 1024;
constexpr std::uint64_t kExpansionGrace = std::uint64_t{64} << 20;

} // namespace

Decoder::Decoder(Source& input, const Limits& limits, std::string name)
    : input_(input), limits_(limits), name_(std::move(name)),
      buffer_(std::make_unique_for_overwrite<char[]>(kBufferSize)) {}

std::size_t Decoder::read(char* buffer, std::size_t size) {
    while (size > 0 && !finished_) {
        if (packed_.empty() && state_ == Input::more) {
            refill();
        }
        const Step done = step(packed_, state_, buffer, size);
        packed_.remove_prefix(done.consumed);
        finished_ = done.finished;
        account(done);
        if (done.produced > 0) {
            return done.produced;
        }
    }
    return 0;
}

void Decoder::refill() {
    const std::size_t count = input_.read(buffer_.get(), kBufferSize);
    packed_ = BytesView(buffer_.get(), count);
    if (count == 0) {
        state_ = Input::ended;
    }
}

void Decoder::account(const Step& done) {
    total_in_ += done.consumed;
    total_out_ += done.produced;
    if (total_out_ > limits_.output) {
        refuse(name_, fmt::format("more than {} come out of it", format_size(limits_.output)));
    }
    if (total_out_ > kExpansionGrace && total_out_ / limits_.expansion > total_in_) {
        refuse(
            name_, fmt::format(
                       "it grows to more than {} times its size, like a decompression bomb",
                       limits_.expansion));
    }
}

void Decoder::damaged(std::string_view why) const {
    refuse(name_, fmt::format("the compressed data is damaged: {}", why));
}

void Decoder::cut_short() const {
    refuse(name_, "the compressed data ends too early");
}

} // namespace pare::archive
