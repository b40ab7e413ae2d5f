// SPDX-License-Identifier: Apache-2.0
// Problem: a signature is worth what its key is; keys come from files that others wrote.
// Format: SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7, RFC 5480, RFC 8410) and PKCS#8 (RFC
// 5958). Refuses: other algorithms and curves, curves spelled out as parameters, compressed points,
// bytes after the key. A key then has one form, and its fingerprint names it.
#include "crypto/keys.hh"

#include "crypto/openssl.hh"
#include "crypto/pem.hh"
#include "support/digest.hh"

#include <fmt/core.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <array>
#include <optional>
#include <utility>

namespace pare::crypto {

namespace {

constexpr std::size_t kP256Size = 91; ///< of its SubjectPublicKeyInfo, the point uncompressed
constexpr std::size_t kEd25519Size = 44;

constexpr std::array<std::pair<std::string_view, KeyAlgorithm>, 2> kAlgorithms = {{
    {"ecdsa-p256", KeyAlgorithm::ecdsa_p256},
    {"ed25519", KeyAlgorithm::ed25519},
}};

std::shared_ptr<EVP_PKEY> share(EVP_PKEY* key) {
    return {key, [](EVP_PKEY* object) { EVP_PKEY_free(object); }};
}

std::string group_of(const EVP_PKEY* key) {
    std::array<char, 80> name{};
    std::size_t size = 0;
    return EVP_PKEY_get_group_name(key, name.data(), name.size(), &size) == 1
               ? std::string(name.data(), size)
               : std::string();
}

std::optional<KeyAlgorithm> algorithm_of(const EVP_PKEY* key, std::size_t der_size) {
    if (EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519 && der_size == kEd25519Size) {
        return KeyAlgorithm::ed25519;
    }
    if (EVP_PKEY_get_base_id(key) == EVP_PKEY_EC && group_of(key) == "prime256v1" &&
        der_size == kP256Size) {
        return KeyAlgorithm::ecdsa_p256;
    }
    return std::nullopt;
}

const EVP_MD* digest_of(KeyAlgorithm algorithm) {
    return algorithm == KeyAlgorithm::ecdsa_p256 ? EVP_sha256() : nullptr;
}

[[noreturn]] void refuse(const std::string& name, const char* why) {
    throw Error(
        ErrorKind::refused, fmt::format("{} {}", name, why),
        "use a key on P-256 or an Ed25519 key; pare keygen makes one");
}

} // namespace

std::string_view to_string(KeyAlgorithm algorithm) {
    return algorithm == KeyAlgorithm::ecdsa_p256 ? "ecdsa-p256" : "ed25519";
}

KeyAlgorithm parse_key_algorithm(std::string_view text) {
    for (const auto& [name, algorithm] : kAlgorithms) {
        if (text == name) {
            return algorithm;
        }
    }
    throw Error(
        ErrorKind::usage, fmt::format("unknown algorithm {} for keys", text),
        "use ecdsa-p256 or ed25519");
}

PublicKey PublicKey::from_der(BytesView der, const std::string& name) {
    const ForgetErrors forget;
    const unsigned char* at = data_of(der);
    const auto key = share(d2i_PUBKEY(nullptr, &at, static_cast<long>(der.size())));
    if (key == nullptr || at != data_of(der) + der.size()) {
        refuse(name, "is no public key");
    }
    const std::optional<KeyAlgorithm> algorithm = algorithm_of(key.get(), der.size());
    if (!algorithm || to_der(key.get(), i2d_PUBKEY) != der) {
        refuse(name, "is a public key of a kind that pare does not use");
    }
    return {*algorithm, Bytes(der), key};
}

PublicKey PublicKey::parse(BytesView pem, const std::string& name) {
    const PemBlock block = parse_pem(pem, name);
    if (block.label != "PUBLIC KEY") {
        refuse(name, fmt::format("is a {} and no PUBLIC KEY", block.label).c_str());
    }
    return from_der(block.bytes.view(), name);
}

std::string PublicKey::pem() const {
    return write_pem("PUBLIC KEY", der_);
}

std::string PublicKey::fingerprint() const {
    return hash_hex(der_);
}

bool PublicKey::verifies(BytesView message, BytesView signature) const {
    const ForgetErrors forget;
    const Owned<EVP_MD_CTX, EVP_MD_CTX_free> context(EVP_MD_CTX_new());
    ensure(
        EVP_DigestVerifyInit(context.get(), nullptr, digest_of(algorithm_), nullptr, key_.get()) ==
            1,
        "a signature cannot be checked");
    return EVP_DigestVerify(
               context.get(), data_of(signature), signature.size(), data_of(message),
               message.size()) == 1;
}

PrivateKey PrivateKey::of(std::shared_ptr<evp_pkey_st> key, const std::string& name) {
    const std::string of = fmt::format("the public half of {}", name);
    PublicKey half = PublicKey::from_der(to_der(key.get(), i2d_PUBKEY), of);
    return {std::move(half), std::move(key)};
}

PrivateKey PrivateKey::generate(KeyAlgorithm algorithm) {
    EVP_PKEY* key = algorithm == KeyAlgorithm::ecdsa_p256
                        ? EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")
                        : EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
    ensure(key != nullptr, "a key cannot be made");
    return of(share(key), "a new key");
}

PrivateKey PrivateKey::from_der(BytesView der, const std::string& name) {
    const ForgetErrors forget;
    const unsigned char* at = data_of(der);
    const Owned<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free> info(
        d2i_PKCS8_PRIV_KEY_INFO(nullptr, &at, static_cast<long>(der.size())));
    if (info == nullptr || at != data_of(der) + der.size()) {
        refuse(name, "is no private key");
    }
    auto key = share(EVP_PKCS82PKEY(info.get()));
    if (key == nullptr) {
        refuse(name, "is no private key");
    }
    return of(std::move(key), name);
}

Secret PrivateKey::der() const {
    const Owned<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free> info(EVP_PKEY2PKCS8(key_.get()));
    ensure(info != nullptr, "a private key cannot be written");
    Bytes der = to_der(info.get(), i2d_PKCS8_PRIV_KEY_INFO);
    Secret secret{BytesView(der)};
    OPENSSL_cleanse(der.data(), der.size());
    return secret;
}

Bytes PrivateKey::sign(BytesView message) const {
    const Owned<EVP_MD_CTX, EVP_MD_CTX_free> context(EVP_MD_CTX_new());
    const EVP_MD* digest = digest_of(public_key_.algorithm());
    std::size_t size = 0;
    ensure(
        EVP_DigestSignInit(context.get(), nullptr, digest, nullptr, key_.get()) == 1 &&
            EVP_DigestSign(context.get(), nullptr, &size, data_of(message), message.size()) == 1,
        "a signature cannot be begun");
    Bytes signature(size, '\0');
    ensure(
        EVP_DigestSign(
            context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
            data_of(message), message.size()) == 1,
        "a signature cannot be made");
    signature.resize(size);
    return signature;
}

} // namespace pare::crypto
