// SPDX-License-Identifier: Apache-2.0
// The use case: the base layers under an image are replaced, when that is safe, and nothing is
// built.
#pragma once

#include "build/build.hh"
#include "build/rebase_checks.hh"
#include "oci/output.hh"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace pare::build {

struct RebaseRequest {
    std::string image{};            ///< a reference
    std::string onto{};             ///< likewise
    std::string base{};             ///< the old base; empty: what the image's annotations name
    bool check = false;             ///< only say whether it is safe
    std::filesystem::path output{}; ///< empty: the layout that the image is in
    oci::OutputFormat format = oci::OutputFormat::oci;
    std::vector<std::string> tags{}; ///< empty: the image's own
    std::optional<std::int64_t> source_date_epoch{};
};

/// A package of the base that is not what it was. An empty version: it was not there, or is gone.
struct PackageChange {
    std::string name{};
    std::string before{};
    std::string after{};
};

/// What became of the image for one platform.
struct Rebased {
    oci::Platform platform{};
    std::string old_base{}; ///< digest of its manifest; empty when it is not known
    std::string new_base{}; ///< likewise; empty when it has no such platform
    std::vector<Refusal> refusals{};
    std::vector<std::string> notes{};
    std::vector<PackageChange> packages{}; ///< by name
    std::size_t own_layers = 0;            ///< that were kept
    oci::Image image{};                    ///< when there is no refusal
    std::string manifest_digest{};         ///< likewise
};

struct RebaseResult {
    std::vector<Rebased> platforms{};    ///< of the image, in its order
    std::vector<oci::Written> written{}; ///< nothing unless every platform is safe

    [[nodiscard]] bool is_safe() const;
};

/// Nothing is written unless all platforms are safe. Throws ErrorKind::usage for references that
/// cannot be opened, and for an image that has no name when none is given.
[[nodiscard]] RebaseResult rebase(const RebaseRequest& request, const Tools& tools);

/// `base`, `platform`, `overlap`, ...
[[nodiscard]] std::string_view check_name(RebaseCheck check);

} // namespace pare::build
