// SPDX-License-Identifier: Apache-2.0
// OpenPGP signatures (RFC 4880, RFC 9580) of APT repositories: the cleartext form of InRelease and
// the detached form of Release.gpg. The arithmetic is librnp's; what librnp is too lenient about is
// checked here first: exactly one cleartext block with nothing around it, only the signed bytes
// are given back, no hash weaker than SHA-256, no signature of an expired or revoked key.
#pragma once

#include "support/bytes.hh"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace pare::crypto {

/// A set of public keys. Binary or armoured, as APT's signed-by files.
class Keyring {
public:
    Keyring();
    Keyring(Keyring&&) noexcept;
    Keyring& operator=(Keyring&&) noexcept;
    ~Keyring();

    /// Adds all keys of one keyring file's bytes; `name` is for messages. Throws ErrorKind::refused
    /// when it holds none. Cheap: whether a key is any good is seen when it is used.
    void add(BytesView keys, const std::string& name);
    [[nodiscard]] bool empty() const;
    /// Of all its primary and sub keys, upper-case hex.
    [[nodiscard]] std::vector<std::string> fingerprints() const;
    /// Only signatures by these keys count (fingerprints of primary or sub keys, upper-case hex).
    void pin(std::vector<std::string> fingerprints);

private:
    friend struct Verifier;
    struct State;
    std::unique_ptr<State> state_;
};

/// Loads what verifying needs, which takes some milliseconds: for a thread that has nothing better
/// to do while the first message is under way. Throws ErrorKind::environment without librnp.
void prepare();

/// What a good signature vouches for.
struct Verified {
    Bytes text{};                       ///< exactly the signed bytes
    std::vector<std::string> signers{}; ///< fingerprints whose signatures are good, upper-case hex
};

/// Checks a cleartext-signed message (InRelease). At least one good signature by a key of the
/// keyring is needed. `now` is seconds since the epoch. Throws ErrorKind::refused saying which of
/// these it was: framing, unknown key (with its id), expired key, weak hash, bad signature. Safe
/// from several threads at once, with one keyring too.
[[nodiscard]] Verified verify_cleartext(
    BytesView message, const Keyring& keyring, std::int64_t now, const std::string& name);

/// Checks a detached signature (Release.gpg, armoured or binary) over `text`.
[[nodiscard]] Verified verify_detached(
    BytesView text, BytesView signature, const Keyring& keyring, std::int64_t now,
    const std::string& name);

/// The framing alone (RFC 9580 section 7). `text` is what was signed: dash-unescaped, lines without
/// white space at their ends, joined by LF; the line end before the signature is not part of it.
struct Cleartext {
    Bytes text{};
    Bytes signature{}; ///< the armoured block
};

/// Throws ErrorKind::refused unless `message` is one cleartext block and nothing else.
[[nodiscard]] Cleartext parse_cleartext(BytesView message, const std::string& name);

} // namespace pare::crypto
