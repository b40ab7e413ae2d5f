// SPDX-License-Identifier: Apache-2.0
// OpenSSL's object behind a certificate, for the files of this room.
#pragma once

#include "crypto/certificate.hh"

#include <openssl/x509.h>

namespace pare::crypto {

struct CertificateAccess {
    /// Good as long as the certificate.
    static X509* of(const Certificate& certificate) { return certificate.certificate_.get(); }
};

} // namespace pare::crypto
