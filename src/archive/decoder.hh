// SPDX-License-Identifier: Apache-2.0
// What the decoders of all codecs share: the buffer of packed bytes, the end of the input, and the
// limits that stop a decompression bomb while it is still small.
#pragma once

#include "archive/codec.hh"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace pare::archive {

class Decoder : public Source {
public:
    Decoder(Source& input, const Limits& limits, std::string name);

    std::size_t read(char* buffer, std::size_t size) final;

protected:
    enum class Input { more, ended };

    struct Step {
        std::size_t consumed = 0;
        std::size_t produced = 0;
        bool finished = false; ///< the input has ended where it may end
    };

    /// Decodes from `packed` to `buffer`. `packed` is empty only when the input has ended; then
    /// the step gives bytes, finishes or throws.
    virtual Step step(BytesView packed, Input input, char* buffer, std::size_t size) = 0;

    [[noreturn]] void damaged(std::string_view why) const;
    [[noreturn]] void cut_short() const;

    [[nodiscard]] const std::string& name() const { return name_; }

private:
    void refill();
    void account(const Step& done);

    Source& input_;
    Limits limits_;
    std::string name_;
    std::unique_ptr<char[]> buffer_;
    BytesView packed_;
    Input state_ = Input::more;
    bool finished_ = false;
    std::uint64_t total_in_ = 0;
    std::uint64_t total_out_ = 0;
};

[[nodiscard]] std::unique_ptr<Source>
decode_gzip(Source& input, const Limits& limits, const std::string& name);
[[nodiscard]] std::unique_ptr<Source>
decode_zstd(Source& input, const Limits& limits, const std::string& name);
[[nodiscard]] std::unique_ptr<Source>
decode_xz(Source& input, const Limits& limits, const std::string& name);

[[nodiscard]] Bytes encode_gzip(BytesView bytes, int level);
[[nodiscard]] Bytes encode_zstd(BytesView bytes, int level);

} // namespace pare::archive
