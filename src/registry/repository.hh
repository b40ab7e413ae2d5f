// SPDX-License-Identifier: Apache-2.0
// One repository of a registry, by the calls of the distribution specification 1.1.
#pragma once

#include "oci/content.hh"
#include "oci/image.hh"
#include "registry/endpoint.hh"

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace pare::registry {

/// What to do with it: decides the scope of the token that is asked for.
enum class Access { pull, push, remove };

/// How large blobs are sent.
struct UploadSizes {
    std::uint64_t whole = std::uint64_t{256} << 20; ///< up to here in one piece
    std::uint64_t chunk = std::uint64_t{128} << 20; ///< else in pieces like this
};

/// Safe for several threads. All members throw ErrorKind::environment for what the registry refuses
/// or fails at, ErrorKind::refused for what it gives that is not what its digest says.
class Repository {
public:
    Repository(Endpoint& endpoint, std::string name, Access access, UploadSizes sizes = {});

    /// `HOST/NAME`.
    [[nodiscard]] std::string full_name() const { return endpoint_.host() + "/" + name_; }

    [[nodiscard]] const std::string& name() const { return name_; }

    [[nodiscard]] Endpoint& endpoint() const { return endpoint_; }

    /// What a tag or digest stands for; nothing when it is not there.
    [[nodiscard]] std::optional<oci::Descriptor> find_manifest(const std::string& reference);
    /// A manifest or index, at most 4 MiB; nothing when it is not there.
    [[nodiscard]] std::optional<oci::Document> get_manifest(const std::string& reference);
    /// Puts a manifest or index under a tag or its digest. When it belongs to another one and the
    /// registry does not keep account of that, the index at the fallback tag is brought up to date.
    void put_manifest(const oci::Document& document, const std::string& reference);
    /// Lets the tag stand for what `change` makes of what it stood for. What another client writes
    /// meanwhile is not lost where the registry takes conditions; elsewhere it is read back, and
    /// what is lost is written again, unless the other one is much slower.
    void change_tag(const std::string& tag, const oci::DocumentChange& change);
    /// Removes a tag, or a manifest by its digest with all tags of it.
    void remove(const std::string& reference);

    [[nodiscard]] bool has_blob(const oci::Descriptor& blob);
    /// Takes the blob over from another repository of the registry; false when that cannot be.
    [[nodiscard]] bool mount_blob(const oci::Descriptor& blob, const std::string& from);
    /// Sends a blob, and goes on where a connection was cut. The registry checks the digest.
    void put_blob(const oci::Descriptor& blob, const net::Outgoing& bytes);
    /// Fetches a blob to a file that appears when it is whole and what its digest says; false when
    /// the registry does not have it.
    [[nodiscard]] bool
    fetch_blob(const oci::Descriptor& blob, const std::filesystem::path& destination);

    [[nodiscard]] std::vector<std::string> tags();
    /// Manifests that name the one of that digest as their subject: from the referrers API, else
    /// from the index at the fallback tag. It is the registry's word alone.
    [[nodiscard]] std::vector<oci::Descriptor> manifests_about(const std::string& digest);
    /// What belongs to the manifest of that digest: these, and what is under cosign's older tags.
    [[nodiscard]] std::vector<oci::Referrer> referrers(const std::string& digest);

private:
    struct Session;

    [[nodiscard]] std::string url(const std::string& rest) const;
    [[nodiscard]] Scopes scopes() const;
    [[nodiscard]] net::Reply send(const net::Call& call) const;
    [[nodiscard]] std::string deed(const std::string& verb, const std::string& what) const;
    [[nodiscard]] std::vector<oci::Descriptor>
    api_referrers(const std::string& digest, bool& known);
    [[nodiscard]] net::Reply read_manifest(const std::string& reference) const;
    [[nodiscard]] oci::Document
    check_manifest(const net::Reply& reply, const std::string& reference) const;
    [[nodiscard]] net::Reply write_manifest(
        const oci::Document& document, const std::string& reference,
        const net::Headers& conditions) const;
    [[nodiscard]] net::Reply write_when_idle(
        const oci::Document& document, const std::string& reference,
        const net::Headers& conditions) const;
    void replace_manifest(
        const std::string& tag, const std::optional<oci::Document>& old,
        const oci::Document& document) const;

    [[nodiscard]] Session begin_upload(const oci::Descriptor& blob) const;
    [[nodiscard]] bool
    send_whole(Session& session, const oci::Descriptor& blob, const net::Outgoing& bytes) const;
    [[nodiscard]] bool
    send_chunks(Session& session, const oci::Descriptor& blob, const net::Outgoing& bytes) const;
    [[nodiscard]] bool finish_upload(Session& session, const oci::Descriptor& blob) const;
    void recover(Session& session, const oci::Descriptor& blob) const;

    Endpoint& endpoint_;
    std::string name_;
    Access access_;
    UploadSizes sizes_;
};

/// All repositories of a registry, when it tells them.
[[nodiscard]] std::vector<std::string> catalog(Endpoint& endpoint);
/// Throws unless the registry takes these credentials.
void check_login(Endpoint& endpoint);

} // namespace pare::registry
