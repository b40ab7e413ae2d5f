// SPDX-License-Identifier: Apache-2.0
// Names of images follow habits:
//   gcr.io/distroless/NAME[-debianN]:[debug-][nonroot]     NAME = static, cc, python3, java21 ...
//   .../distroless/NAME, .../pare/NAME, .../NAME-debianN   copies of them, and what pare builds
//   cgr.dev/chainguard/NAME:[latest|VERSION][-dev]
//   LANGUAGE:VERSION[-slim][-CODENAME][-alpine]            official images that build
#include "audit/base.hh"

#include "support/text.hh"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace pare::audit {

namespace {

constexpr int kStable = 13; ///< the Debian release of names that say none

constexpr std::array<std::pair<std::string_view, int>, 6> kCodenames = {{
    {"stretch", 9},
    {"buster", 10},
    {"bullseye", 11},
    {"bookworm", 12},
    {"trixie", 13},
    {"forky", 14},
}};

constexpr std::array<std::pair<std::string_view, std::string_view>, 18> kLanguages = {{
    {"golang", "go"},
    {"go", "go"},
    {"rust", "rust"},
    {"cargo-chef", "rust"},
    {"python", "python"},
    {"python3", "python"},
    {"uv", "python"},
    {"node", "node"},
    {"nodejs", "node"},
    {"openjdk", "java"},
    {"jre", "java"},
    {"jdk", "java"},
    {"eclipse-temurin", "java"},
    {"amazoncorretto", "java"},
    {"maven", "java"},
    {"gradle", "java"},
    {"java", "java"},
    {"java-base", "java"},
}};

bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

void drop_prefix(std::string& text, std::string_view prefix) {
    if (text.starts_with(prefix)) {
        text.erase(0, prefix.size());
    }
}

void split_reference(std::string_view reference, Base& base) {
    const std::size_t at = reference.find('@');
    if (at != std::string_view::npos) {
        base.digest = reference.substr(at + 1);
        reference = reference.substr(0, at);
    }
    const std::size_t slash = reference.rfind('/');
    const std::size_t colon = reference.find(':', slash == std::string_view::npos ? 0 : slash);
    base.repository = reference.substr(0, colon);
    base.tag = colon == std::string_view::npos ? "" : reference.substr(colon + 1);
    drop_prefix(base.repository, "docker.io/");
    drop_prefix(base.repository, "index.docker.io/");
    drop_prefix(base.repository, "library/");
    base.name = base.repository.substr(base.repository.rfind('/') + 1);
}

int leading_number(std::string_view text) {
    const std::size_t end = std::min(text.find_first_not_of("0123456789"), text.size());
    constexpr std::size_t kDigits = 4;
    const auto number = end <= kDigits ? parse_number(text.substr(0, end)) : std::nullopt;
    return number ? static_cast<int>(*number) : -1;
}

Version parse_version(std::string_view text) {
    const std::size_t dot = text.find('.');
    return {
        leading_number(text), dot == std::string_view::npos || leading_number(text) < 0
                                  ? -1
                                  : leading_number(text.substr(dot + 1))};
}

/// Takes `-debianN` from the end of the name.
bool take_release(std::string& name, int& release) {
    constexpr std::string_view kMark = "-debian";
    const std::size_t at = name.rfind(kMark);
    const int number =
        at == std::string::npos ? -1 : leading_number(name.substr(at + kMark.size()));
    if (number < 0) {
        return false;
    }
    release = number;
    name.resize(at);
    return true;
}

bool is_family(std::string_view name) {
    constexpr std::array<std::string_view, 9> kNames = {"static", "base",    "base-nossl",
                                                        "cc",     "python3", "python2.7",
                                                        "nodejs", "java",    "java-base"};
    const std::string_view plain = name.substr(0, name.find_last_not_of("0123456789") + 1);
    return std::find(kNames.begin(), kNames.end(), name) != kNames.end() || plain == "nodejs" ||
           plain == "java";
}

Version python_of(int debian) {
    constexpr int kOldest = 9;
    constexpr std::array<int, 6> kMinors = {5, 7, 9, 11, 13, 14};
    const auto index = static_cast<std::size_t>(std::max(debian - kOldest, 0));
    return {3, index < kMinors.size() ? kMinors.at(index) : -1};
}

void describe_distroless(Base& base, const std::string& family) {
    base.origin = Origin::distroless;
    base.debian = base.debian == 0 ? kStable : base.debian;
    base.debug = base.tag.starts_with("debug");
    base.user = contains(base.tag, "nonroot") ? "65532" : "0";
    base.libc = family == "static" ? Libc::none : Libc::glibc;
    if (family.starts_with("python")) {
        base.language = base.program = "python";
        base.version = python_of(base.debian);
    } else if (family.starts_with("nodejs")) {
        base.language = base.program = "node";
        base.version.major = leading_number(std::string_view(family).substr(6));
    } else if (family.starts_with("java")) {
        base.language = "java";
        base.program = family == "java-base" ? "" : "java";
        base.version.major = leading_number(std::string_view(family).substr(4));
    }
}

/// Those for run time; the others are full of tools.
bool is_chainguard_runtime(const Base& base) {
    constexpr std::array<std::string_view, 10> kNames = {
        "static", "glibc-dynamic", "cc-dynamic", "python",         "node",
        "jre",    "nginx",         "ruby",       "dotnet-runtime", "aspnet-runtime"};
    return base.repository == "cgr.dev/chainguard/" + base.name &&
           std::find(kNames.begin(), kNames.end(), base.name) != kNames.end() &&
           !base.tag.ends_with("-dev");
}

void describe_chainguard(Base& base) {
    base.origin = Origin::chainguard;
    base.user = "65532";
    base.libc = base.name == "static" ? Libc::none : Libc::glibc;
    for (const auto& [name, language] : kLanguages) {
        if (base.name == name) {
            base.language = base.program = language;
            base.version = parse_version(base.tag);
        }
    }
}

/// Whether an official image without a codename in its tag is of the newest release: its tag is a
/// major version at most, or a version that came after that release.
bool follows_stable(const Base& base) {
    constexpr std::array<std::pair<std::string_view, Version>, 3> kFirst = {{
        {"rust", {1, 89}},
        {"go", {1, 25}},
        {"python", {3, 14}},
    }};
    const std::string_view first = split(base.tag, '-').front();
    if (first.empty() || first == "latest" || first == "slim" ||
        first.find_first_not_of("0123456789") == std::string_view::npos) {
        return true;
    }
    return std::any_of(kFirst.begin(), kFirst.end(), [&base](const auto& row) {
        return row.first == base.language && base.version.major == row.second.major &&
               base.version.minor >= row.second.minor;
    });
}

/// The tag in pieces: `3.13-slim-trixie`.
void describe_tag(Base& base) {
    bool named = false;
    for (const std::string_view part : split(base.tag, '-')) {
        for (const auto& [codename, release] : kCodenames) {
            if (part == codename) {
                base.debian = release;
                named = true;
            }
        }
        if (part.starts_with("alpine")) {
            base.libc = Libc::musl;
            named = true;
        }
    }
    const bool on_debian = base.language == "go" || base.language == "rust" ||
                           base.language == "python" || base.name == "gcc";
    if (!named && on_debian && !contains(base.repository, "/") && follows_stable(base)) {
        base.debian = kStable;
    }
    if (base.libc == Libc::unknown && (base.debian != 0 || on_debian || base.language == "node")) {
        base.libc = Libc::glibc;
    }
}

void describe_other(Base& base) {
    const bool official = !contains(base.repository, "/");
    if (official) {
        base.user = "0";
    }
    for (const auto& [name, language] : kLanguages) {
        if (base.name == name) {
            base.language = language;
            base.version = parse_version(base.tag);
        }
    }
    // `maven:3-eclipse-temurin-21` tells the version of Java behind that of the tool.
    if (base.name == "maven" || base.name == "gradle") {
        base.version = {};
        for (const std::string_view part : split(base.tag, '-')) {
            const std::string_view number = part.starts_with("jdk") ? part.substr(3) : part;
            base.version.major = std::max(
                part.data() == base.tag.data() ? -1 : leading_number(number), base.version.major);
        }
    }
    if (base.name == "debian") {
        base.debian = std::max(leading_number(base.tag), 0);
        base.debian = base.tag.empty() || base.tag == "latest" ? kStable : base.debian;
    }
    if (base.name == "alpine") {
        base.libc = Libc::musl;
    } else if (base.name == "ubuntu" || base.name == "fedora") {
        base.libc = Libc::glibc;
    }
    describe_tag(base);
    base.debug = base.repository.starts_with("cgr.dev/chainguard/") && base.tag.ends_with("-dev");
}

} // namespace

Base describe_base(std::string_view reference) {
    Base base;
    split_reference(reference, base);
    if (reference == "scratch") {
        base.origin = Origin::scratch;
        base.user = "0";
        base.libc = Libc::none;
        return base;
    }
    std::string family = base.name;
    const bool has_release = take_release(family, base.debian);
    const std::string path = "/" + base.repository;
    const bool is_kin = contains(path, "/distroless/") || contains(path, "/pare/") || has_release;
    if (is_kin && is_family(family)) {
        describe_distroless(base, family);
    } else if (is_chainguard_runtime(base)) {
        describe_chainguard(base);
    } else {
        base.debian = 0;
        describe_other(base);
    }
    return base;
}

} // namespace pare::audit
