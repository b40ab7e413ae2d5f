// SPDX-License-Identifier: Apache-2.0
// OCI image specification, layer.md: a tar archive in which `.wh.NAME` says that NAME of a lower
// layer is gone and `.wh..wh..opq` that nothing of a directory in lower layers is seen. Other names
// that begin with `.wh..wh.` are AUFS's own and mean nothing here. Refused: see the header, and a
// whiteout of nothing.
#include "inspect/layer.hh"

#include "inspect/content.hh"
#include "support/digest.hh"

#include <fmt/core.h>

#include <optional>
#include <utility>

namespace pare::inspect {

namespace {

constexpr std::string_view kWhiteout = ".wh.";
constexpr std::string_view kMeta = ".wh..wh.";
constexpr std::string_view kOpaque = ".wh..wh..opq";
constexpr std::uint64_t kMostKept = std::uint64_t{512} << 20;
constexpr std::uint64_t kLargestKept = std::uint64_t{64} << 20;

/// Hashes what is read through it, if it is to.
class HashingSource final : public Source {
public:
    HashingSource(Source& source, bool hashes) : source_(source) {
        if (hashes) {
            hasher_.emplace(HashAlgorithm::sha1);
        }
    }

    std::size_t read(char* buffer, std::size_t size) override {
        const std::size_t count = source_.read(buffer, size);
        if (hasher_) {
            hasher_->write({buffer, count});
        }
        return count;
    }

    /// Of everything that was read; empty when nothing was to be hashed.
    [[nodiscard]] std::string hex() { return hasher_ ? hasher_->hex() : ""; }

private:
    Source& source_;
    std::optional<Hasher> hasher_{};
};

class LayerReader {
public:
    LayerReader(Source& tar, const std::string& name, const Look& look)
        : tar_(tar, {}, name), name_(name), look_(look) {}

    Layer run() {
        while (const archive::TarHeader* header = tar_.next()) {
            const ImagePath path = ImagePath::parse(header->name);
            if (path.name().starts_with(kWhiteout)) {
                add_whiteout(path);
            } else if (!path.is_root()) {
                add_entry(path, *header);
            }
        }
        return std::move(layer_);
    }

private:
    void add_whiteout(const ImagePath& path) {
        const std::string_view name = path.name();
        if (name == kOpaque) {
            layer_.opaque.insert(path.parent());
        } else if (name == kWhiteout) {
            throw Error(
                ErrorKind::refused, fmt::format("{}: {} hides nothing", name_, path.absolute()));
        } else if (!name.starts_with(kMeta)) {
            layer_.whiteouts.insert(path.parent() / name.substr(kWhiteout.size()));
        }
    }

    void add_entry(const ImagePath& path, const archive::TarHeader& header) {
        Entry entry{
            .type = header.type,
            .mode = header.mode & 07777,
            .uid = header.uid,
            .gid = header.gid,
            .mtime = header.mtime,
            .size = header.type == archive::TarType::file ? header.size : 0,
            .link = header.link,
            .device_major = header.device_major,
            .device_minor = header.device_minor,
            .xattrs = header.xattrs};
        if (header.type == archive::TarType::hard_link) {
            const ImagePath target = ImagePath::parse(header.link);
            entry.link = target.relative();
            take_over(entry, target);
        } else if (header.type == archive::TarType::file) {
            look_into(entry, path);
        }
        count(path, entry);
        layer_.entries.insert_or_assign(path, std::move(entry));
    }

    void take_over(Entry& entry, const ImagePath& target) const {
        const auto found = layer_.entries.find(target);
        if (found != layer_.entries.end() && found->second.is_file()) {
            const Entry& file = found->second;
            entry.size = file.size;
            entry.sha256 = file.sha256;
            entry.sha1 = file.sha1;
            entry.elf = file.elf;
            entry.go = file.go;
            entry.script = file.script;
            entry.contents = file.contents;
        }
    }

    void look_into(Entry& entry, const ImagePath& path) {
        const std::string name = fmt::format("{}: {}", name_, path.absolute());
        if (look_.extract.wants && look_.extract.wants(path)) {
            read_whole(tar_.content(), entry.size, name, [&](BytesView whole) {
                entry.contents = std::make_shared<const Bytes>(look_.extract.make(whole));
                ViewSource source(whole);
                describe(entry, source, name);
            });
        } else if (look_.keeps && look_.keeps(path)) {
            entry.contents = std::make_shared<const Bytes>(read_all(tar_.content(), kLargestKept));
            ViewSource source(*entry.contents);
            describe(entry, source, name);
        } else {
            describe(entry, tar_.content(), name);
        }
    }

    void describe(Entry& entry, Source& source, const std::string& name) const {
        if (!look_.contents) {
            return;
        }
        HashingSource hashing(source, look_.sha1);
        Content content = read_content(hashing, entry.size, name, look_.go);
        entry.sha1 = hashing.hex();
        entry.sha256 = std::move(content.sha256);
        entry.elf = std::move(content.elf);
        entry.script = std::move(content.script);
        entry.go = std::move(content.go);
    }

    /// Memory is bounded by what is kept of the entries; their number the tar reader bounds.
    void count(const ImagePath& path, const Entry& entry) {
        kept_ += path.relative().size() + entry.link.size();
        for (const auto& [key, value] : entry.xattrs) {
            kept_ += key.size() + value.size();
        }
        if (entry.contents && entry.type == archive::TarType::file) {
            kept_ += entry.contents->size();
        }
        if (kept_ > kMostKept) {
            throw Error(
                ErrorKind::refused,
                fmt::format("{} has more than 512 MiB of names and attributes", name_));
        }
    }

    archive::TarReader tar_;
    const std::string& name_;
    const Look& look_;
    Layer layer_{};
    std::uint64_t kept_ = 0;
};

} // namespace

Layer read_layer(Source& tar, const std::string& name, const Look& look) {
    return LayerReader(tar, name, look).run();
}

} // namespace pare::inspect
