// SPDX-License-Identifier: Apache-2.0
// Problem: keyrings and signatures come as text; what stands around an armoured block is signed by
// nobody and must not be mistaken for anything.
// Format: ASCII armour (RFC 9580 section 6.2); headers and the checksum are ignored, as sections
// 6.2.2 and 6.1 want.
// Refuses: blocks of another kind, anything but white space around a block, damaged base64.
#include "crypto/armour.hh"

#include "support/error.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>

namespace pare::crypto {

namespace {

/// 64 for what is no base64 digit.
unsigned base64_value(char c) {
    constexpr std::string_view kDigits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    return static_cast<unsigned>(std::min(kDigits.find(c), kDigits.size()));
}

/// Collects base64 digits; the padding may only be at the end.
class Base64 {
public:
    /// Returns whether all of `line` could be.
    bool add(std::string_view line) {
        for (const char c : line) {
            const unsigned value = base64_value(c);
            if (c == '=') {
                ++padding_;
            } else if (value > 63 || padding_ != 0) {
                return false;
            } else {
                take(value);
            }
        }
        return padding_ <= 2;
    }

    [[nodiscard]] bool is_whole() const { return (digits_ + padding_) % 4 == 0; }

    [[nodiscard]] const Bytes& bytes() const { return bytes_; }

private:
    void take(unsigned value) {
        bits_ = (bits_ << 6 | value) & 0xffff;
        ++digits_;
        if (digits_ % 4 != 1) {
            bytes_.push_back(static_cast<char>(bits_ >> (6 - 2 * ((digits_ - 1) % 4)) & 0xff));
        }
    }

    Bytes bytes_{};
    unsigned bits_ = 0;
    std::size_t digits_ = 0;
    std::size_t padding_ = 0;
};

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
        Base64 decoder;
        bool has_checksum = false;
        while (!rest_.empty()) {
            const std::string_view line = next_line();
            if (line == end_) {
                if (!decoder.is_whole()) {
                    break;
                }
                return decoder.bytes();
            }
            if (line.size() == 5 && line.front() == '=' && !has_checksum) {
                has_checksum = true;
            } else if (has_checksum || !decoder.add(line)) {
                break;
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
