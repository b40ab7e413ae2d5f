// SPDX-License-Identifier: Apache-2.0
// A Java program: a jar, a war that runs by itself, or a directory of jars. It goes to /app in the
// form that it has here, since manifests name other jars by where they are. The Java under it is
// the smallest release that knows all of its classes, or one that jlink makes.
#include "build/plan.hh"
#include "build/wrap_java_base.hh"
#include "build/wrap_java_jars.hh"
#include "build/wrap_jlink.hh"
#include "build/wrap_kinds.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace pare::build {

namespace {

namespace fs = std::filesystem;

constexpr const char* kJava = "/usr/bin/java";
constexpr std::uint64_t kLongestScript = 1U << 20U;

bool is_script(const fs::path& path) {
    std::error_code problem;
    return fs::is_regular_file(path, problem) && open_user_file(path).bytes().starts_with("#!");
}

bool is_program(const fs::path& path) {
    std::error_code problem;
    const bool is_library = path.filename().string().find(".so") != std::string::npos;
    return fs::is_regular_file(path, problem) && !is_library &&
           elf::looks_like_elf(open_user_file(path).bytes());
}

bool has_program(const fs::path& directory) {
    return std::ranges::any_of(entries_of(directory), is_program);
}

/// `hello` of hello-1.0-SNAPSHOT.jar.
std::string program_name(const fs::path& jar) {
    std::string name = jar.stem().string();
    for (std::size_t at = name.find('-'); at != std::string::npos; at = name.find('-', at + 1)) {
        if (at > 0 && at + 1 < name.size() && name[at + 1] >= '0' && name[at + 1] <= '9') {
            name.resize(at);
        }
    }
    return image_name(name);
}

class Finder {
public:
    Finder(const WrapRequest& request, const definition::Library& library)
        : request_(request), library_(library), exclude_(excluded_of_jars(request)),
          architecture_(examined_architecture(request)) {}

    WrapFiles run() {
        leave_scripts_out();
        jars_ = find_jars(request_.paths, exclude_, architecture_);
        choose_entrypoint();
        choose_java();
        add_jars(found_, jars_, application_, exclude_);
        add_libraries_of_jars(found_, request_, jars_, architecture_);
        for (const fs::path& path : jars_.further) {
            add_further_path(found_, path, exclude_);
        }
        found_.name =
            program_name(application_ == nullptr ? request_.paths.front() : application_->from);
        found_.work_dir = kApp;
        return std::move(found_);
    }

private:
    /// Scripts that build tools make to start the program want a shell. They say which class runs.
    void leave_scripts_out() {
        const fs::path& first = request_.paths.front();
        const std::vector<fs::path> programs = entries_of(first / "bin");
        const bool are_scripts = is_folder(first) && !programs.empty() &&
                                 std::ranges::all_of(programs, [](const fs::path& program) {
                                     return program.extension() == ".bat" || is_script(program);
                                 });
        if (!are_scripts) {
            return;
        }
        for (const fs::path& program : programs) {
            if (script_class_.empty() && is_script(program)) {
                script_class_ = wrap::main_class_of_script(read_user_text(program, kLongestScript));
            }
        }
        exclude_.emplace_back("/bin");
        found_.left_out.push_back(
            {(first / "bin").string(), "scripts for a shell, which the image does not have"});
    }

    void choose_entrypoint() {
        java_ = request_.jdk.empty() ? kJava : kLinkedJava;
        std::vector<std::string> words = request_.entrypoint;
        if (words.empty()) {
            run_application(choose_application(), {});
            return;
        }
        const std::string first = words.front();
        const std::vector<std::string> further(words.begin() + 1, words.end());
        if (name_of(first) == "java") {
            run_command(std::move(words));
        } else if (const JarFile* jar = find_jar(first)) {
            run_application(jar, further);
        } else if (first.starts_with('/')) {
            found_.entrypoint = std::move(words);
        } else if (wrap::is_class_name(first) && !first.ends_with(".jar")) {
            run_class(first, further);
        } else {
            throw no_entrypoint(fmt::format("there is no {} in it", first));
        }
    }

    /// A jar by its name, or by its place in the image or below /app.
    [[nodiscard]] const JarFile* find_jar(const std::string& name) const {
        const auto found = std::ranges::find_if(jars_.files, [&](const JarFile& jar) {
            return jar.to == name || jar.to == fmt::format("{}/{}", kApp, name) ||
                   jar.name() == name;
        });
        return found == jars_.files.end() ? nullptr : &*found;
    }

    /// The user's own words, from `java` on.
    void run_command(std::vector<std::string> words) {
        words.front() = java_;
        const auto option = std::ranges::find(words, "-jar");
        if (option != words.end() && option + 1 != words.end()) {
            application_ = find_jar(*(option + 1));
            if (application_ == nullptr) {
                throw no_entrypoint(fmt::format("there is no {} in it", *(option + 1)));
            }
            *(option + 1) = application_->to;
        }
        found_.entrypoint = std::move(words);
    }

    /// A class that the user, or a start script, names.
    void run_class(const std::string& name, const std::vector<std::string>& further) {
        application_ = holder_of(name);
        if (application_ == nullptr) {
            throw no_entrypoint(fmt::format("there is no class {} in it", name));
        }
        put_command({"-cp", class_path(), name}, further);
    }

    /// A jar whose manifest says what runs; null: the start script says it.
    void run_application(const JarFile* jar, const std::vector<std::string>& further) {
        if (jar == nullptr) {
            run_class(script_class_, further);
            return;
        }
        application_ = jar;
        const std::string& main = jar->jar.manifest.main_class;
        if (main.empty()) {
            throw no_main_class(*jar);
        }
        if (holder_of(main) == nullptr) {
            throw Error(
                ErrorKind::definition,
                fmt::format(
                    "{} starts {} (Main-Class), which is in none of the jars", jar->from.string(),
                    main),
                "build it anew, or name the jar that has it, too");
        }
        if (finds_all_by_itself()) {
            put_command({"-jar", jar->to}, further);
        } else {
            put_command({"-cp", class_path(), main}, further);
        }
    }

    void
    put_command(const std::vector<std::string>& words, const std::vector<std::string>& further) {
        found_.entrypoint = {java_};
        if (needed_java(jars_).is_exact) {
            found_.entrypoint.emplace_back("--enable-preview");
        }
        found_.entrypoint.insert(found_.entrypoint.end(), words.begin(), words.end());
        found_.entrypoint.insert(found_.entrypoint.end(), further.begin(), further.end());
    }

    [[nodiscard]] const JarFile* holder_of(const std::string& class_name) const {
        const auto found = std::ranges::find_if(jars_.files, [&](const JarFile& jar) {
            return wrap::has_class(open_user_file(jar.from).bytes(), jar.from.string(), class_name);
        });
        return found == jars_.files.end() ? nullptr : &*found;
    }

    /// Whether `java -jar` is enough: no other jar is there, or the jar says how to reach them.
    /// Throws for a jar that it names and that is not there.
    [[nodiscard]] bool finds_all_by_itself() const {
        bool names_jars = false;
        bool are_in_place = true;
        for (const std::string& path : application_->jar.manifest.class_path) {
            // Directories may be missing, and URLs lead to elsewhere.
            if (!path.ends_with(".jar") || path.find(':') != std::string::npos) {
                continue;
            }
            const std::string place =
                (fs::path(application_->directory()) / path).lexically_normal().string();
            const bool is_in_place =
                std::ranges::find(jars_.files, place, &JarFile::to) != jars_.files.end();
            if (!is_in_place && find_jar(name_of(path)) == nullptr) {
                throw no_dependency(path);
            }
            names_jars = true;
            are_in_place = are_in_place && is_in_place;
        }
        return application_->jar.has_jars || jars_.files.size() == 1 ||
               (names_jars && are_in_place);
    }

    [[nodiscard]] Error no_dependency(const std::string& path) const {
        const fs::path here = (application_->from.parent_path() / path).lexically_normal();
        return {
            ErrorKind::definition,
            fmt::format(
                "{} needs {} (Class-Path), which is not among the files",
                application_->from.string(), path),
            is_there(here) ? fmt::format("name its directory, too: {}", here.parent_path().string())
                           : "name the directory with what it depends on, too (Maven: "
                             "dependency:copy-dependencies, Gradle: installDist)"};
    }

    /// The program's jar first, then all that lie where others do.
    [[nodiscard]] std::string class_path() const {
        std::vector<std::string> places = {application_->to};
        for (const JarFile& jar : jars_.files) {
            const std::string all = jar.directory() + "/*";
            const bool is_other = &jar != application_;
            if (is_other && std::ranges::find(places, all) == places.end()) {
                places.push_back(all);
            }
        }
        return join(places, ":");
    }

    /// The jar that runs, of those that have a Main-Class; null when there is none but a script.
    [[nodiscard]] const JarFile* choose_application() const {
        if (jars_.files.front().is_single) {
            return &jars_.files.front();
        }
        std::vector<const JarFile*> candidates;
        for (const JarFile& jar : jars_.files) {
            if (!jar.jar.manifest.main_class.empty()) {
                candidates.push_back(&jar);
            }
        }
        // Many libraries can be run, too. The program is not among what it depends on, and names
        // that.
        narrow(candidates, [](const JarFile& jar) { return jar.directory() == kApp; });
        narrow(candidates, [](const JarFile& jar) {
            return !jar.jar.manifest.class_path.empty() || jar.jar.has_jars;
        });
        if (!script_class_.empty() && candidates.size() != 1) {
            return nullptr;
        }
        if (candidates.size() != 1) {
            throw no_application(candidates);
        }
        return candidates.front();
    }

    template <typename Wanted>
    static void narrow(std::vector<const JarFile*>& candidates, Wanted is_wanted) {
        std::vector<const JarFile*> good;
        std::ranges::copy_if(candidates, std::back_inserter(good), [&](const JarFile* jar) {
            return is_wanted(*jar);
        });
        if (!good.empty()) {
            candidates = std::move(good);
        }
    }

    [[nodiscard]] Error no_application(const std::vector<const JarFile*>& candidates) const {
        std::vector<std::string> names;
        names.reserve(candidates.size());
        for (const JarFile* jar : candidates) {
            names.push_back(jar->name());
        }
        return {
            ErrorKind::definition,
            candidates.empty() ? fmt::format(
                                     "{}: none of its jars says what it starts (Main-Class)",
                                     request_.paths.front().string())
                               : fmt::format(
                                     "{} has {} jars that can be started",
                                     request_.paths.front().string(), candidates.size()),
            candidates.empty() ? "say it with --entrypoint, like com.example.Main"
                               : fmt::format("say which with --entrypoint: {}", join(names, ", "))};
    }

    static Error no_main_class(const JarFile& jar) {
        const bool is_war = jar.from.extension() == ".war";
        return {
            ErrorKind::definition,
            fmt::format(
                "{} has no Main-Class: it is {}", jar.from.string(),
                is_war ? "for an application server" : "a library"),
            is_war ? "build one that runs by itself (Spring Boot: bootWar), or wrap the server"
                   : "say which class starts it with --entrypoint, like com.example.Main"};
    }

    [[nodiscard]] Error no_entrypoint(const std::string& why) const {
        return {
            ErrorKind::definition, fmt::format("{}: {}", request_.paths.front().string(), why),
            "--entrypoint takes a class (com.example.Main), a jar, or a command that begins with "
            "java"};
    }

    void choose_java() {
        const NeededJava needed = needed_java(jars_);
        if (request_.jdk.empty()) {
            found_.base = choose_java_base(request_, library_, needed);
            return;
        }
        const Jdk jdk = find_jdk(request_.jdk, architecture_);
        const bool fits = needed.is_exact ? jdk.java == needed.java : jdk.java >= needed.java;
        if (!fits) {
            throw Error(
                ErrorKind::definition,
                fmt::format(
                    "{} was compiled for Java {}, and {} is Java {}", needed.witness, needed.java,
                    request_.jdk.string(), jdk.version),
                fmt::format(
                    "name a JDK of Java {}, or compile it with --release {}", needed.java,
                    jdk.java));
        }
        add_java_runtime(found_, jdk, jars_, request_.modules);
    }

    const WrapRequest& request_;
    const definition::Library& library_;
    std::vector<std::string> exclude_;
    std::string architecture_;
    std::string java_{};
    std::string script_class_{};
    Jars jars_{};
    const JarFile* application_ = nullptr; ///< of jars_; null when the user's command does not tell
    WrapFiles found_{};
};

} // namespace

bool is_java(const fs::path& path) {
    if (is_folder(path)) {
        return has_jars(path) && !has_program(path) && !has_program(path / "bin");
    }
    return path.extension() == ".jar" || path.extension() == ".war";
}

WrapFiles find_java_files(const WrapRequest& request, const definition::Library& library) {
    return Finder(request, library).run();
}

} // namespace pare::build
