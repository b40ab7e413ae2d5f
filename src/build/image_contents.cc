// SPDX-License-Identifier: Apache-2.0
#include "build/image_contents.hh"

#include "archive/tar.hh"
#include "deb/control.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace pare::build {

namespace {

constexpr std::string_view kWhiteout = ".wh.";
constexpr std::string_view kOpaque = ".wh..wh..opq";
constexpr std::uint64_t kLargestStatus = 64U << 20;

const ImagePath& status_directory() {
    static const ImagePath path = ImagePath::parse("var/lib/dpkg/status.d");
    return path;
}

const ImagePath& status_file() {
    static const ImagePath path = ImagePath::parse("var/lib/dpkg/status");
    return path;
}

std::optional<tree::EntryType> entry_type(archive::TarType type) {
    switch (type) {
    case archive::TarType::file:
        return tree::EntryType::file;
    case archive::TarType::hard_link:
        return tree::EntryType::hard_link;
    case archive::TarType::symlink:
        return tree::EntryType::symlink;
    case archive::TarType::directory:
        return tree::EntryType::directory;
    case archive::TarType::character_device:
    case archive::TarType::block_device:
    case archive::TarType::fifo:
        break;
    }
    return std::nullopt;
}

class ContentsReader {
public:
    void add_layer(Source& tar, const std::string& name) {
        // Whiteouts hide what lower layers brought, never what this layer brings itself.
        const std::map<ImagePath, tree::Entry> lower = entries_;
        archive::TarReader reader(tar, {}, name);
        while (const archive::TarHeader* header = reader.next()) {
            const ImagePath path = ImagePath::parse(header->name);
            if (path.name() == kOpaque) {
                hide(path.parent(), lower, Keep::directory);
            } else if (path.name().starts_with(kWhiteout)) {
                const std::string_view hidden = path.name().substr(kWhiteout.size());
                hide(path.parent() / hidden, lower, Keep::nothing);
            } else if (!path.is_root()) {
                add_entry(path, *header, reader.content());
            }
        }
    }

    ImageContents take() {
        ImageContents contents{.entries = std::move(entries_)};
        for (const auto& [path, text] : texts_) {
            if (contents.entries.contains(path) && !path.name().ends_with(".md5sums")) {
                add_packages(contents, path, text);
            }
        }
        return contents;
    }

private:
    enum class Keep { directory, nothing };

    void hide(const ImagePath& path, const std::map<ImagePath, tree::Entry>& lower, Keep keep) {
        for (auto entry = lower.lower_bound(path);
             entry != lower.end() && entry->first.is_within(path); ++entry) {
            const auto now = entries_.find(entry->first);
            const bool is_top = entry->first == path;
            if (now != entries_.end() && now->second == entry->second &&
                !(is_top && keep == Keep::directory)) {
                entries_.erase(now);
            }
        }
    }

    void add_entry(const ImagePath& path, const archive::TarHeader& header, Source& content) {
        const auto type = entry_type(header.type);
        if (!type) {
            return; // a device node: nothing that pare adds can stand below it
        }
        entries_.insert_or_assign(
            path, tree::Entry{
                      .path = path,
                      .type = *type,
                      .mode = header.mode & 07777,
                      .uid = static_cast<std::uint32_t>(header.uid),
                      .gid = static_cast<std::uint32_t>(header.gid),
                      .mtime = header.mtime,
                      .size = header.size,
                      .link = *type == tree::EntryType::hard_link
                                  ? ImagePath::parse(header.link).relative()
                                  : header.link,
                      .xattrs = header.xattrs});
        if (path == status_file() || path.is_within(status_directory())) {
            texts_.insert_or_assign(path, read_all(content, kLargestStatus));
        }
    }

    void add_packages(ImageContents& contents, const ImagePath& path, const Bytes& text) const {
        for (const deb::Paragraph& paragraph : deb::parse_control(text, path.absolute())) {
            const std::string_view status = paragraph.value("Status");
            if (!status.empty() && !status.ends_with(" installed")) {
                continue;
            }
            const auto source = split_words(paragraph.value("Source"));
            DeclaredPackage package{
                .name = std::string(paragraph.value("Package")),
                .version = std::string(paragraph.value("Version")),
                .architecture = std::string(paragraph.value("Architecture")),
                .source =
                    std::string(source.empty() ? paragraph.value("Package") : source.front())};
            const auto sums = texts_.find(path.parent() / (std::string(path.name()) + ".md5sums"));
            if (sums != texts_.end()) {
                add_files(package, sums->second);
            }
            contents.packages.push_back(std::move(package));
        }
    }

    static void add_files(DeclaredPackage& package, const Bytes& sums) {
        for (const std::string_view line : split(sums, '\n')) {
            if (const std::size_t gap = line.find("  "); gap != std::string_view::npos) {
                package.files.push_back(ImagePath::parse(line.substr(gap + 2)));
            }
        }
    }

    std::map<ImagePath, tree::Entry> entries_;
    std::map<ImagePath, Bytes> texts_;
};

} // namespace

ImageContents read_contents(const oci::ImageReader& reader, const oci::Image& image) {
    ContentsReader contents;
    for (const oci::Layer& layer : image.layers) {
        const auto tar = reader.open_layer(layer);
        contents.add_layer(*tar, layer.descriptor.digest);
    }
    return contents.take();
}

} // namespace pare::build
