// SPDX-License-Identifier: Apache-2.0
#include "support/authority.hh"

#include "support/digest.hh"

#include <doctest/doctest.h>
#include <openssl/ct.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace pare::test {

namespace {

using Key = std::shared_ptr<EVP_PKEY>;
using Object = std::shared_ptr<X509>;

constexpr std::int64_t kYear = 365 * 86'400;

void add_extension(X509* certificate, X509* issuer, int nid, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
    REQUIRE(extension != nullptr);
    REQUIRE(X509_add_ext(certificate, extension, -1) == 1);
    X509_EXTENSION_free(extension);
}

void add_raw_extension(X509* certificate, const std::string& number, const Bytes& value) {
    ASN1_OBJECT* object = OBJ_txt2obj(number.c_str(), 1);
    ASN1_OCTET_STRING* octets = ASN1_OCTET_STRING_new();
    ASN1_OCTET_STRING_set(
        octets, reinterpret_cast<const unsigned char*>(value.data()),
        static_cast<int>(value.size()));
    X509_EXTENSION* extension = X509_EXTENSION_create_by_OBJ(nullptr, object, 0, octets);
    REQUIRE(X509_add_ext(certificate, extension, -1) == 1);
    X509_EXTENSION_free(extension);
    ASN1_OCTET_STRING_free(octets);
    ASN1_OBJECT_free(object);
}

/// A short string or octet string in DER.
Bytes short_der(char tag, const Bytes& value) {
    REQUIRE(value.size() < 0x10000);
    Bytes der(1, tag);
    if (value.size() < 0x80) {
        der += static_cast<char>(value.size());
    } else {
        der += '\x82';
        append_int(der, static_cast<std::uint16_t>(value.size()), Endian::big);
    }
    return der + value;
}

Bytes written(X509* certificate, int (*write)(X509*, unsigned char**)) {
    unsigned char* der = nullptr;
    const int size = write(certificate, &der);
    REQUIRE(size > 0);
    Bytes bytes(reinterpret_cast<char*>(der), static_cast<std::size_t>(size));
    OPENSSL_free(der);
    return bytes;
}

Bytes whole(X509* certificate) {
    return written(
        certificate, [](X509* object, unsigned char** out) { return i2d_X509(object, out); });
}

Object start(const std::string& name, X509* issuer, std::int64_t from, std::int64_t until) {
    Object certificate(X509_new(), X509_free);
    static long serial = 1;
    X509_set_version(certificate.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial++);
    ASN1_TIME_set(X509_getm_notBefore(certificate.get()), static_cast<time_t>(from));
    ASN1_TIME_set(X509_getm_notAfter(certificate.get()), static_cast<time_t>(until));
    if (!name.empty()) {
        X509_NAME_add_entry_by_txt(
            X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8,
            reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    }
    X509_set_issuer_name(
        certificate.get(), X509_get_subject_name(issuer == nullptr ? certificate.get() : issuer));
    return certificate;
}

Object make_authority(const std::string& name, const Key& key, X509* issuer, const Key& signer) {
    Object certificate = start(name, issuer, kIssued - kYear, kIssued + kYear);
    X509* above = issuer == nullptr ? certificate.get() : issuer;
    X509_set_pubkey(certificate.get(), key.get());
    add_extension(certificate.get(), above, NID_basic_constraints, "critical,CA:TRUE");
    add_extension(certificate.get(), above, NID_key_usage, "critical,keyCertSign,cRLSign");
    add_extension(certificate.get(), above, NID_subject_key_identifier, "hash");
    REQUIRE(X509_sign(certificate.get(), signer.get(), EVP_sha256()) > 0);
    return certificate;
}

/// RFC 6962 section 3.3: a list with one timestamp.
Bytes timestamp_list(X509* certificate, X509* issuer, const crypto::PrivateKey& log) {
    X509_PUBKEY* issuer_key = X509_get_X509_PUBKEY(issuer);
    unsigned char* key_der = nullptr;
    const int key_size = i2d_X509_PUBKEY(issuer_key, &key_der);
    const Bytes key(reinterpret_cast<char*>(key_der), static_cast<std::size_t>(key_size));
    OPENSSL_free(key_der);
    const Bytes tbs = written(certificate, i2d_re_X509_tbs);
    Bytes message(2, '\0');
    append_int(message, std::uint64_t{kIssued} * 1000, Endian::big);
    append_int(message, std::uint16_t{1}, Endian::big);
    message += hash_bytes(key);
    Bytes length;
    append_int(length, static_cast<std::uint32_t>(tbs.size()), Endian::big);
    message += length.substr(1) + tbs + Bytes(2, '\0');
    const Bytes signature = log.sign(message);
    Bytes timestamp = Bytes(1, '\0') + hash_bytes(log.public_key().der());
    append_int(timestamp, std::uint64_t{kIssued} * 1000, Endian::big);
    timestamp += Bytes("\0\0\x04\x03", 4);
    append_int(timestamp, static_cast<std::uint16_t>(signature.size()), Endian::big);
    timestamp += signature;
    Bytes list;
    append_int(list, static_cast<std::uint16_t>(timestamp.size() + 2), Endian::big);
    append_int(list, static_cast<std::uint16_t>(timestamp.size()), Endian::big);
    return short_der('\x04', list + timestamp);
}

} // namespace

Authority::Authority(const std::string& name)
    : key_(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-384"), EVP_PKEY_free),
      certificate_(make_authority(name, key_, nullptr, key_)) {}

Authority::Authority(const std::string& name, const Authority& issuer)
    : key_(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-384"), EVP_PKEY_free),
      certificate_(make_authority(name, key_, issuer.certificate_.get(), issuer.key_)) {}

crypto::Certificate Authority::certificate() const {
    return crypto::Certificate::from_der(whole(certificate_.get()), "an authority");
}

crypto::Certificate Authority::issue(
    const crypto::PublicKey& key, const CertificateRequest& request,
    const crypto::PrivateKey* log) const {
    X509* issuer = certificate_.get();
    const Object leaf = start("", issuer, request.not_before, request.not_after);
    const auto* at = reinterpret_cast<const unsigned char*>(key.der().data());
    const Key open(d2i_PUBKEY(nullptr, &at, static_cast<long>(key.der().size())), EVP_PKEY_free);
    X509_set_pubkey(leaf.get(), open.get());
    if (!request.key_usage.empty()) {
        add_extension(leaf.get(), issuer, NID_key_usage, request.key_usage);
    }
    if (!request.extended_key_usage.empty()) {
        add_extension(leaf.get(), issuer, NID_ext_key_usage, request.extended_key_usage);
    }
    if (!request.name.empty()) {
        add_extension(leaf.get(), issuer, NID_subject_alt_name, "critical," + request.name);
    }
    if (!request.old_issuer.empty()) {
        add_raw_extension(leaf.get(), "1.3.6.1.4.1.57264.1.1", request.old_issuer);
    }
    if (!request.issuer.empty()) {
        add_raw_extension(leaf.get(), "1.3.6.1.4.1.57264.1.8", short_der('\x0c', request.issuer));
    }
    REQUIRE(X509_sign(leaf.get(), key_.get(), EVP_sha384()) > 0);
    if (log != nullptr) {
        add_raw_extension(
            leaf.get(), "1.3.6.1.4.1.11129.2.4.2", timestamp_list(leaf.get(), issuer, *log));
        REQUIRE(X509_sign(leaf.get(), key_.get(), EVP_sha384()) > 0);
    }
    return crypto::Certificate::from_der(whole(leaf.get()), "a certificate");
}

} // namespace pare::test
