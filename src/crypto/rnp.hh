// SPDX-License-Identifier: Apache-2.0
// librnp, as far as verifying needs it.
#pragma once

#include "support/bytes.hh"

#include <cstdint>
#include <optional>
#include <string>

namespace pare::crypto {

/// Loads the library; throws ErrorKind::environment when it is not there.
void load_rnp();

/// What librnp says of a key.
struct RnpKey {
    std::string fingerprint{};         ///< upper-case hex
    std::string primary_fingerprint{}; ///< its own for a primary key
    std::string algorithm{};           ///< `RSA`, `EDDSA`, ...
    std::uint32_t bits = 0;
    std::uint64_t valid_until = 0; ///< seconds since the epoch; 0: never was
    bool valid = false;            ///< good self-signatures, neither expired nor revoked
    bool expired = false;
    bool revoked = false; ///< it or its primary key
    bool may_sign = false;
};

/// Some keys, at one time. For one thread; another may have another at the same time.
class RnpKeys {
public:
    explicit RnpKeys(std::int64_t now);
    RnpKeys(const RnpKeys&) = delete;
    RnpKeys& operator=(const RnpKeys&) = delete;
    ~RnpKeys();

    /// A primary key with its signatures and sub keys, binary.
    void add(BytesView certificate);
    /// By fingerprint or key id, upper-case hex; nothing for a key that librnp cannot use.
    [[nodiscard]] std::optional<RnpKey> find(const std::string& issuer) const;
    /// Whether `signature`, one packet, is a good one of `text` by that key.
    [[nodiscard]] bool
    is_good(BytesView text, BytesView signature, const std::string& fingerprint) const;

private:
    void* ffi_ = nullptr;
};

} // namespace pare::crypto
