// SPDX-License-Identifier: Apache-2.0
// The keystore of trusted certificates, /etc/ssl/certs/java/cacerts: what ca-certificates-java
// makes with keytool, here from the CA bundle and without Java. Debian's runtimes have a symlink to
// it. It holds exactly what the bundle holds, so it is made anew when a step changes the bundle.
// It is made only for an image with something that reads it: a Java runtime, a symlink to it, or
// the directory of ca-certificates-java, which says that a runtime comes with the next image. A
// keystore that the user or a package brought stays as it is.
// Left out: /etc/default/cacerts (every certificate is taken, the password is always `changeit`).
#include "finish/jks.hh"
#include "finish/parts.hh"
#include "finish/table.hh"
#include "support/error.hh"
#include "support/text.hh"

#include <algorithm>
#include <optional>
#include <string_view>

namespace pare::finish {

namespace {

/// Of Java 8 these lie below jre/.
constexpr std::string_view kRuntimeLibrary = "usr/lib/jvm/**/libjava.so";
constexpr std::string_view kRuntimeSecurity = "usr/lib/jvm/**/lib/security/*";

bool is_brought(const Context& context, const ImagePath& keystore) {
    const tree::Node* node = context.tree.find(keystore);
    return node != nullptr &&
           (is_of_user(context, keystore) ||
            context.tree.origins()[node->origin].kind == tree::OriginKind::package);
}

bool is_package_directory(const Context& context, const ImagePath& path) {
    const tree::Node* node = context.tree.find(path);
    return node != nullptr && node->entry.type == tree::EntryType::directory && !node->implied &&
           context.tree.origins()[node->origin].kind == tree::OriginKind::package;
}

bool is_read(const Context& context, const ImagePath& keystore) {
    const auto& nodes = context.tree.nodes();
    return is_package_directory(context, keystore.parent()) ||
           std::any_of(nodes.begin(), nodes.end(), [&](const auto& one) {
               const std::string& path = one.first.relative();
               return glob_matches(kRuntimeLibrary, path) || glob_matches(kRuntimeSecurity, path) ||
                      (one.second.entry.type == tree::EntryType::symlink &&
                       one.second.entry.link == keystore.absolute());
           });
}

std::vector<Generated> run(const Context& context) {
    const ImagePath path = ImagePath::parse("etc/ssl/certs/java/cacerts");
    const ImagePath bundle_path = ImagePath::parse("etc/ssl/certs/ca-certificates.crt");
    const tree::Node* bundle = file_at(context.tree, bundle_path);
    if (bundle == nullptr || is_brought(context, path)) {
        return {};
    }
    const bool is_current = context.tree.find(path) != nullptr && !context.touched(bundle_path) &&
                            !context.touched(bundle->entry.path);
    if (is_current || !is_read(context, path)) {
        return {};
    }
    const std::optional<Bytes> certificates = context.content(bundle->entry.path);
    if (!certificates) {
        throw Error(
            ErrorKind::definition,
            "Java needs a keystore made of " + bundle_path.absolute() +
                ", but its content is in the base image",
            "add a keystore of your own to contents.files, to: " + path.absolute());
    }
    Bytes keystore = write_jks(read_certificates(*certificates, bundle_path.absolute()));
    if (context.content(path) == keystore) {
        return {};
    }
    std::vector<Generated> made;
    made.push_back(make_file(context, path, std::move(keystore)));
    return made;
}

} // namespace

Finisher java_keystore_finisher() {
    return {
        .name = "java-keystore",
        .replaces_script = "ca-certificates-java.postinst (keytool): Java's trusted certificates",
        .run = run};
}

} // namespace pare::finish
