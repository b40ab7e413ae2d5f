// SPDX-License-Identifier: Apache-2.0
// Problem: whether some text was signed by one of the keys that are trusted for it. librnp does the
// arithmetic, but it calls signatures of keys that have since expired or been revoked good, and
// says too little about why one is not: all that is decided here, signature by signature.
// Format: RFC 9580 sections 5.2 (signatures), 10.1 (transferable public keys).
// Refuses: texts without one good signature. A signature is good when a key of the keyring made it
// that may sign, is neither expired nor revoked now and is no short RSA key; with SHA-256, SHA-384
// or SHA-512; not in the future. Others beside a good one do no harm: archives sign with the keys
// of several releases.
#include "crypto/openpgp.hh"

#include "crypto/armour.hh"
#include "crypto/packets.hh"
#include "crypto/rnp.hh"
#include "support/error.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <set>

namespace pare::crypto {

namespace {

constexpr std::size_t kMostSignatures = 64;
constexpr std::uint32_t kShortestRsa = 2048;
constexpr unsigned kSignatureVersion = 4;
constexpr unsigned kBinaryType = 0x00;
constexpr unsigned kTextType = 0x01;
constexpr std::int64_t kClockSlack = 300;
constexpr std::string_view kSignatureKind = "PGP SIGNATURE";
constexpr std::string_view kKeyboxMagic = "KBXf";
constexpr std::size_t kKeyboxMagicOffset = 8;

struct Certificate {
    Bytes bytes{};
    std::vector<std::string> fingerprints{}; ///< of the primary key, then of the sub keys

    /// `issuer` is a fingerprint or a key id, which is the end of one.
    [[nodiscard]] bool has(const std::string& issuer) const {
        return std::ranges::any_of(fingerprints, [&](const std::string& fingerprint) {
            return !issuer.empty() && fingerprint.ends_with(issuer);
        });
    }
};

std::string hash_name(unsigned number) {
    constexpr std::array<std::string_view, 4> kNames = {"", "MD5", "SHA-1", "RIPEMD-160"};
    return number != 0 && number < kNames.size() ? std::string(kNames.at(number))
                                                 : fmt::format("hash {}", number);
}

bool is_strong_hash(unsigned number) {
    return number == 8 || number == 9 || number == 10; // SHA-256, SHA-384, SHA-512
}

/// What came of one signature; an empty `fault` is a good one.
struct Finding {
    std::string fault{};
    std::string signer{};
    bool is_unknown = false; ///< there is no key for it; `fault` names the key
};

} // namespace

struct Keyring::State {
    std::vector<Certificate> certificates{};
    std::vector<std::string> pinned{};
};

Keyring::Keyring() : state_(std::make_unique<State>()) {}

Keyring::Keyring(Keyring&&) noexcept = default;
Keyring& Keyring::operator=(Keyring&&) noexcept = default;
Keyring::~Keyring() = default;

void Keyring::add(BytesView keys, const std::string& name) {
    if (keys.size() > kKeyboxMagicOffset &&
        keys.substr(kKeyboxMagicOffset).starts_with(kKeyboxMagic)) {
        throw Error(
            ErrorKind::refused, fmt::format("{} is a keybox of GnuPG, not a keyring", name),
            fmt::format("export its keys: gpg --keyring {} --export > FILE", name));
    }
    const std::size_t before = state_->certificates.size();
    const Bytes binary = dearmour(keys, "PGP PUBLIC KEY BLOCK", name);
    bool in_certificate = false;
    for (const Packet& packet : parse_packets(binary, name)) {
        const bool is_primary = packet.tag == kPublicKeyTag;
        if (is_primary) {
            state_->certificates.emplace_back();
            in_certificate = true;
        }
        if (!in_certificate) {
            continue;
        }
        Certificate& certificate = state_->certificates.back();
        certificate.bytes.append(packet.whole);
        if (is_primary || packet.tag == kPublicSubkeyTag) {
            certificate.fingerprints.push_back(fingerprint(packet));
        }
    }
    if (state_->certificates.size() == before) {
        throw Error(
            ErrorKind::refused, fmt::format("{} holds no public key", name),
            "give a keyring as gpg --export writes it");
    }
}

bool Keyring::empty() const {
    return state_->certificates.empty();
}

std::vector<std::string> Keyring::fingerprints() const {
    std::vector<std::string> all;
    for (const Certificate& certificate : state_->certificates) {
        all.insert(all.end(), certificate.fingerprints.begin(), certificate.fingerprints.end());
    }
    return all;
}

void Keyring::pin(std::vector<std::string> fingerprints) {
    state_->pinned = std::move(fingerprints);
}

/// Judges the signatures over one text.
struct Verifier {
    const Keyring& keyring;
    std::int64_t now;
    const std::string& name;

    /// Throws ErrorKind::refused when there is none. `types` are those of RFC 9580 section 5.2.1.
    [[nodiscard]] std::vector<std::string>
    signers(BytesView text, BytesView packets, std::initializer_list<unsigned> types) const;

private:
    [[nodiscard]] std::vector<Signature> read(BytesView packets) const;
    [[nodiscard]] Finding examine(const Signature& signature, BytesView text, RnpKeys& keys) const;
    [[nodiscard]] std::string judge(const Signature& signature, BytesView text) const;
    [[nodiscard]] std::string judge(const RnpKey& key) const;
    [[nodiscard]] bool is_pinned(const RnpKey& key) const;
    [[nodiscard]] bool knows(const std::string& issuer) const;
    [[noreturn]] void refuse(const std::vector<Finding>& findings) const;
};

std::vector<Signature> Verifier::read(BytesView packets) const {
    std::vector<Signature> signatures;
    for (const Packet& packet : parse_packets(packets, name)) {
        if (packet.tag != kSignatureTag) {
            throw Error(
                ErrorKind::refused,
                fmt::format("{}: its signature holds a packet of type {}", name, packet.tag),
                "get it from another mirror");
        }
        if (signatures.size() == kMostSignatures) {
            throw Error(
                ErrorKind::refused,
                fmt::format("{} has more than {} signatures", name, kMostSignatures),
                "get it from another mirror");
        }
        signatures.push_back(parse_signature(packet, name));
    }
    return signatures;
}

bool Verifier::knows(const std::string& issuer) const {
    return std::ranges::any_of(keyring.state_->certificates, [&](const Certificate& certificate) {
        return certificate.has(issuer);
    });
}

bool Verifier::is_pinned(const RnpKey& key) const {
    const std::vector<std::string>& pinned = keyring.state_->pinned;
    const auto has = [&](const std::string& fingerprint) {
        return std::ranges::find(pinned, fingerprint) != pinned.end();
    };
    return pinned.empty() || has(key.fingerprint) || has(key.primary_fingerprint);
}

/// What is wrong with it, as far as its key need not be looked at.
std::string Verifier::judge(const Signature& signature, BytesView text) const {
    const std::string by = "the signature by key " + signature.issuer;
    if (!is_strong_hash(signature.hash)) {
        return fmt::format("{} uses {}, which is too weak", by, hash_name(signature.hash));
    }
    if (signature.has_unknown_critical) {
        return by + " asks for something that pare does not know";
    }
    if (signature.created > now + kClockSlack) {
        return fmt::format("{} is from the future: {}", by, format_time(signature.created));
    }
    if (signature.lifetime != 0 && signature.created + signature.lifetime <= now) {
        return fmt::format(
            "{} expired on {}", by, format_time(signature.created + signature.lifetime));
    }
    if (!digest_starts_right(signature, text)) {
        return by + " is bad: the text is not what was signed";
    }
    return {};
}

std::string Verifier::judge(const RnpKey& key) const {
    const std::string name_of_key = "key " + key.fingerprint;
    if (key.revoked) {
        return name_of_key + " is revoked";
    }
    if (key.valid_until != 0 && std::cmp_less_equal(key.valid_until, now)) {
        return fmt::format(
            "{} expired on {}", name_of_key,
            format_time(static_cast<std::int64_t>(key.valid_until)));
    }
    if (key.expired) {
        return name_of_key + " has expired";
    }
    if (!key.valid) {
        return name_of_key + " has no self-signature that is good and strong";
    }
    if (!key.may_sign) {
        return name_of_key + " is not meant for signing";
    }
    if (key.algorithm == "DSA" || (key.algorithm == "RSA" && key.bits < kShortestRsa)) {
        return fmt::format("{} is too weak: {}, {} bits", name_of_key, key.algorithm, key.bits);
    }
    return is_pinned(key) ? "" : name_of_key + " is not one of the keys that the source names";
}

/// In this order because librnp is slow to read keys, and prints to stderr what it finds wrong with
/// a signature: it is asked last.
Finding Verifier::examine(const Signature& signature, BytesView text, RnpKeys& keys) const {
    if (!knows(signature.issuer)) {
        return {
            .fault = signature.issuer.empty() ? "a key without a name" : signature.issuer,
            .is_unknown = true};
    }
    if (std::string fault = judge(signature, text); !fault.empty()) {
        return {std::move(fault)};
    }
    for (const Certificate& certificate : keyring.state_->certificates) {
        if (certificate.has(signature.issuer)) {
            keys.add(certificate.bytes);
        }
    }
    const auto key = keys.find(signature.issuer);
    if (!key) {
        return {fmt::format("librnp cannot use key {}", signature.issuer)};
    }
    if (std::string fault = judge(*key); !fault.empty()) {
        return {std::move(fault)};
    }
    if (!keys.is_good(text, signature.packet, key->fingerprint)) {
        return {fmt::format("the signature by key {} is bad", signature.issuer)};
    }
    return {.signer = key->fingerprint};
}

void Verifier::refuse(const std::vector<Finding>& findings) const {
    std::vector<std::string> faults;
    for (const Finding& finding : findings) {
        if (!finding.is_unknown) {
            faults.push_back(finding.fault);
        }
    }
    if (!faults.empty()) {
        throw Error(
            ErrorKind::refused, fmt::format("{}: {}", name, join(faults, "; ")),
            "update the archive's keyring, or get the file from another mirror");
    }
    for (const Finding& finding : findings) {
        faults.push_back(finding.fault);
    }
    throw Error(
        ErrorKind::refused,
        fmt::format(
            "{}: {}", name,
            faults.empty()
                ? "it has no signature"
                : "no key is known for its signatures, which are by " + join(faults, ", ")),
        "give the archive's keys with --keyring FILE, or name them by signed-by in the source");
}

std::vector<std::string>
Verifier::signers(BytesView text, BytesView packets, std::initializer_list<unsigned> types) const {
    std::vector<Finding> findings;
    std::set<std::string> good;
    // By this time's reckoning nothing that the slack allows is from the future.
    RnpKeys keys(now + kClockSlack);
    for (const Signature& signature : read(packets)) {
        if (signature.version != kSignatureVersion) {
            findings.push_back(
                {fmt::format("a signature has the unknown version {}", signature.version)});
            continue;
        }
        if (std::ranges::find(types, signature.type) == types.end()) {
            findings.push_back({fmt::format("a signature has the type {:#x}", signature.type)});
            continue;
        }
        findings.push_back(examine(signature, text, keys));
        if (findings.back().fault.empty()) {
            good.insert(findings.back().signer);
        }
    }
    if (good.empty()) {
        refuse(findings);
    }
    return {good.begin(), good.end()};
}

void prepare() {
    load_rnp();
}

Verified verify_cleartext(
    BytesView message, const Keyring& keyring, std::int64_t now, const std::string& name) {
    Cleartext cleartext = parse_cleartext(message, name);
    const Bytes packets = dearmour(cleartext.signature, kSignatureKind, name);
    std::vector<std::string> signers =
        Verifier{keyring, now, name}.signers(cleartext.text, packets, {kTextType});
    return {std::move(cleartext.text), std::move(signers)};
}

Verified verify_detached(
    BytesView text, BytesView signature, const Keyring& keyring, std::int64_t now,
    const std::string& name) {
    const Bytes packets = dearmour(signature, kSignatureKind, name);
    return {
        Bytes(text), Verifier{keyring, now, name}.signers(text, packets, {kBinaryType, kTextType})};
}

} // namespace pare::crypto
