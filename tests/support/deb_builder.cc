// SPDX-License-Identifier: Apache-2.0
#include "support/deb_builder.hh"

#include "support/digest.hh"
#include "support/files.hh"
#include "support/run_command.hh"

#include <fmt/core.h>

namespace pare::test {

namespace {

using archive::Codec;
using archive::TarType;

Bytes xz(BytesView bytes) {
    const TemporaryDirectory directory;
    const std::filesystem::path plain = directory.path() / "plain";
    write_file(plain, bytes);
    const CommandResult made = run_command({"xz", "--threads=1", "-6", plain.string()});
    ensure(made.status == 0, "the tests need the program xz");
    return read_file(directory.path() / "plain.xz");
}

std::string suffix(Codec codec) {
    switch (codec) {
    case Codec::none:
        return "";
    case Codec::gzip:
        return ".gz";
    case Codec::zstd:
        return ".zst";
    case Codec::xz:
        return ".xz";
    }
    return "";
}

std::string without_dot(const std::string& name) {
    return name.starts_with("./") ? name.substr(2) : name;
}

Bytes md5sums_of(const Tar& entries) {
    Bytes sums;
    for (const TarEntry& entry : entries) {
        if (entry.header.type == TarType::file) {
            sums += fmt::format(
                "{}  {}\n", hash_hex(entry.content, HashAlgorithm::md5),
                without_dot(entry.header.name));
        }
    }
    return sums;
}

bool is_script(const std::string& name) {
    return name.ends_with("inst") || name.ends_with("rm") || name == "config";
}

Bytes control_tar(const DebSpec& spec) {
    Tar entries{tar_directory("./"), tar_file("./control", spec.control)};
    const Bytes md5sums = spec.md5sums ? *spec.md5sums : md5sums_of(spec.entries);
    if (!md5sums.empty()) {
        entries.push_back(tar_file("./md5sums", md5sums));
    }
    for (const auto& [name, text] : spec.scripts) {
        entries.push_back(tar_file("./" + name, text, is_script(name) ? 0755 : 0644));
    }
    for (TarEntry& entry : entries) {
        entry.header.mtime = spec.mtime;
    }
    return build_tar(entries);
}

} // namespace

Bytes build_ar(const std::vector<ArFile>& members) {
    Bytes out = "!<arch>\n";
    for (const ArFile& member : members) {
        out += fmt::format(
            "{:<16}{:<12}{:<6}{:<6}{:<8}{:<10}`\n", member.name, member.mtime, 0, 0, "100644",
            member.bytes.size());
        out += member.bytes;
        out.append(member.bytes.size() % 2, '\n');
    }
    return out;
}

Bytes build_tar(const Tar& entries) {
    Bytes out;
    for (const TarEntry& entry : entries) {
        archive::TarHeader header = entry.header;
        header.size = entry.content.size();
        out += archive::tar_header(header);
        out += entry.content;
        out.append(archive::tar_padding(entry.content.size()), '\0');
    }
    out += archive::tar_end();
    return out;
}

TarEntry tar_file(std::string name, Bytes content, std::uint32_t mode) {
    return {
        .header = {.type = TarType::file, .name = std::move(name), .mode = mode},
        .content = std::move(content)};
}

TarEntry tar_directory(std::string name, std::uint32_t mode) {
    return {.header = {.type = TarType::directory, .name = std::move(name), .mode = mode}};
}

TarEntry tar_symlink(std::string name, std::string target) {
    return {
        .header = {
            .type = TarType::symlink,
            .name = std::move(name),
            .link = std::move(target),
            .mode = 0777}};
}

TarEntry tar_hard_link(std::string name, std::string target) {
    return {
        .header = {
            .type = TarType::hard_link,
            .name = std::move(name),
            .link = std::move(target),
            .mode = 0644}};
}

Bytes pack(BytesView bytes, Codec codec) {
    switch (codec) {
    case Codec::xz:
        return xz(bytes);
    case Codec::zstd:
        return archive::compress(bytes, {.codec = Codec::zstd, .level = 3});
    case Codec::gzip:
        return archive::compress(bytes, {.codec = Codec::gzip, .level = 6});
    case Codec::none:
        break;
    }
    return Bytes(bytes);
}

Bytes build_deb(const DebSpec& spec) {
    const std::string end = suffix(spec.codec);
    return build_ar(
        {{.name = "debian-binary", .bytes = "2.0\n", .mtime = spec.mtime},
         {.name = "control.tar" + end,
          .bytes = pack(control_tar(spec), spec.codec),
          .mtime = spec.mtime},
         {.name = "data.tar" + end,
          .bytes = pack(build_tar(spec.entries), spec.codec),
          .mtime = spec.mtime}});
}

} // namespace pare::test
