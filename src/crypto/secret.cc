// SPDX-License-Identifier: Apache-2.0
#include "crypto/secret.hh"

#include <openssl/crypto.h>

#include <utility>

namespace pare::crypto {

// A short string lies in the object itself, so that moving copies it: what was moved from is wiped.
Secret::Secret(Secret&& other) noexcept : bytes_(other.bytes_) {
    other.wipe();
}

Secret& Secret::operator=(Secret&& other) noexcept {
    if (this != &other) {
        wipe();
        bytes_ = other.bytes_;
        other.wipe();
    }
    return *this;
}

Secret::~Secret() {
    wipe();
}

void Secret::wipe() {
    OPENSSL_cleanse(bytes_.data(), bytes_.size());
    bytes_.clear();
}

} // namespace pare::crypto
