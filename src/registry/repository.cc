// SPDX-License-Identifier: Apache-2.0
// Manifests, tags and what belongs to what (distribution specification 1.1). A manifest is believed
// for its bytes alone: their digest must be the one asked for, and the one that the registry tells.
// A registry without the referrers API (404) keeps an index of them at the tag `sha256-<hex>`,
// which its clients must keep. Two who change a tag at once are kept apart by a condition; many
// registries ignore those, so that it is read back when whoever had read it before has written it,
// too. Refused: manifests over 4 MiB.
#include "registry/repository.hh"

#include "net/retry.hh"
#include "oci/documents.hh"
#include "oci/graph.hh"
#include "support/digest.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <random>
#include <utility>

namespace pare::registry {

namespace {

constexpr int kChangeTries = 20;
constexpr unsigned kBusyTries = 4;
constexpr std::chrono::milliseconds kShortestChange{50};
constexpr std::chrono::milliseconds kLongestChange{2000};

constexpr const char* kManifestTypes =
    "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, "
    "application/vnd.docker.distribution.manifest.list.v2+json, "
    "application/vnd.docker.distribution.manifest.v2+json";

bool is_digest(const std::string& reference) {
    return reference.find(':') != std::string::npos;
}

/// The media type of a manifest: what the registry says, else what it says itself.
std::string manifest_type(const net::Reply& reply, const std::string& name) {
    const std::string told = media_type_of(reply.header("Content-Type"));
    if (oci::is_manifest({.media_type = told}) || oci::is_index({.media_type = told})) {
        return told;
    }
    const json::Value document = json::parse(reply.body, name);
    const json::Value* type = document.as_object().find("mediaType");
    if (type != nullptr && type->string() != nullptr) {
        return *type->string();
    }
    throw Error(
        ErrorKind::refused,
        fmt::format("{} is {}, which is no manifest that pare knows", name, told));
}

[[noreturn]] void
wrong_digest(const std::string& name, const std::string& wanted, const std::string& got) {
    throw Error(
        ErrorKind::refused,
        fmt::format("{} does not hold what it should: expected {}, got {}", name, wanted, got),
        "the registry, or a proxy before it, has changed the bytes: find out which");
}

/// Whether the registry may have looked at a blob just while another client wrote it: docker's
/// cannot read its own links then.
bool is_busy(const net::Reply& reply) {
    const std::string code = reply.status == 400 || reply.status == 404 ? error_code(reply) : "";
    return code == "DIGEST_INVALID" || code == "MANIFEST_BLOB_UNKNOWN" || code == "BLOB_UNKNOWN";
}

/// A manifest as an entry of the index of referrers ("Listing Referrers").
json::Object entry_of(const oci::Document& document, const std::string& name) {
    const oci::Links links = oci::parse_links(document.bytes, document.descriptor.media_type, name);
    json::Object entry = oci::descriptor_json(
        {.media_type = document.descriptor.media_type,
         .digest = document.descriptor.digest,
         .size = document.descriptor.size,
         .annotations = links.annotations});
    entry.set("artifactType", links.artifact_type);
    return entry;
}

/// The index with the entry in it.
oci::Document with_entry(const std::optional<oci::Document>& index, const json::Object& entry) {
    json::Array entries;
    if (index) {
        entries = json::parse(index->bytes, "index of referrers").at("manifests").as_array();
    }
    const json::Value& digest = *entry.find("digest");
    const bool there = std::any_of(entries.begin(), entries.end(), [&](const auto& other) {
        return other.at("digest") == digest;
    });
    if (there) {
        return *index;
    }
    entries.emplace_back(entry);
    return oci::make_document(
        json::write(json::Object{
            {"schemaVersion", 2},
            {"mediaType", oci::kIndexType},
            {"manifests", std::move(entries)}}),
        oci::kIndexType);
}

/// Waits until others have written who had read what stood there before this client wrote: they
/// need about as long for that as it has taken here. Not all wait equally long, or the next turn
/// would be like this one.
void let_others_write(std::chrono::steady_clock::time_point since, const net::Http& http) {
    using std::chrono::milliseconds;
    const auto took = std::clamp(
        std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - since),
        kShortestChange, kLongestChange);
    std::random_device random;
    std::uniform_int_distribution<milliseconds::rep> spread(took.count(), 3 * took.count());
    net::pause(milliseconds(spread(random)), http.stop());
}

} // namespace

Repository::Repository(Endpoint& endpoint, std::string name, Access access, UploadSizes sizes)
    : endpoint_(endpoint), name_(std::move(name)), access_(access), sizes_(sizes) {}

std::string Repository::url(const std::string& rest) const {
    return endpoint_.url(name_ + "/" + rest);
}

Scopes Repository::scopes() const {
    const char* actions = access_ == Access::pull   ? "pull"
                          : access_ == Access::push ? "pull,push"
                                                    : "pull,push,delete";
    return {fmt::format("repository:{}:{}", name_, actions)};
}

net::Reply Repository::send(const net::Call& call) const {
    return endpoint_.send(call, scopes());
}

std::string Repository::deed(const std::string& verb, const std::string& what) const {
    return fmt::format("{} {}{}{}", verb, full_name(), is_digest(what) ? "@" : ":", what);
}

std::optional<oci::Descriptor> Repository::find_manifest(const std::string& reference) {
    const net::Reply reply = send(
        {.method = "HEAD",
         .url = url("manifests/" + reference),
         .headers = {{"Accept", kManifestTypes}}});
    if (reply.status == 404) {
        return std::nullopt;
    }
    expect_status(reply, {200}, endpoint_.host(), deed("find", reference));
    oci::Descriptor found{
        .media_type = media_type_of(reply.header("Content-Type")),
        .digest = reply.header("Docker-Content-Digest"),
        .size = parse_number(reply.header("Content-Length")).value_or(0)};
    const bool is_whole = found.digest.starts_with("sha256:") &&
                          is_hex(std::string_view(found.digest).substr(7), 64) && found.size > 0;
    if (!is_whole) {
        const auto document = get_manifest(reference);
        return document ? std::optional(document->descriptor) : std::nullopt;
    }
    if (is_digest(reference) && found.digest != reference) {
        wrong_digest(deed("", reference).substr(1), reference, found.digest);
    }
    return found;
}

net::Reply Repository::read_manifest(const std::string& reference) const {
    net::Reply reply = send(
        {.url = url("manifests/" + reference),
         .headers = {{"Accept", kManifestTypes}},
         .limit = oci::kMaxDocument});
    expect_status(reply, {200, 404}, endpoint_.host(), deed("read", reference));
    return reply;
}

/// The manifest in an answer, which is what was asked for.
oci::Document
Repository::check_manifest(const net::Reply& reply, const std::string& reference) const {
    const std::string name = deed("", reference).substr(1);
    oci::Document document{
        .bytes = reply.body,
        .descriptor = {
            .media_type = manifest_type(reply, name),
            .digest = oci_digest(reply.body),
            .size = reply.body.size()}};
    const std::string told = reply.header("Docker-Content-Digest");
    if (is_digest(reference) && document.descriptor.digest != reference) {
        wrong_digest(name, reference, document.descriptor.digest);
    }
    if (told.starts_with("sha256:") && told != document.descriptor.digest) {
        wrong_digest(name, told, document.descriptor.digest);
    }
    return document;
}

std::optional<oci::Document> Repository::get_manifest(const std::string& reference) {
    const net::Reply reply = read_manifest(reference);
    return reply.status == 404 ? std::nullopt : std::optional(check_manifest(reply, reference));
}

net::Reply Repository::write_manifest(
    const oci::Document& document, const std::string& reference,
    const net::Headers& conditions) const {
    net::Call call{
        .method = "PUT",
        .url = url("manifests/" + reference),
        .headers = conditions,
        .body = net::outgoing(document.bytes)};
    call.headers.emplace_back("Content-Type", document.descriptor.media_type);
    return send(call);
}

net::Reply Repository::write_when_idle(
    const oci::Document& document, const std::string& reference,
    const net::Headers& conditions) const {
    net::Http& http = endpoint_.http();
    net::Reply reply = write_manifest(document, reference, conditions);
    for (unsigned tries = 1; is_busy(reply) && tries < kBusyTries; ++tries) {
        net::pause(net::backoff(tries, http.options()), http.stop());
        reply = write_manifest(document, reference, conditions);
    }
    return reply;
}

void Repository::put_manifest(const oci::Document& document, const std::string& reference) {
    const std::optional<oci::Descriptor> subject =
        oci::parse_links(document.bytes, document.descriptor.media_type, full_name()).subject;
    const net::Reply reply = write_when_idle(document, reference, {});
    expect_status(reply, {200, 201, 202}, endpoint_.host(), deed("write", reference));
    const std::string told = reply.header("Docker-Content-Digest");
    if (told.starts_with("sha256:") && told != document.descriptor.digest) {
        wrong_digest(deed("", reference).substr(1), document.descriptor.digest, told);
    }
    if (subject && reply.header("OCI-Subject").empty()) {
        const json::Object entry = entry_of(document, full_name());
        change_tag(
            oci::fallback_tag(subject->digest),
            [&](const std::optional<oci::Document>& old) { return with_entry(old, entry); });
    }
}

void Repository::change_tag(const std::string& tag, const oci::DocumentChange& change) {
    for (int i = 0; i < kChangeTries; ++i) {
        const std::optional<oci::Document> old = get_manifest(tag);
        const oci::Document changed = change(old);
        if (old && old->descriptor.digest == changed.descriptor.digest) {
            return;
        }
        replace_manifest(tag, old, changed);
    }
    throw Error(
        ErrorKind::environment, fmt::format("others change {}:{} all the time", full_name(), tag),
        "try again later");
}

/// Lets the tag stand for the document if it stands for `old` yet; whether it then does, reading it
/// back must tell.
void Repository::replace_manifest(
    const std::string& tag, const std::optional<oci::Document>& old,
    const oci::Document& document) const {
    const auto begin = std::chrono::steady_clock::now();
    // Read once more: making the document may have taken its time, a change by others may not.
    const net::Reply now = read_manifest(tag);
    const bool is_new = now.status == 404;
    if (is_new == old.has_value() ||
        (old && check_manifest(now, tag).descriptor.digest != old->descriptor.digest)) {
        return;
    }
    net::Headers conditions;
    if (const std::string entity = now.header("ETag"); is_new) {
        conditions.emplace_back("If-None-Match", "*");
    } else if (!entity.empty()) {
        conditions.emplace_back("If-Match", entity);
    }
    const net::Reply reply = write_when_idle(document, tag, conditions);
    if (reply.status != 412) {
        expect_status(reply, {200, 201, 202}, endpoint_.host(), deed("write", tag));
        let_others_write(begin, endpoint_.http());
    }
}

void Repository::remove(const std::string& reference) {
    const net::Reply reply = send({.method = "DELETE", .url = url("manifests/" + reference)});
    const bool unknown_to_it = reply.status == 400 || reply.status == 405 || reply.status == 501;
    if (unknown_to_it && !is_digest(reference)) {
        throw refusal(reply, endpoint_.host(), deed("delete", reference))
            .mend(fmt::format(
                "this registry removes no tags, only manifests with all their tags: pare delete "
                "{}@sha256:...",
                full_name()));
    }
    if (unknown_to_it) {
        throw refusal(reply, endpoint_.host(), deed("delete", reference))
            .mend("the registry may be set up to keep everything");
    }
    expect_status(reply, {200, 202, 204}, endpoint_.host(), deed("delete", reference));
}

bool Repository::fetch_blob(const oci::Descriptor& blob, const std::filesystem::path& destination) {
    const net::Transfer transfer{
        .url = url("blobs/" + blob.digest),
        .destination = destination,
        .size = blob.size,
        .sha256 = digest_hex(blob.digest),
        .stage = Stage::pull,
        .name = blob.digest};
    for (int round = 0;; ++round) {
        const net::Fetched fetched = endpoint_.http().fetch(
            transfer, [&] { return endpoint_.headers(transfer.url, scopes()); });
        if (!fetched.error) {
            return true;
        }
        if (fetched.status == 404) {
            return false;
        }
        // A call that can hear the challenge gets what a file cannot: a new token.
        if (fetched.status == 401 && round == 0 && has_blob(blob)) {
            continue;
        }
        try {
            std::rethrow_exception(fetched.error);
        } catch (Error& error) {
            if (error.kind() == ErrorKind::environment && fetched.status == 401) {
                error.mend("log in: pare login " + endpoint_.host());
            } else if (error.kind() == ErrorKind::environment) {
                error.mend("try again later: what has come whole is not fetched again");
            } else {
                error.mend("the registry, or a proxy before it, has changed the bytes");
            }
            throw;
        }
    }
}

void check_login(Endpoint& endpoint) {
    const net::Reply reply = endpoint.send({.url = endpoint.url("")}, {});
    expect_status(reply, {200}, endpoint.host(), "log in");
}

} // namespace pare::registry
