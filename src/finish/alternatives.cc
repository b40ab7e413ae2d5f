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
#include <optional>
#include <string>
#include <string_view>

namespace pare::finish {

namespace {

/// Files that match a glob, each the candidate for a link in the directory `link` that has the
/// file's own name.
struct Alternative {
    std::string_view link{}; ///< relative to the root, or to the directory above `glob`'s own
    std::string_view glob{};
};

/// In order of priority, within one link.
constexpr std::array<Alternative, 13> kAlternatives = {{
    {"usr/bin/", "usr/lib/jvm/java-*/bin/*"},
    {"../", "usr/lib/*/openblas-pthread/libblas.so.3"},
    {"../", "usr/lib/*/openblas-serial/libblas.so.3"},
    {"../", "usr/lib/*/blis-pthread/libblas.so.3"},
    {"../", "usr/lib/*/blas/libblas.so.3"},
    {"../", "usr/lib/*/openblas-pthread/liblapack.so.3"},
    {"../", "usr/lib/*/openblas-serial/liblapack.so.3"},
    {"../", "usr/lib/*/lapack/liblapack.so.3"},
    {"../", "usr/lib/*/openblas-pthread/libopenblas.so.0"},
    {"../", "usr/lib/*/openblas-serial/libopenblas.so.0"},
    {"../", "usr/lib/*/openblas-openmp/libopenblas.so.0"},
    {"../", "usr/lib/*/libgslcblas/libcblas.so.3"},
    {"../", "usr/lib/*/atlas/libcblas.so.3"},
}};

ImagePath link_path(const Alternative& alternative, const ImagePath& file) {
    const ImagePath directory =
        alternative.link == "../" ? file.parent().parent() : ImagePath::parse(alternative.link);
    const std::string& path = file.relative();
    return directory / std::string_view(path).substr(path.rfind('/') + 1);
}

/// Links, each with the file that it leads to.
using Links = std::map<ImagePath, ImagePath>;

/// The number in `java-21-openjdk-amd64`, so that 9 comes before 21.
std::uint64_t release_of(const ImagePath& file) {
    const std::string& path = file.relative();
    const std::size_t begin = std::min(path.find_first_of("0123456789"), path.size());
    const std::size_t end = std::min(path.find_first_not_of("0123456789", begin), path.size());
    return parse_number(std::string_view(path).substr(begin, end - begin)).value_or(0);
}

void add_candidates(Links& links, const Context& context, const Alternative& alternative) {
    const std::string_view root = alternative.glob.substr(0, alternative.glob.find('*'));
    const ImagePath directory = ImagePath::parse(root.substr(0, root.rfind('/')));
    const auto& nodes = context.tree.nodes();
    for (auto at = nodes.lower_bound(directory);
         at != nodes.end() && at->first.is_within(directory); ++at) {
        if (at->second.entry.type == tree::EntryType::directory ||
            !glob_matches(alternative.glob, at->first.relative())) {
            continue;
        }
        const auto [known, is_new] = links.emplace(link_path(alternative, at->first), at->first);
        const bool is_java = alternative.link == "usr/bin/";
        if (!is_new && is_java && release_of(at->first) > release_of(known->second)) {
            known->second = at->first;
        }
    }
}

std::vector<Generated> run(const Context& context) {
    Links links;
    for (const Alternative& alternative : kAlternatives) {
        add_candidates(links, context, alternative);
    }
    std::vector<Generated> made;
    for (const auto& [link, file] : links) {
        const tree::Node* there = context.tree.find(link);
        const bool is_ours =
            there != nullptr && there->entry.type == tree::EntryType::symlink &&
            context.tree.origins()[there->origin].kind == tree::OriginKind::finisher;
        if (there == nullptr || (is_ours && there->entry.link != file.absolute())) {
            made.push_back(make_symlink(context, link, file.absolute()));
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
