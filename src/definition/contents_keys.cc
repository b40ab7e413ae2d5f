// SPDX-License-Identifier: Apache-2.0
// The keys below `contents` and `certificates`: where packages come from, which, and files that are
// in none. What apko's keys mean only for an apk database in the image is checked and left aside.
#include "definition/bind.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

namespace pare::definition {

namespace {

using yaml::Node;

[[noreturn]] void bad_request(const Node& node, const std::string& text) {
    throw Error(
        ErrorKind::definition, fmt::format("'{}' is no package request", text),
        "write NAME, NAME_SLICE, NAME=VERSION, NAME>=VERSION, NAME/SUITE or !NAME")
        .at(node.where);
}

/// `name`, `name=1`, `name>=1`, `name/suite`, `!name`; of apko also `name@tag`, where the tag takes
/// the place of a suite.
PackageRequest package_of(const Node& node) {
    PackageRequest request{.where = node.where};
    const std::string text = text_of(node);
    std::string_view rest = text;
    if (rest.starts_with('!')) {
        request.excluded = true;
        rest.remove_prefix(1);
    }
    const std::size_t end = std::min(rest.find_first_of("=<>~/@"), rest.size());
    request.name = rest.substr(0, end);
    if (const std::size_t mark = request.name.find('_'); mark != std::string::npos) {
        request.slice = request.name.substr(mark + 1);
        request.name.resize(mark);
        if (!is_made_of(request.slice, "-") || request.excluded) {
            bad_request(node, text);
        }
    }
    rest.remove_prefix(end);
    const std::size_t suite = std::min(rest.find_first_of("/@"), rest.size());
    if (suite < rest.size()) {
        request.suite = rest.substr(suite + 1);
    }
    const std::string_view constraint = rest.substr(0, suite);
    const std::size_t op = std::min(constraint.find_first_not_of("=<>~"), constraint.size());
    request.op = constraint.substr(0, op);
    request.version = constraint.substr(op);
    if (request.op.find('~') != std::string::npos) {
        throw Error(
            ErrorKind::definition,
            fmt::format("'{}': '{}' is no comparison of Debian versions", text, request.op),
            fmt::format("write {0}>={1} or {0}={1}", request.name, request.version))
            .at(node.where);
    }
    constexpr std::array<std::string_view, 6> kOperators = {"", "=", "<", "<=", ">", ">="};
    const bool good_version =
        request.op.empty() ? request.version.empty() : is_made_of(request.version, "+-.:~_");
    const bool good_suite = suite == rest.size() || is_made_of(request.suite, "+-._");
    const bool has_extras = !request.op.empty() || !request.suite.empty();
    if (!is_made_of(request.name, "+-._:") || !good_version || !good_suite ||
        std::find(kOperators.begin(), kOperators.end(), request.op) == kOperators.end() ||
        (request.excluded && has_extras)) {
        bad_request(node, text);
    }
    return request;
}

void read_package_name(const Node& node, Draft& draft) {
    PackageRequest named = package_of(node);
    if (named.excluded) {
        wrong_type(node, "the name of a package to take");
    }
    PackageRequest& request = draft.step.packages.back();
    request.name = std::move(named.name);
    request.slice = std::move(named.slice);
    request.op = std::move(named.op);
    request.version = std::move(named.version);
    request.suite = std::move(named.suite);
}

constexpr std::array kPackageKeys = {
    Key{.name = "package",
        .description = "The package, with a version or suite as in the short form.",
        .read = read_package_name,
        .need = Need::required},
    Key{.name = "include",
        .shape = Shape::texts,
        .description = "Globs of the files to take, after usr-merge; ** crosses directories. "
                       "The copyright file always stays.",
        .read = into_last<&Step::packages, &PackageRequest::include, globs_of>},
    Key{.name = "strip",
        .shape = Shape::number,
        .description = "Leading directories to cut from the paths of the included files.",
        .read = into_last<&Step::packages, &PackageRequest::strip, count_of>},
    Key{.name = "to",
        .description = "Directory in the image that the included files go to.",
        .read = into_last<&Step::packages, &PackageRequest::to, image_path_of>},
};

void read_packages(const Node& node, Draft& draft) {
    for (const Node& item : items_of(node)) {
        if (item.kind == yaml::NodeKind::mapping) {
            draft.step.packages.push_back({.where = item.where});
            read_mapping(item, kPackageKeys, "contents.packages", draft);
            const PackageRequest& request = draft.step.packages.back();
            if (request.include.empty() && (request.strip > 0 || !request.to.empty())) {
                throw Error(
                    ErrorKind::definition,
                    "'to' and 'strip' are for the files that 'include' names",
                    "include: [\"**\"] takes all of the package")
                    .at(item.where);
            }
        } else {
            draft.step.packages.push_back(package_of(item));
        }
    }
}

/// Relative to the definition.
void read_slices(const Node& node, Draft& draft) {
    for (const std::string& directory : texts_of(node)) {
        draft.step.slices.push_back((draft.step.directory / directory).lexically_normal());
    }
}

void read_file_source(const Node& node, Draft& draft) {
    draft.step.files.back().from = (draft.step.directory / text_of(node)).lexically_normal();
}

constexpr std::array kFileKeys = {
    Key{.name = "from",
        .description = "File or directory of this machine, relative to the definition.",
        .read = read_file_source},
    Key{.name = "content",
        .description = "The file's text, in place of `from`.",
        .read = into_last<&Step::files, &UserFile::content, content_of>},
    Key{.name = "to",
        .description = "Its path in the image.",
        .read = into_last<&Step::files, &UserFile::to, image_path_of>,
        .need = Need::required},
    Key{.name = "mode",
        .shape = Shape::mode,
        .description = "Permissions of files; default 0o755 where the file is executable, "
                       "else 0o644.",
        .read = into_last<&Step::files, &UserFile::mode, mode_of>},
    Key{.name = "uid",
        .shape = Shape::number,
        .description = "Number of the owner; default 0.",
        .read = into_last<&Step::files, &UserFile::uid, id_of>},
    Key{.name = "gid",
        .shape = Shape::number,
        .description = "Number of the group; default 0.",
        .read = into_last<&Step::files, &UserFile::gid, id_of>},
    Key{.name = "exclude",
        .shape = Shape::texts,
        .description = "Globs of what to leave out of a directory: a name at any depth, or with a "
                       "'/' (also one before it) a path below `from`.",
        .read = into_last<&Step::files, &UserFile::exclude, texts_of>},
};

void read_files(const Node& node, Draft& draft) {
    read_entries<&Step::files>(
        node, kFileKeys, "contents.files", draft, [](const Node& item, UserFile& file) {
            file.where = item.where;
            if (file.from.empty() != file.content.has_value()) {
                throw Error(
                    ErrorKind::definition,
                    "an entry of 'contents.files' has either 'from' or 'content'")
                    .at(item.where);
            }
            if (file.content && !file.exclude.empty()) {
                throw Error(
                    ErrorKind::definition, "'exclude' is for the files of a directory",
                    "name the directory with 'from'")
                    .at(item.where);
            }
        });
}

constexpr std::array kRuntimeKeyKeys = {
    Key{.name = "name",
        .description = "Name of the key.",
        .read = ignored<file_name_of>,
        .need = Need::required},
    Key{.name = "content",
        .description = "The key.",
        .read = ignored<content_of>,
        .need = Need::required},
};

void check_runtime_keyring(const Node& node, Draft& draft) {
    for (const Node& item : items_of(node)) {
        read_mapping(item, kRuntimeKeyKeys, "contents.runtime_keyring", draft);
    }
}

constexpr std::array kBaseImageKeys = {
    Key{.name = "image",
        .description = "Directory of an OCI layout; as `from: oci:DIRECTORY`.",
        .read =
            [](const Node& node, Draft& draft) {
                set_parent(draft, "oci:" + text_of(node), node, ParentKind::any);
            },
        .need = Need::required},
    Key{.name = "apkindex",
        .description = "Not needed: the image itself is read.",
        .read = ignored<given_text_of>},
};

Keys package_keys() {
    return kPackageKeys;
}

Keys file_keys() {
    return kFileKeys;
}

Keys runtime_key_keys() {
    return kRuntimeKeyKeys;
}

Keys base_image_keys() {
    return kBaseImageKeys;
}

constexpr std::array kContentsKeys = {
    Key{.name = "repositories",
        .shape = Shape::texts,
        .description = "Where packages come from: debian:13, debian:12, "
                       "debian:13@20261101T000000Z, or an APT source line.",
        .read = append_to_step<&Step::repositories, texts_of>},
    Key{.name = "build_repositories",
        .shape = Shape::texts,
        .description = "As `repositories`: none is written into the image.",
        .read = append_to_step<&Step::repositories, texts_of>},
    Key{.name = "runtime_repositories",
        .shape = Shape::texts,
        .description = "Without effect: an image has no package manager that would read them.",
        .read = ignored<texts_of>},
    Key{.name = "keyring",
        .shape = Shape::texts,
        .description = "Key files for sources that name no signed-by.",
        .read = append_to_step<&Step::keyring, texts_of>},
    Key{.name = "runtime_keyring",
        .shape = Shape::objects,
        .description = "Without effect, as `runtime_repositories`.",
        .read = check_runtime_keyring,
        .members = runtime_key_keys},
    Key{.name = "packages",
        .shape = Shape::packages,
        .description = "What to install, with all it needs: NAME, NAME_SLICE, NAME=VERSION, "
                       "NAME>=VERSION, NAME/SUITE; !NAME leaves out; or a mapping that takes a "
                       "part.",
        .read = read_packages,
        .members = package_keys},
    Key{.name = "slices",
        .shape = Shape::texts,
        .description = "Directories of slice files, relative to the definition; they win over the "
                       "built-in ones.",
        .read = read_slices},
    Key{.name = "missing-libraries",
        .shape = Shape::texts,
        .description = "Libraries that files of the image need and that may be missing, because "
                       "nothing uses these files.",
        .read = append_to_step<&Step::missing_libraries, texts_of>},
    Key{.name = "archives",
        .shape = Shape::objects,
        .description = "Tar archives of upstream projects, pinned by their hashes.",
        .read = read_archives,
        .members = archive_keys},
    Key{.name = "files",
        .shape = Shape::objects,
        .description = "Your own files; each entry is a layer of its own.",
        .read = read_files,
        .members = file_keys},
    Key{.name = "baseimage",
        .shape = Shape::object,
        .description = "An image to start from; the older way to write `from`.",
        .members = base_image_keys},
};

constexpr std::array kCertificateKeys = {
    Key{.name = "name",
        .description = "Name of the file, without .crt.",
        .read =
            [](const Node& node, Draft& draft) {
                draft.step.files.back().to =
                    fmt::format("/usr/local/share/ca-certificates/{}.crt", file_name_of(node));
            },
        .need = Need::required},
    Key{.name = "content",
        .description = "The certificate in PEM.",
        .read = into_last<&Step::files, &UserFile::content, content_of>,
        .need = Need::required},
};

void read_certificates(const Node& node, Draft& draft) {
    read_entries<&Step::files>(
        node, kCertificateKeys, "certificates.additional", draft,
        [](const Node& item, UserFile& file) {
            file.where = item.where;
            file.mode = 0644;
        });
}

Keys certificate_keys() {
    return kCertificateKeys;
}

constexpr std::array kCertificatesKeys = {
    Key{.name = "additional",
        .shape = Shape::objects,
        .description = "Certificates to trust; added to the bundle of the image.",
        .read = read_certificates,
        .members = certificate_keys},
    Key{.name = "providers",
        .shape = Shape::texts,
        .description = "Without effect: certificates of all packages are in the bundle.",
        .read = ignored<texts_of>},
};

} // namespace

Keys contents_keys() {
    return kContentsKeys;
}

Keys certificates_keys() {
    return kCertificatesKeys;
}

} // namespace pare::definition
