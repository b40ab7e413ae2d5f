// SPDX-License-Identifier: Apache-2.0
// Problem: a private key on disk is encrypted under a password, and must be what cosign reads and
// writes, so that either tool can sign with the other's keys.
// Format: JSON (go-securesystemslib, package encrypted):
//   {"kdf": {"name": "scrypt", "params": {"N": 65536, "r": 8, "p": 1}, "salt": base64},
//    "cipher": {"name": "nacl/secretbox", "nonce": base64}, "ciphertext": base64}
// scrypt (RFC 7914) makes the 32-byte key of a secretbox: XSalsa20 and Poly1305, the tag first.
// Refuses: other algorithms, and any parameters but cosign's of then and now: N = 2^15, 2^16 or
// 2^17 with r = 8 and p = 1, so that a file cannot ask for all memory.
#include "crypto/box.hh"

#include "crypto/openssl.hh"
#include "support/base64.hh"
#include "support/json.hh"

#include <fmt/core.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <optional>

namespace pare::crypto {

namespace {

constexpr std::array<std::int64_t, 3> kCosts = {1 << 15, 1 << 16, 1 << 17};
constexpr std::uint32_t kBlocks = 8;
constexpr std::uint32_t kParallel = 1;
constexpr std::size_t kSaltSize = 32;

[[noreturn]] void refuse(const std::string& name, const std::string& why) {
    throw Error(
        ErrorKind::refused, fmt::format("{}: {}", name, why),
        "use a key that pare keygen or cosign made");
}

void prepare_sodium() {
    ensure(sodium_init() >= 0, "libsodium cannot be used");
}

Bytes random_bytes(std::size_t size) {
    Bytes bytes(size, '\0');
    randombytes_buf(bytes.data(), bytes.size());
    return bytes;
}

Bytes base64_member(const json::Value& object, std::string_view key, const std::string& name) {
    std::optional<Bytes> bytes = from_base64(object.at(key).as_string());
    if (!bytes) {
        refuse(name, fmt::format("its {} is not base64", key));
    }
    return *std::move(bytes);
}

Secret derive(const Secret& password, const Box& box) {
    Secret key(crypto_secretbox_KEYBYTES);
    if (crypto_pwhash_scryptsalsa208sha256_ll(
            password.data(), password.size(), data_of(box.salt), box.salt.size(),
            static_cast<std::uint64_t>(box.cost), kBlocks, kParallel, key.data(),
            key.size()) != 0) {
        throw Error(
            ErrorKind::environment, "there is not enough memory to derive the key of a key file",
            "128 MiB must be free");
    }
    return key;
}

} // namespace

void refuse_password(const std::string& name) {
    throw Error(
        ErrorKind::usage, fmt::format("{} cannot be decrypted with this password", name),
        "give the key's password in PARE_PASSWORD or COSIGN_PASSWORD");
}

Box parse_box(BytesView text, const std::string& name) {
    const json::Value box = json::parse(text, name);
    const json::Value& kdf = box.at("kdf");
    const json::Value& parameters = kdf.at("params");
    const json::Value& cipher = box.at("cipher");
    if (kdf.at("name").as_string() != "scrypt" ||
        cipher.at("name").as_string() != "nacl/secretbox") {
        refuse(name, "it is encrypted in a way that pare does not know");
    }
    Box parsed{
        .cost = parameters.at("N").as_integer(),
        .salt = base64_member(kdf, "salt", name),
        .nonce = base64_member(cipher, "nonce", name),
        .ciphertext = base64_member(box, "ciphertext", name)};
    if (std::find(kCosts.begin(), kCosts.end(), parsed.cost) == kCosts.end() ||
        parameters.at("r").as_integer() != kBlocks ||
        parameters.at("p").as_integer() != kParallel) {
        refuse(name, "its scrypt parameters are none that cosign uses");
    }
    if (parsed.salt.size() != kSaltSize || parsed.nonce.size() != crypto_secretbox_NONCEBYTES ||
        parsed.ciphertext.size() < crypto_secretbox_MACBYTES) {
        refuse(name, "its salt, nonce or ciphertext has the wrong length");
    }
    return parsed;
}

Secret open_box(const Box& box, const Secret& password, const std::string& name) {
    prepare_sodium();
    const Secret key = derive(password, box);
    Secret plain(box.ciphertext.size() - crypto_secretbox_MACBYTES);
    if (crypto_secretbox_open_easy(
            plain.data(), data_of(box.ciphertext), box.ciphertext.size(), data_of(box.nonce),
            key.data()) != 0) {
        refuse_password(name);
    }
    return plain;
}

Box seal_box(const Secret& plain, const Secret& password) {
    prepare_sodium();
    Box box{.salt = random_bytes(kSaltSize), .nonce = random_bytes(crypto_secretbox_NONCEBYTES)};
    const Secret key = derive(password, box);
    box.ciphertext.resize(plain.size() + crypto_secretbox_MACBYTES);
    ensure(
        crypto_secretbox_easy(
            reinterpret_cast<unsigned char*>(box.ciphertext.data()), plain.data(), plain.size(),
            data_of(box.nonce), key.data()) == 0,
        "a secretbox cannot be made");
    return box;
}

std::string write_box(const Box& box) {
    const json::Object parameters{
        {"N", box.cost}, {"r", std::int64_t{kBlocks}}, {"p", std::int64_t{kParallel}}};
    return json::write(json::Object{
        {"kdf",
         json::Object{{"name", "scrypt"}, {"params", parameters}, {"salt", to_base64(box.salt)}}},
        {"cipher", json::Object{{"name", "nacl/secretbox"}, {"nonce", to_base64(box.nonce)}}},
        {"ciphertext", to_base64(box.ciphertext)}});
}

} // namespace pare::crypto
