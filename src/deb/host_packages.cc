// SPDX-License-Identifier: Apache-2.0
#include "deb/host_packages.hh"

#include "support/text.hh"

#include <algorithm>
#include <functional>
#include <utility>

namespace pare::deb {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kListEnd = ".list";

/// Without leading '/', below usr/ as on every Debian since 12.
std::string merged(std::string_view path) {
    path.remove_prefix(std::min(path.find_first_not_of('/'), path.size()));
    const std::string_view top = path.substr(0, path.find('/'));
    const bool is_moved = top == "bin" || top == "sbin" || top.starts_with("lib");
    return (is_moved ? "usr/" : "") + std::string(path);
}

/// Every file in the records whose path ends in `end`, with its package.
void for_each(
    const fs::path& database, std::string_view end,
    const std::function<void(std::string path, const std::string& package)>& found) {
    std::error_code problem;
    for (const auto& entry : fs::directory_iterator(database / "info", problem)) {
        const std::string name = entry.path().filename().string();
        if (!name.ends_with(kListEnd)) {
            continue;
        }
        std::string package = name.substr(0, name.size() - kListEnd.size());
        package.resize(std::min(package.find(':'), package.size()));
        const MappedFile list(entry.path());
        const BytesView text = list.bytes();
        for (std::size_t at = text.find(end); at != BytesView::npos; at = text.find(end, at + 1)) {
            const std::size_t stop = at + end.size();
            const std::size_t start = text.rfind('\n', at) + 1;
            if (stop == text.size() || text[stop] == '\n') {
                found(merged(text.substr(start, stop - start)), package);
            }
        }
    }
}

} // namespace

HostPackages::HostPackages(fs::path database) : database_(std::move(database)) {}

std::optional<std::string> HostPackages::owner_of(std::string_view path) const {
    std::optional<std::string> owner;
    const std::string wanted = merged(path);
    const std::string_view name = path.substr(path.rfind('/') + 1);
    for_each(
        database_, "/" + std::string(name), [&](const std::string& found, const auto& package) {
            if (found == wanted && (!owner || package < *owner)) {
                owner = package;
            }
        });
    return owner;
}

std::vector<LibraryFile> HostPackages::libraries(std::string_view file_name) const {
    std::vector<LibraryFile> files;
    for_each(
        database_, "/" + std::string(file_name), [&](std::string path, const std::string& package) {
            files.push_back({.path = std::move(path), .package = package});
        });
    std::ranges::sort(
        files, {}, [](const LibraryFile& file) { return std::pair(file.path, file.package); });
    return files;
}

} // namespace pare::deb
