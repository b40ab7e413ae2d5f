// SPDX-License-Identifier: Apache-2.0
#include "support/stream.hh"

#include <vector>

namespace pare {

namespace {

constexpr std::size_t kPiece = std::size_t{64} * 1024;

} // namespace

void read_exactly(Source& source, char* buffer, std::size_t size) {
    while (size > 0) {
        const std::size_t count = source.read(buffer, size);
        if (count == 0) {
            throw Error(ErrorKind::refused, "the data ends too early");
        }
        buffer += count;
        size -= count;
    }
}

std::uint64_t copy_all(Source& source, Sink& sink) {
    std::vector<char> buffer(kPiece);
    std::uint64_t total = 0;
    while (const std::size_t count = source.read(buffer.data(), buffer.size())) {
        sink.write(BytesView(buffer.data(), count));
        total += count;
    }
    return total;
}

Bytes read_all(Source& source, std::size_t limit) {
    BytesSink sink(limit);
    copy_all(source, sink);
    return sink.take();
}

} // namespace pare
