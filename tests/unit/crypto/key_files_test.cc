// SPDX-License-Identifier: Apache-2.0
// Private keys on disk: one that cosign made, those that openssl makes, and damaged ones.
#include "crypto/box.hh"
#include "crypto/key_files.hh"
#include "crypto/pem.hh"
#include "support/base64.hh"
#include "support/expect.hh"
#include "support/files.hh"
#include "support/run_command.hh"

#include <doctest/doctest.h>
#include <sodium.h>

#include <string>
#include <string_view>
#include <vector>

using namespace pare;
using namespace pare::crypto;
using pare::test::contains;
using pare::test::error_of;
using pare::test::run_command;

namespace {

/// cosign 2.5.0: generate-key-pair with COSIGN_PASSWORD=secret.
const std::string kCosignKey = "-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\n"
                               "eyJrZGYiOnsibmFtZSI6InNjcnlwdCIsInBhcmFtcyI6eyJOIjo2NTUzNiwiciI6\n"
                               "OCwicCI6MX0sInNhbHQiOiJ2SWpLNnZzdms4YUhHVUlpZTRZNkI1Nmc3czcxakN4\n"
                               "di9XbkZRc2NLdmtNPSJ9LCJjaXBoZXIiOnsibmFtZSI6Im5hY2wvc2VjcmV0Ym94\n"
                               "Iiwibm9uY2UiOiJ2MFJmZTlhbklXZjhNN3oxbzVSdjFWNHBFYnltWDFXMiJ9LCJj\n"
                               "aXBoZXJ0ZXh0IjoiWWh6NTBQb2wyeGRTOGswZGRQMDZwNTlCdE9BTWtXWUxrb3kr\n"
                               "dHhDbVZkd0twaEdSRXNYaUtXMTUvQ1RmT0pGNzZ3WjdkbkpKS1dPQ0Z6dThZUXNS\n"
                               "akZRMERFSkE5czM2dXFEL1AwL0h5dmtMU201VG5hNVB0OW5zRk5DOVpTRkcydDRh\n"
                               "UUhMcGhJelg0N0xDV1JzUmlSVDZacGRtOWt2M0RnaU44bm1Jb01WSjZObmgrTnJl\n"
                               "Um1lUks4Rm5HTUlTL0NmVHZTcXZ6ZDczK2c9PSJ9\n"
                               "-----END ENCRYPTED SIGSTORE PRIVATE KEY-----\n";
const std::string kCosignPublic =
    "-----BEGIN PUBLIC KEY-----\n"
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE6EV4SvK3KG582gprxzg5R+qalHwA\n"
    "x7k60GPCk0uSDVF9X8C29a/VMzAq4YkJh3DDJCJx4kXa8gZnN4G5VzhP5w==\n"
    "-----END PUBLIC KEY-----\n";

AskPassword password(std::string_view text) {
    return [text](const std::string&) { return Secret(text); };
}

Secret no_password(const std::string& name) {
    throw Error(ErrorKind::usage, "a password was asked for " + name);
}

std::string with_label(const std::string& pem, std::string_view label) {
    return write_pem(label, parse_pem(pem, "key").bytes.view());
}

/// A box with any cost, under the password `secret`.
Box box_at(std::int64_t cost) {
    Box box{.cost = cost, .salt = Bytes(32, 's'), .nonce = Bytes(24, 'n')};
    const auto bytes = [](Bytes& of) { return reinterpret_cast<unsigned char*>(of.data()); };
    Bytes key(crypto_secretbox_KEYBYTES, '\0');
    Bytes password = "secret";
    REQUIRE(
        crypto_pwhash_scryptsalsa208sha256_ll(
            bytes(password), password.size(), bytes(box.salt), box.salt.size(),
            static_cast<std::uint64_t>(cost), 8, 1, bytes(key), key.size()) == 0);
    Bytes plain = "plain";
    box.ciphertext = Bytes(plain.size() + crypto_secretbox_MACBYTES, '\0');
    REQUIRE(
        crypto_secretbox_easy(
            bytes(box.ciphertext), bytes(plain), plain.size(), bytes(box.nonce), bytes(key)) == 0);
    return box;
}

/// What is said of that box after `change` to its text.
std::string refusal(const std::string& from, const std::string& to) {
    std::string text =
        write_box({.salt = Bytes(32, 's'), .nonce = Bytes(24, 'n'), .ciphertext = Bytes(40, 'c')});
    const std::size_t at = text.find(from);
    REQUIRE(at != text.npos);
    text.replace(at, from.size(), to);
    const Error error = error_of([&] { return parse_box(text, "a.key"); });
    CHECK(error.kind() == ErrorKind::refused);
    return error.message();
}

} // namespace

TEST_CASE("a key that cosign made is read, under both of its labels") {
    const PublicKey open = PublicKey::parse(kCosignPublic, "cosign.pub");
    CHECK(read_private_key(kCosignKey, "cosign.key", password("secret")).public_key() == open);
    const std::string older = with_label(kCosignKey, "ENCRYPTED COSIGN PRIVATE KEY");
    CHECK(read_private_key(older, "cosign.key", password("secret")).public_key() == open);
}

TEST_CASE("a wrong password is the user's mistake, and the message says which key") {
    const Error error =
        error_of([] { return read_private_key(kCosignKey, "cosign.key", password("Secret")); });
    CHECK(error.kind() == ErrorKind::usage);
    CHECK(
        test::told(error) == "cosign.key cannot be decrypted with this password | give the key's "
                             "password in PARE_PASSWORD or COSIGN_PASSWORD");
}

TEST_CASE("a key that is written is read back, and is another text each time") {
    for (const KeyAlgorithm algorithm : {KeyAlgorithm::ecdsa_p256, KeyAlgorithm::ed25519}) {
        const PrivateKey key = PrivateKey::generate(algorithm);
        const std::string first = write_private_key(key, Secret(""));
        CHECK(first.starts_with("-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\n"));
        CHECK(first != write_private_key(key, Secret("")));
        const PrivateKey again = read_private_key(first, "a.key", password(""));
        CHECK(again.public_key() == key.public_key());
        CHECK(key.public_key().verifies("m", again.sign("m")));
    }
}

TEST_CASE("the three costs that cosign has had are taken, others are not") {
    for (const std::int64_t cost : {1 << 15, 1 << 16, 1 << 17}) {
        const Box box = parse_box(write_box(box_at(cost)), "a.key");
        CHECK(open_box(box, Secret("secret"), "a.key").view() == "plain");
    }
    for (const char* parameter :
         {R"("N":0)", R"("N":16384)", R"("N":1099511627776)", R"("N":-65536)"}) {
        CHECK(
            refusal(R"("N":65536)", parameter) ==
            "a.key: its scrypt parameters are none that cosign uses");
    }
    CHECK(contains(refusal(R"("r":8)", R"("r":1024)"), "scrypt parameters"));
    CHECK(contains(refusal(R"("p":1)", R"("p":1000)"), "scrypt parameters"));
}

TEST_CASE("a box of another kind or with parts of another length is refused") {
    CHECK(contains(refusal("scrypt", "argon2"), "in a way that pare does not know"));
    CHECK(contains(refusal("nacl/secretbox", "aes"), "in a way that pare does not know"));
    CHECK(contains(refusal(R"("salt":"c3Nz)", R"("salt":")"), "has the wrong length"));
    CHECK(contains(refusal(R"("nonce":"bm5u)", R"("nonce":")"), "has the wrong length"));
    CHECK(contains(
        refusal(to_base64(Bytes(40, 'c')), to_base64(Bytes(15, 'c'))), "has the wrong length"));
    CHECK(refusal(R"("salt":"c3Nz)", R"("salt":"****)") == "a.key: its salt is not base64");
    CHECK(contains(refusal(R"("ciphertext")", R"("text")"), "ciphertext"));
}

TEST_CASE("no byte of a ciphertext can be another") {
    const Box box = box_at(1 << 15);
    for (const std::size_t at : {0U, 15U, 16U, 20U}) {
        Box changed = box;
        changed.ciphertext[at] = static_cast<char>(changed.ciphertext[at] ^ 1);
        const Error error = error_of([&] { return open_box(changed, Secret("secret"), "a.key"); });
        CHECK(error.kind() == ErrorKind::usage);
    }
}

TEST_CASE("PKCS#8 as openssl writes it is read, plain and encrypted") {
    const TemporaryDirectory folder;
    const std::string plain = (folder.path() / "plain.pem").string();
    const std::string sealed = (folder.path() / "sealed.pem").string();
    const std::string open = (folder.path() / "public.pem").string();
    for (const std::vector<std::string>& kind :
         {std::vector<std::string>{"-algorithm", "ED25519"},
          std::vector<std::string>{"-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"}}) {
        std::vector<std::string> make = {"openssl", "genpkey", "-out", plain};
        make.insert(make.end(), kind.begin(), kind.end());
        REQUIRE(run_command(make).status == 0);
        REQUIRE(
            run_command({"openssl", "pkcs8", "-topk8", "-in", plain, "-out", sealed, "-passout",
                         "pass:secret"})
                .status == 0);
        REQUIRE(
            run_command({"openssl", "pkey", "-in", plain, "-pubout", "-out", open}).status == 0);
        const PublicKey expected = PublicKey::parse(read_file(open), "public.pem");
        CHECK(read_private_key(read_file(plain), plain, no_password).public_key() == expected);
        CHECK(
            read_private_key(read_file(sealed), sealed, password("secret")).public_key() ==
            expected);
        const Error error = error_of(
            [&] { return read_private_key(read_file(sealed), sealed, password("wrong")); });
        CHECK(error.kind() == ErrorKind::usage);
    }
}

TEST_CASE("what is no private key is refused, and no password is asked for") {
    const auto refusal = [](const std::string& pem) {
        const Error error = error_of([&] { return read_private_key(pem, "a.key", no_password); });
        CHECK(error.kind() == ErrorKind::refused);
        return error.message();
    };
    CHECK(refusal(kCosignPublic) == "a.key is a PUBLIC KEY and no private key");
    CHECK(
        refusal(with_label(kCosignKey, "EC PRIVATE KEY")) ==
        "a.key is a EC PRIVATE KEY and no private key");
    CHECK(refusal(with_label(kCosignKey, "PRIVATE KEY")) == "a.key is no private key");
    CHECK(refusal("") == "there is no block");
}

TEST_CASE("a private key on another curve is refused") {
    const std::string made = run_command({"openssl", "genpkey", "-algorithm", "EC", "-pkeyopt",
                                          "ec_paramgen_curve:P-384"})
                                 .output;
    const Error error = error_of([&] { return read_private_key(made, "a.key", no_password); });
    CHECK(
        error.message() ==
        "the public half of a.key is a public key of a kind that pare does not use");
}
