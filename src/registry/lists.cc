// SPDX-License-Identifier: Apache-2.0
// What a registry lists: tags, repositories, what belongs to a manifest (distribution specification
// 1.1, "Content Discovery"). Lists come in pages; the next one is named by a header. Refused: over
// 10 000 pages, and pages at another host.
#include "net/url.hh"
#include "oci/documents.hh"
#include "registry/repository.hh"

#include <fmt/core.h>

#include <utility>

namespace pare::registry {

namespace {

constexpr std::size_t kMaxPages = 10'000;

/// The URL of the next page of a list; empty at the end.
std::string next_page(const net::Reply& reply, const std::string& host) {
    for (const std::string& header : reply.all("Link")) {
        const std::string target = next_link(header);
        if (target.empty()) {
            continue;
        }
        const auto next = net::resolve(reply.url, target);
        if (!next || net::origin(*next) != net::origin(reply.url)) {
            throw Error(
                ErrorKind::refused, fmt::format("the list of {} goes on at another host", host));
        }
        return *next;
    }
    return {};
}

/// Strings of all pages of a list.
template <typename Send>
std::vector<std::string> read_pages(
    std::string url, const char* key, const std::string& host, const std::string& deed,
    Send&& send) {
    std::vector<std::string> all;
    for (std::size_t page = 0; !url.empty() && page < kMaxPages; ++page) {
        const net::Reply reply = send(url);
        expect_status(reply, {200}, host, deed);
        const json::Value document = json::parse(reply.body, url);
        const json::Value* list = document.as_object().find(key);
        if (list != nullptr && !list->is_null()) {
            for (const json::Value& item : list->as_array()) {
                all.push_back(item.as_string());
            }
        }
        url = next_page(reply, host);
    }
    return all;
}

} // namespace

std::vector<std::string> Repository::tags() {
    return read_pages(
        url("tags/list?n=1000"), "tags", endpoint_.host(), "list the tags of " + full_name(),
        [this](const std::string& page) {
            return send({.url = page, .limit = oci::kMaxDocument});
        });
}

/// `known` says whether the registry has the API.
std::vector<oci::Descriptor> Repository::api_referrers(const std::string& digest, bool& known) {
    std::vector<oci::Descriptor> found;
    std::string page = url("referrers/" + digest);
    known = false;
    for (std::size_t i = 0; !page.empty() && i < kMaxPages; ++i) {
        const net::Reply reply = send(
            {.url = page, .headers = {{"Accept", oci::kIndexType}}, .limit = oci::kMaxDocument});
        const bool is_index = media_type_of(reply.header("Content-Type")) == oci::kIndexType;
        if (i == 0 && (reply.status == 404 || reply.status == 400 || reply.status == 405 ||
                       (reply.status == 200 && !is_index))) {
            return {};
        }
        expect_status(reply, {200}, endpoint_.host(), deed("list what belongs to", digest));
        known = true;
        for (oci::Descriptor& entry : oci::parse_index(reply.body, full_name())) {
            found.push_back(std::move(entry));
        }
        page = next_page(reply, endpoint_.host());
    }
    return found;
}

std::vector<oci::Descriptor> Repository::manifests_about(const std::string& digest) {
    bool has_api = false;
    std::vector<oci::Descriptor> found = api_referrers(digest, has_api);
    if (!has_api) {
        if (const auto index = get_manifest(oci::fallback_tag(digest))) {
            found = oci::parse_index(index->bytes, full_name());
        }
    }
    return found;
}

std::vector<oci::Referrer> Repository::referrers(const std::string& digest) {
    std::vector<oci::Referrer> found;
    for (oci::Descriptor& entry : manifests_about(digest)) {
        found.push_back({.manifest = std::move(entry)});
    }
    for (const std::string& tag : oci::cosign_tags(digest)) {
        if (const auto manifest = find_manifest(tag)) {
            found.push_back({.manifest = *manifest, .tag = tag});
        }
    }
    return found;
}

std::vector<std::string> catalog(Endpoint& endpoint) {
    return read_pages(
        endpoint.url("_catalog?n=1000"), "repositories", endpoint.host(),
        "list the repositories of " + endpoint.host(), [&](const std::string& page) {
            return endpoint.send({.url = page, .limit = oci::kMaxDocument}, {"registry:catalog:*"});
        });
}

} // namespace pare::registry
