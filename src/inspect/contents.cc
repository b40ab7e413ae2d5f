// SPDX-License-Identifier: Apache-2.0
// Packages are told by dpkg's status file (Debian policy 5.3), or, in images without dpkg, by one
// such paragraph a file in status.d with the package's md5sums beside it, as Google's distroless
// images began it and scanners read it.
#include "inspect/contents.hh"

#include "deb/control.hh"
#include "support/text.hh"
#include "tree/tar_entry.hh"

#include <utility>

namespace pare::inspect {

namespace {

constexpr std::string_view kSums = ".md5sums";

const ImagePath& status_directory() {
    static const ImagePath path = ImagePath::parse("var/lib/dpkg/status.d");
    return path;
}

const ImagePath& status_file() {
    static const ImagePath path = ImagePath::parse("var/lib/dpkg/status");
    return path;
}

std::vector<ImagePath> files_of(const Bytes& sums) {
    std::vector<ImagePath> files;
    for (const std::string_view line : split(sums, '\n')) {
        if (const std::size_t gap = line.find("  "); gap != std::string_view::npos) {
            files.push_back(ImagePath::parse(line.substr(gap + 2)));
        }
    }
    return files;
}

void add_packages(
    std::vector<DeclaredPackage>& packages, const Filesystem& filesystem, const ImagePath& path,
    const Bytes& text) {
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
            .source = std::string(source.empty() ? paragraph.value("Package") : source.front())};
        const Entry* sums =
            filesystem.find(path.parent() / (std::string(path.name()) + std::string(kSums)));
        if (sums != nullptr && sums->contents) {
            package.files = files_of(*sums->contents);
        }
        packages.push_back(std::move(package));
    }
}

std::map<ImagePath, tree::Entry> tree_entries(const Filesystem& filesystem) {
    std::map<ImagePath, tree::Entry> entries;
    for (const auto& [path, placed] : filesystem.entries()) {
        const Entry& entry = *placed.entry;
        const auto type = tree::entry_type_of(entry.type);
        if (!type) {
            continue; // a device node: nothing that pare adds can stand below it
        }
        entries.emplace(
            path, tree::Entry{
                      .path = path,
                      .type = *type,
                      .mode = entry.mode,
                      .uid = static_cast<std::uint32_t>(entry.uid),
                      .gid = static_cast<std::uint32_t>(entry.gid),
                      .mtime = entry.mtime,
                      .size = *type == tree::EntryType::file ? entry.size : 0,
                      .link = entry.link,
                      .xattrs = entry.xattrs});
    }
    return entries;
}

} // namespace

bool declares_packages(const ImagePath& path) {
    return path == status_file() || path.is_within(status_directory());
}

std::vector<DeclaredPackage> declared_packages(const Filesystem& filesystem) {
    std::vector<DeclaredPackage> packages;
    for (const auto& [path, placed] : filesystem.entries()) {
        if (placed.entry->contents && declares_packages(path) && !path.name().ends_with(kSums)) {
            add_packages(packages, filesystem, path, *placed.entry->contents);
        }
    }
    return packages;
}

ImageContents
read_contents(const oci::ImageReader& reader, const oci::Image& image, ElfFiles elf_files) {
    const Look look{.contents = elf_files == ElfFiles::read, .keeps = declares_packages};
    Filesystem filesystem;
    for (const oci::Layer& layer : image.layers) {
        const auto tar = reader.open_layer(layer);
        filesystem.lay(
            std::make_shared<const Layer>(read_layer(*tar, layer.descriptor.digest, look)));
    }
    ImageContents contents{tree_entries(filesystem), declared_packages(filesystem)};
    for (const auto& [path, placed] : filesystem.entries()) {
        if (placed.entry->elf) {
            contents.elf_files.emplace(path, placed.entry->elf);
        }
    }
    return contents;
}

} // namespace pare::inspect
