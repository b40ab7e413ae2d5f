// SPDX-License-Identifier: Apache-2.0
// Format: PEM around a box (box.cc) with PKCS#8 inside, as cosign has it; beside it PKCS#8 as
// openssl writes it, plain and encrypted (RFC 5958).
// Refuses: keys of any other form; the message says how to turn an EC PRIVATE KEY into one.
#include "crypto/key_files.hh"

#include "crypto/box.hh"
#include "crypto/openssl.hh"
#include "crypto/pem.hh"

#include <fmt/core.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

namespace pare::crypto {

namespace {

/// PKCS#8 that openssl encrypted (RFC 5958 section 3).
PrivateKey open_pkcs8(BytesView der, const std::string& name, const Secret& password) {
    const ForgetErrors forget;
    const unsigned char* at = data_of(der);
    const Owned<X509_SIG, X509_SIG_free> encrypted(
        d2i_X509_SIG(nullptr, &at, static_cast<long>(der.size())));
    if (encrypted == nullptr || at != data_of(der) + der.size()) {
        throw Error(
            ErrorKind::refused, fmt::format("{} is no encrypted PKCS#8 key", name),
            "use a key that pare keygen, cosign or openssl made");
    }
    const Owned<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free> info(PKCS8_decrypt(
        encrypted.get(), reinterpret_cast<const char*>(password.data()),
        static_cast<int>(password.size())));
    if (info == nullptr) {
        refuse_password(name);
    }
    Bytes plain = to_der(info.get(), i2d_PKCS8_PRIV_KEY_INFO);
    const Secret secret{BytesView(plain)};
    OPENSSL_cleanse(plain.data(), plain.size());
    return PrivateKey::from_der(secret.view(), name);
}

} // namespace

PrivateKey
read_private_key(BytesView pem, const std::string& name, const AskPassword& ask_password) {
    const PemBlock block = parse_pem(pem, name);
    if (block.label == "ENCRYPTED SIGSTORE PRIVATE KEY" ||
        block.label == "ENCRYPTED COSIGN PRIVATE KEY") {
        const Box box = parse_box(block.bytes.view(), name);
        return PrivateKey::from_der(open_box(box, ask_password(name), name).view(), name);
    }
    if (block.label == "PRIVATE KEY") {
        return PrivateKey::from_der(block.bytes.view(), name);
    }
    if (block.label == "ENCRYPTED PRIVATE KEY") {
        return open_pkcs8(block.bytes.view(), name, ask_password(name));
    }
    throw Error(
        ErrorKind::refused, fmt::format("{} is a {} and no private key", name, block.label),
        "openssl pkcs8 -topk8 makes a PRIVATE KEY of an EC PRIVATE KEY");
}

std::string write_private_key(const PrivateKey& key, const Secret& password) {
    return write_pem("ENCRYPTED SIGSTORE PRIVATE KEY", write_box(seal_box(key.der(), password)));
}

} // namespace pare::crypto
