// SPDX-License-Identifier: Apache-2.0
// The headers of an ELF file point anywhere into it, so that it has to be there as a whole; a
// program of a few hundred megabytes is not kept in memory for that.
#include "inspect/content.hh"

#include "support/digest.hh"
#include "support/files.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <vector>

namespace pare::inspect {

namespace {

constexpr std::uint64_t kHead = 4096;
constexpr std::uint64_t kPiece = std::uint64_t{256} << 10;
constexpr std::uint64_t kMostInMemory = std::uint64_t{32} << 20;
constexpr std::uint64_t kLargestElf = std::uint64_t{4} << 30;
/// As binfmt_script of Linux.
constexpr std::size_t kLongestScriptLine = 255;

void copy(Source& source, std::uint64_t size, Hasher& hasher, Sink* sink) {
    std::vector<char> piece(std::min(size, kPiece));
    while (size > 0) {
        const std::size_t count = std::min<std::uint64_t>(size, piece.size());
        read_exactly(source, piece.data(), count);
        hasher.write({piece.data(), count});
        if (sink != nullptr) {
            sink->write({piece.data(), count});
        }
        size -= count;
    }
}

/// The loader refuses a damaged file, so nobody can need what it says.
std::shared_ptr<const elf::Elf> parse(BytesView bytes, const std::string& name) {
    try {
        if (auto elf = elf::parse_elf(bytes, name)) {
            return std::make_shared<const elf::Elf>(*std::move(elf));
        }
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::refused) {
            throw;
        }
    }
    return nullptr;
}

/// Hands the whole of an ELF file to `take`.
void read_elf(
    const Bytes& head, Source& source, std::uint64_t size, Hasher& hasher, const std::string& name,
    const std::function<void(BytesView)>& take) {
    if (size > kLargestElf) {
        throw Error(ErrorKind::refused, fmt::format("{} is an ELF file of {} bytes", name, size));
    }
    const std::uint64_t rest = size - head.size();
    if (size <= kMostInMemory) {
        BytesSink whole;
        whole.write(head);
        copy(source, rest, hasher, &whole);
        take(whole.bytes());
        return;
    }
    const TemporaryDirectory directory;
    const std::filesystem::path path = directory.path() / "program";
    AtomicFile file(path);
    file.write(head);
    copy(source, rest, hasher, &file);
    file.commit(0600);
    const MappedFile whole(path);
    take(whole.bytes());
}

std::string script_of(BytesView head) {
    if (!head.starts_with("#!")) {
        return "";
    }
    const BytesView line = head.substr(2, std::min(head.find('\n'), kLongestScriptLine) - 2);
    return std::string(trim(line));
}

} // namespace

Content read_content(Source& source, std::uint64_t size, const std::string& name, bool go) {
    Content content;
    Hasher hasher;
    Bytes head(static_cast<std::size_t>(std::min(size, kHead)), '\0');
    read_exactly(source, head.data(), head.size());
    hasher.write(head);
    if (elf::looks_like_elf(head)) {
        read_elf(head, source, size, hasher, name, [&](BytesView whole) {
            content.elf = parse(whole, name);
            auto info = go ? elf::find_go_build_info(whole) : std::nullopt;
            content.go =
                info ? std::make_shared<const elf::GoBuildInfo>(*std::move(info)) : nullptr;
        });
    } else {
        content.script = script_of(head);
        copy(source, size - head.size(), hasher, nullptr);
    }
    content.sha256 = hasher.hex();
    return content;
}

} // namespace pare::inspect
