// SPDX-License-Identifier: Apache-2.0
#include "build/wrap_notes.hh"

#include "build/wrap_kinds.hh"
#include "deb/host_packages.hh"
#include "probe/target.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>

namespace pare::build {

namespace {

/// Ports below this are root's (ip(7), ip_unprivileged_port_start).
constexpr std::uint64_t kFirstUserPort = 1024;

/// The port that a health check asks; 0 when it asks none.
std::uint64_t port_of(const std::string& healthcheck) {
    probe::Target target;
    const bool is_good = probe::parse_target(healthcheck.c_str(), target) == nullptr;
    const bool has_port =
        target.scheme == probe::Scheme::http || target.scheme == probe::Scheme::tcp;
    const auto byte = [&](int i) {
        return static_cast<std::uint64_t>(static_cast<unsigned char>(target.address.bytes[i]));
    };
    return is_good && has_port ? byte(0) * 256 + byte(1) : 0;
}

void add_library_notes(
    std::vector<std::string>& notes, const WrapFiles& files, const WrapPlan& plan,
    const WrapPackages& packages) {
    for (const std::string& library : files.may_load) {
        const bool is_known = files.own_libraries.contains(library) ||
                              std::ranges::any_of(plan.closure.needs, [&](const wrap::Need& need) {
                                  return need.path.name() == library;
                              });
        const auto package = is_known ? std::nullopt : packages.find(library);
        if (package) {
            notes.push_back(fmt::format(
                "it names {} ({}): if it loads that, add --dlopen {}", library, *package, library));
        }
    }
}

void add_port_notes(std::vector<std::string>& notes, const WrapRequest& request) {
    std::set<std::uint64_t> ports = {port_of(request.healthcheck)};
    for (const std::string& port : request.ports) {
        ports.insert(parse_number(port.substr(0, port.find('/'))).value_or(0));
    }
    for (const std::uint64_t port : ports) {
        if (port > 0 && port < kFirstUserPort) {
            notes.push_back(fmt::format(
                "user 65532 may not listen on port {}, unless the container's "
                "net.ipv4.ip_unprivileged_port_start allows it: take one from {}",
                port, kFirstUserPort));
        }
    }
}

/// A package of the distribution may have more than the program that it needs.
void add_owner_note(
    std::vector<std::string>& notes, const WrapRequest& request, const WrapFiles& files) {
    const std::filesystem::path& program = request.paths.front();
    if (!files.base.definition.empty() || is_folder(program)) {
        return;
    }
    const auto owner = deb::HostPackages().owner_of(std::filesystem::absolute(program).string());
    const bool is_there = std::ranges::any_of(request.packages, [&](const auto& package) {
        return owner && package.starts_with(*owner);
    });
    if (owner && !is_there) {
        notes.push_back(fmt::format(
            "{} is of the package {}: what else that has, like its data and configuration, "
            "comes along only with --package {}",
            program.string(), *owner, *owner));
    }
}

} // namespace

std::vector<std::string> notes_of(
    const WrapRequest& request, const WrapFiles& files, const WrapPlan& plan,
    const WrapPackages* packages) {
    std::vector<std::string> notes;
    if (packages != nullptr) {
        add_library_notes(notes, files, plan, *packages);
    }
    add_port_notes(notes, request);
    add_owner_note(notes, request, files);
    if (files.traits.contains(wrap::Trait::iconv) && files.base.definition.empty()) {
        notes.emplace_back(
            "it converts encodings: for others than UTF-8, UTF-16, UTF-32 and ASCII, and for "
            "these through modules, add --package libc6_gconv");
    }
    return notes;
}

} // namespace pare::build
