// SPDX-License-Identifier: Apache-2.0
#include "build/part_writer.hh"

#include "build/identity.hh"

#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <utility>

namespace pare::build {

namespace {

/// Larger pieces compress no better (4 MiB gives the size of one whole stream), smaller ones spread
/// better over threads.
constexpr std::size_t kPieceSize = 1U << 20;

/// Pieces that may wait for a free thread; beyond that their maker compresses one itself, which
/// bounds the memory.
constexpr std::size_t kWaiting = 4;

} // namespace

/// Shared with the pool, whose tasks may come late: when all pieces are taken, they do nothing.
struct PartWriter::Pieces {
    struct Piece {
        Bytes bytes{};
        bool done = false;
    };

    std::mutex mutex;
    std::condition_variable ready;
    std::deque<Piece> pieces; ///< taken from the front as they are written
    std::size_t written = 0;  ///< pieces that left the front
    std::size_t next = 0;     ///< the first that nobody took, counted from the first of all
    std::exception_ptr error;
    archive::Compression compression;

    [[nodiscard]] std::size_t waiting() const { return written + pieces.size() - next; }

    /// Compresses one piece that nobody took; false when there is none.
    bool compress_one() {
        std::unique_lock lock(mutex);
        if (waiting() == 0) {
            return false;
        }
        // A reference into a deque stays good while others leave at the front and join at the back.
        Piece& piece = pieces[next++ - written];
        lock.unlock();
        Bytes compressed;
        std::exception_ptr problem;
        try {
            compressed = archive::compress(piece.bytes, compression);
        } catch (...) {
            problem = std::current_exception();
        }
        lock.lock();
        piece.bytes = std::move(compressed);
        piece.done = true;
        error = error ? error : problem;
        ready.notify_all();
        return true;
    }
};

std::string member_key(const std::string& part_key, const archive::Compression& compression) {
    return Identity("member 1").add(part_key).add(archive::to_string(compression)).hex();
}

PartWriter::PartWriter(
    store::Store& store, ThreadPool& pool, const archive::Compression& compression)
    : store_(store), pool_(pool), compression_(compression), part_(store.create(store::Kind::part)),
      member_(store.create(store::Kind::member)), pieces_(std::make_shared<Pieces>()) {
    pieces_->compression = compression;
}

void PartWriter::write(BytesView bytes) {
    part_.write(bytes);
    while (!bytes.empty()) {
        const BytesView now = bytes.substr(0, kPieceSize - piece_.size());
        piece_.append(now);
        bytes.remove_prefix(now.size());
        if (piece_.size() == kPieceSize) {
            hand_over();
        }
    }
}

void PartWriter::hand_over() {
    if (piece_.empty()) {
        return;
    }
    std::size_t waiting = 0;
    {
        const std::lock_guard lock(pieces_->mutex);
        pieces_->pieces.push_back({std::exchange(piece_, {}), false});
        waiting = pieces_->waiting();
    }
    piece_.reserve(kPieceSize);
    if (waiting > kWaiting) {
        pieces_->compress_one();
    } else {
        pool_.post(0, [pieces = pieces_] { pieces->compress_one(); });
    }
    flush();
}

void PartWriter::flush() {
    while (true) {
        Bytes bytes;
        {
            const std::lock_guard lock(pieces_->mutex);
            if (pieces_->error) {
                std::rethrow_exception(pieces_->error);
            }
            if (pieces_->pieces.empty() || !pieces_->pieces.front().done) {
                return;
            }
            bytes = std::move(pieces_->pieces.front().bytes);
            pieces_->pieces.pop_front();
            ++pieces_->written;
        }
        member_.write(bytes);
    }
}

void PartWriter::finish() {
    hand_over();
    while (pieces_->compress_one()) {
        flush();
    }
    while (true) {
        flush();
        std::unique_lock lock(pieces_->mutex);
        if (pieces_->pieces.empty()) {
            return;
        }
        pieces_->ready.wait(lock, [&] { return pieces_->pieces.front().done; });
    }
}

MappedFile PartWriter::map() const {
    return MappedFile(part_.temporary());
}

void PartWriter::keep(const std::string& part_key) {
    store_.keep(std::move(part_), store::Kind::part, part_key);
    store_.keep(std::move(member_), store::Kind::member, member_key(part_key, compression_));
}

void compress_part(
    store::Store& store, ThreadPool& pool, const archive::Compression& compression,
    const std::string& part_key) {
    PartWriter writer(store, pool, compression);
    FileSource part(store.path(store::Kind::part, part_key));
    copy_all(part, writer);
    writer.finish();
    writer.keep(part_key);
}

} // namespace pare::build
