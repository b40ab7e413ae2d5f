// SPDX-License-Identifier: Apache-2.0
// PEM: base64 between a line that begins a block and one that ends it.
#pragma once

#include "crypto/secret.hh"

#include <string>
#include <string_view>

namespace pare::crypto {

struct PemBlock {
    std::string label{}; ///< `PUBLIC KEY`
    Secret bytes{};
};

/// The only block of `text`, with nothing but white space around it; throws ErrorKind::refused.
[[nodiscard]] PemBlock parse_pem(BytesView text, const std::string& name);
/// One block in lines of 64 characters.
[[nodiscard]] std::string write_pem(std::string_view label, BytesView bytes);

} // namespace pare::crypto
