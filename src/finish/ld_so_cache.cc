// SPDX-License-Identifier: Apache-2.0
// /etc/ld.so.cache, as ldconfig(8) would write it inside the image: for any architecture, without
// running anything. Which files count, under which name, and which of several wins follows ldconfig
// of glibc 2.41; like it, this makes the symlink from a soname to its file where a package ships
// none. Not listed are libraries below glibc-hwcaps/ (the loader then takes the plain ones) and
// those of another architecture than the image's.
#include "elf/machine.hh"
#include "finish/ld_cache.hh"
#include "finish/ld_so_conf.hh"
#include "finish/parts.hh"
#include "finish/table.hh"
#include "support/error.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace pare::finish {

namespace {

constexpr std::array<PackagePattern, 2> kReads = {{
    {"*", "etc/ld.so.conf"},
    {"*", "etc/ld.so.conf.d/*"},
}};

constexpr std::string_view kGenerator = "pare";
constexpr std::size_t kDeepestInclude = 10;
constexpr std::size_t kMostDirectories = 1000;
constexpr std::size_t kMostFiles = 1000;
constexpr std::size_t kMostIncludes = 1000;

/// What a library must be to serve on an architecture, and how the cache calls it (sysdeps of
/// glibc: ldconfig.h, dl-cache.h).
struct Machine {
    std::string_view architecture; ///< Debian's name
    std::string_view triplet;
    bool is64;
    Endian endian;
    std::uint32_t flags;
    std::uint32_t abi_mask; ///< of e_flags: libraries of another floating-point ABI do not serve
    std::uint32_t abi;
};

constexpr std::array<Machine, 9> kMachines = {{
    {"amd64", "x86_64-linux-gnu", true, Endian::little, 0x0303, 0, 0},
    {"arm64", "aarch64-linux-gnu", true, Endian::little, 0x0a03, 0, 0},
    {"armel", "arm-linux-gnueabi", false, Endian::little, 0x0b03, 0x600, 0x200},
    {"armhf", "arm-linux-gnueabihf", false, Endian::little, 0x0903, 0x600, 0x400},
    {"i386", "i386-linux-gnu", false, Endian::little, 0x0003, 0, 0},
    {"loong64", "loongarch64-linux-gnu", true, Endian::little, 0x1203, 0x7, 0x3},
    {"ppc64el", "powerpc64le-linux-gnu", true, Endian::little, 0x0503, 0, 0},
    {"riscv64", "riscv64-linux-gnu", true, Endian::little, 0x1003, 0x6, 0x4},
    {"s390x", "s390x-linux-gnu", true, Endian::big, 0x0403, 0, 0},
}};

const Machine* machine_of(std::string_view architecture) {
    const auto at = std::find_if(kMachines.begin(), kMachines.end(), [&](const Machine& machine) {
        return machine.architecture == architecture;
    });
    return at == kMachines.end() ? nullptr : &*at;
}

bool serves(const Machine& machine, const elf::Elf& file) {
    return file.type == elf::FileType::shared &&
           elf::machine_number(machine.architecture) == file.machine && file.is64 == machine.is64 &&
           file.endian == machine.endian && (file.flags & machine.abi_mask) == machine.abi;
}

struct Directory {
    std::string text{}; ///< as ld.so.conf writes it: so the cache does
    ImagePath real{};
};

/// The directories of ld.so.conf and those built into glibc, each once, in the order of the search.
class Directories {
public:
    Directories(const Context& context, const Machine& machine) : tree_(context.tree) {
        const ImagePath main = ImagePath::parse("etc/ld.so.conf");
        read_files(context);
        if (!files_.contains(main)) {
            add_debian_defaults(main, machine);
        }
        read(main, 0);
        const std::string triplet(machine.triplet);
        for (const std::string& directory :
             {"/lib/" + triplet, "/usr/lib/" + triplet, std::string("/lib"),
              std::string("/usr/lib")}) {
            add(directory);
        }
    }

    [[nodiscard]] const std::vector<Directory>& all() const { return directories_; }

private:
    [[noreturn]] static void refuse(const std::string& message) {
        throw Error(ErrorKind::definition, message, "leave out the package or file that brings it");
    }

    void read_files(const Context& context) {
        for (const auto& each : tree_.within(ImagePath::parse("etc"))) {
            const ImagePath& path = each.first;
            const bool matches =
                std::any_of(kReads.begin(), kReads.end(), [&](const PackagePattern& pattern) {
                    return glob_matches(pattern.glob, path.relative());
                });
            const tree::Node* file = matches ? file_at(tree_, path) : nullptr;
            if (file == nullptr) {
                continue;
            }
            if (files_.size() >= kMostFiles) {
                refuse("/etc/ld.so.conf.d holds more than 1000 files");
            }
            if (std::optional<Bytes> bytes = context.content(file->entry.path)) {
                files_.emplace(path, std::move(*bytes));
            }
        }
    }

    /// An image without libc-bin has no ld.so.conf, but its libraries lie where Debian's say.
    void add_debian_defaults(const ImagePath& main, const Machine& machine) {
        const ImagePath folder = ImagePath::parse("etc/ld.so.conf.d");
        files_.emplace(main, "include /etc/ld.so.conf.d/*.conf\n");
        files_.emplace(folder / "libc.conf", "/usr/local/lib\n");
        files_.emplace(
            folder / fmt::format("{}.conf", machine.triplet),
            fmt::format("/usr/local/lib/{0}\n/lib/{0}\n/usr/lib/{0}\n", machine.triplet));
    }

    /// A file that was read before has nothing to add, so files that include each other end.
    void read(const ImagePath& path, std::size_t depth) {
        if (!read_.insert(path).second) {
            return;
        }
        if (depth > kDeepestInclude) {
            refuse(fmt::format("{} is included {} levels deep", path.absolute(), depth));
        }
        for (const LdSoConfLine& line : parse_ld_so_conf(files_.at(path), path)) {
            if (line.kind == LdSoConfLine::Kind::directory) {
                with_context("reading " + path.absolute(), [&] { add(line.text); });
                continue;
            }
            if (++includes_ > kMostIncludes) {
                refuse(fmt::format("{} has one include too many", path.absolute()));
            }
            for (const auto& [file, text] : files_) {
                if (glob_matches(line.text, file.absolute()) && !file.name().starts_with('.')) {
                    read(file, depth + 1);
                }
            }
        }
    }

    void add(const std::string& text) {
        const tree::Node* node = tree_.resolve(ImagePath::parse(text));
        if (node == nullptr || node->entry.type != tree::EntryType::directory ||
            directories_.size() >= kMostDirectories || !seen_.insert(node->entry.path).second) {
            return;
        }
        directories_.push_back({.text = text, .real = node->entry.path});
    }

    const tree::Tree& tree_;
    std::map<ImagePath, Bytes> files_;
    std::set<ImagePath> read_;
    std::size_t includes_ = 0;
    std::set<ImagePath> seen_;
    std::vector<Directory> directories_;
};

bool is_library_name(std::string_view name) {
    const bool is_dso = (name.starts_with("lib") || name.starts_with("ld-")) &&
                        name.find(".so") != std::string_view::npos;
    return (is_dso || name.starts_with("ld.so.") || name.starts_with("ld64.so.")) &&
           !name.ends_with("-gdb.py");
}

/// The file or link of a directory that stands for a soname.
struct Library {
    std::string name{};
    bool is_link = false;
};

/// Whether a link stands for its own name: the one named like the soname, and `libx.so` for
/// linkers. Any other counts as the file it points at.
bool stands_for_itself(std::string_view name, std::string_view soname) {
    return name == soname || (name.ends_with(".so") && soname.starts_with(name));
}

/// By soname; files are preferred to links, then the higher name wins.
std::map<std::string, Library>
find_libraries(const Context& context, const Machine& machine, const ImagePath& directory) {
    std::map<std::string, Library> found;
    for (const auto& [path, node] : context.tree.within(directory)) {
        const std::string name(path.name());
        if (path.parent() != directory || !is_library_name(name)) {
            continue;
        }
        const tree::Node* file = file_at(context.tree, path);
        const elf::Elf* elf = file == nullptr ? nullptr : context.elf(file->entry.path);
        if (elf == nullptr || !serves(machine, *elf)) {
            continue;
        }
        const std::string& soname = elf->soname.empty() ? name : elf->soname;
        const bool is_link =
            node.entry.type == tree::EntryType::symlink && stands_for_itself(name, soname);
        const Library library{.name = name, .is_link = is_link};
        const auto [place, is_new] = found.emplace(is_link ? name : soname, library);
        Library& earlier = place->second;
        if (!is_new && (is_link == earlier.is_link ? compare_library_names(earlier.name, name) < 0
                                                   : earlier.is_link)) {
            earlier = library;
        }
    }
    return found;
}

bool has_changed(const Context& context, const std::vector<Directory>& directories) {
    return context.touched(ImagePath::parse("etc/ld.so.conf")) ||
           context.touched(ImagePath::parse("etc/ld.so.conf.d")) ||
           std::any_of(directories.begin(), directories.end(), [&](const Directory& directory) {
               return context.touched(directory.real);
           });
}

std::vector<Generated> run(const Context& context) {
    const Machine* machine = machine_of(context.architecture);
    const ImagePath path = ImagePath::parse("etc/ld.so.cache");
    if (machine == nullptr || is_of_user(context, path)) {
        return {};
    }
    const Directories directories(context, *machine);
    if (!has_changed(context, directories.all())) {
        return {};
    }
    std::vector<Generated> made;
    std::vector<LdCacheEntry> entries;
    for (const Directory& directory : directories.all()) {
        for (const auto& [soname, library] : find_libraries(context, *machine, directory.real)) {
            entries.push_back(
                {.soname = soname,
                 .path = fmt::format("{}/{}", directory.text, soname),
                 .flags = machine->flags});
            const ImagePath link = directory.real / soname;
            if (context.tree.find(link) == nullptr) {
                made.push_back(make_symlink(context, link, library.name));
            }
        }
    }
    if (!entries.empty()) {
        made.push_back(make_file(
            context, path, write_ld_cache(std::move(entries), machine->endian, kGenerator)));
    }
    return made;
}

} // namespace

Finisher ld_so_cache_finisher() {
    return {
        .name = "ld.so.cache",
        .replaces_script = "libc-bin's trigger (ldconfig): the loader's cache of libraries",
        .reads = kReads,
        .run = run};
}

} // namespace pare::finish
