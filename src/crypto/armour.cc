// SPDX-License-Identifier: Apache-2.0
// Problem: keyrings and signatures come as text; what stands around an armoured block is signed by
// nobody and must not be mistaken for anything.
// Format: ASCII armour (RFC 9580 section 6.2); headers and the checksum are ignored, as sections
// 6.2.2 and 6.1 want.
// Refuses: blocks of another kind, anything but white space around a block, damaged base64.
#include "crypto/armour.hh"

#include "support/base64.hh"
#include "support/error.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <optional>

namespace pare::crypto {

namespace {

class ArmourReader {
public:
    ArmourReader(BytesView text, std::string_view kind, const std::string& name)
        : rest_(text), begin_(fmt::format("-----BEGIN {}-----", kind)),
          end_(fmt::format("-----END {}-----", kind)), name_(name) {}

    Bytes read() {
        Bytes bytes;
        while (!trim(rest_).empty()) {
            const std::string_view line = next_line();
            if (line == begin_) {
                bytes += read_block();
            } else if (!line.empty()) {
                refuse(fmt::format("something that is no {} stands around one", begin_));
            }
        }
        return bytes;
    }

private:
    [[noreturn]] void refuse(std::string_view why) const {
        throw Error(
            ErrorKind::refused, fmt::format("{}: {}", name_, why),
            "export it anew with gpg --armor --export or --detach-sign");
    }

    /// Without white space at its end.
    std::string_view next_line() {
        const std::size_t end = std::min(rest_.find('\n'), rest_.size());
        std::string_view line = rest_.substr(0, end);
        rest_.remove_prefix(std::min(end + 1, rest_.size()));
        while (!line.empty() && std::string_view(" \t\r").find(line.back()) != line.npos) {
            line.remove_suffix(1);
        }
        return line;
    }

    void skip_headers() {
        while (!rest_.empty()) {
            const std::string_view line = next_line();
            if (line.empty()) {
                return;
            }
            if (line.find(": ") == line.npos && !line.ends_with(':')) {
                break;
            }
        }
        refuse("the armour has no empty line after its headers");
    }

    Bytes read_block() {
        skip_headers();
        std::string base64;
        bool has_checksum = false;
        while (!rest_.empty()) {
            const std::string_view line = next_line();
            if (line == end_) {
                std::optional<Bytes> bytes = from_base64(base64);
                if (!bytes) {
                    break;
                }
                return *std::move(bytes);
            }
            if (line.size() == 5 && line.front() == '=' && !has_checksum) {
                has_checksum = true;
            } else if (has_checksum) {
                break;
            } else {
                base64 += line;
            }
        }
        refuse("the armour is damaged or cut short");
    }

    BytesView rest_;
    std::string begin_;
    std::string end_;
    const std::string& name_;
};

} // namespace

Bytes dearmour(BytesView text, std::string_view kind, const std::string& name) {
    const BytesView begin = trim(text);
    if (!begin.starts_with("-----")) {
        return Bytes(text);
    }
    return ArmourReader(begin, kind, name).read();
}

} // namespace pare::crypto
