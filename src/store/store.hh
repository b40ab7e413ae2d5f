// SPDX-License-Identifier: Apache-2.0
// The content-addressed cache on disk. Everything in it can be made again; nothing in it is ever
// half-written, because every file gets its name by rename. Several processes may share one store.
#pragma once

#include "support/bytes.hh"
#include "support/clock.hh"
#include "support/files.hh"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace pare::store {

/// What is kept. Keys are lower-case hex of a SHA-256: of the content for packages and blobs, of
/// everything that the content depends on for the rest.
enum class Kind {
    package,  ///< package files, by their own hash
    manifest, ///< what a cut holds (cut/manifest.hh)
    part,     ///< the uncompressed tar part of a cut
    member,   ///< the compressed form of a part: gzip members or zstd frames
    layer,    ///< a record: a finished layer, as a blob; or what is in a layer
    blob,     ///< compressed layers, by their own hash
    solution, ///< what a request resolved to under one state of the repositories
    image,    ///< a record: a finished image, or its bill of materials
};

struct KindUsage {
    std::uint64_t files = 0;
    std::uint64_t bytes = 0;
};

struct PruneResult {
    std::uint64_t files = 0;
    std::uint64_t bytes = 0;
};

class Store {
public:
    /// Opens or makes the store below `root`. Holds a shared lock until destruction, so that a
    /// prune of another process waits.
    explicit Store(std::filesystem::path root);

    [[nodiscard]] const std::filesystem::path& root() const { return root_; }

    /// Where that content is, or will be. Throws ErrorKind::bug for a key that is no SHA-256.
    [[nodiscard]] std::filesystem::path path(Kind kind, std::string_view key) const;
    [[nodiscard]] bool has(Kind kind, std::string_view key) const;
    /// The content of a small file, or nothing.
    [[nodiscard]] std::optional<Bytes> get(Kind kind, std::string_view key) const;
    void put(Kind kind, std::string_view key, BytesView bytes);
    /// A file that becomes content at commit_as(path(kind, key)); the key may be unknown till then.
    [[nodiscard]] AtomicFile create(Kind kind);
    /// Gives a file that create() made its place in the store.
    void keep(AtomicFile file, Kind kind, std::string_view key);

    /// A directory of the store that the repository rooms keep their indexes in.
    [[nodiscard]] std::filesystem::path indexes() const { return root_ / "indexes"; }

    [[nodiscard]] std::map<std::string, KindUsage> usage() const;

private:
    [[nodiscard]] std::filesystem::path folder(Kind kind) const;

    std::filesystem::path root_;
    FileLock lock_;
};

/// Removes what was not used since `older_than` (seconds since the epoch), and left-overs of killed
/// programs. Waits until no other process uses the store.
PruneResult prune(const std::filesystem::path& root, std::int64_t older_than);

/// `option` when not empty, else `$PARE_STORE`, else `$XDG_CACHE_HOME/pare`, else `~/.cache/pare`.
[[nodiscard]] std::filesystem::path choose_root(const std::string& option);

} // namespace pare::store
