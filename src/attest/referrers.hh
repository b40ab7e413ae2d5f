// SPDX-License-Identifier: Apache-2.0
// Which of the manifests beside an image are about it, for the places that images are in.
#pragma once

#include "oci/image.hh"
#include "support/error.hh"

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

namespace pare::attest {

/// Whoever may write beside an image must not keep its verifiers busy for ever.
inline constexpr std::size_t kMaxAttached = 1000;

/// ErrorKind::refused.
[[nodiscard]] Error too_many_attached();

/// The manifest of an entry, which is what its digest says; nothing when it is gone.
using ReadManifest = std::function<std::optional<oci::Document>(const oci::Descriptor& entry)>;

/// Those of the listed manifests whose subject is the image, each once. One that cannot be
/// understood is about nothing. Throws what `read` throws, and too_many_attached().
[[nodiscard]] std::vector<oci::Document> choose_referrers(
    const oci::Descriptor& image, const std::vector<oci::Descriptor>& listed,
    const ReadManifest& read);

} // namespace pare::attest
