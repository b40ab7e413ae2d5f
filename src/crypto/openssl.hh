// SPDX-License-Identifier: Apache-2.0
// Small things around OpenSSL's C interface, for the files of this room.
#pragma once

#include "support/bytes.hh"

#include <openssl/crypto.h>
#include <openssl/err.h>

#include <memory>
#include <string>

namespace pare::crypto {

template <auto free>
struct FreeWith {
    template <typename Object>
    void operator()(Object* object) const {
        free(object);
    }
};

/// An object of OpenSSL that ends with its scope: Owned<X509, X509_free>.
template <typename Object, auto free>
using Owned = std::unique_ptr<Object, FreeWith<free>>;

[[nodiscard]] inline const unsigned char* data_of(BytesView bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

/// What an i2d_ function writes: DER. Throws ErrorKind::bug.
template <typename Object, typename Write>
[[nodiscard]] Bytes to_der(Object* object, Write write) {
    unsigned char* der = nullptr;
    const int size = write(object, &der);
    ensure(size > 0, "what was read cannot be written as DER");
    Bytes bytes(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
    OPENSSL_clear_free(der, static_cast<std::size_t>(size));
    return bytes;
}

/// Takes away what OpenSSL remembers of calls that failed, else it would be told of the next user
/// of the library on this thread.
class ForgetErrors {
public:
    ForgetErrors() = default;
    ForgetErrors(const ForgetErrors&) = delete;
    ForgetErrors& operator=(const ForgetErrors&) = delete;

    ~ForgetErrors() { ERR_clear_error(); }
};

} // namespace pare::crypto
