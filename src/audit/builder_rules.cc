// SPDX-License-Identifier: Apache-2.0
// Whether what one stage builds runs in the image that gets it, as far as names of images and words
// of RUN tell: the C library, the release of the distribution, the version of the language.
#include "audit/dockerfile_rules.hh"

#include <fmt/core.h>

#include <array>
#include <set>

namespace pare::audit {

using namespace dockerfile;

namespace {

/// What a stage makes.
struct Product {
    bool dynamic = false;     ///< needs the C library that it was linked against
    bool only_loader = false; ///< of Go or Rust: nothing but the C library
    std::string_view what = "the program";
};

bool compiles_c(std::string_view text) {
    return contains_call(
        text, {"gcc ", "g++ ", "cc ", "clang", "cmake", "make\n", "make ", "build-base",
               "build-essential", "meson", "ninja"});
}

Product product_of(const Review& review, std::size_t stage) {
    const Base& base = review.base(stage);
    const std::string text = review.build_text(stage);
    const bool on_musl = base.libc == Libc::musl;
    const bool says_static = contains_any(text, {" -static", "\"-static", "'-static", "=-static"});
    if (contains_call(text, {"go build", "go install"})) {
        const bool has_compiler =
            !on_musl || contains_any(text, {"gcc", "build-base", "musl-dev", "clang"});
        const bool off = contains_any(text, {"CGO_ENABLED=0", "CGO_ENABLED 0"});
        return {
            .dynamic = !off && !says_static && has_compiler,
            .only_loader = true,
            .what = "a Go program"};
    }
    if (contains_call(text, {"cargo build", "cargo install", "cargo auditable"})) {
        const bool is_static = on_musl || contains_any(text, {"linux-musl", "crt-static"});
        return {.dynamic = !is_static, .only_loader = true, .what = "a Rust program"};
    }
    if (base.language == "node" || base.language == "python") {
        // Modules are loaded by the same language only.
        const bool installs =
            contains_any(text, {"npm ", "yarn", "pnpm", "pip ", "pip3 ", "uv ", "poetry", "venv"});
        return {
            .dynamic = installs && base.language == review.final_base().language,
            .what = base.language == "node" ? "a module of Node.js" : "a module of Python"};
    }
    return {.dynamic = compiles_c(text) && !says_static};
}

/// Data, settings and what browsers get need no C library.
bool may_hold_program(const Copy& copy) {
    for (const Word& source : copy.sources) {
        const std::string_view path = source.text;
        const std::string_view name = base_name(path);
        const std::size_t dot = name.rfind('.');
        const std::string_view end = dot == std::string_view::npos ? "" : name.substr(dot);
        const bool page = is_one_of(name, {"dist", "public", "static", "assets", "www"});
        const bool data = page || path.starts_with("/etc/") || path.starts_with("/usr/share/") ||
                          contains_any(path, {"zoneinfo", "cert"}) ||
                          is_one_of(
                              end, {".crt", ".pem", ".json", ".yaml", ".yml", ".toml", ".conf",
                                    ".html", ".css", ".txt", ".sql", ".md", ".jar"});
        if (!data) {
            return true;
        }
    }
    return false;
}

const char* libc_name(Libc libc) {
    return libc == Libc::musl ? "musl" : "glibc";
}

void check_libc(Review& review, const Range& place, const Base& builder, const Product& product) {
    const Base& base = review.final_base();
    if (!product.dynamic) {
        return;
    }
    if (base.libc == Libc::none) {
        if (product.only_loader || product.what == Product().what) {
            review.report(
                "dynamic-program-in-static-base", place,
                fmt::format("{} of this stage is not built statically", product.what));
        }
        return;
    }
    const bool known = base.libc != Libc::unknown && builder.libc != Libc::unknown;
    if (known && base.libc != builder.libc) {
        review.report(
            "libc-mismatch", place,
            fmt::format(
                "{} is built against {}, the image has {}", product.what, libc_name(builder.libc),
                libc_name(base.libc)));
        return;
    }
    const bool newer = builder.debian > base.debian;
    const bool other = builder.debian != base.debian && !product.only_loader;
    if (base.debian > 0 && builder.debian > 0 && (newer || other)) {
        review.report(
            "distribution-mismatch", place,
            fmt::format(
                "{} is built on Debian {}, the image is Debian {}", product.what, builder.debian,
                base.debian));
    }
}

std::string version_text(const Version& version) {
    return version.minor < 0 ? std::to_string(version.major)
                             : fmt::format("{}.{}", version.major, version.minor);
}

void check_language(Review& review, const Range& place, const Base& builder) {
    const Base& base = review.final_base();
    if (base.language.empty() || builder.language != base.language || base.version.major < 0 ||
        builder.version.major < 0) {
        return;
    }
    bool differs = false;
    if (base.language == "python") {
        differs = base.version.minor >= 0 && builder.version.minor >= 0 &&
                  base.version != builder.version;
    } else if (base.language == "node") {
        differs = base.version.major != builder.version.major;
    } else if (base.language == "java") {
        // A newer runtime reads older classes.
        differs = builder.version.major > base.version.major;
    }
    if (differs) {
        review.report(
            "language-version-mismatch", place,
            fmt::format(
                "built with {} {}, run with {} {}", builder.language, version_text(builder.version),
                base.language, version_text(base.version)));
    }
}

} // namespace

void check_builders(Review& review) {
    // Looking at a stage costs as much as it is long; no image is made of more of them.
    constexpr std::size_t kMostBuilders = 64;
    std::set<std::size_t> seen;
    for (const Step* step : review.final_steps()) {
        const Copy* copy = std::get_if<Copy>(&step->command);
        if (copy == nullptr || !step->source_stage || seen.size() == kMostBuilders ||
            !may_hold_program(*copy) || !seen.insert(*step->source_stage).second) {
            continue;
        }
        const std::size_t stage = *step->source_stage;
        const Base& builder = review.base(stage);
        const Range& place = copy->from ? copy->from->range : copy->destination.range;
        check_libc(review, place, builder, product_of(review, stage));
        check_language(review, place, builder);
    }
}

} // namespace pare::audit
