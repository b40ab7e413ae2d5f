// SPDX-License-Identifier: Apache-2.0
// Problem: an authority could issue a certificate that nobody sees. A signed certificate timestamp
// inside it is a log's promise to show it to everybody.
// Format: RFC 6962 sections 3.2 and 3.3. What the log signed is the certificate as it was before
// the timestamp was put in, with the hash of the issuer's key before it:
//   version (0), signature type (0), time in ms (8 bytes), entry type (1, 2 bytes), SHA-256 of the
//   issuer's SubjectPublicKeyInfo, length (3 bytes), TBSCertificate, extensions (2 bytes and more)
// Timestamps of unknown logs, versions and algorithms count for nothing.
#include "crypto/certificate.hh"
#include "crypto/openssl.hh"
#include "crypto/x509.hh"
#include "support/digest.hh"

#include <openssl/ct.h>
#include <openssl/x509v3.h>

#include <algorithm>

namespace pare::crypto {

namespace {

constexpr std::size_t kLargestCertificate = (std::size_t{1} << 24) - 1;
constexpr std::uint16_t kPrecertificateEntry = 1;

/// The certificate's signed part without its timestamps.
Bytes precertificate(X509* leaf) {
    const Owned<X509, X509_free> copy(X509_dup(leaf));
    ensure(copy != nullptr, "a certificate cannot be copied");
    const int at = X509_get_ext_by_NID(copy.get(), NID_ct_precert_scts, -1);
    X509_EXTENSION_free(X509_delete_ext(copy.get(), at));
    return to_der(copy.get(), i2d_re_X509_tbs);
}

Bytes signed_bytes(SCT* timestamp, BytesView issuer_hash, BytesView certificate) {
    ensure(certificate.size() <= kLargestCertificate, "a certificate is too large to be logged");
    unsigned char* extensions = nullptr;
    const std::size_t size = SCT_get0_extensions(timestamp, &extensions);
    Bytes bytes(2, '\0');
    append_int(bytes, SCT_get_timestamp(timestamp), Endian::big);
    append_int(bytes, kPrecertificateEntry, Endian::big);
    bytes += issuer_hash;
    append_int(bytes, static_cast<std::uint8_t>(certificate.size() >> 16), Endian::big);
    append_int(bytes, static_cast<std::uint16_t>(certificate.size() & 0xffff), Endian::big);
    bytes += certificate;
    append_int(bytes, static_cast<std::uint16_t>(size), Endian::big);
    bytes.append(reinterpret_cast<const char*>(extensions), size);
    return bytes;
}

const CertificateLog* find_log(SCT* timestamp, const std::vector<CertificateLog>& logs) {
    unsigned char* id = nullptr;
    const std::size_t size = SCT_get0_log_id(timestamp, &id);
    const BytesView wanted(reinterpret_cast<const char*>(id), size);
    const auto found = std::find_if(
        logs.begin(), logs.end(), [&](const CertificateLog& log) { return log.id == wanted; });
    return found == logs.end() ? nullptr : &*found;
}

bool is_good(
    SCT* timestamp, BytesView issuer_hash, BytesView certificate,
    const std::vector<CertificateLog>& logs) {
    const CertificateLog* log = find_log(timestamp, logs);
    if (log == nullptr || SCT_get_version(timestamp) != SCT_VERSION_V1 ||
        SCT_get_signature_nid(timestamp) != NID_ecdsa_with_SHA256) {
        return false;
    }
    unsigned char* signature = nullptr;
    const std::size_t size = SCT_get0_signature(timestamp, &signature);
    return log->key.verifies(
        signed_bytes(timestamp, issuer_hash, certificate),
        {reinterpret_cast<const char*>(signature), size});
}

} // namespace

bool is_logged(
    const Certificate& leaf, const Certificate& issuer, const std::vector<CertificateLog>& logs) {
    const ForgetErrors forget;
    X509* certificate = CertificateAccess::of(leaf);
    const Owned<STACK_OF(SCT), SCT_LIST_free> timestamps(static_cast<STACK_OF(SCT)*>(
        X509_get_ext_d2i(certificate, NID_ct_precert_scts, nullptr, nullptr)));
    if (timestamps == nullptr) {
        return false;
    }
    const Bytes plain = precertificate(certificate);
    const X509_PUBKEY* issuer_key = X509_get_X509_PUBKEY(CertificateAccess::of(issuer));
    const Bytes issuer_hash = hash_bytes(to_der(issuer_key, i2d_X509_PUBKEY));
    for (int i = 0; i < sk_SCT_num(timestamps.get()); ++i) {
        if (is_good(sk_SCT_value(timestamps.get(), i), issuer_hash, plain, logs)) {
            return true;
        }
    }
    return false;
}

} // namespace pare::crypto
