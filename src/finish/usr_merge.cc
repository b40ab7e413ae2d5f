// SPDX-License-Identifier: Apache-2.0
// The symlinks /bin, /lib, /sbin and their like into /usr: what base-files ships since Debian 13
// and the usrmerge package made before, here for every release and in the first layer. A parent
// image that is not merged keeps its directories.
#include "finish/parts.hh"
#include "finish/table.hh"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace pare::finish {

namespace {

/// Architectures whose ABI names a loader in /lib64.
constexpr std::array<std::string_view, 4> kLoaderInLib64 = {"amd64", "loong64", "ppc64", "ppc64el"};

bool needs(const Context& context, std::string_view name) {
    if (name == "bin" || name == "lib" || name == "sbin") {
        return true;
    }
    const bool of_abi =
        name == "lib64" &&
        std::find(kLoaderInLib64.begin(), kLoaderInLib64.end(), context.architecture) !=
            kLoaderInLib64.end();
    return of_abi || has_directory(context.tree, ImagePath::parse("usr") / name);
}

std::vector<Generated> run(const Context& context) {
    std::vector<Generated> made;
    for (const std::string_view name :
         {"bin", "lib", "lib32", "lib64", "libo32", "libx32", "sbin"}) {
        const ImagePath link = ImagePath::parse(name);
        if (context.tree.find(link) != nullptr || !needs(context, name)) {
            continue;
        }
        const ImagePath target = ImagePath::parse("usr") / name;
        if (context.tree.find(target) == nullptr) {
            made.push_back(make_directory(context, target));
        }
        made.push_back(make_symlink(context, link, target.relative()));
    }
    return made;
}

} // namespace

Finisher usr_merge_finisher() {
    return {
        .name = "usr-merge",
        .replaces_script = "the usrmerge package and base-files' trigger: /bin, /lib and /sbin "
                           "become symlinks into /usr",
        .run = run};
}

} // namespace pare::finish
