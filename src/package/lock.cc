// SPDX-License-Identifier: Apache-2.0
// Locks as JSON, version 1 (docs/lock.md): `{"version": 1, "architectures": {ARCH: [STEP...]}}`.
// A lock decides which bytes go into an image, so nothing in it is guessed: unknown and missing
// members, other versions, weak hashes, addresses that are not absolute, packages out of order or
// named twice are refused, with the place in the document.
#include "package/lock.hh"

#include "package/members.hh"
#include "support/digest.hh"
#include "support/json.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>

namespace pare::package {

namespace {

constexpr int kVersion = 1;
constexpr std::string_view kDigestStart = "sha256:";
constexpr std::size_t kMaxBytes = std::size_t{64} << 20;

json::Array strings_json(const std::vector<std::string>& strings) {
    return {strings.begin(), strings.end()};
}

json::Object package_json(const LockedPackage& package) {
    return {
        {"name", package.name},
        {"version", package.version},
        {"architecture", package.architecture},
        {"source", package.source},
        {"source_version", package.source_version},
        {"suite", package.suite},
        {"url", package.url},
        {"sha256", package.sha256},
        {"size", package.size},
        {"reason", package.reason}};
}

json::Object archive_json(const LockedArchive& archive) {
    return {
        {"name", archive.name},
        {"version", archive.version},
        {"url", archive.url},
        {"sha256", archive.sha256}};
}

json::Object step_json(const LockedStep& step) {
    json::Array packages;
    for (const LockedPackage& package : step.packages) {
        packages.emplace_back(package_json(package));
    }
    json::Object object{
        {"definition", step.definition},
        {"request", step.request},
        {"asked", strings_json(step.asked)}};
    if (!step.base.empty()) {
        object.set("base", step.base);
    }
    object.set("packages", std::move(packages));
    if (!step.archives.empty()) {
        json::Array archives;
        for (const LockedArchive& archive : step.archives) {
            archives.emplace_back(archive_json(archive));
        }
        object.set("archives", std::move(archives));
    }
    return object;
}

/// The two members that say which bytes are meant.
template <typename Locked>
void check_bytes(const Locked& locked, const std::string& place) {
    if (!is_hex(locked.sha256, 64)) {
        reject(fmt::format("\"sha256\" of {} is not 64 lower-case hex digits", place));
    }
    const std::size_t scheme = locked.url.find("://");
    const bool printable = std::all_of(
        locked.url.begin(), locked.url.end(), [](char c) { return c > ' ' && c < '\x7f'; });
    if (scheme == std::string::npos || scheme == 0 || !printable) {
        reject(fmt::format("\"url\" of {} is not an absolute address", place));
    }
}

LockedPackage parse_package(const json::Value& value, std::string_view step, std::size_t number) {
    std::string place = fmt::format("package {} of {}", number, step);
    const json::Value* name = value.object() == nullptr ? nullptr : value.object()->find("name");
    if (name != nullptr && name->string() != nullptr) {
        place = fmt::format("package {} of {}", *name->string(), step);
    }
    Members members(value, place);
    LockedPackage package{
        .name = members.some_text("name"),
        .version = members.some_text("version"),
        .architecture = members.some_text("architecture"),
        .source = members.text("source"),
        .source_version = members.text("source_version"),
        .suite = members.text("suite"),
        .url = members.some_text("url"),
        .sha256 = members.some_text("sha256"),
        .size = members.number("size"),
        .reason = members.text("reason")};
    members.finish();
    check_bytes(package, place);
    return package;
}

LockedArchive parse_archive(const json::Value& value, std::string_view step, std::size_t number) {
    const std::string place = fmt::format("archive {} of {}", number, step);
    Members members(value, place);
    LockedArchive archive{
        .name = members.some_text("name"),
        .version = members.text("version"),
        .url = members.some_text("url"),
        .sha256 = members.some_text("sha256")};
    members.finish();
    check_bytes(archive, place);
    return archive;
}

void check_order(const std::vector<LockedPackage>& packages, const std::string& step) {
    for (std::size_t i = 1; i < packages.size(); ++i) {
        const int order = packages[i - 1].name.compare(packages[i].name);
        if (order > 0 || packages[i - 1] == packages[i]) {
            reject(fmt::format(
                "package {} of {} {}", packages[i].name, step,
                order > 0 ? "is not in the order of names" : "is listed twice"));
        }
    }
}

LockedStep parse_step(const json::Value& value, const std::string& architecture) {
    Members members(value, "a step of " + architecture);
    LockedStep step{.definition = members.some_text("definition")};
    const std::string place = fmt::format("{} for {}", step.definition, architecture);
    members.call(place);
    step.request = members.some_text("request");
    step.asked = members.texts("asked");
    if (members.has("base")) {
        step.base = members.some_text("base");
        if (!step.base.starts_with(kDigestStart) ||
            !is_hex(step.base.substr(kDigestStart.size()), 64)) {
            reject(fmt::format("\"base\" of {} is no SHA-256 digest", place));
        }
    }
    for (const json::Value& package : members.list("packages")) {
        step.packages.push_back(parse_package(package, place, step.packages.size() + 1));
    }
    if (members.has("archives")) {
        for (const json::Value& archive : members.list("archives")) {
            step.archives.push_back(parse_archive(archive, place, step.archives.size() + 1));
        }
    }
    members.finish();
    check_order(step.packages, place);
    return step;
}

Lock parse_document(const json::Value& document) {
    Members members(document, "the lock");
    const std::uint64_t version = members.number("version");
    if (version != kVersion) {
        throw Error(
            ErrorKind::definition,
            fmt::format("the lock has version {}, expected {}", version, kVersion),
            "use the pare that wrote it, or write it again with `pare lock`");
    }
    const json::Object& architectures = members.object("architectures");
    members.finish();
    Lock lock;
    for (const auto& [architecture, steps] : architectures.members()) {
        if (architecture.empty() || steps.array() == nullptr) {
            reject(fmt::format("\"{}\" of \"architectures\" is not a list of steps", architecture));
        }
        std::vector<LockedStep>& parsed = lock.architectures[architecture];
        for (const json::Value& step : *steps.array()) {
            parsed.push_back(parse_step(step, architecture));
        }
    }
    return lock;
}

} // namespace

std::string write_lock(const Lock& lock) {
    json::Object architectures;
    for (const auto& [architecture, steps] : lock.architectures) {
        json::Array list;
        for (const LockedStep& step : steps) {
            list.emplace_back(step_json(step));
        }
        architectures.set(architecture, std::move(list));
    }
    const json::Object document{{"version", kVersion}, {"architectures", std::move(architectures)}};
    return json::write(document, json::Layout::pretty) + "\n";
}

Lock parse_lock(std::string_view text, const std::string& name) {
    try {
        if (text.size() > kMaxBytes) {
            reject(fmt::format("the lock is larger than {} bytes", kMaxBytes));
        }
        return parse_document(json::parse(text, name));
    } catch (const Error& error) {
        const std::string hint = error.hint().empty()
                                     ? "locks are not edited; write it again with `pare lock`"
                                     : error.hint();
        throw Error(ErrorKind::definition, error.message(), hint)
            .at(error.where().file.empty() ? Where{.file = name} : error.where());
    }
}

} // namespace pare::package
