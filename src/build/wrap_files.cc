// SPDX-License-Identifier: Apache-2.0
#include "build/wrap_files.hh"

#include "support/files.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <utility>

namespace pare::build {

namespace {

namespace fs = std::filesystem;

Error unusable(const fs::path& path, const std::string& why) {
    return Error(
        ErrorKind::definition, fmt::format("{}: {}", path.string(), why),
        "name a program, library or directory that can be read");
}

/// The bytes of a file of the user's, which must be there and be a file.
MappedFile open_file(const fs::path& path) {
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

/// What an image may be called: `my.app` for /opt/My App/my.app.
std::string image_name(const fs::path& path) {
    std::string name;
    for (const char c : fs::absolute(path).lexically_normal().filename().string()) {
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

class Reader {
public:
    explicit Reader(const WrapRequest& request) : request_(request) {}

    WrapFiles run() {
        for (const fs::path& path : request_.paths) {
            std::error_code problem;
            if (fs::is_directory(path, problem)) {
                add_directory(path);
            } else {
                add_file(path);
            }
        }
        if (found_.roots.empty()) {
            throw Error(
                ErrorKind::definition,
                fmt::format("there is no program in {}", request_.paths.front().string()),
                "name a program for Linux, or a directory that has one");
        }
        found_.name = image_name(request_.paths.front());
        choose_entrypoint();
        return std::move(found_);
    }

private:
    void add_file(const fs::path& path) {
        const MappedFile file = open_file(path);
        const wrap::Program program = wrap::read_program(file.bytes(), path.string());
        const std::string name = path.filename().string();
        const bool is_program = !program.elf.interpreter.empty() || program.is_static;
        const std::string to = (is_program ? "/usr/bin/" : "/usr/local/lib/") + name;
        found_.files.push_back({fs::absolute(path).lexically_normal(), to});
        add_elf(program, ImagePath::parse(to), file.bytes().size());
    }

    /// Everything in it keeps its place below /app/NAME.
    void add_directory(const fs::path& path) {
        const fs::path top = fs::absolute(path).lexically_normal();
        const std::string to =
            "/app/" + (top.filename().empty() ? top.parent_path() : top).filename().string();
        found_.files.push_back({top, to});
        std::error_code problem;
        std::vector<fs::path> below;
        for (fs::recursive_directory_iterator at(top, problem), end; !problem && at != end;
             at.increment(problem)) {
            below.push_back(at->path());
        }
        if (problem) {
            throw unusable(path, problem.message());
        }
        std::ranges::sort(below);
        for (const fs::path& each : below) {
            if (fs::is_symlink(each) || !fs::is_regular_file(each)) {
                continue;
            }
            const MappedFile file = open_file(each);
            if (elf::looks_like_elf(file.bytes())) {
                add_elf(
                    wrap::read_program(file.bytes(), each.string()),
                    ImagePath::parse(to) / each.lexically_relative(top).string(),
                    file.bytes().size());
            }
        }
    }

    void add_elf(const wrap::Program& program, const ImagePath& place, std::uint64_t size) {
        if (!found_.architecture.empty() && found_.architecture != program.architecture) {
            throw Error(
                ErrorKind::definition,
                fmt::format(
                    "{} is for {}, and {} for {}", found_.roots.front().absolute(),
                    found_.architecture, place.absolute(), program.architecture),
                "wrap files for one architecture at a time");
        }
        found_.architecture = program.architecture;
        found_.is_static = found_.is_static && program.is_static;
        found_.roots.push_back(place);
        found_.offer[place] = {.elf = program.elf, .size = size};
        found_.own_libraries.emplace(place.name());
        found_.own_libraries.insert(program.elf.soname);
        if (!program.elf.soname.empty() && program.elf.soname != place.name()) {
            // ld.so.cache and the link that goes with it lead from the one to the other.
            found_.offer.try_emplace(
                place.parent() / program.elf.soname,
                wrap::Offered{.link = std::string(place.name())});
        }
        found_.traits.insert(program.traits.begin(), program.traits.end());
        found_.may_load.insert(
            found_.may_load.end(), program.may_load.begin(), program.may_load.end());
        if (!program.elf.interpreter.empty() || program.is_static) {
            programs_.push_back(place);
        }
    }

    void choose_entrypoint() {
        if (!request_.entrypoint.empty()) {
            return;
        }
        if (programs_.size() != 1 && fs::is_directory(request_.paths.front())) {
            std::string list;
            for (const ImagePath& program : programs_) {
                list += (list.empty() ? "" : ", ") + program.absolute();
            }
            throw Error(
                ErrorKind::definition,
                fmt::format(
                    "{} has {} programs", request_.paths.front().string(), programs_.size()),
                programs_.empty() ? "name a directory with a program"
                                  : "say which with --entrypoint: " + list);
        }
        if (programs_.empty()) {
            throw Error(
                ErrorKind::definition,
                fmt::format("{} is a library, no program", request_.paths.front().string()),
                "name the program first");
        }
        found_.entrypoint = {programs_.front().absolute()};
    }

    const WrapRequest& request_;
    WrapFiles found_{};
    std::vector<ImagePath> programs_{};
};

} // namespace

WrapFiles find_wrap_files(const WrapRequest& request) {
    return Reader(request).run();
}

std::string read_host_release() {
    std::error_code problem;
    const fs::path path = "/etc/os-release";
    return fs::exists(path, problem) ? read_file(path) : std::string();
}

std::string find_on_host(const std::string& library, const WrapFiles& files) {
    std::vector<fs::path> directories;
    for (const WrappedFile& file : files.files) {
        directories.push_back(file.from.parent_path());
        directories.push_back(file.from.parent_path().parent_path() / "lib");
    }
    for (const char* usual : {"/usr/local/lib", "/usr/lib", "/lib"}) {
        directories.emplace_back(usual);
    }
    for (const fs::path& directory : directories) {
        std::error_code problem;
        if (fs::exists(directory / library, problem)) {
            return (directory / library).string();
        }
    }
    return "";
}

} // namespace pare::build
