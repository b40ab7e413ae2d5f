// SPDX-License-Identifier: Apache-2.0
// Private keys as they lie on disk: encrypted as cosign does it, or PKCS#8 as openssl does it.
#pragma once

#include "crypto/keys.hh"

#include <functional>
#include <string>

namespace pare::crypto {

/// Gives the password of the key that is called `name`; called only when one is needed.
using AskPassword = std::function<Secret(const std::string& name)>;

/// Any of ENCRYPTED SIGSTORE PRIVATE KEY, ENCRYPTED COSIGN PRIVATE KEY, PRIVATE KEY, ENCRYPTED
/// PRIVATE KEY. Throws ErrorKind::refused for what is none, ErrorKind::usage for a wrong password.
[[nodiscard]] PrivateKey
read_private_key(BytesView pem, const std::string& name, const AskPassword& ask_password);

/// ENCRYPTED SIGSTORE PRIVATE KEY: another text each time.
[[nodiscard]] std::string write_private_key(const PrivateKey& key, const Secret& password);

} // namespace pare::crypto
