// SPDX-License-Identifier: Apache-2.0
// Problem: a bundle of trusted certificates is text that people and packages put together; Java
// wants the certificates alone, each under a name of its own.
// Format: PEM (RFC 7468) with any text around the blocks; a block begins at the start of a line, as
// OpenSSL has it. The blocks are X.509 certificates (RFC 5280).
// Names: the subject as java.security's X500Principal.CANONICAL gives it (RFC 2253, last part
// first, lower case, single spaces; values that are neither PrintableString nor UTF8String, and
// those of attributes that RFC 2253 has no keyword for, as the hex of their DER), but for what is
// not ASCII: its bytes are written `\c5\91` (RFC 2253 section 2.4). Java looks an alias up by its
// lower-case form and does not trust a certificate that it finds only by another; what is lower
// case beyond ASCII depends on the version of Unicode.
// Refuses: any block that is no certificate, be it damaged, of another kind or larger than
// certificates are. Leaving it out would take a trusted authority away, or keep a private key in a
// public file, without a word.
#include "finish/certificates.hh"

#include "support/base64.hh"
#include "support/digest.hh"
#include "support/error.hh"
#include "support/text.hh"

#include <fmt/core.h>
#include <openssl/asn1.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <memory>
#include <optional>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

namespace pare::finish {

namespace {

constexpr std::size_t kMostCertificates = 10000;
constexpr std::size_t kLargestBase64 = 128U << 10;
constexpr std::size_t kLongestSubject = 32U << 10;

constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

struct FreeCertificate {
    void operator()(X509* certificate) const { X509_free(certificate); }
};

/// Java's keyword for a type of attribute; empty for those that RFC 2253 does not have.
std::string_view keyword(int nid) {
    constexpr std::array<std::pair<int, std::string_view>, 9> kKeywords = {{
        {NID_commonName, "cn"},
        {NID_countryName, "c"},
        {NID_localityName, "l"},
        {NID_stateOrProvinceName, "st"},
        {NID_organizationName, "o"},
        {NID_organizationalUnitName, "ou"},
        {NID_streetAddress, "street"},
        {NID_domainComponent, "dc"},
        {NID_userId, "uid"},
    }};
    const auto* const at = std::find_if(
        kKeywords.begin(), kKeywords.end(), [&](const auto& one) { return one.first == nid; });
    return at == kKeywords.end() ? std::string_view() : at->second;
}

std::string dotted(const ASN1_OBJECT* object) {
    const int size = OBJ_obj2txt(nullptr, 0, object, 1);
    std::string text(static_cast<std::size_t>(std::max(size, 0)) + 1, '\0');
    OBJ_obj2txt(text.data(), static_cast<int>(text.size()), object, 1);
    text.pop_back();
    return text;
}

std::string hex_of_der(const ASN1_STRING* value) {
    unsigned char* der = nullptr;
    const int size = i2d_ASN1_PRINTABLE(value, &der);
    ensure(size >= 0, "a value that was read cannot be written");
    const std::unique_ptr<unsigned char, void (*)(unsigned char*)> owner(
        der, [](unsigned char* bytes) { OPENSSL_free(bytes); });
    return to_hex(BytesView(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size)));
}

std::string escaped(BytesView value) {
    std::string text;
    const std::size_t first = std::min(value.find_first_not_of(' '), value.size());
    value = value.substr(first, value.find_last_not_of(' ') + 1 - first);
    for (std::size_t i = 0; i < value.size(); ++i) {
        const char c = value[i];
        if (c < ' ' || c > '~') { // bytes of UTF-8 are negative, or above where char is unsigned
            text += fmt::format("\\{:02x}", static_cast<unsigned char>(c));
            continue;
        }
        if (c == ' ' && value[i - 1] == ' ') {
            continue;
        }
        if (std::string_view(",+<>;\"\\").find(c) != std::string_view::npos ||
            (i == 0 && c == '#')) {
            text += '\\';
        }
        text += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return text;
}

std::string attribute(const X509_NAME_ENTRY* entry) {
    const ASN1_OBJECT* type = X509_NAME_ENTRY_get_object(entry);
    const ASN1_STRING* value = X509_NAME_ENTRY_get_data(entry);
    const std::string_view name = keyword(OBJ_obj2nid(type));
    const int kind = ASN1_STRING_type(value);
    if (name.empty() || (kind != V_ASN1_PRINTABLESTRING && kind != V_ASN1_UTF8STRING)) {
        return fmt::format("{}=#{}", name.empty() ? dotted(type) : name, hex_of_der(value));
    }
    const BytesView bytes(
        reinterpret_cast<const char*>(ASN1_STRING_get0_data(value)),
        static_cast<std::size_t>(ASN1_STRING_length(value)));
    return fmt::format("{}={}", name, escaped(bytes));
}

std::string canonical(const X509_NAME* name) {
    std::vector<std::string> parts; // of the last relative name first
    std::vector<std::string> together;
    for (int i = X509_NAME_entry_count(name) - 1; i >= 0; --i) {
        const X509_NAME_ENTRY* entry = X509_NAME_get_entry(name, i);
        together.push_back(attribute(entry));
        if (i > 0 &&
            X509_NAME_ENTRY_set(X509_NAME_get_entry(name, i - 1)) == X509_NAME_ENTRY_set(entry)) {
            continue;
        }
        // Those with a keyword come first.
        std::sort(together.begin(), together.end(), [](const auto& left, const auto& right) {
            const bool left_is_number = left.front() <= '9';
            const bool right_is_number = right.front() <= '9';
            return std::tie(left_is_number, left) < std::tie(right_is_number, right);
        });
        parts.push_back(join(together, "+"));
        together.clear();
    }
    return join(parts, ",");
}

std::optional<std::int64_t> seconds(const ASN1_TIME* time) {
    std::tm fields{};
    if (ASN1_TIME_to_tm(time, &fields) != 1) {
        return std::nullopt;
    }
    return timegm(&fields);
}

/// Nothing when the bytes are not one certificate and nothing else.
std::optional<Certificate> parse_certificate(Bytes der) {
    const auto* at = reinterpret_cast<const unsigned char*>(der.data());
    const unsigned char* const end = at + der.size();
    const std::unique_ptr<X509, FreeCertificate> parsed(
        d2i_X509(nullptr, &at, static_cast<long>(der.size())));
    if (parsed == nullptr || at != end) {
        return std::nullopt;
    }
    const std::optional<std::int64_t> not_before = seconds(X509_get0_notBefore(parsed.get()));
    if (!not_before) {
        return std::nullopt;
    }
    return Certificate{
        .der = std::move(der),
        .subject = canonical(X509_get_subject_name(parsed.get())),
        .not_before = *not_before};
}

class BundleReader {
public:
    BundleReader(BytesView bundle, const std::string& name) : rest_(bundle), name_(name) {}

    std::vector<Certificate> read() {
        while (!rest_.empty()) {
            const std::string_view line = next_line();
            if (line.starts_with("-----BEGIN")) {
                read_block(line);
            }
        }
        return std::move(certificates_);
    }

private:
    std::string_view next_line() {
        const std::string_view line = rest_.substr(0, rest_.find('\n'));
        rest_.remove_prefix(std::min(rest_.size(), line.size() + 1));
        ++line_;
        return line.substr(0, line.find_last_not_of(" \t\r") + 1);
    }

    void read_block(std::string_view begin) {
        const std::size_t first_line = line_;
        // The second is what the first was called once (RFC 7468 section 5).
        if (begin != "-----BEGIN CERTIFICATE-----" && begin != "-----BEGIN X509 CERTIFICATE-----") {
            refuse(first_line, fmt::format("'{}' begins no certificate", begin.substr(0, 80)));
        }
        const std::string end = "-----END" + std::string(begin.substr(10));
        std::string base64;
        for (std::string_view line; (line = next_line()) != end;) {
            if (line.find_first_not_of(kBase64) != line.find('=')) {
                refuse(line_, "this line is no part of the certificate that begins above it");
            }
            base64 += line;
            if (rest_.empty() || base64.size() > kLargestBase64) {
                refuse(
                    first_line, rest_.empty() ? fmt::format("'{}' is missing", end)
                                              : "the certificate is larger than any is");
            }
        }
        add(first_line, base64);
    }

    void add(std::size_t line, const std::string& base64) {
        std::optional<Bytes> der = from_base64(base64);
        std::optional<Certificate> certificate =
            der ? parse_certificate(*std::move(der)) : std::nullopt;
        ERR_clear_error(); // else what went wrong here would be told of the next that uses OpenSSL
        if (!certificate) {
            refuse(
                line, fmt::format("what begins with '{}' is no certificate", base64.substr(0, 64)));
        }
        if (certificate->subject.size() > kLongestSubject || ++count_ > kMostCertificates) {
            refuse(
                line, count_ > kMostCertificates
                          ? fmt::format("more than {} certificates", kMostCertificates)
                          : "the certificate's subject is longer than any is");
        }
        if (seen_.insert(certificate->der).second) {
            certificates_.push_back(*std::move(certificate));
        }
    }

    [[noreturn]] void refuse(std::size_t line, const std::string& message) const {
        throw Error(
            ErrorKind::refused, message,
            "mend the file of certificates that brings it, or leave that file or its package out")
            .at({.file = name_, .line = line});
    }

    BytesView rest_;
    const std::string& name_;
    std::size_t line_ = 0;
    std::size_t count_ = 0;
    std::set<Bytes> seen_{};
    std::vector<Certificate> certificates_{};
};

} // namespace

std::vector<Certificate> read_certificates(BytesView bundle, const std::string& name) {
    return BundleReader(bundle, name).read();
}

} // namespace pare::finish
