// SPDX-License-Identifier: Apache-2.0
// The use case: definitions in, images out. One call a stage, value in, value out.
#pragma once

#include "archive/codec.hh"
#include "definition/definition.hh"
#include "net/client.hh"
#include "oci/image.hh"
#include "oci/output.hh"
#include "package/archive_pins.hh"
#include "package/lock.hh"
#include "registry/endpoint.hh"
#include "sbom/format.hh"
#include "store/store.hh"
#include "support/clock.hh"
#include "support/events.hh"
#include "support/thread_pool.hh"
#include "tree/tree.hh"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace pare::build {

/// What main makes and hands on; each outlives every call.
struct Tools {
    const Clock& clock;
    Events& events;
    net::Client& client;
    registry::Registries& registries;
    store::Store& store;
    ThreadPool& pool;
    const definition::Library& library;
    std::stop_token stop{};
};

/// Which definitions, and where their packages come from.
struct Request {
    std::vector<std::string> definitions{}; ///< `cc`, `cc:debug`, `server.yaml`
    std::vector<std::string> variants{};    ///< --variant, repeatable; `all`
    std::vector<std::string> archs{};       ///< --arch, OCI names; `all`; empty: this machine's
    /// --distribution, repeatable; empty: what each definition says, else debian:13.
    std::vector<std::string> distributions{};
    /// All built-in definitions, for every release that they are made for (or those of
    /// `distributions`); then `definitions` is empty.
    bool family = false;
    std::string mirror{};                          ///< --mirror
    std::vector<std::filesystem::path> keyrings{}; ///< --keyring
    /// --archives: the lock of archives in place of those beside the definitions.
    std::filesystem::path archive_pins{};
    bool offline = false;         ///< --offline
    std::int64_t fresh_for = 300; ///< seconds an index is not asked for again; --refresh: 0
    std::optional<std::int64_t> source_date_epoch{}; ///< of the environment
};

struct Options {
    Request request{};
    /// --locked: take the packages from these locks (by definition reference), refuse when one
    /// does not fit. Empty: resolve.
    std::map<std::string, package::Lock> locks{};
    archive::Compression compression{};
    oci::OutputFormat format = oci::OutputFormat::oci;
    std::filesystem::path output{};
    std::vector<std::string> tags{};   ///< --tag; empty: `NAME:VARIANT` for each
    std::vector<sbom::Format> sboms{}; ///< --sbom: what goes beside each image
    bool provenance = false;           ///< --provenance: how each was made goes beside it, too
    std::string builder{};             ///< --builder: URI of who runs pare, for the provenance
    std::string tool_version{};        ///< of pare, which these documents name
};

/// How long a stage took, from its first event to its last.
struct StageTime {
    Stage stage{};
    std::chrono::nanoseconds time{};
};

struct BuiltImage {
    std::string definition{};
    std::string distribution{};
    std::string variant{};
    std::string tag{};
    oci::Image image{};
    std::string manifest_digest{};
    std::vector<package::LockedPackage> packages{}; ///< of the whole chain
    std::vector<package::LockedArchive> archives{}; ///< likewise
    std::vector<sbom::IndexPart> sboms{};           ///< one for each that was asked for
    bool from_cache = false;                        ///< nothing had to be made
};

struct Result {
    std::vector<BuiltImage> images{};
    std::vector<oci::Written> written{};
    std::vector<StageTime> stages{};
    std::uint64_t downloaded = 0; ///< bytes
};

/// Builds everything in one go: every download and every cut is shared.
[[nodiscard]] Result build(const Options& options, const Tools& tools);

/// What one image of a request is: a row of the matrix.
struct Planned {
    std::string name{};
    std::string variant{};
    std::string distribution{};
    std::string architecture{}; ///< OCI name
    std::string tag{};          ///< without --tag
};

/// The images that a request asks for, in order, without looking at any repository.
[[nodiscard]] std::vector<Planned> matrix(const Request& request, const Tools& tools);

/// One definition (all its variants that the request selects, all architectures) resolved.
[[nodiscard]] package::Lock
lock(const std::string& definition, const Request& request, const Tools& tools);

/// What is new for a lock of archives.
struct UpdatedPins {
    std::filesystem::path path{}; ///< empty: the built-in one
    package::ArchivePins known{}; ///< as it is
    package::ArchivePins found{}; ///< as their projects have them now
};

/// Asks upstream projects for the newest wanted versions of the archives of these definitions, for
/// all variants and architectures, and for their hashes. One for each lock; nothing is written.
[[nodiscard]] std::vector<UpdatedPins> update_archives(const Request& request, const Tools& tools);

/// What is inside an image, for `show`: built from a definition, or read from an image reference.
struct ShownFile {
    tree::Entry entry{};
    std::string origin{}; ///< package, finisher, `files`, or empty when unknown
};

struct ShownPackage {
    std::string name{};
    std::string version{};
    std::string architecture{};
    std::string source{};
    std::string reason{};              ///< empty when unknown
    std::uint64_t installed_bytes = 0; ///< of its files in the image
};

struct Shown {
    std::string name{};
    oci::Image image{};
    std::vector<ShownPackage> packages{};
    std::vector<ShownFile> files{};
};

/// `reference` is a definition or `oci:DIR[:TAG]`, `oci-archive:FILE`, `docker-archive:FILE`.
[[nodiscard]] std::vector<Shown>
show(const std::string& reference, const Request& request, const Tools& tools);

/// Why a package is in what a definition resolves to, or why it is not: sentences, outermost first.
[[nodiscard]] std::vector<std::string>
why(const std::string& definition, const std::string& package, const Request& request,
    const Tools& tools);

} // namespace pare::build
