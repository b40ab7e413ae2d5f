// SPDX-License-Identifier: Apache-2.0
#include "build/wrap_java_base.hh"

#include "build/wrap_kinds.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace pare::build {

namespace {

/// A definition of pare's for a release of Java.
struct JavaBase {
    unsigned java = 0;
    WrapBase base{};
};

/// Smallest first.
std::vector<JavaBase> javas_of(const definition::Library& library) {
    std::vector<JavaBase> bases;
    for (const std::string& name : library.names) {
        const auto java = name.starts_with("java") ? parse_number(name.substr(4)) : std::nullopt;
        if (!java) {
            continue;
        }
        for (const std::string& distribution : definition::distributions_of(name, library)) {
            bases.push_back(
                {.java = static_cast<unsigned>(*java),
                 .base = {.definition = name, .distribution = distribution}});
        }
    }
    std::ranges::stable_sort(bases, {}, &JavaBase::java);
    return bases;
}

} // namespace

NeededJava needed_java(const Jars& jars) {
    NeededJava needed;
    for (const JarFile& jar : jars.files) {
        if (jar.jar.version.java > needed.java) {
            needed.java = jar.jar.version.java;
            needed.witness = fmt::format("{} ({})", jar.from.string(), jar.jar.newest);
        }
    }
    for (const JarFile& jar : jars.files) {
        if (jar.jar.version.is_preview) {
            needed.is_exact = true;
            needed.witness = fmt::format("{} ({})", jar.from.string(), jar.jar.preview);
        }
    }
    return needed;
}

WrapBase choose_java_base(
    const WrapRequest& request, const definition::Library& library, const NeededJava& needed) {
    std::vector<WrapBase> good;
    unsigned newest = 0;
    for (JavaBase& base : javas_of(library)) {
        newest = base.java;
        if (needed.is_exact ? base.java == needed.java : base.java >= needed.java) {
            good.push_back(std::move(base.base));
        }
    }
    if (good.empty() && needed.is_exact) {
        throw Error(
            ErrorKind::definition,
            fmt::format(
                "{} uses previews of Java {}, which no other Java runs, and there is no image "
                "of that",
                needed.witness, needed.java),
            "compile it without --enable-preview, or give a JDK of that release with --jlink");
    }
    if (good.empty()) {
        throw Error(
            ErrorKind::definition,
            fmt::format("{} was compiled for Java {}", needed.witness, needed.java),
            fmt::format(
                "compile it with --release {}, or give a JDK of that release with --jlink",
                newest));
    }
    return choose_base(
        request, library, good, fmt::format("it was compiled for Java {}", needed.java));
}

} // namespace pare::build
