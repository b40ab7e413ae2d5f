// SPDX-License-Identifier: Apache-2.0
// Directories are walked in order of name. Symlinks are kept as they are, never followed; devices,
// fifos and sockets are refused. The host's owners and times do not count: they would make images
// differ from machine to machine. Of its modes only "executable" does, unless `mode` is given.
#include "build/user_files.hh"

#include "build/identity.hh"
#include "build/part_writer.hh"
#include "support/digest.hh"
#include "support/text.hh"
#include "tree/tar_entry.hh"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <utility>

namespace pare::build {

namespace {

namespace fs = std::filesystem;

/// One host file, directory or symlink and its place in the image.
struct Found {
    tree::Entry entry{};
    fs::path from{}; ///< empty: the content is in the definition
};

std::uint32_t mode_of(const definition::UserFile& file, fs::perms host) {
    if (file.mode) {
        return *file.mode;
    }
    return (host & fs::perms::owner_exec) == fs::perms::none ? 0644 : 0755;
}

Found find_one(
    const definition::UserFile& file, const fs::path& from, const ImagePath& to,
    std::int64_t time) {
    Found found{
        .entry = {.path = to, .uid = file.uid, .gid = file.gid, .mtime = time}, .from = from};
    std::error_code problem;
    const fs::file_status status = fs::symlink_status(from, problem);
    switch (status.type()) {
    case fs::file_type::regular:
        found.entry.type = tree::EntryType::file;
        found.entry.mode = mode_of(file, status.permissions());
        found.entry.size = fs::file_size(from);
        return found;
    case fs::file_type::directory:
        found.entry.type = tree::EntryType::directory;
        found.entry.mode = 0755;
        return found;
    case fs::file_type::symlink:
        found.entry.type = tree::EntryType::symlink;
        found.entry.mode = 0777;
        found.entry.link = fs::read_symlink(from).string();
        return found;
    case fs::file_type::not_found:
        throw Error(ErrorKind::definition, fmt::format("there is no file {}", from.string()))
            .at(file.where);
    default:
        throw Error(
            ErrorKind::definition,
            fmt::format("{} is neither a file, a directory nor a symlink", from.string()))
            .at(file.where);
    }
}

std::vector<Found> find_all(const definition::UserFile& file, std::int64_t time) {
    const ImagePath to = ImagePath::parse(file.to);
    if (file.content) {
        tree::Entry entry{
            .path = to,
            .mode = file.mode.value_or(0644),
            .uid = file.uid,
            .gid = file.gid,
            .mtime = time,
            .size = file.content->size()};
        return {{std::move(entry), {}}};
    }
    std::vector<Found> all{find_one(file, file.from, to, time)};
    if (all.front().entry.type == tree::EntryType::directory) {
        fs::recursive_directory_iterator below(file.from);
        for (; below != fs::recursive_directory_iterator(); ++below) {
            const fs::path& path = below->path();
            const std::string relative = path.lexically_relative(file.from).string();
            if (is_excluded(file.exclude, relative)) {
                below.disable_recursion_pending();
            } else {
                all.push_back(find_one(file, path, to / relative, time));
            }
        }
    }
    // Directories first, as in every cut.
    const auto is_below = [](const Found& found) {
        return found.entry.type != tree::EntryType::directory;
    };
    std::sort(all.begin(), all.end(), [&](const Found& left, const Found& right) {
        return std::pair(is_below(left), left.entry.path) <
               std::pair(is_below(right), right.entry.path);
    });
    return all;
}

void write_content(const definition::UserFile& file, const Found& found, Sink& part) {
    if (file.content) {
        part.write(*file.content);
        return;
    }
    FileSource source(found.from);
    if (copy_all(source, part) != found.entry.size) {
        throw Error(
            ErrorKind::environment,
            fmt::format("{} changed while it was read", found.from.string()));
    }
}

cut::Cut write_part(const definition::UserFile& file, std::int64_t time, Sink& part) {
    cut::Cut cut{.date = time};
    for (Found& found : find_all(file, time)) {
        cut::Item item{.entry = found.entry};
        if (found.entry.type != tree::EntryType::directory) {
            const Bytes header = archive::tar_header(tree::tar_header_of(found.entry));
            part.write(header);
            cut.part_size += header.size();
            item.offset = cut.part_size;
        }
        if (found.entry.type == tree::EntryType::file) {
            write_content(file, found, part);
            part.write(Bytes(archive::tar_padding(found.entry.size), '\0'));
            cut.part_size += found.entry.size + archive::tar_padding(found.entry.size);
        }
        cut.items.push_back(std::move(item));
    }
    return cut;
}

} // namespace

bool is_excluded(const std::vector<std::string>& globs, const std::string& relative) {
    const std::string_view name = std::string_view(relative).substr(relative.rfind('/') + 1);
    return std::ranges::any_of(globs, [&](const std::string& glob) {
        const std::string_view pattern =
            std::string_view(glob).substr(glob.starts_with('/') ? 1 : 0);
        return glob_matches(pattern, glob.find('/') == std::string::npos ? name : relative);
    });
}

std::vector<HostFile> host_files(const definition::UserFile& file) {
    std::vector<HostFile> files;
    if (file.content) {
        return files;
    }
    for (const Found& found : find_all(file, 0)) {
        if (found.entry.type == tree::EntryType::symlink) {
            files.push_back(
                {.path = found.from, .sha256 = hash_hex(found.entry.link), .symlink = true});
        } else if (found.entry.type == tree::EntryType::file) {
            Hasher content;
            write_content(file, found, content);
            files.push_back(
                {.path = found.from,
                 .sha256 = content.hex(),
                 .executable = !file.mode && (found.entry.mode & 0100U) != 0});
        }
    }
    return files;
}

std::string user_file_identity(const definition::UserFile& file) {
    Identity identity("user file 1");
    for (const Found& found : find_all(file, 0)) {
        const tree::Entry& entry = found.entry;
        identity.add(entry.path.relative()).add(static_cast<std::uint64_t>(entry.type));
        identity.add(entry.mode).add(entry.uid).add(entry.gid).add(entry.link);
        if (entry.type == tree::EntryType::file) {
            Hasher content;
            write_content(file, found, content);
            identity.add(content.hex());
        }
    }
    return identity.hex();
}

CutPtr cut_user_file(
    const definition::UserFile& file, std::int64_t time, const archive::Compression& compression,
    const Tools& tools) {
    store::Store& store = tools.store;
    // What a cut's manifest looks like is part of it, as it is for packages.
    const std::string key = Identity("user cut 2")
                                .add(cut::cut_key({}, {}))
                                .add(user_file_identity(file))
                                .add(static_cast<std::uint64_t>(time))
                                .hex();
    const bool has_bytes = store.has(store::Kind::part, key) &&
                           store.has(store::Kind::member, member_key(key, compression));
    if (const auto manifest = store.get(store::Kind::manifest, key); manifest && has_bytes) {
        return std::make_shared<const StoredCut>(key, cut::parse_manifest(*manifest));
    }
    PartWriter writer(store, tools.pool, compression);
    cut::Cut cut = write_part(file, time, writer);
    writer.finish();
    for (const std::string& problem : cut::inspect_elf_files(cut, writer.map().bytes())) {
        tools.events.message(Severity::warning, problem);
    }
    writer.keep(key);
    store.put(store::Kind::manifest, key, cut::write_manifest(cut));
    return std::make_shared<const StoredCut>(key, std::move(cut));
}

} // namespace pare::build
