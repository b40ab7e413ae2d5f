// SPDX-License-Identifier: Apache-2.0
// What is attached to an image and may be a signature: found, but not yet believed.
#pragma once

#include "attest/identity.hh"
#include "attest/image_home.hh"

#include <string>
#include <string_view>
#include <vector>

namespace pare::attest {

/// The two ways in which the world attaches signatures.
enum class Form {
    bundle, ///< a Sigstore bundle in a manifest whose subject is the image
    tag,    ///< layers of a manifest under the tag `sha256-<hex>.sig` or `.att`
};

[[nodiscard]] std::string_view to_string(Form form);
/// Throws ErrorKind::usage.
[[nodiscard]] Form parse_form(std::string_view text);

/// `sha256-<hex>` and the end: `.sig`, `.att`.
[[nodiscard]] std::string attachment_tag(const oci::Descriptor& image, std::string_view end);

struct Attachment {
    std::string place{}; ///< for messages: `sha256-<hex>.sig layer 1`, `referrer sha256:<hex>`
    Form form = Form::bundle;
    oci::Descriptor layer{};      ///< with what signs or describes it in its annotations
    std::string predicate_type{}; ///< what the manifest says of it; empty when it says nothing
    std::string problem{};        ///< why it is no signature, as far as that is known
};

/// All, in the order in which they lie there; 1 000 at most. Throws what `home` throws.
[[nodiscard]] std::vector<Attachment> find_attachments(const ImageHome& home);

/// What an attachment says, with the evidence for who says it.
struct Claim {
    std::string payload_type{};       ///< kSimpleSigningType or kInTotoType
    std::vector<Evidence> evidence{}; ///< one is enough
};

/// Throws ErrorKind::refused when the content is not what the attachment's type says.
[[nodiscard]] Claim parse_claim(const Attachment& attachment, BytesView content);

} // namespace pare::attest
