// SPDX-License-Identifier: Apache-2.0
#include "build/wrap_files.hh"

#include "build/wrap_kinds.hh"
#include "support/files.hh"

#include <filesystem>

namespace pare::build {

namespace fs = std::filesystem;

WrapFiles find_wrap_files(const WrapRequest& request, const definition::Library& library) {
    if (is_python(request.paths.front())) {
        return find_python_files(request, library);
    }
    return find_elf_files(request);
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
