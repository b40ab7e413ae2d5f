// SPDX-License-Identifier: Apache-2.0
// Texts of keys, all hostile: PEM, what is in it, and the JSON of an encrypted key as far as it
// costs no scrypt. A public key that is accepted is written and read back the same.
#include "crypto/box.hh"
#include "crypto/key_files.hh"
#include "crypto/pem.hh"

#include <cstddef>
#include <cstdint>

using namespace pare;

namespace {

crypto::Secret no_password(const std::string&) {
    throw Error(ErrorKind::usage, "no password");
}

template <typename Read>
void try_reading(Read&& read) {
    try {
        read();
    } catch (const Error&) {
        return;
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const BytesView input(reinterpret_cast<const char*>(data), size);
    try_reading([&] {
        const crypto::PemBlock block = crypto::parse_pem(input, "fuzz");
        const std::string written = crypto::write_pem(block.label, block.bytes.view());
        if (crypto::parse_pem(written, "again").bytes.view() != block.bytes.view()) {
            __builtin_trap();
        }
    });
    try_reading([&] {
        const crypto::PublicKey key = crypto::PublicKey::parse(input, "fuzz");
        if (!(crypto::PublicKey::parse(key.pem(), "again") == key)) {
            __builtin_trap();
        }
        static_cast<void>(key.verifies("message", input));
    });
    try_reading([&] {
        const auto key = crypto::read_private_key(input, "fuzz", no_password);
        static_cast<void>(key.public_key());
    });
    try_reading([&] {
        const std::string written = crypto::write_box(crypto::parse_box(input, "fuzz"));
        if (crypto::write_box(crypto::parse_box(written, "again")) != written) {
            __builtin_trap();
        }
    });
    return 0;
}
