// SPDX-License-Identifier: Apache-2.0
// Problem: a verifier and the reader of what it verified must agree on which bytes were signed;
// most attacks on signed text put a message before, after or between what was signed.
// Format: the cleartext signature framework (RFC 9580 section 7):
//   -----BEGIN PGP SIGNED MESSAGE-----
//   Hash: SHA256                          (any number of these)
//                                         (one empty line)
//   text; a line that begins with a dash is escaped by "- "
//   -----BEGIN PGP SIGNATURE-----         (and the rest of one armoured block)
// Refuses: anything but white space before or after, headers other than Hash (a Charset would ask
// for another reading of the bytes), lines with a bare dash, NUL and CR within a line.
#include "crypto/openpgp.hh"
#include "support/error.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>

namespace pare::crypto {

namespace {

constexpr std::string_view kBeginMessage = "-----BEGIN PGP SIGNED MESSAGE-----";
constexpr std::string_view kBeginSignature = "-----BEGIN PGP SIGNATURE-----";
constexpr std::string_view kEndSignature = "-----END PGP SIGNATURE-----";
constexpr const char* kHint =
    "get it from another mirror; a proxy or login page may have answered in its place";

class Reader {
public:
    Reader(BytesView message, const std::string& name) : rest_(message), name_(name) {}

    Cleartext read() {
        skip_blank_lines();
        if (rest_.empty() || take_line() != kBeginMessage) {
            refuse("it does not begin with a signed message");
        }
        read_headers();
        Cleartext cleartext;
        cleartext.text = read_text();
        cleartext.signature = read_signature();
        skip_blank_lines();
        if (!rest_.empty()) {
            refuse("something stands behind the signature");
        }
        return cleartext;
    }

private:
    [[noreturn]] void refuse(std::string_view why) const {
        throw Error(
            ErrorKind::refused, fmt::format("{} is no cleanly signed text: {}", name_, why), kHint)
            .at({name_, std::max<std::size_t>(line_, 1), 0});
    }

    /// The next line as it stands.
    std::string_view take_raw() {
        const std::size_t end = std::min(rest_.find('\n'), rest_.size());
        const std::string_view line = rest_.substr(0, end);
        rest_.remove_prefix(std::min(end + 1, rest_.size()));
        ++line_;
        return line;
    }

    /// Without what no signature covers: CR and white space at its end.
    std::string_view take_line() {
        std::string_view line = take_raw();
        if (line.ends_with('\r')) {
            line.remove_suffix(1);
        }
        while (line.ends_with(' ') || line.ends_with('\t')) {
            line.remove_suffix(1);
        }
        if (line.find_first_of(std::string_view("\0\r", 2)) != line.npos) {
            refuse("a line holds a NUL or CR");
        }
        return line;
    }

    void skip_blank_lines() {
        while (!rest_.empty()) {
            const std::string_view before = rest_;
            if (!trim(take_raw()).empty()) {
                rest_ = before;
                --line_;
                return;
            }
        }
    }

    /// The empty line must be empty: what merely looks so could hide a line of text.
    void read_headers() {
        while (!rest_.empty()) {
            const std::string_view line = take_raw();
            if (line.empty() || line == "\r") {
                return;
            }
            if (!line.starts_with("Hash: ")) {
                refuse("it has a header that is not \"Hash\"");
            }
        }
        refuse("it ends within its headers");
    }

    Bytes read_text() {
        Bytes text;
        bool is_first = true;
        while (!rest_.empty()) {
            std::string_view line = take_line();
            if (line == kBeginSignature) {
                return text;
            }
            if (line == "-") { // "- " before an empty line; the space went with the white space
                line = {};
            } else if (line.starts_with("- ")) {
                line.remove_prefix(2);
            } else if (line.starts_with('-')) {
                refuse("a line begins with a dash that is not escaped");
            }
            if (!is_first) {
                text.push_back('\n');
            }
            is_first = false;
            text.append(line);
        }
        refuse("it has no signature");
    }

    Bytes read_signature() {
        Bytes signature(kBeginSignature);
        signature.push_back('\n');
        while (!rest_.empty()) {
            const std::string_view line = take_line();
            signature.append(line).push_back('\n');
            if (line == kEndSignature) {
                return signature;
            }
        }
        refuse("its signature is cut short");
    }

    BytesView rest_;
    const std::string& name_;
    std::size_t line_ = 0;
};

} // namespace

Cleartext parse_cleartext(BytesView message, const std::string& name) {
    return Reader(message, name).read();
}

} // namespace pare::crypto
