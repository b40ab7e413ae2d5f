// SPDX-License-Identifier: Apache-2.0
// Everything that is read of an InRelease and of a keyring before librnp sees any of it. What was
// parsed and is framed again is the same text.
#include "crypto/armour.hh"
#include "crypto/openpgp.hh"
#include "crypto/packets.hh"
#include "support/error.hh"

#include <cstddef>
#include <cstdint>

using namespace pare;

namespace {

void read_signatures(BytesView bytes) {
    for (const crypto::Packet& packet : crypto::parse_packets(bytes, "fuzz")) {
        static_cast<void>(crypto::fingerprint(packet));
        if (packet.tag == crypto::kSignatureTag) {
            static_cast<void>(
                crypto::digest_starts_right(crypto::parse_signature(packet, "fuzz"), "a\nb"));
        }
    }
}

Bytes frame(BytesView text) {
    Bytes message = "-----BEGIN PGP SIGNED MESSAGE-----\n\n- ";
    for (const char c : text) {
        message.push_back(c);
        message += c == '\n' ? "- " : "";
    }
    return message + "\n-----BEGIN PGP SIGNATURE-----\n-----END PGP SIGNATURE-----\n";
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const BytesView input(reinterpret_cast<const char*>(data), size);
    try {
        read_signatures(input);
    } catch (const Error&) {
        static_cast<void>(input);
    }
    try {
        crypto::Keyring().add(input, "fuzz");
    } catch (const Error&) {
        static_cast<void>(input);
    }
    try {
        const crypto::Cleartext cleartext = crypto::parse_cleartext(input, "fuzz");
        if (crypto::parse_cleartext(frame(cleartext.text), "again").text != cleartext.text) {
            __builtin_trap();
        }
        read_signatures(crypto::dearmour(cleartext.signature, "PGP SIGNATURE", "fuzz"));
    } catch (const Error&) {
        static_cast<void>(input);
    }
    return 0;
}
