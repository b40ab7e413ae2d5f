// SPDX-License-Identifier: Apache-2.0
// What a Release means for a source: where its files are, whether it may be believed now, and which
// Packages files hold what the source asks for. Pure: values in, values out.
#pragma once

#include "archive/codec.hh"
#include "deb/release.hh"
#include "deb/sources.hh"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pare::deb {

/// `http://host/debian/dists/trixie/`; what the paths of a Release are relative to.
[[nodiscard]] std::string suite_url(const Source& source);
/// `trixie at http://host/debian/`, for messages, without credentials.
[[nodiscard]] std::string suite_name(const Source& source);

/// Throws ErrorKind::refused for an index that is past its Valid-Until.
void check_valid_until(
    const Source& source, std::optional<std::int64_t> valid_until, std::int64_t now);
/// Throws ErrorKind::refused for a Release that is past its Valid-Until, from the future, older
/// than the one seen before (`seen`: its Date), or of another suite than was asked for.
void check_release(
    const Source& source, const Release& release, std::optional<std::int64_t> seen,
    std::int64_t now);

/// One Packages file.
struct IndexPlan {
    std::string path{}; ///< as the Release lists it: what to fetch
    archive::Codec codec = archive::Codec::none;
    IndexFile packed{};
    std::string plain_sha256{}; ///< empty when the Release does not list the plain file
    std::optional<std::uint64_t> plain_size{};

    /// By what the plain text is kept: its hash, else that of what was fetched.
    [[nodiscard]] const std::string& key() const {
        return plain_sha256.empty() ? packed.sha256 : plain_sha256;
    }
};

/// The Packages files of the source's components, in their order: the best form of each. Throws
/// ErrorKind::definition for a component or an architecture that the suite does not have.
[[nodiscard]] std::vector<IndexPlan>
plan_indexes(const Source& source, const Release& release, const std::string& architecture);

/// The Contents files of the source's components for an architecture, those that there are.
[[nodiscard]] std::vector<IndexPlan>
plan_contents(const Source& source, const Release& release, const std::string& architecture);

/// `main/binary-amd64/Packages.gz` -> `main/binary-amd64/by-hash/SHA256/HEX`.
[[nodiscard]] std::string by_hash_path(std::string_view path, std::string_view sha256);
/// As apt_preferences(5) has it.
[[nodiscard]] int priority_of(const Release& release);

} // namespace pare::deb
