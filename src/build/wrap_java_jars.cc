// SPDX-License-Identifier: Apache-2.0
#include "build/wrap_java_jars.hh"

#include "build/user_files.hh"
#include "build/wrap_kinds.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

namespace pare::build {

namespace {

namespace fs = std::filesystem;

/// Where build tools put what a program depends on.
constexpr std::array kDependencyFolders = {"lib", "libs", "dependencies", "dependency"};
/// Each becomes a layer; in a directory they share one.
constexpr std::size_t kMostSingleJars = 16;
/// What Maven and Gradle leave beside a jar.
constexpr std::array kNeverWanted = {"*-sources.jar",  "*-javadoc.jar",  "*.jar.original",
                                     "*.war.original", "original-*.jar", "*.bat",
                                     ".gradle"};
/// Libraries of the JVM: they are in the process before any other.
constexpr std::array kOfJvm = {"libjvm.so", "libjava.so", "libjawt.so", "libawt.so"};
/// What Maven has in its directory `target`, all of which is in the jars.
constexpr const char* kMavenMark = "maven-archiver";
constexpr std::array kMavenFolders = {
    "/classes",      "/test-classes",   "/generated-sources", "/generated-test-sources",
    "/maven-status", "/maven-archiver", "/surefire-reports",  "/failsafe-reports",
    "/site",         "/antrun"};

bool is_dependency_folder(const fs::path& path) {
    const std::string name = path.filename().string();
    return is_folder(path) &&
           std::ranges::find(kDependencyFolders, name) != kDependencyFolders.end();
}

bool is_jar_name(const fs::path& path) {
    return path.extension() == ".jar" || path.extension() == ".war";
}

bool has_jar_files(const fs::path& directory) {
    return std::ranges::any_of(entries_of(directory), is_jar_name);
}

class Finder {
public:
    Finder(const std::vector<std::string>& exclude, const std::string& architecture)
        : exclude_(exclude), architecture_(architecture) {}

    Jars run(const std::vector<fs::path>& paths) {
        std::size_t singles = 0;
        for (const fs::path& given : paths) {
            const fs::path path = fs::absolute(given).lexically_normal();
            if (is_folder(path)) {
                add_directory(path);
            } else if (&given == &paths.front() || is_jar_name(path)) {
                add_jar(path, fmt::format("{}/{}", kApp, name_of(path)));
                jars_.files.back().is_single = true;
                ++singles;
            } else {
                jars_.further.push_back(path);
            }
        }
        if (singles > kMostSingleJars) {
            throw Error(
                ErrorKind::definition, fmt::format("{} jars were named one by one", singles),
                "name the directory that they are in");
        }
        return std::move(jars_);
    }

private:
    /// The first path is the program itself; a further directory keeps its name.
    void add_directory(const fs::path& path) {
        const bool is_first = jars_.files.empty() && jars_.directories.empty();
        std::vector<fs::path> files = files_below(path, exclude_);
        std::erase_if(files, std::not_fn(is_jar_name));
        if (files.empty()) {
            jars_.further.push_back(path);
            return;
        }
        const std::string to = is_first ? kApp : fmt::format("{}/{}", kApp, name_of(path));
        jars_.directories.push_back({.from = path, .to = to});
        for (const fs::path& relative : files) {
            add_jar(path / relative, fmt::format("{}/{}", to, relative.string()));
        }
    }

    void add_jar(const fs::path& from, const std::string& to) {
        const auto same = std::ranges::find(jars_.files, to, &JarFile::to);
        if (same != jars_.files.end()) {
            throw Error(
                ErrorKind::definition,
                fmt::format("{} and {} would both be {}", same->from.string(), from.string(), to),
                "name one of them, or give them different names");
        }
        const MappedFile file = open_user_file(from);
        JarFile jar{
            .from = from,
            .to = to,
            .jar = wrap::read_jar(file.bytes(), from.string(), architecture_)};
        std::erase_if(jar.jar.libraries, [&](const wrap::NativeLibrary& library) {
            return is_excluded(exclude_, fmt::format("{}/{}", jar.name(), library.path));
        });
        jars_.files.push_back(std::move(jar));
    }

    const std::vector<std::string>& exclude_;
    const std::string& architecture_;
    Jars jars_{};
};

/// Divides a directory: what the program depends on, and the program with the rest.
class Divider {
public:
    Divider(
        const JarDirectory& directory, const JarFile* application,
        const std::vector<std::string>& exclude)
        : directory_(directory), exclude_(exclude) {
        if (application != nullptr && !application->is_single &&
            application->to.starts_with(directory.to + "/")) {
            application_ = application;
            place_ = application->to.substr(directory.to.size());
        }
        for (const fs::path& entry : entries_of(directory.from)) {
            const std::string name = entry.filename().string();
            if (is_excluded(exclude, name) || "/" + name == place_) {
                continue;
            }
            const bool is_dependency = is_dependency_folder(entry) || entry.extension() == ".jar";
            (is_dependency ? dependencies_ : rest_).push_back("/" + name);
        }
    }

    /// Entries for contents.files: of dependencies, then of the program.
    [[nodiscard]] std::pair<std::vector<WrappedFile>, std::vector<WrappedFile>> run() const {
        std::vector<WrappedFile> dependencies;
        std::vector<WrappedFile> program;
        if (!dependencies_.empty()) {
            dependencies.push_back(without(rest_));
            if (application_ != nullptr) {
                dependencies.back().exclude.push_back(place_);
            }
        }
        if (!rest_.empty()) {
            program.push_back(without(dependencies_));
        }
        const std::string folder = place_.substr(0, place_.find('/', 1));
        const bool is_apart =
            rest_.empty() || std::ranges::find(dependencies_, folder) != dependencies_.end();
        if (application_ != nullptr && is_apart) {
            program.push_back({.from = application_->from, .to = application_->to});
        }
        return {std::move(dependencies), std::move(program)};
    }

private:
    [[nodiscard]] WrappedFile without(const std::vector<std::string>& globs) const {
        WrappedFile file{.from = directory_.from, .to = directory_.to, .exclude = exclude_};
        file.exclude.insert(file.exclude.end(), globs.begin(), globs.end());
        return file;
    }

    const JarDirectory& directory_;
    const std::vector<std::string>& exclude_;
    const JarFile* application_ = nullptr;    ///< when it is in this directory
    std::string place_{};                     ///< of it, as a glob: `/lib/x.jar`
    std::vector<std::string> dependencies_{}; ///< what is right in the directory, as globs
    std::vector<std::string> rest_{};
};

void refuse_several_architectures(const WrapRequest& request, const JarFile& jar) {
    const std::vector<std::string>& asked = request.source.archs;
    if (asked.size() > 1 || (!asked.empty() && asked.front() == "all")) {
        throw Error(
            ErrorKind::definition,
            fmt::format("{} has libraries of its own for each architecture", jar.from.string()),
            "wrap it for one --arch at a time");
    }
}

void add_libraries_of(WrapFiles& found, const JarFile& jar) {
    for (const wrap::NativeLibrary& library : jar.jar.libraries) {
        wrap::Program program = library.program;
        std::erase_if(program.elf.needed, [](const std::string& needed) {
            return std::ranges::find(kOfJvm, needed) != kOfJvm.end();
        });
        add_elf(found, program, ImagePath::parse(jar.to) / library.path, library.size);
    }
    found.notes.push_back(fmt::format(
        "{} unpacks its libraries when it runs: give it a /tmp that can be written and may hold "
        "programs (not noexec)",
        jar.from.string()));
}

} // namespace

std::vector<std::string> excluded_of_jars(const WrapRequest& request) {
    std::vector<std::string> globs = never_wanted(kNeverWanted, request);
    if (is_there(request.paths.front() / kMavenMark)) {
        globs.insert(globs.end(), kMavenFolders.begin(), kMavenFolders.end());
    }
    return globs;
}

Jars find_jars(
    const std::vector<fs::path>& paths, const std::vector<std::string>& exclude,
    const std::string& architecture) {
    return Finder(exclude, architecture).run(paths);
}

bool has_jars(const fs::path& directory) {
    return has_jar_files(directory) ||
           std::ranges::any_of(kDependencyFolders, [&](const char* name) {
               return has_jar_files(directory / name);
           });
}

void add_jars(
    WrapFiles& found, const Jars& jars, const JarFile* application,
    const std::vector<std::string>& exclude) {
    std::vector<WrappedFile> last;
    for (const JarDirectory& directory : jars.directories) {
        auto [dependencies, program] = Divider(directory, application, exclude).run();
        found.files.insert(found.files.end(), dependencies.begin(), dependencies.end());
        last.insert(last.end(), program.begin(), program.end());
        add_elf_files_below(found, directory.from, directory.to, exclude);
    }
    for (const JarFile& jar : jars.files) {
        if (jar.is_single) {
            (&jar == application ? last : found.files).push_back({.from = jar.from, .to = jar.to});
        }
    }
    found.files.insert(found.files.end(), last.begin(), last.end());
}

void add_libraries_of_jars(
    WrapFiles& found, const WrapRequest& request, const Jars& jars,
    const std::string& architecture) {
    for (const JarFile& jar : jars.files) {
        const std::set<std::string>& others = jar.jar.other_architectures;
        if (!jar.jar.libraries.empty()) {
            refuse_several_architectures(request, jar);
            add_libraries_of(found, jar);
        } else if (!others.empty()) {
            found.notes.push_back(fmt::format(
                "{} has libraries for {}, and none for {}", jar.from.string(),
                join(std::vector<std::string>(others.begin(), others.end()), ", "), architecture));
        }
    }
}

} // namespace pare::build
