// SPDX-License-Identifier: Apache-2.0
// Format: a signed note (golang.org/x/mod/sumdb/note) around a checkpoint (transparency-dev,
// c2sp.org/tlog-checkpoint):
//   origin LF size LF base64 of the root hash LF more lines
//   LF
//   "— " name " " base64 of (4 bytes that hint at the key, signature) LF, for each signature
// Signed is everything up to the empty line. Signatures of others (witnesses) are passed over.
// Refuses: notes without a good signature of the log, sizes and hashes that are none.
#include "attest/checkpoint.hh"

#include "support/base64.hh"
#include "support/error.hh"
#include "support/text.hh"

#include <optional>
#include <vector>

namespace pare::attest {

namespace {

constexpr std::string_view kDash = "\xe2\x80\x94 "; // an em dash and a space
constexpr std::size_t kHintSize = 4;
constexpr std::size_t kMaxSignatures = 32;

[[noreturn]] void refuse(const char* why) {
    throw Error(ErrorKind::refused, why);
}

/// Whether the line is a good signature of the text by the log.
bool is_signature(std::string_view line, std::string_view text, const TransparencyLog& log) {
    const std::size_t space = line.rfind(' ');
    if (!line.starts_with(kDash) || space < kDash.size()) {
        return false;
    }
    const std::optional<Bytes> bytes = from_base64(line.substr(space + 1));
    return bytes && bytes->size() > kHintSize &&
           BytesView(*bytes).substr(0, kHintSize) == BytesView(log.id).substr(0, kHintSize) &&
           log.key.verifies(text, BytesView(*bytes).substr(kHintSize));
}

} // namespace

Checkpoint read_checkpoint(std::string_view note, const TransparencyLog& log) {
    const std::size_t end = note.find("\n\n");
    if (end == note.npos) {
        refuse("the log's checkpoint is not a signed note");
    }
    const std::string_view text = note.substr(0, end + 1);
    const std::vector<std::string_view> signatures = split(note.substr(end + 2), '\n');
    bool is_signed = false;
    for (std::size_t i = 0; i < signatures.size() && i < kMaxSignatures; ++i) {
        is_signed = is_signed || is_signature(signatures[i], text, log);
    }
    if (!is_signed) {
        refuse("the log's checkpoint is not signed by the log");
    }
    const std::vector<std::string_view> lines = split(text, '\n');
    const auto size = lines.size() > 3 ? parse_number(lines[1]) : std::nullopt;
    const auto root = lines.size() > 3 ? from_base64(lines[2]) : std::nullopt;
    if (!size || *size > std::uint64_t{INT64_MAX} || !root) {
        refuse("the log's checkpoint has no size or no root");
    }
    return {
        .origin = std::string(lines[0]),
        .tree_size = static_cast<std::int64_t>(*size),
        .root_hash = *root};
}

} // namespace pare::attest
