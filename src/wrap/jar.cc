// SPDX-License-Identifier: Apache-2.0
// A jar is a zip archive. The highest version of its classes counts; those below
// META-INF/versions/ are for newer releases than the rest and are taken only by these, and
// module-info.class is read by none that is older than its version.
//
// Libraries for several systems and machines often stand in one jar, in directories of any name:
// the library itself says which machine it is for, and its C library which system.
#include "wrap/jar.hh"

#include "archive/zip.hh"
#include "elf/elf.hh"
#include "support/error.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

namespace pare::wrap {

namespace {

using archive::ZipEntry;
using archive::ZipReader;

/// Of signed jars it has a section an entry.
constexpr std::uint64_t kLongestManifest = 64U << 20U;
constexpr std::uint64_t kLargestJar = 512U << 20U;
constexpr std::uint64_t kLargestLibrary = 512U << 20U;
/// Jars in jars and libraries, all together: what a small archive can make of itself has an end.
constexpr std::uint64_t kMostUnpacked = 4ULL << 30U;
constexpr std::array kJarDirectories = {"BOOT-INF/lib/", "WEB-INF/lib/", "WEB-INF/lib-provided/"};
/// Systems whose libraries do not show in what they need.
constexpr std::array kOtherSystems = {"musl",   "android", "freebsd", "openbsd", "netbsd",
                                      "darwin", "macos",   "solaris", "sunos",   "aix"};

std::string_view name_of(std::string_view path) {
    return path.substr(path.rfind('/') + 1);
}

bool is_counted_class(std::string_view path) {
    return path.ends_with(".class") && !path.starts_with("META-INF/versions/") &&
           name_of(path) != "module-info.class";
}

bool is_inner_jar(std::string_view path) {
    return path.ends_with(".jar") &&
           std::ranges::any_of(kJarDirectories, [&](std::string_view directory) {
               return path.starts_with(directory);
           });
}

bool is_library_name(std::string_view path) {
    const std::string_view name = name_of(path);
    return name.ends_with(".so") || name.find(".so.") != std::string_view::npos;
}

/// Whether a library is for Linux with glibc.
bool is_for_glibc(const elf::Elf& elf, std::string_view path) {
    bool has_libc = false;
    for (const std::string& needed : elf.needed) {
        const bool is_libc = needed.starts_with("libc.so") || needed.starts_with("libc.musl");
        if (is_libc && needed != "libc.so.6" && needed != "libc.so.6.1") {
            return false;
        }
        has_libc = has_libc || is_libc;
    }
    std::string lower(path);
    std::ranges::transform(lower, lower.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return has_libc || std::ranges::none_of(kOtherSystems, [&](const char* system) {
               return lower.find(system) != std::string::npos;
           });
}

class Reader {
public:
    explicit Reader(std::string_view architecture) : architecture_(architecture) {}

    Jar run(BytesView bytes, const std::string& name) {
        read(bytes, name, "", /*is_inner=*/false);
        return std::move(jar_);
    }

private:
    /// `inside` stands before the paths of what an inner jar holds.
    void read(BytesView bytes, const std::string& name, const std::string& inside, bool is_inner) {
        const ZipReader zip(bytes, name);
        for (const ZipEntry& entry : zip.entries()) {
            if (is_counted_class(entry.name)) {
                count_class(zip, entry, inside);
            } else if (entry.name == "META-INF/MANIFEST.MF" && !is_inner) {
                jar_.manifest = parse_jar_manifest(zip.read(entry, kLongestManifest));
            } else if (is_inner_jar(entry.name) && !is_inner) {
                jar_.has_jars = true;
                const Bytes inner = unpack(zip, entry, kLargestJar);
                read(inner, name + "/" + entry.name, entry.name + "/", /*is_inner=*/true);
            } else if (is_library_name(entry.name)) {
                add_library(zip, entry, name, inside);
            }
        }
    }

    void count_class(const ZipReader& zip, const ZipEntry& entry, const std::string& inside) {
        const auto version = read_class_version(zip.read_start(entry, kClassHeader));
        if (!version) {
            return;
        }
        if (version->java > jar_.version.java) {
            jar_.version.java = version->java;
            jar_.newest = inside + entry.name;
        }
        if (version->is_preview) {
            jar_.version.is_preview = true;
            jar_.preview = inside + entry.name;
        }
    }

    void add_library(
        const ZipReader& zip, const ZipEntry& entry, const std::string& name,
        const std::string& inside) {
        const std::string path = inside + entry.name;
        if (!elf::looks_like_elf(zip.read_start(entry, 4))) {
            return;
        }
        const Bytes bytes = unpack(zip, entry, kLargestLibrary);
        const std::optional<elf::Elf> elf = elf::parse_elf(bytes, name + "/" + entry.name);
        if (!elf || !is_for_glibc(*elf, path)) {
            return;
        }
        const std::string architecture = oci_architecture(*elf);
        if (architecture.empty()) {
            return;
        }
        if (architecture != architecture_) {
            jar_.other_architectures.insert(architecture);
            return;
        }
        jar_.libraries.push_back(
            {.path = path,
             .program = read_program(bytes, name + "/" + entry.name),
             .size = bytes.size()});
    }

    Bytes unpack(const ZipReader& zip, const ZipEntry& entry, std::uint64_t most) {
        Bytes bytes = zip.read(entry, std::min(most, kMostUnpacked - unpacked_));
        unpacked_ += bytes.size();
        return bytes;
    }

    std::string_view architecture_;
    std::uint64_t unpacked_ = 0;
    Jar jar_{};
};

/// What a reader of a lower room refuses is for the user of a jar a file that is broken.
template <typename Work>
auto as_damage(Work&& work) -> decltype(work()) {
    try {
        return std::forward<Work>(work)();
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::refused) {
            throw;
        }
        throw Error(
            ErrorKind::definition, error.message(),
            "the file is damaged or cut short; build or copy it anew");
    }
}

} // namespace

Jar read_jar(BytesView bytes, const std::string& name, std::string_view architecture) {
    return as_damage([&] { return Reader(architecture).run(bytes, name); });
}

bool has_class(BytesView bytes, const std::string& name, std::string_view class_name) {
    std::string path(class_name);
    std::ranges::replace(path, '.', '/');
    path += ".class";
    return as_damage([&] {
        const ZipReader zip(bytes, name);
        return std::ranges::any_of(
            zip.entries(), [&](const ZipEntry& entry) { return entry.name == path; });
    });
}

} // namespace pare::wrap
