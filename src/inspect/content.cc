// SPDX-License-Identifier: Apache-2.0
// The headers of an ELF file point anywhere into it, as the directory of a zip archive does, so
// that it has to be there as a whole; a few hundred megabytes are not kept in memory for that.
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
constexpr std::uint64_t kLargest = std::uint64_t{4} << 30;
/// As binfmt_script of Linux.
constexpr std::size_t kLongestScriptLine = 255;

void copy(Source& source, std::uint64_t size, Sink& sink) {
    std::vector<char> piece(std::min(size, kPiece));
    while (size > 0) {
        const std::size_t count = std::min<std::uint64_t>(size, piece.size());
        read_exactly(source, piece.data(), count);
        sink.write({piece.data(), count});
        size -= count;
    }
}

/// The beginning of a file, and then what follows; all of it is hashed.
class HeadedSource final : public Source {
public:
    HeadedSource(BytesView head, Source& rest, Hasher& hasher)
        : head_(head), rest_(rest), hasher_(hasher) {}

    std::size_t read(char* buffer, std::size_t size) override {
        if (head_.empty()) {
            const std::size_t count = rest_.read(buffer, size);
            hasher_.write({buffer, count});
            return count;
        }
        const std::size_t count = std::min(size, head_.size());
        std::copy_n(head_.data(), count, buffer);
        hasher_.write(head_.substr(0, count));
        head_.remove_prefix(count);
        return count;
    }

private:
    BytesView head_;
    Source& rest_;
    Hasher& hasher_;
};

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

std::string script_of(BytesView head) {
    if (!head.starts_with("#!")) {
        return "";
    }
    const BytesView line = head.substr(2, std::min(head.find('\n'), kLongestScriptLine) - 2);
    return std::string(trim(line));
}

} // namespace

void read_whole(
    Source& source, std::uint64_t size, const std::string& name,
    const std::function<void(BytesView)>& take) {
    if (size > kLargest) {
        throw Error(ErrorKind::refused, fmt::format("{} has {} bytes", name, size));
    }
    if (size <= kMostInMemory) {
        BytesSink whole;
        copy(source, size, whole);
        take(whole.bytes());
        return;
    }
    const TemporaryDirectory directory;
    const std::filesystem::path path = directory.path() / "file";
    AtomicFile file(path);
    copy(source, size, file);
    file.commit(0600);
    const MappedFile whole(path);
    take(whole.bytes());
}

Content read_content(Source& source, std::uint64_t size, const std::string& name, bool go) {
    Content content;
    Hasher hasher;
    Bytes head(static_cast<std::size_t>(std::min(size, kHead)), '\0');
    read_exactly(source, head.data(), head.size());
    HeadedSource file(head, source, hasher);
    if (elf::looks_like_elf(head)) {
        read_whole(file, size, name, [&](BytesView whole) {
            content.elf = parse(whole, name);
            auto info = go ? elf::find_go_build_info(whole) : std::nullopt;
            content.go =
                info ? std::make_shared<const elf::GoBuildInfo>(*std::move(info)) : nullptr;
        });
    } else {
        content.script = script_of(head);
        FunctionSink nowhere([](BytesView) {});
        copy(file, size, nowhere);
    }
    content.sha256 = hasher.hex();
    return content;
}

} // namespace pare::inspect
