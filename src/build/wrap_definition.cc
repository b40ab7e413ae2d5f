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

/// What a program from nothing needs besides libraries, as far as its text tells.
std::string data_packages(const WrapText& text) {
    const std::set<wrap::Trait>& traits = text.traits;
    std::string lines = "    - base-files_layout\n";
    for (const std::string& licence : text.licences) {
        lines += fmt::format("    - base-files_{}\n", licence);
    }
    if (traits.contains(wrap::Trait::tls)) {
        lines +=
            "    # It checks certificates: their bundle, and nothing else of this package.\n"
            "    - {package: ca-certificates, include: [usr/share/doc/ca-certificates/copyright]}\n";
    }
    if (traits.contains(wrap::Trait::time_zones)) {
        lines += "    # It tells the time of places.\n    - tzdata\n";
    }
    if (traits.contains(wrap::Trait::services)) {
        lines += "    # It looks up services by name.\n    - netbase\n";
    }
    return lines;
}

std::string packages_of(const WrapText& text) {
    std::string lines = text.from.empty() ? data_packages(text) : "";
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
    return lines.empty() ? "" : "  packages:\n" + lines;
}

std::string line_of(const WrappedFile& file) {
    if (file.from.empty()) {
        return fmt::format(
            "    - {{to: {}, {}content: {}}}\n", quoted(file.to),
            file.executable ? "mode: 0o755, " : "", quoted(file.content));
    }
    const std::string exclude =
        file.exclude.empty() ? "" : fmt::format(", exclude: {}", list_of(file.exclude));
    return fmt::format(
        "    - {{from: {}, to: {}{}}}\n", quoted(file.from.string()), quoted(file.to), exclude);
}

/// Modules for other services would have to be loaded; these two are in libc itself.
constexpr const char* kNames =
    "    - {to: /etc/nsswitch.conf, content: \"passwd: files\\ngroup: files\\nshadow: files\\n"
    "hosts: files dns\\nnetworks: files\\nprotocols: files\\nservices: files\\n\"}\n";

std::string contents_of(const WrapText& text) {
    std::string yaml = "contents:\n";
    if (!text.repositories.empty()) {
        yaml += fmt::format("  repositories: {}\n", list_of(text.repositories));
    }
    yaml += packages_of(text) + "  files:\n";
    for (const WrappedFile& file : text.files) {
        yaml += line_of(file);
    }
    return yaml + (text.from.empty() ? kNames : "");
}

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
)";

std::string paths_of(const WrapText& text) {
    std::string lines;
    if (text.from.empty()) {
        lines += "  - {path: /tmp, type: directory, permissions: 0o1777}\n";
    }
    for (const WrappedLink& link : text.links) {
        lines += fmt::format(
            "  - {{path: {}, type: symlink, source: {}}}\n", quoted(link.path),
            quoted(link.target));
    }
    return lines.empty() ? "" : "paths:\n" + lines;
}

std::string environment_of(const WrapText& text) {
    std::map<std::string, std::string> environment = text.environment;
    if (text.from.empty()) {
        environment.emplace("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    }
    std::string lines;
    for (const auto& [name, value] : environment) {
        lines += fmt::format("  {}: {}\n", name, quoted(value));
    }
    return lines.empty() ? "" : "environment:\n" + lines;
}

} // namespace

std::string write_definition(const WrapText& text) {
    std::string yaml = fmt::format("# {}\n", text.title);
    if (!text.from.empty()) {
        yaml += fmt::format("from: {}\n", quoted(text.from));
    }
    yaml += contents_of(text);
    if (!text.archs.empty()) {
        yaml += fmt::format("archs: {}\n", list_of(text.archs));
    }
    yaml += fmt::format("entrypoint: {{command: {}}}\n", list_of(text.entrypoint));
    if (!text.ports.empty()) {
        yaml += fmt::format("ports: {}\n", list_of(text.ports));
    }
    if (!text.healthcheck.empty()) {
        yaml += fmt::format("healthcheck: {}\n", quoted(text.healthcheck));
    }
    yaml += text.from.empty() ? kAccounts : "";
    if (const std::string directory =
            text.work_dir.empty() && text.from.empty() ? "/home/nonroot" : text.work_dir;
        !directory.empty()) {
        yaml += fmt::format("work-dir: {}\n", quoted(directory));
    }
    yaml += paths_of(text) + environment_of(text);
    if (text.from.empty() && text.traits.contains(wrap::Trait::time_zones)) {
        yaml += "zoneinfo: slim\n";
    }
    return yaml + "layering: {budget: 2}\n";
}

} // namespace pare::build
