// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "archive/tar.hh"
#include "support/stream.hh"

#include <array>
#include <cstdint>

namespace pare::cut {

/// Counts what goes to the part, so that items know where their content is.
class PartSink {
public:
    explicit PartSink(Sink& part) : part_(part) {}

    void write(BytesView bytes) {
        part_.write(bytes);
        position_ += bytes.size();
    }

    void pad(std::uint64_t size) { write(BytesView(kZeros.data(), archive::tar_padding(size))); }

    [[nodiscard]] std::uint64_t position() const { return position_; }

private:
    static constexpr std::array<char, 512> kZeros{};

    Sink& part_;
    std::uint64_t position_ = 0;
};

} // namespace pare::cut
