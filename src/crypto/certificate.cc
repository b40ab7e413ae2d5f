// SPDX-License-Identifier: Apache-2.0
// Problem: a keyless signature is made with a key that lives for minutes; a certificate says whose
// it was.
// Format: X.509 (RFC 5280). Chains are OpenSSL's to check: signatures, validity at a given time,
// authorities' constraints, no algorithm below 112 bits. That a certificate is for signing code is
// asked here (sections 4.2.1.3 and 4.2.1.12), which OpenSSL 3.0 has no purpose for.
// Refuses: bytes after a certificate, unknown critical extensions, chains of more than 8.
#include "crypto/certificate.hh"

#include "crypto/openssl.hh"
#include "crypto/pem.hh"
#include "crypto/x509.hh"

#include <fmt/core.h>
#include <openssl/x509v3.h>

namespace pare::crypto {

namespace {

constexpr int kLongestChain = 8;
constexpr int kBits112 = 2; ///< security level of OpenSSL
/// Sigstore's other name: what issuers without addresses or URIs call a user.
constexpr const char* kSigstoreName = "1.3.6.1.4.1.57264.1.7";

[[noreturn]] void refuse(const std::string& why) {
    throw Error(ErrorKind::refused, why);
}

std::string text_of(const ASN1_STRING* string) {
    return {
        reinterpret_cast<const char*>(ASN1_STRING_get0_data(string)),
        static_cast<std::size_t>(ASN1_STRING_length(string))};
}

bool is_number(const ASN1_OBJECT* object, const char* number) {
    const Owned<ASN1_OBJECT, ASN1_OBJECT_free> wanted(OBJ_txt2obj(number, 1));
    return wanted != nullptr && OBJ_cmp(object, wanted.get()) == 0;
}

/// The name, as far as it is of a kind that signers have.
std::optional<std::string> name_of(const GENERAL_NAME* name) {
    switch (name->type) {
    case GEN_EMAIL:
    case GEN_DNS:
    case GEN_URI:
        return text_of(name->d.ia5);
    case GEN_OTHERNAME: {
        const OTHERNAME* other = name->d.otherName;
        if (!is_number(other->type_id, kSigstoreName) || other->value->type != V_ASN1_UTF8STRING) {
            return std::nullopt;
        }
        return text_of(other->value->value.utf8string);
    }
    default:
        return std::nullopt;
    }
}

/// Of the stack alone, not of what is on it.
void free_stack(STACK_OF(X509) * stack) {
    sk_X509_free(stack);
}

using Stack = Owned<STACK_OF(X509), free_stack>;

Stack stack_of(const std::vector<Certificate>& certificates) {
    Stack stack(sk_X509_new_null());
    for (const Certificate& certificate : certificates) {
        ensure(
            sk_X509_push(stack.get(), CertificateAccess::of(certificate)) > 0,
            "a certificate cannot be added");
    }
    return stack;
}

void check_may_sign(X509* leaf) {
    // Both functions give all bits for a certificate without the extension.
    const std::uint32_t use = X509_get_key_usage(leaf);
    const std::uint32_t extended = X509_get_extended_key_usage(leaf);
    if ((use & KU_DIGITAL_SIGNATURE) == 0 || extended == UINT32_MAX ||
        (extended & XKU_CODE_SIGN) == 0) {
        refuse("the certificate is not one for signing code");
    }
}

} // namespace

Certificate Certificate::from_der(BytesView der, const std::string& name) {
    const ForgetErrors forget;
    const unsigned char* at = data_of(der);
    std::shared_ptr<X509> certificate(
        d2i_X509(nullptr, &at, static_cast<long>(der.size())),
        [](X509* object) { X509_free(object); });
    if (certificate == nullptr || at != data_of(der) + der.size()) {
        refuse(fmt::format("{} is no certificate", name));
    }
    return {Bytes(der), std::move(certificate)};
}

std::string Certificate::pem() const {
    return write_pem("CERTIFICATE", der_);
}

PublicKey Certificate::public_key() const {
    const X509_PUBKEY* key = X509_get_X509_PUBKEY(certificate_.get());
    return PublicKey::from_der(to_der(key, i2d_X509_PUBKEY), "the certificate's key");
}

std::vector<std::string> Certificate::names() const {
    const ForgetErrors forget;
    const Owned<GENERAL_NAMES, GENERAL_NAMES_free> list(static_cast<GENERAL_NAMES*>(
        X509_get_ext_d2i(certificate_.get(), NID_subject_alt_name, nullptr, nullptr)));
    std::vector<std::string> names;
    for (int i = 0; list != nullptr && i < sk_GENERAL_NAME_num(list.get()); ++i) {
        if (const auto name = name_of(sk_GENERAL_NAME_value(list.get(), i))) {
            names.push_back(*name);
        }
    }
    return names;
}

std::optional<Bytes> Certificate::extension(const std::string& number) const {
    const Owned<ASN1_OBJECT, ASN1_OBJECT_free> wanted(OBJ_txt2obj(number.c_str(), 1));
    ensure(wanted != nullptr, "an object identifier is wrong");
    const int at = X509_get_ext_by_OBJ(certificate_.get(), wanted.get(), -1);
    if (at < 0 || X509_get_ext_by_OBJ(certificate_.get(), wanted.get(), at) >= 0) {
        return std::nullopt;
    }
    return text_of(X509_EXTENSION_get_data(X509_get_ext(certificate_.get(), at)));
}

std::optional<std::string> Certificate::text_extension(const std::string& number) const {
    const ForgetErrors forget;
    const std::optional<Bytes> der = extension(number);
    if (!der) {
        return std::nullopt;
    }
    const unsigned char* at = data_of(*der);
    const Owned<ASN1_UTF8STRING, ASN1_UTF8STRING_free> string(
        d2i_ASN1_UTF8STRING(nullptr, &at, static_cast<long>(der->size())));
    if (string == nullptr || at != data_of(*der) + der->size()) {
        return std::nullopt;
    }
    return text_of(string.get());
}

std::vector<Certificate> verify_chain(
    const Certificate& leaf, const std::vector<Certificate>& intermediates,
    const std::vector<Certificate>& roots, std::int64_t time) {
    const ForgetErrors forget;
    check_may_sign(CertificateAccess::of(leaf));
    const Stack trusted = stack_of(roots);
    const Stack others = stack_of(intermediates);
    const Owned<X509_STORE, X509_STORE_free> store(X509_STORE_new());
    const Owned<X509_STORE_CTX, X509_STORE_CTX_free> context(X509_STORE_CTX_new());
    ensure(
        X509_STORE_CTX_init(
            context.get(), store.get(), CertificateAccess::of(leaf), others.get()) == 1,
        "a chain cannot be checked");
    X509_STORE_CTX_set0_trusted_stack(context.get(), trusted.get());
    X509_VERIFY_PARAM* parameters = X509_STORE_CTX_get0_param(context.get());
    X509_VERIFY_PARAM_set_time(parameters, static_cast<time_t>(time));
    X509_VERIFY_PARAM_set_depth(parameters, kLongestChain);
    X509_VERIFY_PARAM_set_auth_level(parameters, kBits112);
    // The anchor of a trust root need not have signed itself.
    X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_PARTIAL_CHAIN);
    if (X509_verify_cert(context.get()) != 1) {
        refuse(fmt::format(
            "no authority vouches for the certificate: {}",
            X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get()))));
    }
    std::vector<Certificate> chain;
    STACK_OF(X509)* found = X509_STORE_CTX_get0_chain(context.get());
    chain.reserve(static_cast<std::size_t>(sk_X509_num(found)));
    for (int i = 0; i < sk_X509_num(found); ++i) {
        chain.push_back(Certificate::from_der(
            to_der(sk_X509_value(found, i), i2d_X509), "a certificate of the chain"));
    }
    return chain;
}

} // namespace pare::crypto
