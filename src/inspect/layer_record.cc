// SPDX-License-Identifier: Apache-2.0
// A record is the SHA-256 of what follows, and a zstd frame: entries, whiteouts, opaque
// directories, each list behind its 64-bit length, texts behind their 32-bit length, numbers in
// little endian. Absent values are a zero byte. Whoever finds another sum reads the layer again, so
// that nothing below has to be believed of a damaged disk.
#include "inspect/layer_record.hh"

#include "archive/codec.hh"
#include "support/digest.hh"

#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace pare::inspect {

namespace {

constexpr std::size_t kSum = 32;
constexpr std::size_t kLargest = std::size_t{2} << 30;

class Writer {
public:
    void number(std::uint64_t value) { append_int(bytes_, value, Endian::little); }

    void text(BytesView text) {
        append_int(bytes_, static_cast<std::uint32_t>(text.size()), Endian::little);
        bytes_ += text;
    }

    void flag(bool value) { bytes_.push_back(value ? '\1' : '\0'); }

    void texts(const std::vector<std::string>& all) {
        number(all.size());
        for (const std::string& each : all) {
            text(each);
        }
    }

    void paths(const std::set<ImagePath>& all) {
        number(all.size());
        for (const ImagePath& path : all) {
            text(path.relative());
        }
    }

    void elf(const elf::Elf& elf) {
        number(static_cast<std::uint64_t>(elf.type));
        flag(elf.is64);
        flag(elf.endian == Endian::big);
        number(elf.machine);
        number(elf.flags);
        flag(elf.dynamic);
        for (const std::string* one : {&elf.interpreter, &elf.soname, &elf.rpath, &elf.runpath}) {
            text(*one);
        }
        texts(elf.needed);
        texts(elf.version_definitions);
        number(elf.version_needs.size());
        for (const elf::VersionNeed& need : elf.version_needs) {
            text(need.library);
            texts(need.versions);
        }
    }

    void entry(const Entry& entry) {
        number(static_cast<std::uint64_t>(entry.type));
        for (const std::uint64_t value :
             {std::uint64_t{entry.mode}, entry.uid, entry.gid,
              static_cast<std::uint64_t>(entry.mtime), entry.size,
              std::uint64_t{entry.device_major}, std::uint64_t{entry.device_minor}}) {
            number(value);
        }
        for (const std::string* one : {&entry.link, &entry.sha256, &entry.sha1, &entry.script}) {
            text(*one);
        }
        number(entry.xattrs.size());
        for (const auto& [key, value] : entry.xattrs) {
            text(key);
            text(value);
        }
        flag(entry.elf != nullptr);
        if (entry.elf) {
            elf(*entry.elf);
        }
        flag(entry.go != nullptr);
        if (entry.go) {
            text(entry.go->version);
            text(entry.go->modules);
        }
        flag(entry.contents != nullptr);
        if (entry.contents) {
            text(*entry.contents);
        }
    }

    [[nodiscard]] const Bytes& bytes() const { return bytes_; }

private:
    Bytes bytes_;
};

class Reader {
public:
    explicit Reader(BytesView bytes) : reader_(bytes) {}

    std::uint64_t number() { return reader_.number<std::uint64_t>(); }

    template <typename Number>
    Number small() {
        return static_cast<Number>(number());
    }

    std::string text() { return std::string(reader_.counted()); }

    bool flag() { return reader_.take(1).front() != '\0'; }

    std::vector<std::string> texts() {
        std::vector<std::string> all;
        for (std::uint64_t left = number(); left > 0; --left) {
            all.push_back(text());
        }
        return all;
    }

    std::set<ImagePath> paths() {
        std::set<ImagePath> all;
        for (std::uint64_t left = number(); left > 0; --left) {
            all.insert(ImagePath::parse(reader_.counted()));
        }
        return all;
    }

    elf::Elf elf() {
        elf::Elf elf;
        elf.type = small<elf::FileType>();
        elf.is64 = flag();
        elf.endian = flag() ? Endian::big : Endian::little;
        elf.machine = small<std::uint16_t>();
        elf.flags = small<std::uint32_t>();
        elf.dynamic = flag();
        for (std::string* one : {&elf.interpreter, &elf.soname, &elf.rpath, &elf.runpath}) {
            *one = text();
        }
        elf.needed = texts();
        elf.version_definitions = texts();
        for (std::uint64_t left = number(); left > 0; --left) {
            std::string library = text();
            elf.version_needs.push_back({std::move(library), texts()});
        }
        return elf;
    }

    Entry entry() {
        Entry entry;
        entry.type = small<archive::TarType>();
        entry.mode = small<std::uint32_t>();
        entry.uid = number();
        entry.gid = number();
        entry.mtime = small<std::int64_t>();
        entry.size = number();
        entry.device_major = small<std::uint32_t>();
        entry.device_minor = small<std::uint32_t>();
        for (std::string* one : {&entry.link, &entry.sha256, &entry.sha1, &entry.script}) {
            *one = text();
        }
        for (std::uint64_t left = number(); left > 0; --left) {
            std::string key = text();
            entry.xattrs.emplace(std::move(key), text());
        }
        if (flag()) {
            entry.elf = std::make_shared<const elf::Elf>(elf());
        }
        if (flag()) {
            elf::GoBuildInfo info{.version = text()};
            info.modules = text();
            entry.go = std::make_shared<const elf::GoBuildInfo>(std::move(info));
        }
        if (flag()) {
            entry.contents = std::make_shared<const Bytes>(text());
        }
        return entry;
    }

    Layer layer() {
        Layer layer;
        for (std::uint64_t left = number(); left > 0; --left) {
            ImagePath path = ImagePath::parse(reader_.counted());
            layer.entries.emplace_hint(layer.entries.end(), std::move(path), entry());
        }
        layer.whiteouts = paths();
        layer.opaque = paths();
        return layer;
    }

private:
    ByteReader reader_;
};

} // namespace

Bytes write_layer_record(const Layer& layer) {
    Writer writer;
    writer.number(layer.entries.size());
    for (const auto& [path, entry] : layer.entries) {
        writer.text(path.relative());
        writer.entry(entry);
    }
    writer.paths(layer.whiteouts);
    writer.paths(layer.opaque);
    const Bytes packed =
        archive::compress(writer.bytes(), {.codec = archive::Codec::zstd, .level = 1});
    return hash_bytes(packed) + packed;
}

std::optional<Layer> read_layer_record(BytesView record) {
    if (record.size() < kSum || hash_bytes(record.substr(kSum)) != record.substr(0, kSum)) {
        return std::nullopt;
    }
    ViewSource packed(record.substr(kSum));
    const auto plain =
        archive::decompress(packed, archive::Codec::zstd, {}, "a layer in the store");
    return Reader(read_all(*plain, kLargest)).layer();
}

} // namespace pare::inspect
