// SPDX-License-Identifier: Apache-2.0
#include "crypto/secret.hh"

#include <openssl/crypto.h>

#include <utility>

namespace pare::crypto {

Secret& Secret::operator=(Secret&& other) noexcept {
    if (this != &other) {
        wipe();
        bytes_ = std::move(other.bytes_);
    }
    return *this;
}

Secret::~Secret() {
    wipe();
}

void Secret::wipe() {
    OPENSSL_cleanse(bytes_.data(), bytes_.size());
}

} // namespace pare::crypto
