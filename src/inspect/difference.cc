// SPDX-License-Identifier: Apache-2.0
#include "inspect/difference.hh"

#include <fmt/core.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace pare::inspect {

namespace {

std::string_view type_name(archive::TarType type) {
    switch (type) {
    case archive::TarType::file:
        return "file";
    case archive::TarType::hard_link:
        return "hard link";
    case archive::TarType::symlink:
        return "symlink";
    case archive::TarType::character_device:
        return "character device";
    case archive::TarType::block_device:
        return "block device";
    case archive::TarType::directory:
        return "directory";
    case archive::TarType::fifo:
        return "fifo";
    }
    return "";
}

/// Collects what differs between two entries.
class Fields {
public:
    void add(const char* what, const std::string& left, const std::string& right) {
        if (left != right) {
            fields_.push_back({what, left, right});
        }
    }

    void add(const char* what, bool same) {
        if (!same) {
            fields_.push_back({.what = what});
        }
    }

    std::vector<Differing> take() { return std::move(fields_); }

private:
    std::vector<Differing> fields_;
};

std::vector<Differing> compare_entries(const Entry& left, const Entry& right) {
    Fields fields;
    fields.add("type", std::string(type_name(left.type)), std::string(type_name(right.type)));
    fields.add("content", left.sha256 == right.sha256);
    fields.add("size", std::to_string(left.size), std::to_string(right.size));
    fields.add("link", left.link, right.link);
    fields.add("mode", fmt::format("{:04o}", left.mode), fmt::format("{:04o}", right.mode));
    fields.add(
        "owner", fmt::format("{}:{}", left.uid, left.gid),
        fmt::format("{}:{}", right.uid, right.gid));
    fields.add("mtime", std::to_string(left.mtime), std::to_string(right.mtime));
    fields.add(
        "device", fmt::format("{}:{}", left.device_major, left.device_minor),
        fmt::format("{}:{}", right.device_major, right.device_minor));
    fields.add("attributes", left.xattrs == right.xattrs);
    return fields.take();
}

/// A hard link as the file that it is one more name of.
Entry content_of(const Filesystem& files, const Entry& entry) {
    if (entry.type != archive::TarType::hard_link) {
        return entry;
    }
    Entry file = entry;
    const Entry* target = entry.sha256.empty() ? files.find(ImagePath::parse(entry.link)) : nullptr;
    if (target != nullptr) {
        file.size = target->size;
        file.sha256 = target->sha256;
    }
    file.type = archive::TarType::file;
    file.link.clear();
    return file;
}

/// What a layer says of a path: an entry, or that it hides something.
struct Said {
    const Entry* entry = nullptr;
    bool whiteout = false;
    bool opaque = false;
};

std::map<ImagePath, Said> said_by(const Layer& layer) {
    std::map<ImagePath, Said> all;
    for (const auto& [path, entry] : layer.entries) {
        all[path].entry = &entry;
    }
    for (const ImagePath& path : layer.whiteouts) {
        all[path].whiteout = true;
    }
    for (const ImagePath& path : layer.opaque) {
        all[path].opaque = true;
    }
    return all;
}

/// The headers of two tars, side by side.
std::vector<PathDifference>
compare_headers(const OpenTar& left, const OpenTar& right, const std::string& name) {
    const auto left_tar = left();
    const auto right_tar = right();
    archive::TarReader ours(*left_tar, {}, name);
    archive::TarReader theirs(*right_tar, {}, name);
    while (true) {
        const archive::TarHeader* one = ours.next();
        const archive::TarHeader* other = theirs.next();
        if (one == nullptr || other == nullptr) {
            break;
        }
        if (one->name != other->name) {
            return {
                {.path = ImagePath::parse(one->name).absolute(),
                 .differing = {{"order", one->name, other->name}}}};
        }
        if (*one != *other) {
            return {
                {.path = ImagePath::parse(one->name).absolute(),
                 .differing = {{.what = "header"}}}};
        }
    }
    return {{.differing = {{.what = "bytes between the members"}}}};
}

} // namespace

std::vector<PathDifference> compare_layers(const Layer& left, const Layer& right) {
    std::map<ImagePath, std::pair<Said, Said>> both;
    for (const auto& [path, said] : said_by(left)) {
        both[path].first = said;
    }
    for (const auto& [path, said] : said_by(right)) {
        both[path].second = said;
    }
    std::vector<PathDifference> differences;
    for (const auto& [path, said] : both) {
        const auto& [one, other] = said;
        PathDifference difference{.path = path.absolute()};
        if ((one.entry == nullptr) != (other.entry == nullptr)) {
            difference.where = one.entry != nullptr ? Side::left : Side::right;
        } else if (one.entry != nullptr) {
            difference.differing = compare_entries(*one.entry, *other.entry);
        }
        if (one.whiteout != other.whiteout || one.opaque != other.opaque) {
            difference.differing.push_back({.what = "whiteout"});
        }
        if (difference.where != Side::both || !difference.differing.empty()) {
            differences.push_back(std::move(difference));
        }
    }
    return differences;
}

std::vector<PathDifference> compare_filesystems(const Filesystem& left, const Filesystem& right) {
    std::map<ImagePath, std::pair<const Entry*, const Entry*>> both;
    for (const auto& [path, placed] : left.entries()) {
        both[path].first = placed.entry;
    }
    for (const auto& [path, placed] : right.entries()) {
        both[path].second = placed.entry;
    }
    std::vector<PathDifference> differences;
    for (const auto& [path, entries] : both) {
        const auto& [one, other] = entries;
        if (one == nullptr || other == nullptr) {
            differences.push_back(
                {.path = path.absolute(), .where = one != nullptr ? Side::left : Side::right});
            continue;
        }
        auto differing = compare_entries(content_of(left, *one), content_of(right, *other));
        if (!differing.empty()) {
            differences.push_back({.path = path.absolute(), .differing = std::move(differing)});
        }
    }
    return differences;
}

std::vector<PathDifference>
compare_tars(const OpenTar& left, const OpenTar& right, const std::string& name) {
    const Look look{.contents = true};
    const auto read = [&](const OpenTar& open) { return read_layer(*open(), name, look); };
    const Layer ours = read(left);
    std::vector<PathDifference> differences = compare_layers(ours, read(right));
    return differences.empty() ? compare_headers(left, right, name) : differences;
}

} // namespace pare::inspect
