// SPDX-License-Identifier: Apache-2.0
// Making signatures and attestations, and attaching them to an image.
#pragma once

#include "attest/attachment.hh"
#include "attest/statement.hh"
#include "crypto/keys.hh"

#include <string>

namespace pare::attest {

enum class Attached { added, already_there };

/// Says that the image is signed. Nothing is added when that key has said so in that form before.
Attached sign(ImageHome& home, const crypto::PrivateKey& key, Form form);

/// Says the predicate of the image, likewise.
Attached attest(
    ImageHome& home, const crypto::PrivateKey& key, const std::string& predicate_type,
    const json::Value& predicate, Form form);

} // namespace pare::attest
