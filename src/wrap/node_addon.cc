// SPDX-License-Identifier: Apache-2.0
// Native modules. Which Node.js can load one stands in the name of a symbol that it exports
// (node.h: NODE_MODULE_INIT, node_api.h: NAPI_MODULE_INIT); for which system it is, in its first
// bytes, and for files that come for many systems at once, in the names of the directories
// (prebuildify, node-pre-gyp, napi-rs).
#include "elf/elf.hh"
#include "support/text.hh"
#include "wrap/node.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

namespace pare::wrap {

namespace {

using namespace std::string_view_literals;

/// NODE_MODULE_VERSION by major version, as doc/abi_version_registry.json of Node.js has them. Any
/// other number is one of Electron or of a Node.js that nobody has any more.
constexpr std::array<std::pair<std::uint64_t, std::uint64_t>, 10> kAbis = {{
    {16, 93},
    {17, 102},
    {18, 108},
    {19, 111},
    {20, 115},
    {21, 120},
    {22, 127},
    {23, 131},
    {24, 137},
    {25, 141},
}};

/// Names of systems but Linux; what is for musl begins with that.
constexpr std::array kOtherSystems = {"darwin"sv,  "macos"sv,  "mac"sv,   "osx"sv,     "win32"sv,
                                      "windows"sv, "win"sv,    "win64"sv, "android"sv, "freebsd"sv,
                                      "openbsd"sv, "netbsd"sv, "sunos"sv, "solaris"sv, "aix"sv,
                                      "ios"sv,     "alpine"sv};
/// How files and directories name processors, and how process.arch does.
constexpr std::array<std::pair<std::string_view, std::string_view>, 23> kProcessors = {{
    {"x64", "x64"},           {"amd64", "x64"},         {"arm64", "arm64"},
    {"aarch64", "arm64"},     {"armv8", "arm64"},       {"arm", "arm"},
    {"armv6", "arm"},         {"armv7", "arm"},         {"armv7l", "arm"},
    {"armhf", "arm"},         {"ia32", "ia32"},         {"x86", "ia32"},
    {"i386", "ia32"},         {"i686", "ia32"},         {"ppc64", "ppc64"},
    {"ppc64le", "ppc64"},     {"ppc64el", "ppc64"},     {"s390x", "s390x"},
    {"riscv64", "riscv64"},   {"riscv64gc", "riscv64"}, {"loong64", "loong64"},
    {"mips64el", "mips64el"}, {"wasm32", "wasm32"},
}};

constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kOfArchitectures = {{
    {"amd64", "x64"},
    {"arm64", "arm64"},
    {"arm/v7", "arm"},
    {"ppc64le", "ppc64"},
    {"riscv64", "riscv64"},
    {"s390x", "s390x"},
}};

/// What one component of a path says.
struct Said {
    bool is_linux = false;
    bool is_other = false; ///< another system, or another C library
    bool has_processor = false;
    bool has_ours = false;

    [[nodiscard]] bool is_foreign() const { return is_other || (has_processor && !has_ours); }
};

Said read_component(std::string_view component, const NodePlatform& platform) {
    std::string text(component);
    // Between its words stands what also stands inside of this one.
    for (std::size_t at = text.find("x86_64"); at != std::string::npos; at = text.find("x86_64")) {
        text.replace(at, 6, "x64");
    }
    std::ranges::replace_if(
        text, [](char c) { return c == '_' || c == '.' || c == '+' || c == '@'; }, '-');
    Said said;
    for (const std::string_view word : split(text, '-')) {
        said.is_linux = said.is_linux || word == "linux";
        said.is_other = said.is_other || word.starts_with("musl") || word == "linuxmusl" ||
                        std::ranges::find(kOtherSystems, word) != kOtherSystems.end();
        const auto processor = std::ranges::find(
            kProcessors, word, &std::pair<std::string_view, std::string_view>::first);
        if (processor != kProcessors.end()) {
            said.has_processor = true;
            said.has_ours = said.has_ours || processor->second == platform.cpu;
        }
    }
    return said;
}

/// The number behind `node_register_module_v`; 0 when there is none.
std::uint64_t registered_abi(BytesView bytes) {
    constexpr std::string_view kSymbol = "node_register_module_v";
    for (std::size_t at = bytes.find(kSymbol); at != BytesView::npos;
         at = bytes.find(kSymbol, at + 1)) {
        const BytesView rest = bytes.substr(at + kSymbol.size(), 8);
        const BytesView digits = rest.substr(0, rest.find_first_not_of("0123456789"));
        if (const auto abi = parse_number(digits)) {
            return *abi;
        }
    }
    return 0;
}

bool is_for_macos(BytesView bytes) {
    constexpr std::array kMagics = {
        "\xCF\xFA\xED\xFE"sv, "\xCE\xFA\xED\xFE"sv, "\xFE\xED\xFA\xCF"sv, "\xFE\xED\xFA\xCE"sv,
        "\xCA\xFE\xBA\xBE"sv};
    return std::ranges::any_of(
        kMagics, [&](std::string_view magic) { return bytes.starts_with(magic); });
}

} // namespace

NodePlatform node_platform_of(std::string_view architecture) {
    const auto found = std::ranges::find(
        kOfArchitectures, architecture, &std::pair<std::string_view, std::string_view>::first);
    return {std::string(found == kOfArchitectures.end() ? architecture : found->second)};
}

bool names_platform(std::string_view path, const NodePlatform& platform) {
    return std::ranges::any_of(split(path, '/'), [&](std::string_view component) {
        const Said said = read_component(component, platform);
        return said.is_linux && said.has_ours && !said.is_foreign();
    });
}

std::string foreign_part(std::string_view path, const NodePlatform& platform) {
    for (std::size_t at = 0; at < path.size();) {
        const std::size_t end = std::min(path.find('/', at), path.size());
        const std::string_view component = path.substr(at, end - at);
        // prebuildify puts Electron's beside those of Node.js.
        const bool is_for_electron = end == path.size() && component.starts_with("electron.");
        if (is_for_electron || read_component(component, platform).is_foreign()) {
            return std::string(path.substr(0, end));
        }
        at = end + 1;
    }
    return "";
}

bool looks_native(BytesView bytes) {
    return elf::looks_like_elf(bytes) || is_for_macos(bytes) || bytes.starts_with("MZ");
}

NodeAddon read_node_addon(BytesView bytes) {
    if (!elf::looks_like_elf(bytes)) {
        return {
            .problem = is_for_macos(bytes)       ? "for macOS"
                       : bytes.starts_with("MZ") ? "for Windows"
                                                 : "no shared library"};
    }
    if (bytes.find("\0libc.musl-"sv) != BytesView::npos) {
        return {.problem = "for musl, and Debian's libraries are for glibc"};
    }
    if (bytes.find("\0napi_register_module_v1\0"sv) != BytesView::npos ||
        bytes.find("\0napi_module_register\0"sv) != BytesView::npos) {
        return {};
    }
    const std::uint64_t abi = registered_abi(bytes);
    // Addons of the old macro NODE_MODULE have their number among their data.
    const bool is_old = bytes.find("\0node_module_register\0"sv) != BytesView::npos;
    return {.abi = abi, .fits_all = abi == 0 && !is_old};
}

std::uint64_t node_abi_of(std::uint64_t major) {
    const auto found =
        std::ranges::find(kAbis, major, &std::pair<std::uint64_t, std::uint64_t>::first);
    return found == kAbis.end() ? 0 : found->second;
}

std::string name_of_node_abi(std::uint64_t abi) {
    const auto found =
        std::ranges::find(kAbis, abi, &std::pair<std::uint64_t, std::uint64_t>::second);
    return found == kAbis.end() ? fmt::format("the ABI {} (Electron has such)", abi)
                                : fmt::format("Node.js {}", found->first);
}

} // namespace pare::wrap
