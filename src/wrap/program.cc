// SPDX-License-Identifier: Apache-2.0
// Problem: "no such file or directory" from a file that is there. A program says what it needs to
// start in its ELF headers; what it will ask for later (time zones, certificates, libraries that it
// opens by name) stands only in its strings, so these are searched for names that nothing else has.
// Refuses: see the header.
#include "wrap/program.hh"

#include "elf/machine.hh"
#include "support/error.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace pare::wrap {

namespace {

using namespace std::string_view_literals;

/// OCI architecture, Debian's name of it.
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kArchitectures = {{
    {"amd64", "amd64"},
    {"arm64", "arm64"},
    {"arm/v7", "armhf"},
    {"ppc64le", "ppc64el"},
    {"riscv64", "riscv64"},
    {"s390x", "s390x"},
}};

struct Mark {
    std::string_view text; ///< with the zeros around a name in a string table
    Trait trait;
};

constexpr std::array kMarks = {
    Mark{"\0SSL_CTX_set_default_verify_paths\0"sv, Trait::tls},
    Mark{"\0gnutls_certificate_set_x509_system_trust\0"sv, Trait::tls},
    Mark{"/etc/ssl/certs/ca-certificates.crt"sv, Trait::tls},
    Mark{"/usr/share/zoneinfo"sv, Trait::time_zones},
    Mark{"\0localtime\0"sv, Trait::time_zones},
    Mark{"\0localtime_r\0"sv, Trait::time_zones},
    Mark{"\0tzset\0"sv, Trait::time_zones},
    Mark{"\0getservbyname\0"sv, Trait::services},
    Mark{"\0getservbyname_r\0"sv, Trait::services},
    Mark{"\0getprotobyname\0"sv, Trait::services},
    Mark{"\0getaddrinfo\0"sv, Trait::services},
    Mark{"\0pthread_cancel\0"sv, Trait::thread_ends},
    Mark{"\0pthread_exit\0"sv, Trait::thread_ends},
    Mark{"\0iconv_open\0"sv, Trait::iconv},
};

constexpr std::size_t kLongestName = 128;

std::string architecture_of(const elf::Elf& elf, const std::string& name) {
    if (std::string architecture = oci_architecture(elf); !architecture.empty()) {
        return architecture;
    }
    throw Error(
        ErrorKind::definition,
        fmt::format(
            "{} is a {}-bit program for the machine of number {}, for which there are no images",
            name, elf.is64 ? 64 : 32, elf.machine),
        "build it for amd64, arm64, arm/v7, ppc64le, riscv64 or s390x");
}

[[noreturn]] void refuse_script(BytesView bytes, const std::string& name) {
    const std::size_t end = std::min({bytes.find('\n'), bytes.size(), kLongestName});
    throw Error(
        ErrorKind::definition, fmt::format("{} is a script for {}", name, bytes.substr(2, end - 2)),
        "images hold no shell: name the program that the script starts, or write a definition that "
        "comes from an image with the interpreter (from: python3, from: nodejs)");
}

bool is_name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-' || c == '+';
}

/// Texts like `libfoo.so.1` that end in a zero, with nothing or a directory before them.
std::vector<std::string> library_names(BytesView bytes, const elf::Elf& elf) {
    std::set<std::string> names;
    for (std::size_t at = bytes.find(".so"); at != BytesView::npos;
         at = bytes.find(".so", at + 1)) {
        std::size_t start = at;
        while (start > 0 && at - start < kLongestName && is_name_character(bytes[start - 1])) {
            --start;
        }
        std::size_t end = at + 3;
        while (end < bytes.size() && end - at < kLongestName && is_name_character(bytes[end])) {
            ++end;
        }
        const bool stands_alone = start > 0 && end < bytes.size() && bytes[end] == '\0' &&
                                  (bytes[start - 1] == '\0' || bytes[start - 1] == '/');
        const bool is_so = end == at + 3 || bytes[at + 3] == '.';
        if (const BytesView name = bytes.substr(start, end - start);
            stands_alone && is_so && name.starts_with("lib")) {
            names.emplace(name);
        }
    }
    for (const std::string& needed : elf.needed) {
        names.erase(needed);
    }
    for (const elf::VersionNeed& need : elf.version_needs) {
        names.erase(need.library);
    }
    names.erase(elf.soname);
    return {names.begin(), names.end()};
}

std::set<Trait> traits_of(BytesView bytes) {
    std::set<Trait> traits;
    for (const Mark& mark : kMarks) {
        if (!traits.contains(mark.trait) && bytes.find(mark.text) != BytesView::npos) {
            traits.insert(mark.trait);
        }
    }
    return traits;
}

elf::Elf read_elf(BytesView bytes, const std::string& name) {
    std::optional<elf::Elf> elf;
    try {
        elf = elf::parse_elf(bytes, name);
    } catch (const Error& error) {
        throw Error(
            ErrorKind::definition, error.message(),
            "the file is damaged or cut short; build or copy it anew");
    }
    if (!elf) {
        throw Error(
            ErrorKind::definition, fmt::format("{} is no program (no ELF file)", name),
            "name a program for Linux");
    }
    return *std::move(elf);
}

} // namespace

std::string oci_architecture(const elf::Elf& elf) {
    for (const auto& [oci, debian] : kArchitectures) {
        const bool is_wide = debian != "armhf";
        const Endian endian = debian == "s390x" ? Endian::big : Endian::little;
        if (elf::machine_number(debian) == elf.machine && elf.is64 == is_wide &&
            elf.endian == endian) {
            return std::string(oci);
        }
    }
    return "";
}

Program read_program(BytesView bytes, const std::string& name) {
    if (bytes.starts_with("#!")) {
        refuse_script(bytes, name);
    }
    Program program{.elf = read_elf(bytes, name)};
    program.architecture = architecture_of(program.elf, name);
    if (program.elf.type == elf::FileType::other) {
        throw Error(
            ErrorKind::definition, fmt::format("{} is an object file, no program", name),
            "link it first");
    }
    if (program.elf.interpreter.find("ld-musl") != std::string::npos) {
        throw Error(
            ErrorKind::definition,
            fmt::format(
                "{} was built against musl ({}), and Debian's libraries are for glibc", name,
                program.elf.interpreter),
            "link it statically (-static), or build it against glibc");
    }
    // A library that needs no other is still no program.
    program.is_static =
        program.elf.interpreter.empty() && program.elf.needed.empty() && program.elf.soname.empty();
    program.traits = traits_of(bytes);
    if (!program.is_static) {
        program.may_load = library_names(bytes, program.elf);
    }
    return program;
}

} // namespace pare::wrap
