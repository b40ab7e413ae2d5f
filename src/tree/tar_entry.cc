// SPDX-License-Identifier: Apache-2.0
#include "tree/tar_entry.hh"

namespace pare::tree {

namespace {

archive::TarType tar_type(EntryType type) {
    switch (type) {
    case EntryType::file:
        return archive::TarType::file;
    case EntryType::directory:
        return archive::TarType::directory;
    case EntryType::symlink:
        return archive::TarType::symlink;
    case EntryType::hard_link:
        return archive::TarType::hard_link;
    }
    return archive::TarType::file;
}

} // namespace

archive::TarHeader tar_header_of(const Entry& entry) {
    return {
        .type = tar_type(entry.type),
        .name = entry.path.relative(),
        .link = entry.link,
        .mode = entry.mode,
        .uid = entry.uid,
        .gid = entry.gid,
        .mtime = entry.mtime,
        .size = entry.type == EntryType::file ? entry.size : 0,
        .xattrs = entry.xattrs};
}

std::optional<EntryType> entry_type_of(archive::TarType type) {
    switch (type) {
    case archive::TarType::file:
        return EntryType::file;
    case archive::TarType::hard_link:
        return EntryType::hard_link;
    case archive::TarType::symlink:
        return EntryType::symlink;
    case archive::TarType::directory:
        return EntryType::directory;
    case archive::TarType::character_device:
    case archive::TarType::block_device:
    case archive::TarType::fifo:
        break;
    }
    return std::nullopt;
}

} // namespace pare::tree
