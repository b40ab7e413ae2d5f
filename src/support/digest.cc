// SPDX-License-Identifier: Apache-2.0
#include "support/digest.hh"

#include <openssl/evp.h>

#include <algorithm>
#include <array>

namespace pare {

namespace {

const EVP_MD* message_digest(HashAlgorithm algorithm) {
    switch (algorithm) {
    case HashAlgorithm::md5:
        return EVP_md5();
    case HashAlgorithm::sha1:
        return EVP_sha1();
    case HashAlgorithm::sha256:
        return EVP_sha256();
    case HashAlgorithm::sha512:
        return EVP_sha512();
    }
    return nullptr;
}

struct FreeContext {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;

std::string finish(EVP_MD_CTX* context) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> raw{};
    unsigned int size = 0;
    ensure(EVP_DigestFinal_ex(context, raw.data(), &size) == 1, "a digest cannot be finished");
    return to_hex(BytesView(reinterpret_cast<const char*>(raw.data()), size));
}

} // namespace

struct Hasher::State {
    Context context{EVP_MD_CTX_new()};
};

Hasher::Hasher(HashAlgorithm algorithm) : state_(std::make_unique<State>()) {
    ensure(
        EVP_DigestInit_ex(state_->context.get(), message_digest(algorithm), nullptr) == 1,
        "a digest cannot be started");
}

Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;
Hasher::~Hasher() = default;

void Hasher::write(BytesView bytes) {
    ensure(
        EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()) == 1,
        "a digest cannot be updated");
}

std::string Hasher::hex() {
    return finish(state_->context.get());
}

std::string Hasher::peek_hex() const {
    const Context copy(EVP_MD_CTX_new());
    ensure(EVP_MD_CTX_copy_ex(copy.get(), state_->context.get()) == 1, "a digest cannot be copied");
    return finish(copy.get());
}

std::string hash_hex(BytesView bytes, HashAlgorithm algorithm) {
    Hasher hasher(algorithm);
    hasher.write(bytes);
    return hasher.hex();
}

Bytes hash_bytes(BytesView bytes) {
    Bytes raw(EVP_MAX_MD_SIZE, '\0');
    unsigned int size = 0;
    ensure(
        EVP_Digest(
            bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(raw.data()), &size,
            EVP_sha256(), nullptr) == 1,
        "a digest cannot be computed");
    raw.resize(size);
    return raw;
}

std::string oci_digest(BytesView bytes) {
    return "sha256:" + hash_hex(bytes);
}

std::string digest_hex(std::string_view oci_digest) {
    constexpr std::string_view kPrefix = "sha256:";
    if (!oci_digest.starts_with(kPrefix) || !is_hex(oci_digest.substr(kPrefix.size()), 64)) {
        throw Error(
            ErrorKind::refused,
            "'" + std::string(oci_digest.substr(0, 100)) + "' is no SHA-256 digest");
    }
    return std::string(oci_digest.substr(kPrefix.size()));
}

std::string to_hex(BytesView bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string hex;
    hex.reserve(bytes.size() * 2);
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        hex.push_back(kDigits[byte >> 4]);
        hex.push_back(kDigits[byte & 15]);
    }
    return hex;
}

bool is_hex(std::string_view text, std::size_t length) {
    return text.size() == length && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

} // namespace pare
