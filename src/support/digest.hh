// SPDX-License-Identifier: Apache-2.0
// Digests, as values and as they grow. Algorithms weaker than SHA-256 exist here only where a
// format demands them (md5sums of dpkg); nothing is ever trusted because of one.
#pragma once

#include "support/bytes.hh"
#include "support/stream.hh"

#include <memory>
#include <string>

namespace pare {

enum class HashAlgorithm { md5, sha1, sha256, sha512 };

/// Hashes bytes as they come. Movable; finish() once.
class Hasher : public Sink {
public:
    explicit Hasher(HashAlgorithm algorithm = HashAlgorithm::sha256);
    Hasher(Hasher&&) noexcept;
    Hasher& operator=(Hasher&&) noexcept;
    ~Hasher() override;

    void write(BytesView bytes) override;
    /// The digest of all that was written, in lower-case hex.
    [[nodiscard]] std::string hex();
    /// The digest of all that was written so far; more may follow.
    [[nodiscard]] std::string peek_hex() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Lower-case hex of the digest of `bytes`.
[[nodiscard]] std::string
hash_hex(BytesView bytes, HashAlgorithm algorithm = HashAlgorithm::sha256);
/// The bytes of the SHA-256 of `bytes`.
[[nodiscard]] Bytes hash_bytes(BytesView bytes);
/// `sha256:<hex>`, as OCI writes a digest.
[[nodiscard]] std::string oci_digest(BytesView bytes);
/// The hex of `sha256:<hex>`; throws ErrorKind::refused for anything else.
[[nodiscard]] std::string digest_hex(std::string_view oci_digest);
/// Lower-case hex of raw bytes.
[[nodiscard]] std::string to_hex(BytesView bytes);
/// Whether `text` is exactly `length` lower-case hex digits.
[[nodiscard]] bool is_hex(std::string_view text, std::size_t length);

} // namespace pare
