// SPDX-License-Identifier: Apache-2.0
#include "build/archives.hh"

#include "support/files.hh"

#include <fmt/core.h>

#include <utility>

namespace pare::build {

namespace {

constexpr const char* kFileName = "archives.lock.json";
constexpr std::uint64_t kLargestFile = 1U << 20;

void replace_all(std::string& text, std::string_view from, std::string_view to) {
    for (std::size_t at = text.find(from); at != std::string::npos;
         at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
}

Error not_locked(const definition::ArchiveRequest& request, std::string why) {
    return Error(
               ErrorKind::definition, fmt::format("archive '{}': {}", request.name, std::move(why)),
               "write its version and hashes to the lock of archives: pare update DEFINITION")
        .at(request.where);
}

/// The hash that the definition itself gives.
const std::string*
own_hash(const definition::ArchiveRequest& request, const std::string& architecture) {
    for (const std::string& key : {architecture, std::string()}) {
        if (const auto found = request.sha256.find(key); found != request.sha256.end()) {
            return &found->second;
        }
    }
    return nullptr;
}

} // namespace

std::string expand_url(
    const std::string& url, const definition::ArchiveRequest& request, const std::string& version,
    const std::string& architecture) {
    std::string name = architecture;
    if (!request.arch_names.empty()) {
        const auto found = request.arch_names.find(architecture);
        if (found == request.arch_names.end()) {
            throw Error(
                ErrorKind::definition,
                fmt::format("archive '{}' is not made for {}", request.name, architecture),
                "add it to arch-names, or build for another architecture")
                .at(request.where);
        }
        name = found->second;
    }
    std::string expanded = url;
    replace_all(expanded, "${version}", version);
    replace_all(expanded, "${arch}", name);
    return expanded;
}

bool is_version_wanted(const std::string& version, const std::string& wanted) {
    return version == wanted ||
           (version.starts_with(wanted) && version.substr(wanted.size()).starts_with('.'));
}

std::filesystem::path archive_pins_path(const definition::Step& step) {
    return step.directory.empty() ? std::filesystem::path() : step.directory / kFileName;
}

PinBook::PinBook(const Request& request, const Tools& tools) : request_(request), tools_(tools) {}

const package::ArchivePins& PinBook::pins_of(const definition::Step& step) {
    const std::filesystem::path path =
        request_.archive_pins.empty() ? archive_pins_path(step) : request_.archive_pins;
    if (const auto known = known_.find(path); known != known_.end()) {
        return known->second;
    }
    package::ArchivePins pins;
    if (path.empty()) {
        pins = package::parse_archive_pins(
            tools_.library.archive_pins, "archives.lock.json (built in)");
    } else if (!request_.archive_pins.empty() || std::filesystem::exists(path)) {
        pins = package::parse_archive_pins(read_file(path, kLargestFile), path.string());
    }
    return known_.emplace(path, std::move(pins)).first->second;
}

std::vector<package::LockedArchive>
PinBook::lock_archives(const definition::Step& step, const std::string& architecture) {
    std::vector<package::LockedArchive> locked;
    for (const definition::ArchiveRequest& request : step.archives) {
        package::LockedArchive archive{.name = request.name, .version = request.version};
        if (const std::string* hash = own_hash(request, architecture)) {
            archive.sha256 = *hash;
        } else {
            const package::ArchivePins& pins = pins_of(step);
            const auto pin = pins.find(request.name);
            if (pin == pins.end()) {
                throw not_locked(request, "no version of it is locked");
            }
            if (!is_version_wanted(pin->second.version, request.version)) {
                throw not_locked(
                    request,
                    fmt::format(
                        "{} is locked, and {} is wanted", pin->second.version, request.version));
            }
            const auto found = pin->second.sha256.find(architecture);
            if (found == pin->second.sha256.end()) {
                throw not_locked(
                    request,
                    fmt::format("{} is not locked for {}", pin->second.version, architecture));
            }
            archive.version = pin->second.version;
            archive.sha256 = found->second;
        }
        archive.url = expand_url(request.url, request, archive.version, architecture);
        locked.push_back(std::move(archive));
    }
    return locked;
}

} // namespace pare::build
