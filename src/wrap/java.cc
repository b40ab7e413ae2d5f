// SPDX-License-Identifier: Apache-2.0
// A class file is
//   0xCAFEBABE u32, minor u16, major u16, ...   big-endian
// where major - 44 is the release of Java, and minor 0xFFFF says that it used previews.
#include "wrap/java.hh"

#include "archive/jar_manifest.hh"
#include "support/text.hh"

#include <algorithm>
#include <array>
#include <charconv>

namespace pare::wrap {

namespace {

constexpr std::uint32_t kMagic = 0xcafebabe;
/// The major version of Java 1.
constexpr unsigned kFirstMajor = 45;
constexpr unsigned kPreview = 0xffff;

bool is_letter(char c) {
    // Bytes of other letters than those of ASCII (Java takes any).
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' ||
           static_cast<unsigned char>(c) >= 0x80;
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// Of a URL; a percent sign that no two hexadecimal digits follow stays.
std::string percent_decoded(std::string_view text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned value = 0;
        const std::string_view digits = text.substr(i + 1, 2);
        const auto read =
            std::from_chars(digits.data(), digits.data() + digits.size(), value, /*base=*/16);
        const bool is_code = text[i] == '%' && digits.size() == 2 &&
                             read.ptr == digits.data() + digits.size() && value != 0;
        result += is_code ? static_cast<char>(value) : text[i];
        i += is_code ? 2 : 0;
    }
    return result;
}

/// `17` of `17.0.15`; 0 for what does not begin with a number.
unsigned leading_number(std::string_view version) {
    unsigned number = 0;
    std::from_chars(version.data(), version.data() + version.size(), number);
    return number;
}

} // namespace

JarManifest parse_jar_manifest(std::string_view text) {
    const auto attributes = archive::read_jar_manifest(text);
    const auto value = [&](const char* name) {
        const auto found = attributes.find(name);
        return found == attributes.end() ? std::string() : found->second;
    };
    JarManifest manifest{.main_class = value("main-class"), .agent = value("launcher-agent-class")};
    std::ranges::replace(manifest.main_class, '/', '.');
    const std::string class_path = value("class-path");
    for (const std::string_view path : split_words(class_path)) {
        manifest.class_path.push_back(percent_decoded(path));
    }
    return manifest;
}

std::optional<ClassVersion> read_class_version(BytesView bytes) {
    if (bytes.size() < kClassHeader || read_int<std::uint32_t>(bytes, 0, Endian::big) != kMagic) {
        return std::nullopt;
    }
    const auto minor = read_int<std::uint16_t>(bytes, 4, Endian::big);
    const auto major = read_int<std::uint16_t>(bytes, 6, Endian::big);
    if (major < kFirstMajor) {
        return std::nullopt;
    }
    return ClassVersion{.java = major - kFirstMajor + 1U, .is_preview = minor == kPreview};
}

bool is_class_name(std::string_view text) {
    return std::ranges::all_of(split(text, '.'), [](std::string_view part) {
        return !part.empty() && is_letter(part.front()) &&
               std::ranges::all_of(part, [](char c) { return is_letter(c) || is_digit(c); });
    });
}

std::string main_class_of_script(std::string_view script) {
    bool is_behind = false;
    bool is_path = false;
    for (const std::string_view word : split_words(script)) {
        if (word == "-classpath" || word == "-cp" || word == "--class-path") {
            is_behind = true;
            is_path = true;
        } else if (is_path) {
            is_path = false;
        } else if (is_behind && word.find('.') != std::string_view::npos && is_class_name(word)) {
            return std::string(word);
        }
    }
    return "";
}

JdkRelease parse_jdk_release(std::string_view text) {
    constexpr std::string_view kKey = "JAVA_VERSION=";
    for (const std::string_view line : split(text, '\n')) {
        if (line.starts_with(kKey)) {
            std::string version(trim(line.substr(kKey.size())));
            std::erase(version, '"');
            return {.java = leading_number(version), .version = version};
        }
    }
    return {};
}

std::vector<std::string> parse_module_names(std::string_view output) {
    std::vector<std::string> modules;
    for (const std::string_view line : split(output, '\n')) {
        const std::vector<std::string_view> names = split(trim(line), ',');
        if (std::ranges::all_of(names, is_class_name)) {
            modules.assign(names.begin(), names.end());
        }
    }
    return modules;
}

} // namespace pare::wrap
