// SPDX-License-Identifier: Apache-2.0
// The bytes of a tar archive as TarReader sees them: where it is in them, and what belongs to the
// entry at hand.
#pragma once

#include "archive/pax.hh"
#include "support/stream.hh"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pare::archive {

/// The input and the position in it, for messages.
class Tape {
public:
    Tape(Source& input, std::string name) : input_(input), name_(std::move(name)) {}

    /// Like Source::read().
    std::size_t read(char* buffer, std::size_t size) {
        const std::size_t count = input_.read(buffer, size);
        position_ += count;
        return count;
    }

    /// Reads until the buffer is full or the input ends; returns how many bytes.
    std::size_t fill(char* buffer, std::size_t size);
    /// Reads all of `size` or throws.
    void read_fully(char* buffer, std::size_t size);
    void skip(std::uint64_t size);
    /// Reads to the end of the input; throws unless all is zeros.
    void drain();

    [[noreturn]] void refuse_here(std::string_view why) const;

    [[noreturn]] void refuse_cut() const { refuse_here("the tar archive ends too early"); }

    [[nodiscard]] const std::string& name() const { return name_; }

private:
    Source& input_;
    std::string name_;
    std::uint64_t position_ = 0;
};

/// What is left of one entry's content. Plain content goes straight to the caller's buffer.
class EntryContent final : public Source {
public:
    explicit EntryContent(Tape& tape) : tape_(tape) {}

    /// Content that is stored whole.
    void open(std::uint64_t size);
    /// Content of which only `extents` are stored; the rest are zeros.
    void open_sparse(std::vector<Extent> extents, std::uint64_t real_size, std::uint64_t stored);
    std::size_t read(char* buffer, std::size_t size) override;
    /// Passes over what is left on the tape.
    void skip();

private:
    std::size_t read_stored(char* buffer, std::size_t size);
    std::size_t read_sparse(char* buffer, std::size_t size);

    Tape& tape_;
    std::uint64_t left_ = 0;   ///< of the content
    std::uint64_t stored_ = 0; ///< of it, still on the tape
    bool is_sparse_ = false;
    std::vector<Extent> extents_{};
    std::size_t next_extent_ = 0;
    std::uint64_t position_ = 0;
};

} // namespace pare::archive
