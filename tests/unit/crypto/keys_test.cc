// SPDX-License-Identifier: Apache-2.0
// Keys and signatures, with openssl(1) as the other side.
#include "crypto/keys.hh"
#include "support/expect.hh"
#include "support/files.hh"
#include "support/run_command.hh"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace pare;
using namespace pare::crypto;
using pare::test::error_of;
using pare::test::run_command;

namespace {

constexpr KeyAlgorithm kAlgorithms[] = {KeyAlgorithm::ecdsa_p256, KeyAlgorithm::ed25519};

/// A directory to work with openssl in.
class Openssl {
public:
    std::string path(const std::string& name) const { return (folder_.path() / name).string(); }

    std::string put(const std::string& name, BytesView bytes) const {
        write_file(path(name), bytes);
        return path(name);
    }

    /// The exit status.
    static int run(std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), "openssl");
        return run_command(arguments).status;
    }

    /// A key made with these arguments of genpkey; its public half is written with those of pkey.
    std::string
    make_public(const std::vector<std::string>& genpkey, const std::vector<std::string>& pkey) {
        std::vector<std::string> make = {"genpkey", "-out", path("private.pem")};
        make.insert(make.end(), genpkey.begin(), genpkey.end());
        std::vector<std::string> write = {"pkey",    "-in",  path("private.pem"),
                                          "-pubout", "-out", path("public.pem")};
        write.insert(write.end(), pkey.begin(), pkey.end());
        REQUIRE(run(make) == 0);
        REQUIRE(run(write) == 0);
        return read_file(path("public.pem"));
    }

private:
    TemporaryDirectory folder_{};
};

std::string refusal(const std::string& pem) {
    const Error error = error_of([&] { return PublicKey::parse(pem, "a.pub"); });
    CHECK(error.kind() == ErrorKind::refused);
    CHECK(!error.hint().empty());
    return test::told(error);
}

} // namespace

TEST_CASE("a signature is good for its message and its key alone") {
    for (const KeyAlgorithm algorithm : kAlgorithms) {
        const PrivateKey key = PrivateKey::generate(algorithm);
        const Bytes signature = key.sign("message");
        CHECK(key.public_key().algorithm() == algorithm);
        CHECK(key.public_key().verifies("message", signature));
        CHECK(!key.public_key().verifies("messagf", signature));
        CHECK(!key.public_key().verifies("message", ""));
        CHECK(!key.public_key().verifies("message", signature + "x"));
        CHECK(!key.public_key().verifies("message", BytesView(signature).substr(1)));
        CHECK(!PrivateKey::generate(algorithm).public_key().verifies("message", signature));
    }
}

TEST_CASE("no bit of a signature can be another") {
    for (const KeyAlgorithm algorithm : kAlgorithms) {
        const PrivateKey key = PrivateKey::generate(algorithm);
        const Bytes signature = key.sign("message");
        for (std::size_t bit = 0; bit < signature.size() * 8; ++bit) {
            Bytes changed = signature;
            changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
            CHECK(!key.public_key().verifies("message", changed));
        }
    }
}

TEST_CASE("openssl verifies what is signed here, and the other way round") {
    Openssl openssl;
    for (const KeyAlgorithm algorithm : kAlgorithms) {
        const PrivateKey key = PrivateKey::generate(algorithm);
        const Bytes der(key.der().view());
        const std::string message = openssl.put("message", "what is signed");
        const std::string secret = openssl.put("key.der", der);
        const std::string open = openssl.put("key.pub", key.public_key().pem());
        std::vector<std::string> digest;
        if (algorithm == KeyAlgorithm::ecdsa_p256) {
            digest = {"-digest", "sha256"};
        }
        const auto with_digest = [&](std::vector<std::string> arguments) {
            arguments.insert(arguments.end(), digest.begin(), digest.end());
            return Openssl::run(arguments);
        };
        const std::string ours = openssl.put("ours", key.sign("what is signed"));
        const std::string theirs = openssl.path("theirs");
        CHECK(
            with_digest(
                {"pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", open, "-in", message,
                 "-sigfile", ours}) == 0);
        REQUIRE(
            with_digest(
                {"pkeyutl", "-sign", "-rawin", "-keyform", "DER", "-inkey", secret, "-in", message,
                 "-out", theirs}) == 0);
        CHECK(key.public_key().verifies("what is signed", read_file(theirs)));
    }
}

TEST_CASE("a public key is read back from its text, and its fingerprint is that of its DER") {
    Openssl openssl;
    for (const KeyAlgorithm algorithm : kAlgorithms) {
        const PublicKey key = PrivateKey::generate(algorithm).public_key();
        CHECK(PublicKey::parse(key.pem(), "a.pub") == key);
        const std::string pem = openssl.put("key.pub", key.pem());
        const std::string der = openssl.path("key.der");
        REQUIRE(Openssl::run({"pkey", "-pubin", "-in", pem, "-outform", "DER", "-out", der}) == 0);
        CHECK(read_file(der) == key.der());
        CHECK(test::contains(run_command({"sha256sum", der}).output, key.fingerprint()));
    }
}

TEST_CASE("a public key that is not on P-256 or Ed25519 in the usual form is refused") {
    Openssl openssl;
    const auto refused = [&](const std::vector<std::string>& genpkey,
                             const std::vector<std::string>& pkey = {}) {
        return refusal(openssl.make_public(genpkey, pkey));
    };
    const std::string kind =
        "a.pub is a public key of a kind that pare does not use | use a key on "
        "P-256 or an Ed25519 key; pare keygen makes one";
    const std::vector<std::string> p256 = {
        "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"};
    CHECK_NOTHROW(static_cast<void>(PublicKey::parse(openssl.make_public(p256, {}), "a.pub")));
    CHECK(refused({"-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"}) == kind);
    CHECK(refused({"-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"}) == kind);
    CHECK(refused({"-algorithm", "X25519"}) == kind);
    CHECK(refused({"-algorithm", "ED448"}) == kind);
    CHECK(refused(p256, {"-ec_conv_form", "compressed"}) == kind);
    CHECK(refused(p256, {"-ec_param_enc", "explicit"}) == kind);
}

TEST_CASE("bytes after a key belong to no key") {
    const PrivateKey key = PrivateKey::generate(KeyAlgorithm::ed25519);
    CHECK_THROWS_AS(
        static_cast<void>(PublicKey::from_der(key.public_key().der() + "x", "key")), Error);
    CHECK_THROWS_AS(
        static_cast<void>(PrivateKey::from_der(Bytes(key.der().view()) + "x", "key")), Error);
}

TEST_CASE("the text of a key is one block with nothing around it") {
    const std::string good = PrivateKey::generate(KeyAlgorithm::ecdsa_p256).public_key().pem();
    const std::string windows = [&] {
        std::string text;
        for (const char c : good) {
            text += c == '\n' ? "\r\n" : std::string(1, c);
        }
        return text;
    }();
    CHECK_NOTHROW(static_cast<void>(PublicKey::parse("\n" + good + "\n \n", "a.pub")));
    CHECK_NOTHROW(static_cast<void>(PublicKey::parse(windows, "a.pub")));
    const auto says = [](const std::string& text, std::string_view why) {
        CAPTURE(text);
        CHECK(test::contains(refusal(text), why));
    };
    says("", "there is no block");
    says("key: " + good, "a.pub:1: this line is neither a block nor part of one");
    says(good + good, "a.pub:5: this line is neither a block nor part of one");
    says(good + "trust me", "a.pub:5: this line is neither a block nor part of one");
    says(good.substr(0, 100), "the block does not end");
    says("-----BEGIN X-----\nAA==\n-----END Y-----\n", "a.pub:3: this line does not end a X");
    says("-----BEGIN X-----\nA: b\n-----END X-----\n", "a.pub:2: the block has headers");
    says("-----BEGIN X-----\nA\n-----END X-----\n", "the X is damaged");
    says("-----BEGIN X-----\nAA==\n-----END X-----\n", "a.pub is a X and no PUBLIC KEY");
    says("-----BEGIN PUBLIC KEY-----\nAA==\n-----END PUBLIC KEY-----\n", "is no public key");
    says(std::string(70'000, '\n'), "70000 bytes are more than any key has");
}

TEST_CASE("algorithms have the names that the command line takes") {
    for (const KeyAlgorithm algorithm : kAlgorithms) {
        CHECK(parse_key_algorithm(to_string(algorithm)) == algorithm);
    }
    const Error error = error_of([] { return parse_key_algorithm("rsa"); });
    CHECK(error.kind() == ErrorKind::usage);
    CHECK(test::told(error) == "unknown algorithm rsa for keys | use ecdsa-p256 or ed25519");
}
