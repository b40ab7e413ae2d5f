// SPDX-License-Identifier: Apache-2.0
#include "package/archive_pins.hh"

#include "package/members.hh"
#include "support/digest.hh"
#include "support/error.hh"

#include <fmt/core.h>

namespace pare::package {

namespace {

constexpr int kVersion = 1;
constexpr std::size_t kMaxBytes = std::size_t{1} << 20;

ArchivePin parse_pin(const json::Value& value, const std::string& name) {
    Members members(value, "archive " + name);
    ArchivePin pin{.version = members.some_text("version")};
    for (const auto& [architecture, hash] : members.object("sha256").members()) {
        if (hash.string() == nullptr || !is_hex(*hash.string(), 64)) {
            reject(fmt::format(
                "\"sha256\" of archive {} for {} is not 64 lower-case hex digits", name,
                architecture));
        }
        pin.sha256[architecture] = *hash.string();
    }
    members.finish();
    return pin;
}

ArchivePins parse_document(const json::Value& document) {
    Members members(document, "the lock of archives");
    if (const std::uint64_t version = members.number("version"); version != kVersion) {
        reject(fmt::format("the lock of archives has version {}, expected {}", version, kVersion));
    }
    ArchivePins pins;
    for (const auto& [name, value] : members.object("archives").members()) {
        pins[name] = parse_pin(value, name);
    }
    members.finish();
    return pins;
}

} // namespace

std::string write_archive_pins(const ArchivePins& pins) {
    json::Object archives;
    for (const auto& [name, pin] : pins) {
        json::Object hashes;
        for (const auto& [architecture, hash] : pin.sha256) {
            hashes.set(architecture, hash);
        }
        archives.set(name, json::Object{{"version", pin.version}, {"sha256", std::move(hashes)}});
    }
    const json::Object document{{"version", kVersion}, {"archives", std::move(archives)}};
    return json::write(document, json::Layout::pretty) + "\n";
}

ArchivePins parse_archive_pins(std::string_view text, const std::string& name) {
    try {
        if (text.size() > kMaxBytes) {
            reject(fmt::format("the lock of archives is larger than {} bytes", kMaxBytes));
        }
        return parse_document(json::parse(text, name));
    } catch (const Error& error) {
        throw Error(
            ErrorKind::definition, error.message(),
            "this file is not edited; write it again with `pare update`")
            .at(error.where().file.empty() ? Where{.file = name} : error.where());
    }
}

} // namespace pare::package
