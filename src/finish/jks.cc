// SPDX-License-Identifier: Apache-2.0
// Format: JKS version 2, which every Java reads (sun.security.provider.JavaKeyStore is its only
// specification). Numbers are big-endian; a text is its 16-bit length and modified UTF-8, which for
// the ASCII of our aliases is those bytes.
//   0xfeedfeed, version, number of entries
//   an entry: 2 (a trusted certificate), alias, date in ms, "X.509", 32-bit length, DER
//   SHA-1 over the password in UTF-16, "Mighty Aphrodite" and everything above
// The password is the one that Java looks up trusted certificates with; it protects nothing, here
// as anywhere.
// Aliases are unique: that is the subject, and ` <2>`, ` <3>` after it where certificates share it.
// A subject has its own `<` escaped, so no other alias is like that. The date is when the
// certificate became valid, so that the same certificates give the same bytes.
#include "finish/jks.hh"

#include "support/error.hh"

#include <fmt/core.h>
#include <openssl/evp.h>

#include <array>
#include <map>
#include <string_view>

namespace pare::finish {

namespace {

constexpr std::uint32_t kMagic = 0xfeedfeed;
constexpr std::uint32_t kVersion = 2;
constexpr std::uint32_t kTrustedCertificate = 2;
constexpr std::string_view kPassword = "changeit";
constexpr std::string_view kWhitener = "Mighty Aphrodite";

template <std::unsigned_integral Int>
void append(Bytes& out, Int value) {
    append_int(out, value, Endian::big);
}

void append_text(Bytes& out, std::string_view text) {
    ensure(text.size() <= UINT16_MAX, "a text is too long for a keystore");
    append(out, static_cast<std::uint16_t>(text.size()));
    out += text;
}

Bytes checksum(BytesView body) {
    Bytes text;
    for (const char c : kPassword) {
        append(text, static_cast<std::uint16_t>(c));
    }
    text += kWhitener;
    text += body;
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    ensure(
        EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr) == 1,
        "SHA-1 cannot be computed");
    return {digest.begin(), digest.begin() + size};
}

} // namespace

Bytes write_jks(const std::vector<Certificate>& certificates) {
    Bytes out;
    append(out, kMagic);
    append(out, kVersion);
    append(out, static_cast<std::uint32_t>(certificates.size()));
    std::map<std::string_view, int> uses;
    for (const Certificate& certificate : certificates) {
        const int use = ++uses[certificate.subject];
        append(out, kTrustedCertificate);
        append_text(
            out, use == 1 ? certificate.subject : fmt::format("{} <{}>", certificate.subject, use));
        append(out, static_cast<std::uint64_t>(certificate.not_before) * 1000);
        append_text(out, "X.509");
        append(out, static_cast<std::uint32_t>(certificate.der.size()));
        out += certificate.der;
    }
    return out + checksum(out);
}

} // namespace pare::finish
