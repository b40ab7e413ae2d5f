// SPDX-License-Identifier: Apache-2.0
#include "build/wrap_definition.hh"

#include "support/yaml.hh"

#include <fmt/core.h>

namespace pare::build {

namespace {

using yaml::quoted;

template <typename Texts>
std::string list_of(const Texts& texts) {
    std::string list;
    for (const std::string& text : texts) {
        list += (list.empty() ? "" : ", ") + quoted(text);
    }
    return "[" + list + "]";
}

std::string packages_of(const WrapText& text) {
    std::string lines = "    - base-files\n";
    if (text.traits.contains(wrap::Trait::tls)) {
        lines +=
            "    # It checks certificates: their bundle, and nothing else of this package.\n"
            "    - {package: ca-certificates, include: [usr/share/doc/ca-certificates/copyright]}\n";
    }
    if (text.traits.contains(wrap::Trait::time_zones)) {
        lines += "    # It tells the time of places.\n    - tzdata\n";
    }
    if (text.traits.contains(wrap::Trait::services)) {
        lines += "    # It looks up services by name.\n    - netbase\n";
    }
    for (const auto& [package, globs] : text.taken) {
        lines +=
            fmt::format("    - {{package: {}, include: {}}}\n", quoted(package), list_of(globs));
    }
    for (const std::string& package : text.packages) {
        lines += fmt::format("    - {}\n", quoted(package));
    }
    for (const std::string& package : text.excluded) {
        lines += fmt::format("    - {}\n", quoted("!" + package));
    }
    return lines;
}

std::string files_of(const WrapText& text) {
    std::string lines;
    for (const WrappedFile& file : text.files) {
        lines += fmt::format(
            "    - {{from: {}, to: {}}}\n", quoted(file.from.string()), quoted(file.to));
    }
    return lines;
}

/// Modules for other services would have to be loaded; these two are in libc itself.
constexpr const char* kNames =
    "    - {to: /etc/nsswitch.conf, content: \"passwd: files\\ngroup: files\\nshadow: files\\n"
    "hosts: files dns\\nnetworks: files\\nprotocols: files\\nservices: files\\n\"}\n";

constexpr const char* kAccounts = R"(accounts:
  run-as: "65532"
  users:
    - {username: root, uid: 0, homedir: /root, shell: /sbin/nologin}
    - {username: nobody, uid: 65534, homedir: /nonexistent, shell: /sbin/nologin}
    - {username: nonroot, uid: 65532, homedir: /home/nonroot, shell: /sbin/nologin}
  groups:
    - {groupname: root, gid: 0}
    - {groupname: nobody, gid: 65534}
    - {groupname: nonroot, gid: 65532}
work-dir: /home/nonroot
paths:
  - {path: /tmp, type: directory, permissions: 0o1777}
)";

} // namespace

std::string write_definition(const WrapText& text) {
    std::string yaml = fmt::format("# {}\ncontents:\n", text.title);
    yaml += fmt::format("  repositories: {}\n", list_of(text.repositories));
    yaml += "  packages:\n" + packages_of(text);
    yaml += "  files:\n" + files_of(text) + kNames;
    yaml += fmt::format("archs: [{}]\n", quoted(text.architecture));
    yaml += fmt::format("entrypoint: {{command: {}}}\n", list_of(text.entrypoint));
    if (!text.healthcheck.empty()) {
        yaml += fmt::format("healthcheck: {}\n", quoted(text.healthcheck));
    }
    yaml += kAccounts;
    yaml += "environment:\n"
            "  PATH: /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n";
    if (text.traits.contains(wrap::Trait::time_zones)) {
        yaml += "zoneinfo: slim\n";
    }
    yaml += "layering: {budget: 2}\n";
    return yaml;
}

} // namespace pare::build
