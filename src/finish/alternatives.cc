// SPDX-License-Identifier: Apache-2.0
// Links that postinst scripts make by update-alternatives(1): /usr/bin/java to the Java runtime
// that is there, libblas.so.3 to one of its implementations. Of several candidates the one of
// highest priority wins (for Java: the newest). The link is made straight to the file;
// /etc/alternatives, which serves an administrator who changes his mind, has no place in an image.
// A path that a package or the user brought stays.
#include "finish/parts.hh"
#include "finish/table.hh"
#include "support/text.hh"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace pare::finish {

namespace {

/// Files that match `glob` are candidates for links of their own name.
struct Alternative {
    std::string_view directory{}; ///< of the link; empty: the one above that of the file
    std::string_view glob{};      ///< below kRoot
};

constexpr std::string_view kRoot = "usr/lib";

/// In order of priority, within one link.
constexpr std::array<Alternative, 13> kAlternatives = {{
    {"usr/bin", "usr/lib/jvm/java-*/bin/*"},
    {"", "usr/lib/*/openblas-pthread/libblas.so.3"},
    {"", "usr/lib/*/openblas-serial/libblas.so.3"},
    {"", "usr/lib/*/blis-pthread/libblas.so.3"},
    {"", "usr/lib/*/blas/libblas.so.3"},
    {"", "usr/lib/*/openblas-pthread/liblapack.so.3"},
    {"", "usr/lib/*/openblas-serial/liblapack.so.3"},
    {"", "usr/lib/*/lapack/liblapack.so.3"},
    {"", "usr/lib/*/openblas-pthread/libopenblas.so.0"},
    {"", "usr/lib/*/openblas-serial/libopenblas.so.0"},
    {"", "usr/lib/*/openblas-openmp/libopenblas.so.0"},
    {"", "usr/lib/*/libgslcblas/libcblas.so.3"},
    {"", "usr/lib/*/atlas/libcblas.so.3"},
}};

/// Lower is better: first the place in the table, then, for Java, the newer release.
using Rank = std::pair<std::size_t, std::uint64_t>;

struct Candidate {
    ImagePath file{};
    Rank rank{};
};

/// By the link that would lead to it, the best one.
using Links = std::map<ImagePath, Candidate>;

/// The number in `java-21-openjdk-amd64`, so that 9 comes before 21.
std::uint64_t release_of(const ImagePath& file) {
    const std::string& path = file.relative();
    const std::size_t begin = std::min(path.find_first_of("0123456789"), path.size());
    const std::size_t end = std::min(path.find_first_not_of("0123456789", begin), path.size());
    return parse_number(std::string_view(path).substr(begin, end - begin)).value_or(0);
}

Links find_links(const tree::Tree& tree) {
    Links links;
    for (const auto& [path, node] : tree.within(ImagePath::parse(kRoot))) {
        const auto* const found =
            std::ranges::find_if(kAlternatives, [&file = path](const Alternative& alternative) {
                return glob_matches(alternative.glob, file.relative());
            });
        if (found == kAlternatives.end() || node.entry.type == tree::EntryType::directory) {
            continue;
        }
        const ImagePath directory =
            found->directory.empty() ? path.parent().parent() : ImagePath::parse(found->directory);
        const auto place = static_cast<std::size_t>(found - kAlternatives.begin());
        Candidate candidate{path, {place, ~release_of(path)}};
        const auto [known, is_new] = links.emplace(directory / path.name(), candidate);
        if (!is_new && candidate.rank < known->second.rank) {
            known->second = std::move(candidate);
        }
    }
    return links;
}

std::vector<Generated> run(const Context& context) {
    std::vector<Generated> made;
    for (const auto& [link, candidate] : find_links(context.tree)) {
        const std::string target = candidate.file.absolute();
        const tree::Node* there = context.tree.find(link);
        const bool is_ours =
            there != nullptr && there->entry.type == tree::EntryType::symlink &&
            context.tree.origins()[there->origin].kind == tree::OriginKind::finisher;
        if (there == nullptr || (is_ours && there->entry.link != target)) {
            made.push_back(make_symlink(context, link, target));
        }
    }
    return made;
}

} // namespace

Finisher alternatives_finisher() {
    return {
        .name = "alternatives",
        .replaces_script = "update-alternatives --install in the postinst of Java and of BLAS",
        .run = run};
}

} // namespace pare::finish
