// SPDX-License-Identifier: Apache-2.0
// Bytes on the move: a Source gives them, a Sink takes them; codecs and hashes wrap either.
#pragma once

#include "support/bytes.hh"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <string>
#include <utility>

namespace pare {

class Source {
public:
    Source() = default;
    Source(const Source&) = delete;
    Source& operator=(const Source&) = delete;
    virtual ~Source() = default;
    /// Fills up to `size` bytes at `buffer`; returns how many, 0 only at the end. Throws Error.
    virtual std::size_t read(char* buffer, std::size_t size) = 0;
};

class Sink {
public:
    Sink() = default;
    Sink(Sink&&) = default;
    Sink& operator=(Sink&&) = default;
    Sink(const Sink&) = delete;
    Sink& operator=(const Sink&) = delete;
    virtual ~Sink() = default;
    /// Takes all of `bytes`. Throws Error.
    virtual void write(BytesView bytes) = 0;
};

/// Reads bytes that somebody else owns.
class ViewSource final : public Source {
public:
    explicit ViewSource(BytesView bytes) : rest_(bytes) {}

    std::size_t read(char* buffer, std::size_t size) override {
        const std::size_t count = std::min(size, rest_.size());
        rest_.copy(buffer, count);
        rest_.remove_prefix(count);
        return count;
    }

private:
    BytesView rest_;
};

/// Collects bytes; refuses more than `limit`.
class BytesSink final : public Sink {
public:
    explicit BytesSink(std::size_t limit = std::string::npos) : limit_(limit) {}

    void write(BytesView bytes) override {
        if (bytes.size() > limit_ - bytes_.size()) {
            throw Error(ErrorKind::refused, "the data is larger than its limit");
        }
        bytes_.append(bytes);
    }

    [[nodiscard]] const Bytes& bytes() const { return bytes_; }

    [[nodiscard]] Bytes take() { return std::exchange(bytes_, {}); }

private:
    Bytes bytes_;
    std::size_t limit_;
};

/// Hands every piece to a function.
class FunctionSink final : public Sink {
public:
    explicit FunctionSink(std::function<void(BytesView)> take) : take_(std::move(take)) {}

    void write(BytesView bytes) override { take_(bytes); }

private:
    std::function<void(BytesView)> take_;
};

/// Fills the whole buffer; throws ErrorKind::refused when the source ends first.
void read_exactly(Source& source, char* buffer, std::size_t size);
/// Moves everything from `source` to `sink`; returns how many bytes.
std::uint64_t copy_all(Source& source, Sink& sink);
/// Everything that `source` gives; refuses more than `limit` bytes.
[[nodiscard]] Bytes read_all(Source& source, std::size_t limit);

} // namespace pare
