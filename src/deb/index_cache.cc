// SPDX-License-Identifier: Apache-2.0
// Problem: the next run must find what this one verified, without reading it: a run in which all is
// fresh reads three small files.
// Layout below the root, each file whole by rename:
//   suites/KEY         a SuiteRecord as JSON
//   releases/SHA256    the signed text of a Release
//   packages/SHA256    a plain Packages file
//   downloads/         directories of runs under way
// A use makes a file's modification time younger, once a day: what is old can go.
#include "deb/index_cache.hh"

#include "support/digest.hh"
#include "support/error.hh"
#include "support/json.hh"

#include <sys/stat.h>

#include <chrono>
#include <utility>

namespace pare::deb {

namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kFormat = 1;
constexpr std::uint64_t kLargestRecord = 1U << 20;
constexpr std::uint64_t kLargestRelease = 256U << 20;
constexpr auto kUseInterval = std::chrono::hours(24);
constexpr auto kUnusedFor = std::chrono::days(30);

json::Value to_json(const SuiteRecord& record) {
    json::Array signers;
    for (const std::string& signer : record.signers) {
        signers.emplace_back(signer);
    }
    json::Object object{
        {"format", kFormat},
        {"release", record.release_sha256},
        {"size", record.release_size},
        {"download", record.download_sha256},
        {"keys", record.keys},
        {"date", record.date},
        {"signers", std::move(signers)},
        {"fetched", record.fetched_at},
        {"verified", record.verified_at}};
    if (record.valid_until) {
        object.set("valid-until", *record.valid_until);
    }
    return object;
}

SuiteRecord from_json(const json::Value& value) {
    if (value.at("format").as_integer() != kFormat) {
        throw Error(ErrorKind::refused, "a record of another version");
    }
    SuiteRecord record{
        .release_sha256 = value.at("release").as_string(),
        .release_size = static_cast<std::uint64_t>(value.at("size").as_integer()),
        .download_sha256 = value.at("download").as_string(),
        .keys = value.at("keys").as_string(),
        .date = value.at("date").as_integer(),
        .fetched_at = value.at("fetched").as_integer(),
        .verified_at = value.at("verified").as_integer()};
    if (const json::Value* until = value.as_object().find("valid-until")) {
        record.valid_until = until->as_integer();
    }
    for (const json::Value& signer : value.at("signers").as_array()) {
        record.signers.push_back(signer.as_string());
    }
    return record;
}

/// Runs what may find a file gone or damaged; then there is nothing.
template <typename Work>
auto or_nothing(Work work) -> std::optional<decltype(work())> {
    try {
        return work();
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::bug) {
            throw;
        }
        return std::nullopt;
    }
}

/// The size of a regular file, or nothing.
std::optional<std::uint64_t> size_of(const fs::path& path) {
    std::error_code problem;
    const auto size = fs::file_size(path, problem);
    return problem ? std::nullopt : std::optional<std::uint64_t>(size);
}

/// Hashing 50 MB again would cost more than all the rest of a run. What a loss of power does to a
/// file is seen without: it is short, or zeros.
bool is_whole(BytesView bytes, std::optional<std::uint64_t> size) {
    const bool is_text = bytes.empty() || (bytes.front() != '\0' && bytes.back() != '\0');
    return is_text && bytes.size() == size.value_or(bytes.size());
}

/// Harmless when it fails: then the file looks older than it is.
void mark_used(const fs::path& path) {
    std::error_code problem;
    const auto now = fs::file_time_type::clock::now();
    const auto used = fs::last_write_time(path, problem);
    if (!problem && now - used > kUseInterval) {
        fs::last_write_time(path, now, problem);
    }
}

template <typename Duration>
void remove_older(const fs::path& directory, Duration age) {
    std::error_code problem;
    const auto now = fs::file_time_type::clock::now();
    fs::directory_iterator entry(directory, problem);
    for (; !problem && entry != fs::directory_iterator(); entry.increment(problem)) {
        std::error_code gone;
        if (now - entry->last_write_time(gone) > age && !gone) {
            fs::remove_all(entry->path(), gone);
        }
    }
}

} // namespace

IndexCache::IndexCache(fs::path root) : root_(std::move(root)) {}

fs::path IndexCache::path(const char* folder, const std::string& name) const {
    ensure(is_hex(name, 64), "a file of the index cache is named by a hash");
    return root_ / folder / name;
}

std::optional<SuiteRecord> IndexCache::find_suite(const std::string& key) const {
    return or_nothing([&] {
        const fs::path file = path("suites", key);
        return from_json(json::parse(read_file(file, kLargestRecord), file.string()));
    });
}

void IndexCache::keep_suite(const std::string& key, const SuiteRecord& record) const {
    make_directories(root_ / "suites");
    write_file(path("suites", key), json::write(to_json(record)));
}

bool IndexCache::has_release(const SuiteRecord& record) const {
    return is_hex(record.release_sha256, 64) &&
           size_of(path("releases", record.release_sha256)) == record.release_size;
}

std::optional<Bytes> IndexCache::find_release(const SuiteRecord& record) const {
    if (!has_release(record)) {
        return std::nullopt;
    }
    const fs::path file = path("releases", record.release_sha256);
    mark_used(file);
    auto text = or_nothing([&] { return read_file(file, kLargestRelease); });
    if (text && hash_hex(*text) != record.release_sha256) {
        std::error_code gone;
        fs::remove(file, gone);
        text.reset();
    }
    return text;
}

void IndexCache::keep_release(const SuiteRecord& record, BytesView text) const {
    make_directories(root_ / "releases");
    write_file(path("releases", record.release_sha256), text);
}

std::optional<MappedFile>
IndexCache::find_packages(const std::string& sha256, std::optional<std::uint64_t> size) const {
    const fs::path file = path("packages", sha256);
    mark_used(file);
    auto mapped = or_nothing([&] { return MappedFile(file); });
    if (mapped && !is_whole(mapped->bytes(), size)) {
        return std::nullopt;
    }
    return mapped;
}

AtomicFile IndexCache::create_packages(const std::string& sha256) const {
    make_directories(root_ / "packages");
    return AtomicFile(path("packages", sha256));
}

fs::path IndexCache::downloads() const {
    make_directories(root_ / "downloads");
    return root_ / "downloads";
}

void IndexCache::remove_unused() const {
    remove_older(root_ / "packages", kUnusedFor);
    remove_older(root_ / "releases", kUnusedFor);
    remove_older(root_ / "downloads", kUseInterval);
}

} // namespace pare::deb
