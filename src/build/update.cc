// SPDX-License-Identifier: Apache-2.0
// Renews the lock of archives. Versions come from a list that the upstream project publishes (a
// JSON array of objects with `version` or `tag_name`: nodejs.org/dist/index.json, the releases of
// GitHub), hashes from its checksums file (lines of sha256sum). Refused are lists of another form,
// and checksums that lack one of the archives. Where a project publishes no checksums, the archive
// itself is fetched and hashed.
#include "build/archives.hh"
#include "build/build.hh"
#include "support/digest.hh"
#include "support/json.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <utility>

namespace pare::build {

namespace {

constexpr std::uint64_t kLargestList = 64U << 20;
constexpr std::uint64_t kLargestChecksums = 8U << 20;

/// An archive and the architectures that it is wanted for.
struct Wanted {
    definition::ArchiveRequest request{};
    std::set<std::string> architectures{};
};

Error problem_with(const definition::ArchiveRequest& request, const std::string& what) {
    return Error(ErrorKind::environment, fmt::format("archive '{}': {}", request.name, what))
        .at(request.where);
}

/// The numbers of a version; nothing for one that has anything else, like a pre-release.
std::optional<std::vector<std::uint64_t>> numbers_of(std::string_view version) {
    std::vector<std::uint64_t> numbers;
    for (const std::string_view part : split(version, '.')) {
        const auto number = parse_number(part);
        if (!number) {
            return std::nullopt;
        }
        numbers.push_back(*number);
    }
    return numbers;
}

/// The newest version of a list of releases that is wanted.
std::string newest_version(const json::Value& releases, const definition::ArchiveRequest& request) {
    const json::Array* list = releases.array();
    if (list == nullptr) {
        throw problem_with(request, request.releases + " is no JSON list");
    }
    std::string newest;
    std::vector<std::uint64_t> newest_numbers;
    for (const json::Value& release : *list) {
        const json::Object* object = release.object();
        const json::Value* name = object == nullptr ? nullptr : object->find("version");
        if (object != nullptr && name == nullptr) {
            name = object->find("tag_name");
        }
        if (name == nullptr || name->string() == nullptr) {
            continue;
        }
        std::string version = *name->string();
        version.erase(0, version.starts_with('v') ? 1 : 0);
        const auto numbers = numbers_of(version);
        if (numbers && is_version_wanted(version, request.version) && *numbers > newest_numbers) {
            newest = std::move(version);
            newest_numbers = *numbers;
        }
    }
    if (newest.empty()) {
        throw problem_with(
            request, fmt::format("{} lists no version {}", request.releases, request.version));
    }
    return newest;
}

/// The hash that lines of sha256sum (`HASH  NAME`, `HASH *NAME`) give for a file name.
std::optional<std::string> find_checksum(BytesView checksums, std::string_view name) {
    for (const std::string_view line : split(checksums, '\n')) {
        const auto words = split_words(line);
        if (words.size() == 2 && is_hex(words[0], 64) &&
            (words[1] == name || words[1] == fmt::format("*{}", name) ||
             words[1] == fmt::format("./{}", name))) {
            return std::string(words[0]);
        }
    }
    return std::nullopt;
}

class Updater {
public:
    Updater(const Request& request, const Tools& tools) : tools_(tools), book_(request, tools) {}

    /// The pin of an archive as its project has it now.
    package::ArchivePin renew(const Wanted& wanted) {
        const definition::ArchiveRequest& request = wanted.request;
        const Activity activity(tools_.events, Stage::index, request.name);
        package::ArchivePin pin{.version = request.version};
        if (!request.releases.empty()) {
            const Bytes list = fetch(request, request.releases, kLargestList);
            pin.version = newest_version(json::parse(list, request.releases), request);
        }
        for (const std::string& architecture : wanted.architectures) {
            pin.sha256[architecture] = hash_of(request, pin.version, architecture);
        }
        return pin;
    }

    [[nodiscard]] PinBook& book() { return book_; }

private:
    [[nodiscard]] Bytes fetch(
        const definition::ArchiveRequest& request, const std::string& url,
        std::uint64_t limit) const {
        auto body = tools_.client.get(url, limit, Stage::index, tools_.stop);
        if (!body) {
            throw problem_with(request, fmt::format("there is no {}", url));
        }
        return *std::move(body);
    }

    std::string hash_of(
        const definition::ArchiveRequest& request, const std::string& version,
        const std::string& architecture) {
        const std::string url = expand_url(request.url, request, version, architecture);
        if (request.checksums.empty()) {
            return hash_archive(request, url);
        }
        const std::string list = expand_url(request.checksums, request, version, architecture);
        const auto [known, is_new] = checksums_.emplace(list, Bytes());
        if (is_new) {
            known->second = fetch(request, list, kLargestChecksums);
        }
        const std::string name = url.substr(url.rfind('/') + 1);
        const auto hash = find_checksum(known->second, name);
        if (!hash) {
            throw problem_with(request, fmt::format("{} has no SHA-256 of {}", list, name));
        }
        return *hash;
    }

    /// Keeps the archive as well, so that the next build finds it.
    std::string hash_archive(const definition::ArchiveRequest& request, const std::string& url) {
        const std::filesystem::path file = tools_.store.indexes() / ("archive-" + hash_hex(url));
        std::exception_ptr error;
        tools_.client.fetch(
            {{.url = url, .destination = file, .name = request.name}},
            [&](std::size_t, const net::Outcome& outcome) { error = outcome.error; }, tools_.stop);
        if (error) {
            std::rethrow_exception(error);
        }
        const std::string hash = hash_hex(MappedFile(file).bytes());
        const auto place = tools_.store.path(store::Kind::package, hash);
        make_directories(place.parent_path());
        std::filesystem::rename(file, place);
        return hash;
    }

    const Tools& tools_;
    PinBook book_;
    std::map<std::string, Bytes> checksums_{};
};

} // namespace

std::vector<UpdatedPins> update_archives(const Request& request, const Tools& tools) {
    Request all = request;
    all.archs = {"all"};
    all.variants = {"all"};
    const Plan plan = make_plan(all, tools);
    Updater updater(request, tools);
    // By the lock's path and the archive's name; one definition may say more than another.
    std::map<std::filesystem::path, std::map<std::string, Wanted>> wanted;
    std::map<std::filesystem::path, package::ArchivePins> known;
    for (const auto& node : plan.nodes) {
        for (const definition::ArchiveRequest& archive : node->step.archives) {
            if (archive.sha256.empty()) {
                const auto path = archive_pins_path(node->step);
                known.try_emplace(path, updater.book().pins_of(node->step));
                Wanted& one = wanted[path]
                                  .try_emplace(archive.name, archive, std::set<std::string>())
                                  .first->second;
                one.architectures.insert(node->architecture);
            }
        }
    }
    std::vector<UpdatedPins> updated;
    for (const auto& [path, archives] : wanted) {
        UpdatedPins one{.path = path, .known = known[path]};
        for (const auto& [name, archive] : archives) {
            one.found[name] = updater.renew(archive);
        }
        updated.push_back(std::move(one));
    }
    return updated;
}

} // namespace pare::build
