// SPDX-License-Identifier: Apache-2.0
// The CA bundle: what update-ca-certificates(8) makes, without /etc/ca-certificates.conf (every
// packaged certificate is trusted) and without the links by hash, which only OpenSSL's directory
// lookup needs. Packaged certificates come first, then those of /usr/local, each in bytewise order
// of their paths. A step that adds some to a parent's bundle appends them.
#include "finish/parts.hh"
#include "finish/table.hh"
#include "support/text.hh"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <string_view>

namespace pare::finish {

namespace {

constexpr std::array<PackagePattern, 2> kReads = {{
    {"*", "usr/share/ca-certificates/**.crt"},
    {"*", "usr/local/share/ca-certificates/**.crt"},
}};

/// Certificates that this step brought, by path; those of files that were left out of the image
/// count too.
std::map<std::string, Bytes> certificates(const Context& context, std::string_view glob) {
    std::map<std::string, Bytes> found;
    for (const auto& [path, bytes] : context.aside) {
        if (glob_matches(glob, path.relative())) {
            found.emplace(path.relative(), bytes);
        }
    }
    const ImagePath directory = ImagePath::parse(glob.substr(0, glob.find('*')));
    for (const auto& [path, node] : context.tree.within(directory)) {
        const tree::Node* file = file_at(context.tree, path);
        if (file == nullptr || !glob_matches(glob, path.relative()) || !context.touched(path)) {
            continue;
        }
        if (std::optional<Bytes> bytes = context.content(file->entry.path)) {
            found.insert_or_assign(path.relative(), std::move(*bytes));
        }
    }
    return found;
}

std::vector<Generated> run(const Context& context) {
    const ImagePath path = ImagePath::parse("etc/ssl/certs/ca-certificates.crt");
    if (is_of_user(context, path)) {
        return {};
    }
    const Bytes earlier = context.content(path).value_or(Bytes());
    Bytes bundle = earlier;
    for (const PackagePattern& pattern : kReads) {
        for (auto& [name, bytes] : certificates(context, pattern.glob)) {
            if (!bytes.ends_with('\n')) {
                bytes.push_back('\n');
            }
            if (earlier.find(bytes) == Bytes::npos) {
                bundle += bytes;
            }
        }
    }
    if (bundle == earlier) {
        return {};
    }
    std::vector<Generated> made;
    made.push_back(make_file(context, path, std::move(bundle)));
    return made;
}

} // namespace

Finisher ca_certificates_finisher() {
    return {
        .name = "ca-certificates",
        .replaces_script = "ca-certificates.postinst (update-ca-certificates): the CA bundle",
        .reads = kReads,
        .run = run};
}

} // namespace pare::finish
