// SPDX-License-Identifier: Apache-2.0
// How an image was made, for whoever must decide whether to run it, and for whoever wants to make
// it again: SLSA provenance.
#pragma once

#include "package/lock.hh"
#include "support/json.hh"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace pare::attest {

/// A definition of the lineage that an image comes from.
struct DefinitionSource {
    std::string name{}; ///< its path from the directory of the sources; of a built-in one its name
    std::string sha256{};
    std::optional<Bytes> text{}; ///< nothing of a built-in one, which comes with pare

    bool operator==(const DefinitionSource&) const = default;
};

enum class FileUse {
    content, ///< in the image
    slices,  ///< says what is taken of packages
    keyring, ///< of keys that were trusted besides
    pins,    ///< the lock of archives that was given
};

/// A file of the host that a build took. Only its hash is recorded.
struct SourceFile {
    FileUse use = FileUse::content;
    std::string path{};   ///< from the directory of the sources; of keyring and pins only the name
    std::string sha256{}; ///< of its content; of a symlink, of where it points
    bool executable = false;
    bool symlink = false;

    auto operator<=>(const SourceFile&) const = default;
};

/// The image that a definition starts from, for one architecture.
struct BaseSource {
    std::string reference{};
    std::string architecture{};
    std::string digest{}; ///< `sha256:<hex>`

    auto operator<=>(const BaseSource&) const = default;
};

/// What the sources are under version control.
struct Revision {
    std::string commit{};
    bool dirty = false; ///< there was something in it that the commit does not hold

    bool operator==(const Revision&) const = default;
};

/// What the user asked for.
struct BuildParameters {
    std::string definition{}; ///< as DefinitionSource::name
    std::string variant{};
    std::string distribution{};
    std::vector<std::string> architectures{}; ///< in the order of the index
    std::string compression{};
    std::string mirror{}; ///< when one was named; without its password
    std::optional<std::int64_t> source_date_epoch{};

    bool operator==(const BuildParameters&) const = default;
};

struct Provenance {
    std::string builder{};      ///< URI of who ran pare
    std::string pare_version{}; ///< 0.1.0
    BuildParameters parameters{};
    std::vector<std::string> relaxed{}; ///< checks that were turned off; sorted
    /// The definition itself first, then what it comes from.
    std::vector<DefinitionSource> definitions{};
    std::vector<SourceFile> files{}; ///< sorted
    std::vector<BaseSource> bases{}; ///< sorted
    std::optional<Revision> revision{};
    package::Lock lock{}; ///< packages and archives, as they were taken

    bool operator==(const Provenance&) const = default;
};

/// The predicate of type kProvenanceType: one form for one value.
[[nodiscard]] json::Object provenance_predicate(const Provenance& provenance);
/// Reads what provenance_predicate() writes. Throws ErrorKind::refused for anything else, for texts
/// that are not what their hashes say, and for dependencies that are not those of the lock.
[[nodiscard]] Provenance parse_provenance(const json::Value& predicate);

/// SHA-256 of a lock as `pare lock` writes it.
[[nodiscard]] std::string lock_sha256(const package::Lock& lock);

} // namespace pare::attest
