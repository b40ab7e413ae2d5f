// SPDX-License-Identifier: Apache-2.0
// The certificates of a bundle, as /etc/ssl/certs/ca-certificates.crt is one.
#pragma once

#include "support/bytes.hh"

#include <cstdint>
#include <string>
#include <vector>

namespace pare::finish {

struct Certificate {
    Bytes der{};
    std::string subject{};       ///< canonical (certificates.cc): lower-case ASCII without NUL
    std::int64_t not_before = 0; ///< seconds since the epoch
};

/// Every certificate of a PEM bundle once, in its order; `name` is for messages. Throws
/// ErrorKind::refused with the line of a block that is no certificate.
[[nodiscard]] std::vector<Certificate> read_certificates(BytesView bundle, const std::string& name);

} // namespace pare::finish
