// SPDX-License-Identifier: Apache-2.0
#include "build/wrap_files.hh"

#include "build/wrap_kinds.hh"
#include "deb/sources.hh"
#include "support/files.hh"
#include "support/text.hh"

#include <algorithm>
#include <filesystem>

namespace pare::build {

namespace fs = std::filesystem;

WrapFiles find_wrap_files(const WrapRequest& request, const definition::Library& library) {
    if (!request.jdk.empty() && !is_java(request.paths.front())) {
        throw Error(
            ErrorKind::usage,
            "--jlink is for Java programs, and " + request.paths.front().string() + " is none",
            "leave it out, or name a jar or a directory of jars first");
    }
    if (is_python(request.paths.front())) {
        return find_python_files(request, library);
    }
    if (is_node(request.paths.front())) {
        return find_node_files(request, library);
    }
    if (is_java(request.paths.front())) {
        return find_java_files(request, library);
    }
    return find_elf_files(request);
}

std::string host_distribution() {
    std::error_code problem;
    const fs::path file = "/etc/os-release";
    const std::string release = fs::exists(file, problem) ? read_file(file) : std::string();
    std::string name;
    std::string version;
    for (const std::string_view line : split(release, '\n')) {
        const auto value = [&](std::string_view key) {
            std::string text(line.substr(key.size()));
            std::erase(text, '"');
            return text;
        };
        if (line.starts_with("ID=")) {
            name = value("ID=");
        } else if (line.starts_with("VERSION_ID=")) {
            version = value("VERSION_ID=");
        }
    }
    const auto& known = deb::known_distributions();
    const auto found = std::ranges::find(known, name + ":" + version, &deb::Distribution::name);
    return found == known.end() ? known.back().name : found->name;
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
