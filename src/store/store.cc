// SPDX-License-Identifier: Apache-2.0
// Layout: KIND/ab/abcdef... below the root, `indexes/` for the repositories, `lock` for flock(2).
// Temporary files are called `.tmp-*` (support/files.hh). A use counts for `prune` when it makes
// the modification time of a file younger, which is done at most once a day.
#include "store/store.hh"

#include "support/digest.hh"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>

#include <array>
#include <cstdlib>
#include <system_error>
#include <utility>
#include <vector>

namespace pare::store {

namespace {

constexpr std::array<const char*, 8> kFolders = {"packages", "manifests", "parts",     "members",
                                                 "layers",   "blobs",     "solutions", "images"};

constexpr std::int64_t kUseInterval = std::int64_t{24} * 60 * 60;

std::filesystem::path make(std::filesystem::path root) {
    if (!std::filesystem::exists(root / "lock")) {
        for (const char* folder : kFolders) {
            make_directories(root / folder);
        }
        make_directories(root / "indexes");
    }
    return root;
}

/// Makes a file count as used today; failing to (a read-only store) harms nobody.
void mark_used(const std::filesystem::path& path, const struct stat& status) {
    struct timespec now{};
    ::clock_gettime(CLOCK_REALTIME_COARSE, &now);
    if (now.tv_sec - status.st_mtim.tv_sec > kUseInterval) {
        ::utimensat(AT_FDCWD, path.c_str(), nullptr, 0);
    }
}

bool is_left_over(const std::filesystem::directory_entry& file) {
    return file.path().filename().string().starts_with(".tmp-");
}

/// Removes the temporary directories (support/files.hh) of programs that were killed; nobody else
/// uses the store now.
void remove_workshops(const std::filesystem::path& root, PruneResult& result) {
    std::vector<std::filesystem::path> workshops;
    for (const auto& entry : std::filesystem::directory_iterator(root)) {
        if (entry.is_directory() && !entry.is_symlink() &&
            entry.path().filename().string().starts_with("pare-")) {
            workshops.push_back(entry.path());
        }
    }
    for (const std::filesystem::path& workshop : workshops) {
        for (const auto& file : std::filesystem::recursive_directory_iterator(workshop)) {
            if (file.is_regular_file() && !file.is_symlink()) {
                ++result.files;
                result.bytes += file.file_size();
            }
        }
        std::error_code problem;
        std::filesystem::remove_all(workshop, problem);
    }
}

} // namespace

Store::Store(std::filesystem::path root)
    : root_(std::move(root)), lock_(make(root_) / "lock", LockMode::shared) {}

std::filesystem::path Store::folder(Kind kind) const {
    return root_ / kFolders[static_cast<std::size_t>(kind)];
}

std::filesystem::path Store::path(Kind kind, std::string_view key) const {
    ensure(is_hex(key, 64), "a key of the store is a SHA-256 in hex");
    return folder(kind) / key.substr(0, 2) / key;
}

bool Store::has(Kind kind, std::string_view key) const {
    const std::filesystem::path file = path(kind, key);
    struct stat status{};
    if (::stat(file.c_str(), &status) != 0) {
        return false;
    }
    mark_used(file, status);
    return true;
}

std::optional<Bytes> Store::get(Kind kind, std::string_view key) const {
    if (!has(kind, key)) {
        return std::nullopt;
    }
    return read_file(path(kind, key));
}

void Store::put(Kind kind, std::string_view key, BytesView bytes) {
    AtomicFile file = create(kind);
    file.write(bytes);
    keep(std::move(file), kind, key);
}

AtomicFile Store::create(Kind kind) {
    return AtomicFile(folder(kind) / "new");
}

void Store::keep(AtomicFile file, Kind kind, std::string_view key) {
    const std::filesystem::path place = path(kind, key);
    make_directories(place.parent_path());
    // Blobs may be hard-linked into layouts of the user: nobody shall write to them by mistake.
    file.commit_as(place, kind == Kind::blob ? 0444 : 0644);
}

std::map<std::string, KindUsage> Store::usage() const {
    std::map<std::string, KindUsage> usage;
    for (const auto& file : std::filesystem::recursive_directory_iterator(root_)) {
        if (file.is_regular_file()) {
            const auto relative = file.path().lexically_relative(root_);
            KindUsage& kind = usage[relative.begin()->string()];
            ++kind.files;
            kind.bytes += file.file_size();
        }
    }
    usage.erase("lock");
    return usage;
}

PruneResult prune(const std::filesystem::path& root, std::int64_t older_than) {
    PruneResult result;
    if (!std::filesystem::exists(root / "lock")) {
        return result;
    }
    const FileLock alone(root / "lock", LockMode::exclusive);
    remove_workshops(root, result);
    for (const auto& file : std::filesystem::recursive_directory_iterator(root)) {
        struct stat status{};
        if (!file.is_regular_file() || file.path() == root / "lock" ||
            ::stat(file.path().c_str(), &status) != 0) {
            continue;
        }
        if (is_left_over(file) || status.st_mtim.tv_sec < older_than) {
            std::error_code problem;
            if (std::filesystem::remove(file.path(), problem)) {
                ++result.files;
                result.bytes += static_cast<std::uint64_t>(status.st_size);
            }
        }
    }
    return result;
}

std::filesystem::path choose_root(const std::string& option) {
    const auto variable = [](const char* name) {
        const char* value = std::getenv(name);
        return std::string(value == nullptr ? "" : value);
    };
    if (!option.empty()) {
        return option;
    }
    if (const std::string store = variable("PARE_STORE"); !store.empty()) {
        return store;
    }
    if (const std::string cache = variable("XDG_CACHE_HOME"); !cache.empty()) {
        return std::filesystem::path(cache) / "pare";
    }
    const std::string home = variable("HOME");
    if (home.empty()) {
        throw Error(
            ErrorKind::environment, "there is no place for the store: HOME is not set",
            "give one with --store DIRECTORY");
    }
    return std::filesystem::path(home) / ".cache" / "pare";
}

} // namespace pare::store
