// SPDX-License-Identifier: Apache-2.0
// Whether an image is signed, or something is said of it, by whom it must be.
#pragma once

#include "attest/attachment.hh"

#include <optional>
#include <string>
#include <vector>

namespace pare::attest {

/// Something that must be said of an image; one of `signers` is enough.
struct Requirement {
    std::string predicate_type{}; ///< kSignatureType: that it is signed
    std::vector<Identity> signers{};
};

/// `signature`, or `attestation of type https://...`, and by whom.
[[nodiscard]] std::string to_string(const Requirement& requirement);

/// An attachment that meets a requirement.
struct Accepted {
    std::string place{};
    Form form = Form::bundle;
    std::string signer{};         ///< the name of the identity
    std::string predicate_type{}; ///< kSignatureType for signatures in either form
    json::Value predicate{};
};

/// One that does not, and why.
struct Rejected {
    std::string place{};
    std::string reason{};
};

struct Outcome {
    std::vector<Accepted> accepted{};
    std::vector<Rejected> rejected{};
};

/// Holds everything attached to the image against the requirement. No signature is believed that
/// is not about exactly this image; nothing of a payload is read before its signature is good.
/// `root` is for identities with certificates. Throws what `home` throws.
[[nodiscard]] Outcome verify(
    const ImageHome& home, const Requirement& requirement, const std::optional<TrustedRoot>& root);

} // namespace pare::attest
