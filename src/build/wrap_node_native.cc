// SPDX-License-Identifier: Apache-2.0
// Packages bring addons in three ways: built here by node-gyp, as a package of their own for each
// platform, or for all platforms at once in directories that say which (prebuilds/linux-x64). An
// addon that is there and would not load is refused; other programs and libraries, which packages
// bring for systems and tests of their own, are left out with the reason.
#include "build/wrap_node_native.hh"

#include "build/wrap_kinds.hh"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <utility>

namespace pare::build {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kLongestConfig = 1U << 20U;

bool is_library_name(const std::string& name) {
    return name.ends_with(".so") || name.find(".so.") != std::string::npos;
}

/// prebuildify puts addons for several versions of Node.js into one directory.
std::string group_of(const fs::path& file) {
    const std::string directory = file.parent_path().string();
    return directory.find("/prebuilds/") == std::string::npos ? "" : directory;
}

/// What the build directory says that the addon itself does not.
std::uint64_t abi_beside(const fs::path& file) {
    const fs::path config = file.parent_path().parent_path() / "config.gypi";
    return is_there(config) ? wrap::abi_of_gyp_config(read_user_text(config, kLongestConfig)) : 0;
}

Error no_addon(const fs::path& file, const std::string& why, const std::string& cpu) {
    return {
        ErrorKind::definition, fmt::format("{} is {}", file.string(), why),
        fmt::format(
            "install the modules anew for the image (npm ci --omit=dev --os=linux --cpu={} "
            "--libc=glibc), or leave this one out with --exclude",
            cpu)};
}

bool loads(const NativeFile& native, std::uint64_t abi) {
    return abi == 0 || native.addon.fits_all || native.addon.abi == 0 || native.addon.abi == abi;
}

} // namespace

NativeFiles::NativeFiles(
    std::vector<NativeFolder> folders, const wrap::NodePlatform& platform,
    const std::string& architecture)
    : folders_(std::move(folders)), platform_(platform), architecture_(architecture) {
    for (std::size_t i = 0; i < folders_.size(); ++i) {
        for (const fs::path& relative : files_below(folders_[i].from, folders_[i].exclude)) {
            look_at(i, relative.string());
        }
    }
}

void NativeFiles::look_at(std::size_t folder, const std::string& relative) {
    NativeFolder& where = folders_[folder];
    const fs::path path = where.from / relative;
    const std::string name = path.filename().string();
    const MappedFile file = open_user_file(path);
    const bool is_addon = name.ends_with(".node");
    if (!wrap::looks_native(file.bytes())) {
        return;
    }
    if (const std::string part = wrap::foreign_part(relative, platform_); !part.empty()) {
        if (std::ranges::find(where.exclude, "/" + part) == where.exclude.end()) {
            where.exclude.push_back("/" + part);
        }
        return;
    }
    NativeFile native{
        .file = path,
        .to = fmt::format("{}/{}", where.to, relative),
        .folder = folder,
        .relative = relative,
        .is_addon = is_addon,
        .addon = wrap::read_node_addon(file.bytes()),
        .group = is_addon ? group_of(path) : ""};
    if (is_addon && !native.addon.problem.empty()) {
        throw no_addon(path, native.addon.problem, platform_.cpu);
    }
    if (is_addon && !native.addon.fits_all && native.addon.abi == 0) {
        native.addon.abi = abi_beside(path);
    }
    files_.push_back(std::move(native));
}

std::string NativeFiles::refuses(std::uint64_t abi) const {
    std::map<std::string, bool> groups;
    for (const NativeFile& native : files_) {
        if (!native.group.empty() && loads(native, abi)) {
            groups[native.group] = true;
        }
    }
    for (const NativeFile& native : files_) {
        if (native.is_addon && !loads(native, abi) && !groups[native.group]) {
            return fmt::format(
                "{} is for {}", native.file.string(), wrap::name_of_node_abi(native.addon.abi));
        }
    }
    return "";
}

bool NativeFiles::has_addon(const fs::path& directory) const {
    return std::ranges::any_of(files_, [&](const NativeFile& native) {
        return native.is_addon && native.file.string().starts_with(directory.string() + "/");
    });
}

void NativeFiles::add(WrapFiles& found, std::uint64_t abi) {
    for (const NativeFile& native : files_) {
        if (!loads(native, abi) && native.is_addon) {
            folders_[native.folder].exclude.push_back("/" + native.relative);
            continue;
        }
        if (native.is_addon && !native.addon.fits_all && native.addon.abi == 0) {
            found.notes.push_back(fmt::format(
                "{} does not say for which Node.js it was built", native.file.string()));
        }
        const MappedFile file = open_user_file(native.file);
        add_elf_file(found, native, file.bytes());
    }
}

void NativeFiles::add_elf_file(WrapFiles& found, const NativeFile& native, BytesView bytes) {
    const std::string path = native.file.string();
    const bool must_load = native.is_addon || is_library_name(native.file.filename().string());
    std::string why = native.addon.problem;
    try {
        if (why.empty()) {
            const wrap::Program program = wrap::read_program(bytes, path);
            if (program.architecture == architecture_) {
                add_elf(found, program, ImagePath::parse(native.to), bytes.size());
                return;
            }
            why = fmt::format("for {}, and the image for {}", program.architecture, architecture_);
        }
    } catch (const Error& error) {
        if (must_load) {
            throw;
        }
        why = error.message();
    }
    if (must_load) {
        throw no_addon(native.file, why, platform_.cpu);
    }
    folders_[native.folder].exclude.push_back("/" + native.relative);
    found.left_out.push_back({path, "a program " + why});
}

} // namespace pare::build
