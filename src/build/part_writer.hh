// SPDX-License-Identifier: Apache-2.0
// Writes a tar part to the store, plain and compressed, while it is being made. It is compressed in
// pieces of a fixed size, each a gzip member or zstd frame of its own, by whichever threads are
// free; so the bytes do not depend on how many there are.
#pragma once

#include "archive/codec.hh"
#include "store/store.hh"
#include "support/thread_pool.hh"

#include <memory>
#include <string>

namespace pare::build {

/// The key of the compressed form of a part.
[[nodiscard]] std::string
member_key(const std::string& part_key, const archive::Compression& compression);

class PartWriter final : public Sink {
public:
    PartWriter(store::Store& store, ThreadPool& pool, const archive::Compression& compression);
    PartWriter(const PartWriter&) = delete;
    PartWriter& operator=(const PartWriter&) = delete;

    void write(BytesView bytes) override;
    /// Ends the part; both files are complete under temporary names.
    void finish();
    /// The plain part, after finish().
    [[nodiscard]] MappedFile map() const;
    /// Gives both files their names in the store.
    void keep(const std::string& part_key);

private:
    struct Pieces;

    void hand_over();
    void flush();

    store::Store& store_;
    ThreadPool& pool_;
    archive::Compression compression_;
    AtomicFile part_;
    AtomicFile member_;
    Bytes piece_;
    std::shared_ptr<Pieces> pieces_;
};

/// Makes the missing compressed form of a part that is in the store.
void compress_part(
    store::Store& store, ThreadPool& pool, const archive::Compression& compression,
    const std::string& part_key);

} // namespace pare::build
