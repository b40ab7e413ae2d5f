// SPDX-License-Identifier: Apache-2.0
// Problem: which key is said to have made a signature must be known before librnp is asked: it
// reads keys slowly, so it gets only those that matter; and it prints to stderr when a key is
// missing or a digest is wrong, so it is not asked then.
// Format: packet headers (RFC 9580 section 4.2), version 4 key and signature packets (5.5.2,
// 5.2.3).
// Refuses: partial and indeterminate lengths, packets that go beyond the end, subpackets beyond
// their area.
#include "crypto/packets.hh"

#include "support/digest.hh"
#include "support/error.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <optional>

namespace pare::crypto {

namespace {

constexpr std::size_t kMostPackets = 1'000'000;
constexpr unsigned kVersion = 4;
constexpr unsigned kTextType = 0x01;

unsigned byte_at(BytesView bytes, std::size_t index) {
    return static_cast<unsigned char>(bytes[index]);
}

constexpr const char* kHint = "export it anew with gpg --export or --detach-sign";

[[noreturn]] void refuse(const std::string& name, std::string_view why) {
    throw Error(ErrorKind::refused, fmt::format("{}: {}", name, why), kHint);
}

/// For what a ByteReader throws: it does not know what it reads.
template <typename Work>
auto with_hint(const std::string& context, Work work) -> decltype(work()) {
    try {
        return work();
    } catch (Error& error) {
        throw error.mend(kHint).while_doing(context);
    }
}

class PacketReader {
public:
    PacketReader(BytesView bytes, const std::string& name)
        : bytes_(bytes), reader_(bytes, Endian::big), name_(name) {}

    [[nodiscard]] bool at_end() const { return reader_.at_end(); }

    Packet next() {
        const std::size_t begin = reader_.position();
        const unsigned header = reader_.number<std::uint8_t>();
        if ((header & 0x80) == 0) {
            refuse(name_, "this is no OpenPGP data");
        }
        Packet packet;
        const bool is_new = (header & 0x40) != 0;
        packet.tag = is_new ? header & 0x3f : header >> 2 & 0x0f;
        packet.body = reader_.take(is_new ? new_length() : old_length(header & 3));
        packet.whole = bytes_.substr(begin, reader_.position() - begin);
        return packet;
    }

private:
    std::size_t new_length() {
        const std::size_t first = reader_.number<std::uint8_t>();
        if (first < 192) {
            return first;
        }
        if (first < 224) {
            return ((first - 192) << 8) + reader_.number<std::uint8_t>() + 192;
        }
        if (first != 255) {
            refuse(name_, "a packet has a partial length");
        }
        return reader_.number<std::uint32_t>();
    }

    std::size_t old_length(unsigned type) {
        switch (type) {
        case 0:
            return reader_.number<std::uint8_t>();
        case 1:
            return reader_.number<std::uint16_t>();
        case 2:
            return reader_.number<std::uint32_t>();
        default:
            refuse(name_, "a packet has no length");
        }
    }

    BytesView bytes_;
    ByteReader reader_;
    const std::string& name_;
};

constexpr unsigned kCreationTime = 2;
constexpr unsigned kLifetime = 3;
constexpr unsigned kIssuer = 16;
constexpr unsigned kIssuerFingerprint = 33;

/// The subpackets that may be critical in the signature of a text, because either librnp acts on
/// them or they ask for nothing: creation and expiry time, issuer, key flags, signer's user id,
/// issuer's fingerprint.
constexpr std::array<unsigned, 6> kUnderstood = {kCreationTime,     3, kIssuer, 27, 28,
                                                 kIssuerFingerprint};

std::string upper_case(std::string hex) {
    std::ranges::transform(
        hex, hex.begin(), [](char c) { return static_cast<char>(c >= 'a' ? c - 'a' + 'A' : c); });
    return hex;
}

struct Subpacket {
    unsigned type = 0;
    bool is_critical = false;
    BytesView body{};
};

Subpacket next_subpacket(ByteReader& area) {
    std::size_t length = area.number<std::uint8_t>();
    if (length == 255) {
        length = area.number<std::uint32_t>();
    } else if (length >= 192) {
        length = ((length - 192) << 8) + area.number<std::uint8_t>() + 192;
    }
    const BytesView whole = area.take(length);
    if (whole.empty()) {
        throw Error(ErrorKind::refused, "a subpacket of a signature is empty");
    }
    return {byte_at(whole, 0) & 0x7f, (byte_at(whole, 0) & 0x80) != 0, whole.substr(1)};
}

/// The fingerprint, else the key id, of the first that tells it.
void read_area(BytesView bytes, Signature& signature, bool& has_fingerprint) {
    ByteReader area(bytes, Endian::big);
    while (!area.at_end()) {
        const Subpacket found = next_subpacket(area);
        if (found.type == kIssuerFingerprint && found.body.size() == 21 && !has_fingerprint &&
            byte_at(found.body, 0) == kVersion) {
            signature.issuer = upper_case(to_hex(found.body.substr(1)));
            has_fingerprint = true;
        } else if (found.type == kIssuer && found.body.size() == 8 && signature.issuer.empty()) {
            signature.issuer = upper_case(to_hex(found.body));
        }
        signature.has_unknown_critical |=
            found.is_critical && std::ranges::find(kUnderstood, found.type) == kUnderstood.end();
    }
}

/// A number of the hashed area; 0 when it is not there.
std::int64_t time_in(BytesView hashed, unsigned type) {
    ByteReader area(hashed, Endian::big);
    while (!area.at_end()) {
        const Subpacket found = next_subpacket(area);
        if (found.type == type && found.body.size() == sizeof(std::uint32_t)) {
            return read_int<std::uint32_t>(found.body, 0, Endian::big);
        }
    }
    return 0;
}

std::optional<HashAlgorithm> hash_of(unsigned number) {
    switch (number) {
    case 8:
        return HashAlgorithm::sha256;
    case 10:
        return HashAlgorithm::sha512;
    default:
        return std::nullopt;
    }
}

/// The text with CR LF at the ends of its lines.
void hash_canonical(Hasher& hasher, BytesView text) {
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        if (end == text.npos) {
            hasher.write(text);
            return;
        }
        const BytesView line = text.substr(0, end);
        hasher.write(line.ends_with('\r') ? line.substr(0, line.size() - 1) : line);
        hasher.write("\r\n");
        text.remove_prefix(end + 1);
    }
}

} // namespace

std::vector<Packet> parse_packets(BytesView bytes, const std::string& name) {
    return with_hint("reading " + name, [&] {
        std::vector<Packet> packets;
        PacketReader reader(bytes, name);
        while (!reader.at_end()) {
            if (packets.size() == kMostPackets) {
                refuse(name, fmt::format("more than {} packets", kMostPackets));
            }
            packets.push_back(reader.next());
        }
        return packets;
    });
}

std::string fingerprint(const Packet& key) {
    if (key.body.empty() || byte_at(key.body, 0) != kVersion || key.body.size() > 0xffff) {
        return {};
    }
    Hasher hasher(HashAlgorithm::sha1);
    Bytes header = "\x99";
    append_int(header, static_cast<std::uint16_t>(key.body.size()), Endian::big);
    hasher.write(header);
    hasher.write(key.body);
    return upper_case(hasher.hex());
}

Signature parse_signature(const Packet& packet, const std::string& name) {
    return with_hint("reading a signature of " + name, [&] {
        ByteReader reader(packet.body, Endian::big);
        Signature signature{.packet = packet.whole};
        signature.version = reader.number<std::uint8_t>();
        if (signature.version != kVersion) {
            return signature;
        }
        signature.type = reader.number<std::uint8_t>();
        reader.skip(1);
        signature.hash = reader.number<std::uint8_t>();
        const BytesView hashed = reader.take(reader.number<std::uint16_t>());
        signature.hashed = packet.body.substr(0, reader.position());
        const BytesView unhashed = reader.take(reader.number<std::uint16_t>());
        signature.digest_start = reader.number<std::uint16_t>();
        bool has_fingerprint = false;
        read_area(hashed, signature, has_fingerprint);
        signature.created = time_in(hashed, kCreationTime);
        signature.lifetime = time_in(hashed, kLifetime);
        read_area(unhashed, signature, has_fingerprint);
        return signature;
    });
}

bool digest_starts_right(const Signature& signature, BytesView text) {
    const auto algorithm = hash_of(signature.hash);
    if (!algorithm) {
        return true;
    }
    Hasher hasher(*algorithm);
    if (signature.type == kTextType) {
        hash_canonical(hasher, text);
    } else {
        hasher.write(text);
    }
    Bytes trailer = "\x04\xff";
    append_int(trailer, static_cast<std::uint32_t>(signature.hashed.size()), Endian::big);
    hasher.write(signature.hashed);
    hasher.write(trailer);
    return hasher.hex().starts_with(fmt::format("{:04x}", signature.digest_start));
}

} // namespace pare::crypto
