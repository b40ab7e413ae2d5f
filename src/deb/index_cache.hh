// SPDX-License-Identifier: Apache-2.0
// What was verified, kept on disk: the state of each suite, the text of its Release, and plain
// Packages files. Everything can be fetched again; nothing that is missing or short is an error.
#pragma once

#include "support/bytes.hh"
#include "support/files.hh"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace pare::deb {

/// What is kept of a suite, beside the text of its Release.
struct SuiteRecord {
    std::string release_sha256{}; ///< of the signed text
    std::uint64_t release_size = 0;
    std::string download_sha256{}; ///< of the files as they came, signatures and all
    std::string keys{};            ///< identity of the keys that vouch for it
    std::int64_t date = 0;
    std::optional<std::int64_t> valid_until{};
    std::vector<std::string> signers{};
    std::int64_t fetched_at = 0;  ///< when the archive said so last
    std::int64_t verified_at = 0; ///< when the signatures were looked at last

    bool operator==(const SuiteRecord&) const = default;
};

/// Safe for several processes at once: files come by rename, and whoever finds one gone fetches it
/// again.
class IndexCache {
public:
    explicit IndexCache(std::filesystem::path root);

    /// `key` is lower-case hex, as are all hashes here. Nothing when the record is no good.
    [[nodiscard]] std::optional<SuiteRecord> find_suite(const std::string& key) const;
    void keep_suite(const std::string& key, const SuiteRecord& record) const;

    [[nodiscard]] bool has_release(const SuiteRecord& record) const;
    /// Nothing when it is not there as it was kept; what is there instead is removed.
    [[nodiscard]] std::optional<Bytes> find_release(const SuiteRecord& record) const;
    void keep_release(const SuiteRecord& record, BytesView text) const;

    /// A plain Packages file of that size, if the size is known. Counts as a use.
    [[nodiscard]] std::optional<MappedFile>
    find_packages(const std::string& sha256, std::optional<std::uint64_t> size) const;
    /// Becomes that Packages file at its commit().
    [[nodiscard]] AtomicFile create_packages(const std::string& sha256) const;

    /// A directory for files under way.
    [[nodiscard]] std::filesystem::path downloads() const;
    /// Removes what no run has used for a month, and what killed ones left behind.
    void remove_unused() const;

private:
    [[nodiscard]] std::filesystem::path path(const char* folder, const std::string& name) const;

    std::filesystem::path root_;
};

} // namespace pare::deb
