// SPDX-License-Identifier: Apache-2.0
#include "finish/jks.hh"
#include "fixture.hh"
#include "support/digest.hh"
#include "support/expect.hh"

#include <doctest/doctest.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <utility>

using pare::Bytes;
using pare::BytesView;
using pare::Error;
using pare::ErrorKind;
using pare::ImagePath;
using pare::finish::made_at;
using pare::finish::read_certificates;
using pare::finish::TestImage;
using pare::finish::write_jks;

namespace {

constexpr const char* kBundle = "etc/ssl/certs/ca-certificates.crt";
constexpr const char* kKeystore = "etc/ssl/certs/java/cacerts";
constexpr const char* kRuntime = "usr/lib/jvm/java-21-openjdk-amd64/lib/libjava.so";

struct Part {
    const char* type;
    Bytes value;
    int kind = MBSTRING_UTF8;
    int set = 0; ///< -1: of the same relative name as the one before
};

template <typename Object>
using Owned = std::unique_ptr<Object, void (*)(Object*)>;

/// A self-signed certificate, the same for the same arguments.
Bytes make_der(const std::vector<Part>& subject, std::int64_t not_before, long serial) {
    const Owned<X509> certificate(X509_new(), X509_free);
    const Owned<EVP_PKEY> key(
        EVP_PKEY_new_raw_private_key(
            EVP_PKEY_ED25519, nullptr,
            reinterpret_cast<const unsigned char*>("a key that is not secret at all."), 32),
        EVP_PKEY_free);
    X509_set_version(certificate.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial);
    ASN1_TIME_set(X509_getm_notBefore(certificate.get()), not_before);
    ASN1_TIME_set(X509_getm_notAfter(certificate.get()), 4000000000);
    X509_NAME* name = X509_get_subject_name(certificate.get());
    for (const Part& part : subject) {
        REQUIRE(
            X509_NAME_add_entry_by_txt(
                name, part.type, part.kind,
                reinterpret_cast<const unsigned char*>(part.value.data()),
                static_cast<int>(part.value.size()), -1, part.set) == 1);
    }
    X509_set_issuer_name(certificate.get(), name);
    X509_set_pubkey(certificate.get(), key.get());
    REQUIRE(X509_sign(certificate.get(), key.get(), nullptr) > 0);
    unsigned char* raw = nullptr;
    const int size = i2d_X509(certificate.get(), &raw);
    REQUIRE(size > 0);
    Bytes der(reinterpret_cast<const char*>(raw), static_cast<std::size_t>(size));
    OPENSSL_free(raw);
    return der;
}

Bytes pem(const Bytes& der) {
    Bytes text(der.size() * 2 + 4, '\0');
    const int size = EVP_EncodeBlock(
        reinterpret_cast<unsigned char*>(text.data()),
        reinterpret_cast<const unsigned char*>(der.data()), static_cast<int>(der.size()));
    text.resize(static_cast<std::size_t>(size));
    for (std::size_t at = 64; at < text.size(); at += 65) {
        text.insert(at, "\n");
    }
    return "-----BEGIN CERTIFICATE-----\n" + text + "\n-----END CERTIFICATE-----\n";
}

Bytes certificate_of(const Bytes& common_name, std::int64_t not_before = 1000, long serial = 1) {
    return pem(make_der({{"CN", common_name}}, not_before, serial));
}

std::string alias_of(const std::vector<Part>& subject) {
    const auto read = read_certificates(pem(make_der(subject, 1000, 1)), "bundle");
    REQUIRE(read.size() == 1);
    return read[0].subject;
}

struct KeystoreEntry {
    std::string alias{};
    std::uint64_t date = 0;
    Bytes der{};
};

BytesView short_text(pare::ByteReader& reader) {
    return reader.take(reader.number<std::uint16_t>());
}

/// Reads a keystore as the format says, its checksum included.
std::vector<KeystoreEntry> entries_of(const Bytes& keystore) {
    REQUIRE(keystore.size() >= 32);
    const Bytes body = keystore.substr(0, keystore.size() - 20);
    Bytes checked;
    for (const char c : std::string("changeit")) {
        checked += {'\0', c};
    }
    checked += "Mighty Aphrodite" + body;
    CHECK(
        pare::to_hex(keystore.substr(body.size())) ==
        pare::hash_hex(checked, pare::HashAlgorithm::sha1));
    pare::ByteReader reader(body, pare::Endian::big);
    CHECK(reader.number<std::uint32_t>() == 0xfeedfeed);
    CHECK(reader.number<std::uint32_t>() == 2);
    std::vector<KeystoreEntry> entries(reader.number<std::uint32_t>());
    for (KeystoreEntry& entry : entries) {
        CHECK(reader.number<std::uint32_t>() == 2);
        entry.alias = short_text(reader);
        entry.date = reader.number<std::uint64_t>();
        CHECK(short_text(reader) == "X.509");
        entry.der = reader.counted();
    }
    CHECK(reader.at_end());
    return entries;
}

std::vector<std::string> aliases_of(const Bytes& bundle) {
    std::vector<std::string> aliases;
    for (const KeystoreEntry& entry : entries_of(write_jks(read_certificates(bundle, "bundle")))) {
        aliases.push_back(entry.alias);
    }
    return aliases;
}

/// Where reading the bundle fails, and with what.
std::pair<std::size_t, std::string> refusal(const Bytes& bundle) {
    const auto error = pare::test::thrown_by([&] { return read_certificates(bundle, "bundle"); });
    if (!error) {
        return {};
    }
    CHECK(error->kind() == ErrorKind::refused);
    CHECK(error->where().file == "bundle");
    CHECK_FALSE(error->hint().empty());
    return {error->where().line, error->message()};
}

} // namespace

TEST_CASE("without Java or without a bundle there is no keystore") {
    TestImage image;
    CHECK(image.finish("java-keystore").empty());
    image.add_file(kBundle, certificate_of("A"));
    image.add_file("usr/lib/jvm/README", "x");
    CHECK(image.finish("java-keystore").empty());
    TestImage java;
    java.add_file(kRuntime, "x");
    CHECK(java.finish("java-keystore").empty());
}

TEST_CASE("the keystore holds the certificates of the bundle, in its order") {
    const Bytes first = make_der({{"CN", "Zebra CA"}}, 1577836800, 1);
    const Bytes second = make_der({{"C", "DE"}, {"O", "Acme, Inc."}}, -86400, 2);
    TestImage image;
    image.add_file("usr/share/ca-certificates/mozilla/A.crt", pem(first));
    image.add_file("usr/share/ca-certificates/mozilla/B.crt", pem(second));
    image.add_file(kRuntime, "x");
    static_cast<void>(image.finish("ca-certificates"));
    const auto made = image.finish("java-keystore");
    REQUIRE(made.size() == 1);
    CHECK(made[0].entry.path.relative() == kKeystore);
    CHECK(made[0].entry.mode == 0644);
    CHECK(made[0].entry.size == made[0].content.size());
    const auto entries = entries_of(made[0].content);
    REQUIRE(entries.size() == 2);
    CHECK(entries[0].alias == "cn=zebra ca");
    CHECK(entries[0].date == 1577836800000);
    CHECK(entries[0].der == first);
    CHECK(entries[1].alias == "o=acme\\, inc.,c=de");
    CHECK(static_cast<std::int64_t>(entries[1].date) == -86400000);
    CHECK(entries[1].der == second);
}

TEST_CASE("who reads the keystore: a runtime, a link to it, or Debian's directory for it") {
    const auto is_made = [](const auto& add) {
        TestImage image;
        image.add_file(kBundle, certificate_of("A"));
        add(image);
        return !image.finish("java-keystore").empty();
    };
    CHECK(is_made([](TestImage& image) { image.add_file(kRuntime, "x"); }));
    CHECK(is_made([](TestImage& image) {
        image.add_file("usr/lib/jvm/java-8-openjdk-amd64/jre/lib/amd64/libjava.so", "x");
    }));
    CHECK(is_made([](TestImage& image) {
        image.add_file("usr/lib/jvm/temurin-25/lib/security/default.policy", "x");
    }));
    CHECK(is_made([](TestImage& image) {
        image.add_symlink("opt/java/cacerts", "/etc/ssl/certs/java/cacerts");
    }));
    CHECK(is_made([](TestImage& image) { image.add_directory("etc/ssl/certs/java"); }));
    CHECK_FALSE(
        is_made([](TestImage& image) { image.add_file("etc/ssl/certs/java/README", "x"); }));
}

TEST_CASE("a child step that changes nothing makes no keystore") {
    TestImage image;
    image.add_file(kBundle, certificate_of("A"));
    image.add_file(kRuntime, "x");
    CHECK(image.finish("java-keystore").size() == 1);
    image.start_child_step();
    CHECK(image.finish("java-keystore").empty());
    image.add_file("usr/lib/jvm/java-25-openjdk-amd64/lib/libjava.so", "x");
    CHECK(image.finish("java-keystore").empty());
    image.add_user_file(kBundle, "Another text.\n" + certificate_of("A"));
    CHECK(image.finish("java-keystore").empty());
}

TEST_CASE("a child step adds a certificate to the keystore, and one that adds Java makes it") {
    TestImage image;
    image.add_file("usr/share/ca-certificates/mozilla/A.crt", certificate_of("A"));
    static_cast<void>(image.finish("ca-certificates"));
    CHECK(image.finish("java-keystore").empty());
    image.start_child_step();
    image.add_file(kRuntime, "x");
    CHECK(image.finish("ca-certificates").empty());
    REQUIRE(image.finish("java-keystore").size() == 1);
    image.start_child_step();
    image.add_user_file("usr/local/share/ca-certificates/acme.crt", certificate_of("Acme"));
    static_cast<void>(image.finish("ca-certificates"));
    const auto made = image.finish("java-keystore");
    REQUIRE(made.size() == 1);
    const auto entries = entries_of(made[0].content);
    REQUIRE(entries.size() == 2);
    CHECK(entries[0].alias == "cn=a");
    CHECK(entries[1].alias == "cn=acme");
}

TEST_CASE("a keystore of the user or of a package stays") {
    TestImage image;
    image.add_file(kBundle, certificate_of("A"));
    image.add_file(kRuntime, "x");
    image.add_user_file(kKeystore, "mine");
    CHECK(image.finish("java-keystore").empty());
    TestImage packaged;
    packaged.add_file(kBundle, certificate_of("A"));
    packaged.add_file(kRuntime, "x");
    packaged.add_file(kKeystore, "the company's");
    CHECK(packaged.finish("java-keystore").empty());
}

TEST_CASE("a bundle whose bytes are in the base image gives no keystore, and says so") {
    TestImage image;
    const std::size_t base =
        image.tree.add_origin({.kind = pare::tree::OriginKind::base, .name = "oci:base"});
    const ImagePath path = ImagePath::parse(kBundle);
    image.tree.add_missing_parents(path, base, 0);
    image.tree.add({.path = path, .mode = 0644, .size = 1}, base, [](const auto&, const auto&) {
        return false;
    });
    CHECK(image.finish("java-keystore").empty());
    image.add_file(kRuntime, "x");
    CHECK_THROWS_AS(static_cast<void>(image.finish("java-keystore")), Error);
    image.add_user_file(kKeystore, "mine");
    CHECK(image.finish("java-keystore").empty());
}

TEST_CASE("text around the blocks, ends of lines and repeated certificates do not matter") {
    const Bytes one = certificate_of("A");
    Bytes windows = certificate_of("B");
    for (std::size_t at = 0; (at = windows.find('\n', at)) != Bytes::npos; at += 2) {
        windows.insert(at, "\r");
    }
    Bytes old = certificate_of("C");
    for (std::size_t at = 0; (at = old.find("CERT", at)) != Bytes::npos; at += 9) {
        old.insert(at, "X509 ");
    }
    old.pop_back();
    CHECK(
        aliases_of(
            "# A: -----BEGIN CERTIFICATE-----\n\n" + one + "=====\nB\n" + windows + one + old) ==
        std::vector<std::string>{"cn=a", "cn=b", "cn=c"});
    CHECK(aliases_of("").empty());
    CHECK(aliases_of("no certificate\n").empty());
}

TEST_CASE("certificates that share a subject have aliases of their own") {
    const Bytes bundle = certificate_of("Root", 1, 1) + certificate_of("Root <2>", 2, 2) +
                         certificate_of("ROOT", 3, 3) + certificate_of("Root", 4, 4);
    CHECK(
        aliases_of(bundle) ==
        std::vector<std::string>{"cn=root", "cn=root \\<2\\>", "cn=root <2>", "cn=root <3>"});
    CHECK(
        aliases_of(pem(make_der({}, 1, 1)) + pem(make_der({}, 1, 2))) ==
        std::vector<std::string>{"", " <2>"});
}

TEST_CASE("subjects are written as Java's canonical form of RFC 2253") {
    CHECK(alias_of({{"C", "US"}, {"ST", "Ohio"}, {"CN", "A"}}) == "cn=a,st=ohio,c=us");
    CHECK(alias_of({{"CN", "  two   spaces  "}}) == "cn=two spaces");
    CHECK(alias_of({{"CN", "    "}}) == "cn=");
    CHECK(alias_of({{"CN", "#1 \"a\"+b;<c>\\#"}}) == "cn=\\#1 \\\"a\\\"\\+b\\;\\<c\\>\\\\#");
    CHECK(alias_of({{"emailAddress", "a@b"}}) == "1.2.840.113549.1.9.1=#1603614062");
    CHECK(alias_of({{"CN", Bytes("\0A", 2), V_ASN1_BMPSTRING}}) == "cn=#1e020041");
    CHECK(
        alias_of(
            {{"O", "X"},
             {"serialNumber", "1", V_ASN1_PRINTABLESTRING},
             {"OU", "Y", MBSTRING_UTF8, -1},
             {"CN", "Z", MBSTRING_UTF8, -1}}) == "cn=z+ou=y+2.5.4.5=#130131,o=x");
}

TEST_CASE("what is not ASCII in a subject becomes the hex of its UTF-8, so that Java finds it") {
    CHECK(alias_of({{"CN", "F\u0151 T\u00dcRK"}}) == "cn=f\\c5\\91 t\\c3\\9crk");
    CHECK(alias_of({{"CN", "\U0001F512"}}) == "cn=\\f0\\9f\\94\\92");
    CHECK(alias_of({{"CN", Bytes("a\0b\x7f", 4), V_ASN1_UTF8STRING}}) == "cn=a\\00b\\7f");
}

TEST_CASE("a block that is no certificate is refused with its line") {
    const Bytes good = certificate_of("A");
    const std::size_t lines = static_cast<std::size_t>(std::count(good.begin(), good.end(), '\n'));
    const auto block = [](const std::string& label, const std::string& text) {
        return "-----BEGIN " + label + "-----\n" + text + "-----END " + label + "-----\n";
    };
    CHECK(refusal(good).first == 0);
    for (const std::string& bad :
         {block("CERTIFICATE", ""), block("CERTIFICATE", "AAAA\n"), block("CERTIFICATE", "AAA\n"),
          block("CERTIFICATE", "AA==AA==\n"), block("PRIVATE KEY", "AAAA\n"),
          block("TRUSTED CERTIFICATE", "AAAA\n"), std::string("-----BEGIN CERTIFICATE---\n"),
          std::string("-----BEGIN CERTIFICATE-----\nAAAA"),
          std::string("-----BEGIN CERTIFICATE-----"), pem(make_der({{"CN", "A"}}, 1, 1) + "x"),
          block("CERTIFICATE", std::string(200000, 'A') + "\n")}) {
        CHECK(refusal("text\n" + good + bad).first == lines + 2);
    }
    CHECK(refusal(block("PRIVATE KEY", "")).second.find("PRIVATE KEY") != std::string::npos);
    // Two files that were joined without the end of a line between them.
    const std::string joined = good.substr(0, good.size() - 1) + good;
    CHECK(refusal(joined).first == lines);
    CHECK(refusal(block("CERTIFICATE", "AAAA\nsecret text\n")).first == 3);
}

TEST_CASE("an absurd subject or number of certificates is refused") {
    CHECK(
        refusal(pem(make_der({{"UID", Bytes(20000, '\xff'), V_ASN1_UTF8STRING}}, 1, 1))).first ==
        1);
    std::string bundle;
    const Bytes one = certificate_of("A");
    for (int i = 0; i <= 10000; ++i) {
        bundle += one;
    }
    CHECK(refusal(bundle).second.find("10000") != std::string::npos);
}
