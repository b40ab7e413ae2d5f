// SPDX-License-Identifier: Apache-2.0
// The manifest of a cut, as the store keeps it: little-endian numbers, texts and lists behind their
// 32-bit count, in the order of the members of Cut. Only pare of the same format version reads it
// (the version is part of the key), but damage on disk must not crash anything.
#include "cut/cut.hh"

#include <utility>

namespace pare::cut {

namespace {

constexpr std::string_view kMagic = "pare cut\n";

class Writer {
public:
    template <std::unsigned_integral Int>
    void number(Int value) {
        append_int(bytes_, value, Endian::little);
    }

    void text(std::string_view value) {
        number(static_cast<std::uint32_t>(value.size()));
        bytes_.append(value);
    }

    template <typename List, typename Each>
    void list(const List& values, Each each) {
        number(static_cast<std::uint32_t>(values.size()));
        for (const auto& value : values) {
            each(value);
        }
    }

    void texts(const std::vector<std::string>& values) {
        list(values, [this](const std::string& value) { text(value); });
    }

    void elf(const elf::Elf& elf) {
        number(static_cast<std::uint8_t>(elf.type));
        number(static_cast<std::uint8_t>(elf.is64 ? 1 : 0));
        number(static_cast<std::uint8_t>(elf.endian));
        number(elf.machine);
        number(elf.flags);
        number(static_cast<std::uint8_t>(elf.dynamic ? 1 : 0));
        text(elf.interpreter);
        text(elf.soname);
        texts(elf.needed);
        text(elf.rpath);
        text(elf.runpath);
        list(elf.version_needs, [this](const elf::VersionNeed& need) {
            text(need.library);
            texts(need.versions);
        });
        texts(elf.version_definitions);
    }

    void entry(const tree::Entry& entry) {
        text(entry.path.relative());
        number(static_cast<std::uint8_t>(entry.type));
        number(entry.mode);
        number(entry.uid);
        number(entry.gid);
        number(static_cast<std::uint64_t>(entry.mtime));
        number(entry.size);
        text(entry.link);
        list(entry.xattrs, [this](const auto& xattr) {
            text(xattr.first);
            text(xattr.second);
        });
    }

    void contents(const std::map<ImagePath, Bytes>& files) {
        list(files, [this](const auto& file) {
            text(file.first.relative());
            text(file.second);
        });
    }

    [[nodiscard]] Bytes take() { return std::move(bytes_); }

private:
    Bytes bytes_{kMagic};
};

class Reader {
public:
    explicit Reader(BytesView bytes) : reader_(bytes) {
        if (reader_.take(kMagic.size()) != kMagic) {
            throw Error(ErrorKind::refused, "this is no manifest of a cut");
        }
    }

    template <std::unsigned_integral Int>
    Int number() {
        return reader_.number<Int>();
    }

    std::string text() { return std::string(reader_.counted()); }

    /// Counts are not trusted: nothing is reserved, so a wrong one ends with the data.
    template <typename Each>
    void list(Each each) {
        for (auto left = number<std::uint32_t>(); left > 0; --left) {
            each();
        }
    }

    std::vector<std::string> texts() {
        std::vector<std::string> values;
        list([&] { values.push_back(text()); });
        return values;
    }

    elf::Elf elf() {
        elf::Elf elf;
        elf.type = choice<elf::FileType>(3);
        elf.is64 = number<std::uint8_t>() != 0;
        elf.endian = choice<Endian>(2);
        elf.machine = number<std::uint16_t>();
        elf.flags = number<std::uint32_t>();
        elf.dynamic = number<std::uint8_t>() != 0;
        elf.interpreter = text();
        elf.soname = text();
        elf.needed = texts();
        elf.rpath = text();
        elf.runpath = text();
        list([&] {
            std::string library = text();
            elf.version_needs.push_back({std::move(library), texts()});
        });
        elf.version_definitions = texts();
        return elf;
    }

    tree::Entry entry() {
        tree::Entry entry;
        entry.path = ImagePath::parse(text());
        entry.type = choice<tree::EntryType>(4);
        entry.mode = number<std::uint32_t>();
        entry.uid = number<std::uint32_t>();
        entry.gid = number<std::uint32_t>();
        entry.mtime = static_cast<std::int64_t>(number<std::uint64_t>());
        entry.size = number<std::uint64_t>();
        entry.link = text();
        list([&] {
            std::string name = text();
            entry.xattrs.emplace(std::move(name), text());
        });
        return entry;
    }

    std::map<ImagePath, Bytes> contents() {
        std::map<ImagePath, Bytes> files;
        list([&] {
            ImagePath path = ImagePath::parse(text());
            files.emplace(std::move(path), text());
        });
        return files;
    }

    void expect_end() const {
        if (!reader_.at_end()) {
            throw Error(ErrorKind::refused, "a manifest of a cut has bytes after its end");
        }
    }

private:
    template <typename Enum>
    Enum choice(std::uint8_t count) {
        const auto value = number<std::uint8_t>();
        if (value >= count) {
            throw Error(ErrorKind::refused, "a manifest of a cut holds an unknown kind");
        }
        return static_cast<Enum>(value);
    }

    ByteReader reader_;
};

} // namespace

Bytes write_manifest(const Cut& cut) {
    Writer writer;
    writer.text(cut.package);
    writer.text(cut.version);
    writer.text(cut.architecture);
    writer.text(cut.source);
    writer.number(static_cast<std::uint64_t>(cut.date));
    writer.texts(cut.scripts);
    writer.texts(cut.replaces);
    writer.list(cut.items, [&](const Item& item) {
        writer.entry(item.entry);
        writer.number(item.offset);
        writer.number(static_cast<std::uint8_t>(item.elf ? 1 : 0));
        if (item.elf) {
            writer.elf(*item.elf);
        }
    });
    writer.contents(cut.kept);
    writer.contents(cut.aside);
    writer.texts(cut.unmatched);
    writer.texts(cut.left_out);
    writer.number(cut.part_size);
    return writer.take();
}

Cut parse_manifest(BytesView bytes) {
    Reader reader(bytes);
    Cut cut;
    cut.package = reader.text();
    cut.version = reader.text();
    cut.architecture = reader.text();
    cut.source = reader.text();
    cut.date = static_cast<std::int64_t>(reader.number<std::uint64_t>());
    cut.scripts = reader.texts();
    cut.replaces = reader.texts();
    reader.list([&] {
        Item item;
        item.entry = reader.entry();
        item.offset = reader.number<std::uint64_t>();
        if (reader.number<std::uint8_t>() != 0) {
            item.elf = reader.elf();
        }
        cut.items.push_back(std::move(item));
    });
    cut.kept = reader.contents();
    cut.aside = reader.contents();
    cut.unmatched = reader.texts();
    cut.left_out = reader.texts();
    cut.part_size = reader.number<std::uint64_t>();
    reader.expect_end();
    return cut;
}

} // namespace pare::cut
