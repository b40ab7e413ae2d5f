// SPDX-License-Identifier: Apache-2.0
// Certificates of signers, from authorities that the test makes.
#include "crypto/certificate.hh"
#include "support/authority.hh"
#include "support/digest.hh"
#include "support/expect.hh"

#include <doctest/doctest.h>

using namespace pare;
using namespace pare::crypto;
using pare::test::Authority;
using pare::test::CertificateRequest;
using pare::test::contains;
using pare::test::error_of;
using pare::test::kExpires;
using pare::test::kIssued;
using pare::test::Names;

namespace {

const PrivateKey& signer() {
    static const PrivateKey key = PrivateKey::generate(KeyAlgorithm::ecdsa_p256);
    return key;
}

struct Authorities {
    Authority root{"root"};
    Authority below{"below", root};

    [[nodiscard]] Certificate issue(const CertificateRequest& request = {}) const {
        return below.issue(signer().public_key(), request);
    }

    [[nodiscard]] std::size_t chain_length(const Certificate& leaf, std::int64_t time) const {
        return verify_chain(leaf, {below.certificate()}, {root.certificate()}, time).size();
    }

    [[nodiscard]] std::string
    refusal(const CertificateRequest& request, std::int64_t time = kIssued) const {
        const Error error = error_of([&] { return chain_length(issue(request), time); });
        CHECK(error.kind() == ErrorKind::refused);
        return error.message();
    }
};

} // namespace

TEST_CASE("a chain goes from the signer to the root") {
    const Authorities authorities;
    const Certificate leaf = authorities.issue();
    const auto chain = verify_chain(
        leaf, {authorities.below.certificate()}, {authorities.root.certificate()}, kIssued);
    REQUIRE(chain.size() == 3);
    CHECK(chain[0] == leaf);
    CHECK(chain[1] == authorities.below.certificate());
    CHECK(chain[2] == authorities.root.certificate());
    CHECK(leaf.public_key() == signer().public_key());
}

TEST_CASE("an authority in the middle can be the anchor") {
    const Authorities authorities;
    CHECK(
        verify_chain(authorities.issue(), {}, {authorities.below.certificate()}, kIssued).size() ==
        2);
}

TEST_CASE("a certificate counts while it is valid, and what the clock says now is nothing to it") {
    const Authorities authorities;
    CHECK(authorities.chain_length(authorities.issue(), kIssued) == 3);
    CHECK(authorities.chain_length(authorities.issue(), kExpires - 1) == 3);
    CHECK(contains(authorities.refusal({}, kIssued - 1), "certificate is not yet valid"));
    CHECK(contains(authorities.refusal({}, kExpires), "certificate has expired"));
}

TEST_CASE("a certificate of another authority is refused") {
    const Authorities authorities;
    const Authorities others;
    const Error error = error_of([&] { return authorities.chain_length(others.issue(), kIssued); });
    CHECK(contains(error.message(), "no authority vouches for the certificate"));
}

TEST_CASE("who is no authority cannot issue certificates") {
    const Authorities authorities;
    const Error error = error_of([&] {
        return verify_chain(
            authorities.issue(), {authorities.below.certificate()},
            {Authority("root").certificate()}, kIssued);
    });
    CHECK(contains(error.message(), "no authority vouches for the certificate"));
}

TEST_CASE("a certificate must be one for signing code") {
    const Authorities authorities;
    const std::string why = "the certificate is not one for signing code";
    CHECK(authorities.refusal({.extended_key_usage = "serverAuth"}) == why);
    CHECK(authorities.refusal({.extended_key_usage = ""}) == why);
    CHECK(authorities.refusal({.key_usage = "critical,keyEncipherment"}) == why);
}

TEST_CASE("a certificate says whom it is for") {
    const Authorities authorities;
    const auto names = [&](const std::string& text) {
        return authorities.issue({.name = text}).names();
    };
    CHECK(names("URI:https://ci.example/a") == Names{"https://ci.example/a"});
    CHECK(names("email:a@b.example,DNS:c.example") == Names{"a@b.example", "c.example"});
    CHECK(names("otherName:1.3.6.1.4.1.57264.1.7;UTF8:robot") == Names{"robot"});
    CHECK(names("otherName:1.2.3.4;UTF8:robot") == Names{});
    CHECK(names("IP:127.0.0.1") == Names{});
    CHECK(names("") == Names{});
}

TEST_CASE("extensions are read by their number") {
    const Authorities authorities;
    const Certificate leaf = authorities.issue({.issuer = "new", .old_issuer = "old"});
    CHECK(leaf.text_extension("1.3.6.1.4.1.57264.1.8") == "new");
    CHECK(leaf.extension("1.3.6.1.4.1.57264.1.1") == "old");
    CHECK(!leaf.text_extension("1.3.6.1.4.1.57264.1.1"));
    CHECK(!leaf.extension("1.2.3.4"));
}

TEST_CASE("a log's promise counts for the certificate, the issuer and the log that it names") {
    const Authorities authorities;
    const PrivateKey log = PrivateKey::generate(KeyAlgorithm::ecdsa_p256);
    const PrivateKey other = PrivateKey::generate(KeyAlgorithm::ecdsa_p256);
    const auto known = [](const PrivateKey& key, const PrivateKey& id) {
        return std::vector<CertificateLog>{
            {.id = hash_bytes(id.public_key().der()), .key = key.public_key()}};
    };
    const Certificate issuer = authorities.below.certificate();
    const Certificate leaf = authorities.below.issue(signer().public_key(), {}, &log);
    CHECK(is_logged(leaf, issuer, known(log, log)));
    CHECK(!is_logged(leaf, issuer, known(other, other)));
    CHECK(!is_logged(leaf, issuer, known(other, log)));
    CHECK(!is_logged(leaf, authorities.root.certificate(), known(log, log)));
    CHECK(!is_logged(authorities.issue(), issuer, known(log, log)));
    CHECK(!is_logged(leaf, issuer, {}));
}

TEST_CASE("bytes that are no certificate are refused") {
    const Authorities authorities;
    const Bytes der = authorities.issue().der();
    for (const Bytes& bytes : {Bytes(), Bytes("x"), der + "x", der.substr(0, der.size() - 1)}) {
        const Error error = error_of([&] { return Certificate::from_der(bytes, "it"); });
        CHECK(error.message() == "it is no certificate");
    }
    CHECK(Certificate::from_der(der, "it").der() == der);
}
