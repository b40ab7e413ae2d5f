// SPDX-License-Identifier: Apache-2.0
#include "cli/image_words.hh"

#include <fmt/core.h>

namespace pare::cli {

namespace {

char type_letter(archive::TarType type) {
    switch (type) {
    case archive::TarType::directory:
        return 'd';
    case archive::TarType::symlink:
        return 'l';
    case archive::TarType::character_device:
        return 'c';
    case archive::TarType::block_device:
        return 'b';
    case archive::TarType::fifo:
        return 'p';
    case archive::TarType::file:
    case archive::TarType::hard_link:
        break;
    }
    return '-';
}

} // namespace

std::string mode_text(char type, std::uint32_t mode) {
    std::string text(1, type);
    constexpr std::string_view kBits = "rwxrwxrwx";
    for (std::size_t i = 0; i < kBits.size(); ++i) {
        text += (mode >> (kBits.size() - 1 - i) & 1U) != 0 ? kBits[i] : '-';
    }
    const auto mark = [&](std::uint32_t bit, std::size_t at, char with, char without) {
        if ((mode & bit) != 0) {
            text[at] = text[at] == 'x' ? with : without;
        }
    };
    mark(04000, 3, 's', 'S');
    mark(02000, 6, 's', 'S');
    mark(01000, 9, 't', 'T');
    return text;
}

std::string mode_text(const inspect::Entry& entry) {
    return mode_text(type_letter(entry.type), entry.mode);
}

std::string_view type_name(archive::TarType type) {
    switch (type) {
    case archive::TarType::file:
        return "file";
    case archive::TarType::hard_link:
        return "hard_link";
    case archive::TarType::symlink:
        return "symlink";
    case archive::TarType::character_device:
        return "character_device";
    case archive::TarType::block_device:
        return "block_device";
    case archive::TarType::directory:
        return "directory";
    case archive::TarType::fifo:
        return "fifo";
    }
    return "";
}

std::string path_text(const ImagePath& path, const inspect::Entry& entry) {
    std::string text = path.absolute();
    if (entry.is_symlink()) {
        text += " -> " + entry.link;
    } else if (entry.type == archive::TarType::hard_link) {
        text += " == /" + entry.link;
    }
    return text;
}

std::string_view ecosystem_name(sbom::Ecosystem ecosystem) {
    switch (ecosystem) {
    case sbom::Ecosystem::deb:
        return "deb";
    case sbom::Ecosystem::apk:
        return "apk";
    case sbom::Ecosystem::python:
        return "python";
    case sbom::Ecosystem::node:
        return "node";
    case sbom::Ecosystem::go:
        return "go";
    case sbom::Ecosystem::java:
        return "java";
    case sbom::Ecosystem::archive:
        return "archive";
    }
    return "";
}

std::string package_words(const sbom::Package& package) {
    return package.version.empty() ? package.name
                                   : fmt::format("{} {}", package.name, package.version);
}

} // namespace pare::cli
