// SPDX-License-Identifier: Apache-2.0
// The payload of cosign's older signatures: which image is meant.
#pragma once

#include "support/bytes.hh"

#include <string>

namespace pare::attest {

inline constexpr const char* kSimpleSigningType =
    "application/vnd.dev.cosign.simplesigning.v1+json";
/// The annotation with the signature of a layer.
inline constexpr const char* kSignatureAnnotation = "dev.cosignproject.cosign/signature";

struct SimpleSigning {
    std::string repository{}; ///< where the image was when it was signed
    std::string digest{};     ///< `sha256:<hex>`

    bool operator==(const SimpleSigning&) const = default;
};

/// Throws ErrorKind::refused.
[[nodiscard]] SimpleSigning parse_simple_signing(BytesView text, const std::string& name);
/// The bytes that cosign makes for these values.
[[nodiscard]] Bytes write_simple_signing(const SimpleSigning& payload);

} // namespace pare::attest
