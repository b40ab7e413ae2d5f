// SPDX-License-Identifier: Apache-2.0
// Keys and signatures are made by gpg; gpgv is asked for its verdict where it has the same rules.
#include "crypto/openpgp.hh"
#include "support/expect.hh"
#include "support/gpg_home.hh"
#include "support/run_command.hh"
#include "support/text.hh"

#include <doctest/doctest.h>

#include <ctime>
#include <filesystem>
#include <optional>
#include <string>
#include <thread>
#include <vector>

using namespace pare;
using namespace pare::crypto;
using pare::test::GpgHome;
using pare::test::run_command;

namespace {

const std::string kText = "Origin: Test\nSuite: stable\n- dashed\nSHA256:\n aa 1 main\n";
const std::string kSigned = kText.substr(0, kText.size() - 1);

std::int64_t now() {
    return std::time(nullptr);
}

/// Keys take a while to make: the cases share them.
struct Keys {
    GpgHome home{};
    std::string good = home.make_key("good");
    std::string other = home.make_key("other");
    std::string rsa = home.make_key("rsa", {.algorithm = "rsa2048"});

    static Keys& shared() {
        static Keys keys;
        return keys;
    }

    Keyring keyring(const std::vector<std::string>& keys) {
        Keyring keyring;
        keyring.add(home.export_keys(keys), "test.gpg");
        return keyring;
    }

    /// Whether gpgv accepts the message.
    bool gpgv_accepts(const Bytes& message, const std::vector<std::string>& keys) {
        const auto keyring = home.file("gpgv.gpg", home.export_keys(keys));
        const auto file = home.file("gpgv.txt", message);
        return run_command({"gpgv", "--homedir", file.parent_path().string(), "--keyring",
                            keyring.string(), file.string()})
                   .status == 0;
    }
};

template <typename Verify>
std::optional<Error> refusal_by(Verify verify) {
    auto error = test::thrown_by(verify);
    if (error) {
        CHECK(error->kind() == ErrorKind::refused);
        CHECK(!error->hint().empty());
    }
    return error;
}

/// Checks that a message is refused with these words.
void check_refused(
    const Bytes& message, const Keyring& keyring, std::string_view words,
    std::int64_t time = now()) {
    const auto error =
        refusal_by([&] { return verify_cleartext(message, keyring, time, "InRelease"); });
    REQUIRE(error);
    INFO(error->message());
    CHECK(error->message().find(words) != std::string::npos);
    CHECK(error->message().starts_with("InRelease"));
}

std::string flip(Bytes message, const std::string& from, const std::string& to) {
    const std::size_t at = message.find(from);
    REQUIRE(at != Bytes::npos);
    return message.replace(at, from.size(), to);
}

} // namespace

TEST_CASE("a message signed by a key of the keyring gives its text and the key") {
    Keys& keys = Keys::shared();
    for (const std::string& key : {keys.good, keys.rsa}) {
        const Bytes message = keys.home.clearsign(kText, {key});
        const Verified verified =
            verify_cleartext(message, keys.keyring({keys.good, keys.rsa}), now(), "InRelease");
        CHECK(verified.text == kSigned);
        CHECK(verified.signers == std::vector{key});
        CHECK(keys.gpgv_accepts(message, {key}));
    }
}

TEST_CASE("all accepted hashes are accepted") {
    Keys& keys = Keys::shared();
    for (const char* hash : {"SHA256", "SHA384", "SHA512"}) {
        const Bytes message = keys.home.clearsign(kText, {keys.rsa}, {"--digest-algo", hash});
        CHECK(verify_cleartext(message, keys.keyring({keys.rsa}), now(), hash).text == kSigned);
    }
}

TEST_CASE("armoured keyrings serve as well, several blocks too") {
    Keys& keys = Keys::shared();
    Keyring keyring;
    keyring.add(
        keys.home.export_keys({keys.other}, {"--armor"}) + "\n" +
            keys.home.export_keys({keys.good}, {"--armor"}),
        "test.asc");
    CHECK(
        verify_cleartext(keys.home.clearsign(kText, {keys.good}), keyring, now(), "x").signers ==
        std::vector{keys.good});
}

TEST_CASE("a changed text is refused, and gpgv agrees") {
    Keys& keys = Keys::shared();
    const Bytes message =
        flip(keys.home.clearsign(kText, {keys.good}), "Suite: stable", "Suite: stably");
    check_refused(message, keys.keyring({keys.good}), "is bad: the text is not what was signed");
    CHECK(!keys.gpgv_accepts(message, {keys.good}));
}

TEST_CASE("a text whose digest begins right is still refused when the signature is not of it") {
    // The signature of one text under the other, with the first bytes of the digest made to fit:
    // that part is not protected by anything.
    Keys& keys = Keys::shared();
    const Bytes message = keys.home.sign("--detach-sign", kText, {keys.rsa});
    Bytes broken = message;
    broken.back() = static_cast<char>(broken.back() ^ 1);
    const auto error = refusal_by(
        [&] { return verify_detached(kText, broken, keys.keyring({keys.rsa}), now(), "Release"); });
    REQUIRE(error);
    CHECK(error->message().find("is bad") != std::string::npos);
}

TEST_CASE("a message by unknown keys is refused with their names and the way out") {
    Keys& keys = Keys::shared();
    const Bytes message = keys.home.clearsign(kText, {keys.good, keys.rsa});
    const auto error = refusal_by(
        [&] { return verify_cleartext(message, keys.keyring({keys.other}), now(), "InRelease"); });
    REQUIRE(error);
    CHECK(error->message().find("no key is known") != std::string::npos);
    CHECK(error->message().find(keys.good) != std::string::npos);
    CHECK(error->message().find(keys.rsa) != std::string::npos);
    CHECK(error->hint().find("--keyring") != std::string::npos);
    CHECK(error->hint().find("signed-by") != std::string::npos);
    CHECK(!keys.gpgv_accepts(message, {keys.other}));
}

TEST_CASE("an empty keyring knows no key") {
    Keys& keys = Keys::shared();
    CHECK(Keyring().empty());
    check_refused(keys.home.clearsign(kText, {keys.good}), Keyring(), "no key is known");
}

TEST_CASE("signatures by unknown keys beside a good one do no harm") {
    Keys& keys = Keys::shared();
    const Bytes message = keys.home.clearsign(kText, {keys.other, keys.good, keys.rsa});
    CHECK(
        verify_cleartext(message, keys.keyring({keys.good}), now(), "x").signers ==
        std::vector{keys.good});
    CHECK(
        verify_cleartext(message, keys.keyring({keys.good, keys.rsa}), now(), "x").signers.size() ==
        2);
}

TEST_CASE("a signature by a key that has expired since is refused, though gpgv accepts it") {
    Keys& keys = Keys::shared();
    const std::string key =
        keys.home.make_key("old", {.created = "20200101T000000", .expires = "10d"});
    const Bytes message =
        keys.home.clearsign(kText, {key}, {"--faked-system-time", "20200105T000000!"});
    check_refused(message, keys.keyring({key}), "key " + key + " expired on 2020-01-11T00:00:00Z");
    CHECK(keys.gpgv_accepts(message, {key}));
    SUBCASE("while the key was valid it was good") {
        const std::int64_t then = 1578268800; // 2020-01-06
        CHECK(
            verify_cleartext(message, keys.keyring({key}), then, "x").signers == std::vector{key});
    }
    SUBCASE("it does not spoil a good signature beside it") {
        CHECK(keys.home.export_keys({key}).size() > 100);
        Keyring both = keys.keyring({key, keys.good});
        CHECK_THROWS_AS(static_cast<void>(verify_cleartext(message, both, now(), "x")), Error);
        CHECK(
            verify_cleartext(keys.home.clearsign(kText, {keys.good}), both, now(), "x")
                .signers.size() == 1);
    }
}

TEST_CASE("a signature by a revoked key is refused") {
    Keys& keys = Keys::shared();
    const std::string key = keys.home.make_key("revoked");
    const Bytes message = keys.home.clearsign(kText, {key});
    CHECK(verify_cleartext(message, keys.keyring({key}), now(), "x").text == kSigned);
    keys.home.revoke(key);
    check_refused(message, keys.keyring({key}), "key " + key + " is revoked");
}

TEST_CASE("weak hashes are refused by name, though gpgv accepts SHA-1") {
    Keys& keys = Keys::shared();
    const std::vector<std::string> options = {"--digest-algo", "SHA1", "--allow-weak-digest-algos"};
    const Bytes message = keys.home.clearsign(kText, {keys.rsa}, options);
    check_refused(message, keys.keyring({keys.rsa}), "uses SHA-1, which is too weak");
}

TEST_CASE("short RSA keys are refused") {
    Keys& keys = Keys::shared();
    const std::string key = keys.home.make_key("short", {.algorithm = "rsa1024"});
    const Bytes message = keys.home.clearsign(kText, {key});
    check_refused(message, keys.keyring({key}), "is too weak: RSA, 1024 bits");
}

TEST_CASE("a signature from the future is refused beyond five minutes") {
    Keys& keys = Keys::shared();
    const Bytes message = keys.home.clearsign(kText, {keys.good});
    const Keyring keyring = keys.keyring({keys.good});
    CHECK(verify_cleartext(message, keyring, now() - 200, "x").text == kSigned);
    check_refused(message, keyring, "is from the future", now() - 1000);
}

TEST_CASE("an expired signature is refused") {
    Keys& keys = Keys::shared();
    const Bytes message = keys.home.clearsign(kText, {keys.good}, {"--default-sig-expire", "1d"});
    const Keyring keyring = keys.keyring({keys.good});
    CHECK(verify_cleartext(message, keyring, now() + 3600, "x").text == kSigned);
    check_refused(message, keyring, "expired on", now() + 100'000);
}

TEST_CASE("only pinned keys count when some are pinned") {
    Keys& keys = Keys::shared();
    const Bytes message = keys.home.clearsign(kText, {keys.good, keys.rsa});
    Keyring keyring = keys.keyring({keys.good, keys.rsa, keys.other});
    keyring.pin({keys.rsa});
    CHECK(verify_cleartext(message, keyring, now(), "x").signers == std::vector{keys.rsa});
    keyring.pin({keys.other});
    check_refused(message, keyring, "is not one of the keys that the source names");
}

TEST_CASE("a sub key signs for its primary key, and is pinned by either fingerprint") {
    Keys& keys = Keys::shared();
    const std::string primary = keys.home.make_key("primary");
    keys.home.gpg({"--quick-add-key", primary, "ed25519", "sign", "never"});
    const Bytes message = keys.home.clearsign(kText, {primary});
    Keyring keyring = keys.keyring({primary});
    const Verified verified = verify_cleartext(message, keyring, now(), "x");
    REQUIRE(verified.signers.size() == 1);
    CHECK(verified.signers[0] != primary);
    keyring.pin({primary});
    CHECK(verify_cleartext(message, keyring, now(), "x").signers == verified.signers);
    keyring.pin(verified.signers);
    CHECK(verify_cleartext(message, keyring, now(), "x").signers == verified.signers);
    keys.home.revoke(primary);
    check_refused(message, keys.keyring({primary}), "is revoked");
}

TEST_CASE("detached signatures are read armoured and binary, of bytes and of text") {
    Keys& keys = Keys::shared();
    const Keyring keyring = keys.keyring({keys.good});
    for (const std::vector<std::string>& options :
         {std::vector<std::string>{}, {"--armor"}, {"--textmode"}, {"--armor", "--textmode"}}) {
        const Bytes signature = keys.home.sign("--detach-sign", kText, {keys.good}, options);
        const Verified verified = verify_detached(kText, signature, keyring, now(), "Release");
        CHECK(verified.text == kText);
        CHECK(verified.signers == std::vector{keys.good});
        const auto error = refusal_by(
            [&] { return verify_detached(kText + "x", signature, keyring, now(), "Release"); });
        REQUIRE(error);
        CHECK(error->message().find("is bad") != std::string::npos);
    }
}

TEST_CASE("a message that brings its own text is no detached signature") {
    Keys& keys = Keys::shared();
    const Keyring keyring = keys.keyring({keys.good});
    for (const char* compression : {"none", "zlib"}) {
        const Bytes message =
            keys.home.sign("--sign", kText, {keys.good}, {"--compress-algo", compression});
        const auto error =
            refusal_by([&] { return verify_detached("else", message, keyring, now(), "Release"); });
        REQUIRE(error);
        CHECK(error->message().starts_with("Release"));
    }
    const Bytes clear = keys.home.clearsign(kText, {keys.good});
    CHECK(refusal_by([&] { return verify_detached(kText, clear, keyring, now(), "Release"); }));
}

TEST_CASE("a message twice is refused, though each is good") {
    Keys& keys = Keys::shared();
    const Bytes message = keys.home.clearsign(kText, {keys.good});
    check_refused(message + message, keys.keyring({keys.good}), "behind the signature");
    check_refused(message + "junk\n", keys.keyring({keys.good}), "behind the signature");
}

TEST_CASE("files that are no keyrings are refused when they are added") {
    Keys& keys = Keys::shared();
    Keyring keyring;
    const auto refusal = [&](const Bytes& bytes) {
        const auto error = refusal_by([&] {
            keyring.add(bytes, "keys.gpg");
            return 0;
        });
        return error ? error->message() : std::string();
    };
    CHECK(refusal("") == "keys.gpg holds no public key");
    CHECK(refusal("hello world").find("no OpenPGP data") != std::string::npos);
    CHECK(
        refusal(keys.home.sign("--detach-sign", kText, {keys.good})) ==
        "keys.gpg holds no public key");
    CHECK(refusal(Bytes("\0\0\0\x20\x01\x01\0\0KBXf", 12)).find("keybox") != std::string::npos);
    const Bytes good = keys.home.export_keys({keys.good});
    CHECK(!refusal(good.substr(0, good.size() - 1)).empty());
    CHECK(keyring.empty());
}

TEST_CASE("one keyring serves several threads at once") {
    Keys& keys = Keys::shared();
    const Bytes message = keys.home.clearsign(kText, {keys.good, keys.rsa});
    const Keyring keyring = keys.keyring({keys.good, keys.rsa});
    prepare();
    std::vector<std::size_t> counts(4);
    {
        std::vector<std::jthread> threads;
        for (std::size_t& count : counts) {
            threads.emplace_back([&] {
                for (int i = 0; i < 5; ++i) {
                    count += verify_cleartext(message, keyring, now(), "x").signers.size();
                }
            });
        }
    }
    CHECK(counts == std::vector<std::size_t>(4, 10));
}

TEST_CASE("Debian's keyrings can be read") {
    namespace fs = std::filesystem;
    const fs::path directory = "/usr/share/keyrings";
    std::size_t count = 0;
    if (fs::exists(directory)) {
        for (const auto& entry : fs::directory_iterator(directory)) {
            const std::string name = entry.path().filename().string();
            if (name.starts_with("debian-archive-") && name.ends_with(".gpg")) {
                Keyring keyring;
                keyring.add(read_file(entry.path()), name);
                CHECK(!keyring.empty());
                ++count;
            }
        }
    }
    if (count == 0) {
        MESSAGE("skipped: debian-archive-keyring is not installed");
    }
}
