// SPDX-License-Identifier: Apache-2.0
#include "build/wrap_kinds.hh"

#include "build/user_files.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace pare::build {

namespace {

namespace fs = std::filesystem;

Error unusable(const fs::path& path, const std::string& why) {
    return {
        ErrorKind::definition, fmt::format("{}: {}", path.string(), why),
        "name a program, library or directory that can be read"};
}

fs::path as_absolute(const fs::path& path) {
    return fs::absolute(path).lexically_normal();
}

} // namespace

WrapBase choose_base(
    const WrapRequest& request, const definition::Library& library,
    const std::vector<WrapBase>& bases, const std::string& because) {
    const std::vector<std::string>& asked = request.source.distributions;
    const std::string release =
        asked.empty() ? "" : asked.front().substr(0, asked.front().find('@'));
    const std::string name = request.from.substr(0, request.from.find(':'));
    const bool is_built_in = std::ranges::find(library.names, name) != library.names.end();
    for (WrapBase base : bases) {
        const bool has_release =
            release.empty() || base.distribution.empty() || base.distribution == release;
        if (has_release && (!is_built_in || base.definition == name)) {
            base.definition = request.from.empty() ? base.definition : request.from;
            return base;
        }
    }
    std::vector<std::string> good;
    for (const WrapBase& base : bases) {
        good.push_back(
            "--from " + base.definition +
            (base.distribution.empty() ? "" : " --distribution " + base.distribution));
    }
    const std::string tried = is_built_in ? request.from : release;
    throw Error(
        ErrorKind::definition,
        fmt::format(
            "{}: {}, which {}", request.paths.front().string(), because,
            tried.empty() ? "no image of pare has" : tried + " does not have"),
        good.empty() ? "make it anew for a version that Debian has" : join(good, ", or "));
}

std::string examined_architecture(const WrapRequest& request) {
    const std::vector<std::string>& asked = request.source.archs;
    const bool is_named = !asked.empty() && asked.front() != "host" && asked.front() != "all";
    return is_named ? asked.front() : host_architecture();
}

std::vector<std::string>
never_wanted(std::span<const char* const> more, const WrapRequest& request) {
    std::vector<std::string> globs = {".git",    ".hg",  ".svn",   ".idea",
                                      ".vscode", ".env", ".env.*", ".DS_Store"};
    globs.insert(globs.end(), more.begin(), more.end());
    globs.insert(globs.end(), request.exclude.begin(), request.exclude.end());
    return globs;
}

bool is_there(const fs::path& path) {
    std::error_code problem;
    return fs::exists(path, problem);
}

bool is_folder(const fs::path& path) {
    std::error_code problem;
    return fs::is_directory(path, problem);
}

std::vector<fs::path> entries_of(const fs::path& directory) {
    std::vector<fs::path> entries;
    std::error_code problem;
    for (const auto& entry : fs::directory_iterator(directory, problem)) {
        entries.push_back(entry.path());
    }
    std::ranges::sort(entries);
    return entries;
}

MappedFile open_user_file(const fs::path& path) {
    std::error_code problem;
    const fs::file_status status = fs::status(path, problem);
    if (problem) {
        throw unusable(path, problem.message());
    }
    if (status.type() != fs::file_type::regular) {
        throw unusable(path, "neither a file nor a directory");
    }
    try {
        return MappedFile(path);
    } catch (const Error& error) {
        throw unusable(path, error.message());
    }
}

std::string read_user_text(const fs::path& path, std::uint64_t most) {
    const MappedFile file = open_user_file(path);
    if (file.bytes().size() > most) {
        throw unusable(
            path, fmt::format("{}, more than such a file has", format_size(file.bytes().size())));
    }
    return std::string(file.bytes());
}

std::vector<fs::path>
files_below(const fs::path& directory, const std::vector<std::string>& exclude) {
    std::error_code problem;
    std::vector<fs::path> files;
    fs::recursive_directory_iterator at(directory, problem);
    for (; !problem && at != fs::recursive_directory_iterator(); at.increment(problem)) {
        const fs::path relative = at->path().lexically_relative(directory);
        if (is_excluded(exclude, relative.string())) {
            at.disable_recursion_pending();
        } else if (!at->is_symlink() && at->is_regular_file()) {
            files.push_back(relative);
        }
    }
    if (problem) {
        throw unusable(directory, problem.message());
    }
    std::ranges::sort(files);
    return files;
}

std::string image_name(const fs::path& path) {
    std::string name;
    for (const char c : name_of(as_absolute(path))) {
        const bool is_upper = c >= 'A' && c <= 'Z';
        const bool is_good =
            (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
        name += is_upper ? static_cast<char>(c - 'A' + 'a') : is_good ? c : '-';
    }
    // The grammar of references has no mark at either end (OCI distribution specification).
    name.erase(0, std::min(name.find_first_not_of(".-_"), name.size()));
    name.erase(name.find_last_not_of(".-_") + 1);
    return name.empty() ? "program" : name;
}

std::string name_of(const fs::path& path) {
    return (path.filename().empty() ? path.parent_path() : path).filename().string();
}

void add_elf(
    WrapFiles& found, const wrap::Program& program, const ImagePath& place, std::uint64_t size) {
    if (!found.architecture.empty() && found.architecture != program.architecture) {
        throw Error(
            ErrorKind::definition,
            fmt::format(
                "{} is for {}, and {} for {}", found.roots.front().absolute(), found.architecture,
                place.absolute(), program.architecture),
            "wrap files for one architecture at a time");
    }
    found.architecture = program.architecture;
    found.is_static = found.is_static && program.is_static;
    found.roots.push_back(place);
    found.offer[place] = {.elf = program.elf, .size = size};
    found.own_libraries.emplace(place.name());
    found.own_libraries.insert(program.elf.soname);
    if (!program.elf.soname.empty() && program.elf.soname != place.name()) {
        // ld.so.cache and the link that goes with it lead from the one to the other.
        found.offer.try_emplace(
            place.parent() / program.elf.soname, wrap::Offered{.link = std::string(place.name())});
    }
    found.traits.insert(program.traits.begin(), program.traits.end());
    found.may_load.insert(found.may_load.end(), program.may_load.begin(), program.may_load.end());
}

void add_elf_files_below(
    WrapFiles& found, const fs::path& directory, const std::string& to,
    const std::vector<std::string>& exclude) {
    for (const fs::path& relative : files_below(directory, exclude)) {
        const MappedFile file = open_user_file(directory / relative);
        if (elf::looks_like_elf(file.bytes())) {
            add_elf(
                found, wrap::read_program(file.bytes(), (directory / relative).string()),
                ImagePath::parse(to) / relative.string(), file.bytes().size());
        }
    }
}

void add_further_path(
    WrapFiles& found, const fs::path& path, const std::vector<std::string>& exclude) {
    const fs::path from = as_absolute(path);
    if (is_folder(path)) {
        const std::string to = "/app/" + name_of(from);
        found.files.push_back({.from = from, .to = to, .exclude = exclude});
        add_elf_files_below(found, from, to, exclude);
        return;
    }
    const MappedFile file = open_user_file(path);
    const wrap::Program program = wrap::read_program(file.bytes(), path.string());
    const bool is_program = !program.elf.interpreter.empty() || program.is_static;
    const std::string to = (is_program ? "/usr/bin/" : "/usr/local/lib/") + name_of(path);
    // A link gives the program its name, and some go by that.
    found.files.push_back({.from = std::filesystem::canonical(from), .to = to});
    add_elf(found, program, ImagePath::parse(to), file.bytes().size());
}

} // namespace pare::build
