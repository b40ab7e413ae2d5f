// SPDX-License-Identifier: Apache-2.0
// Programs and libraries of the machine itself, alone or in a directory that keeps its form.
#include "build/wrap_kinds.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <utility>

namespace pare::build {

namespace {

namespace fs = std::filesystem;

std::vector<std::string> programs_of(const WrapFiles& found) {
    std::vector<std::string> programs;
    for (const ImagePath& root : found.roots) {
        const elf::Elf& elf = found.offer.at(root).elf;
        const bool is_static = elf.needed.empty() && elf.soname.empty();
        if (!elf.interpreter.empty() || is_static) {
            programs.push_back(root.absolute());
        }
    }
    return programs;
}

std::string choose_program(const WrapFiles& found, const fs::path& first) {
    const std::vector<std::string> programs = programs_of(found);
    if (programs.size() != 1 && is_folder(first)) {
        throw Error(
            ErrorKind::definition,
            fmt::format("{} has {} programs", first.string(), programs.size()),
            programs.empty() ? "name a directory with a program"
                             : "say which with --entrypoint: " + join(programs, ", "));
    }
    if (programs.empty()) {
        throw Error(
            ErrorKind::definition, fmt::format("{} is a library, no program", first.string()),
            "name the program first");
    }
    return programs.front();
}

} // namespace

WrapFiles find_elf_files(const WrapRequest& request) {
    WrapFiles found;
    for (const fs::path& path : request.paths) {
        add_further_path(found, path, request.exclude);
    }
    if (found.roots.empty()) {
        throw Error(
            ErrorKind::definition,
            fmt::format("there is no program in {}", request.paths.front().string()),
            "name a program for Linux, a Python, Node.js or Java project, or a directory that has one");
    }
    found.name = image_name(request.paths.front());
    found.entrypoint = request.entrypoint;
    if (found.entrypoint.empty()) {
        found.entrypoint = {choose_program(found, request.paths.front())};
    }
    return found;
}

} // namespace pare::build
