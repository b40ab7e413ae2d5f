// SPDX-License-Identifier: Apache-2.0
// What cosign writes beside a signature under a tag when it was made without a key.
#pragma once

#include "attest/identity.hh"

#include <map>
#include <string>

namespace pare::attest {

/// Adds the certificate and the log entry that the annotations of a layer hold, if they do. Throws
/// ErrorKind::refused.
void add_annotations(const std::map<std::string, std::string>& annotations, Evidence& evidence);

} // namespace pare::attest
