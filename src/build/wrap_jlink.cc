// SPDX-License-Identifier: Apache-2.0
// What jdeps does not see: jars inside of jars, which are unpacked for it, and what is found by a
// name at run time. Of that, jdk.crypto.ec comes along always: without it a JDK before 22 speaks no
// TLS with most servers. Left out of the runtime are the certificates (it gets those of the image)
// and the libraries of java.desktop that want a display or a sound card.
#include "build/wrap_jlink.hh"

#include "archive/zip.hh"
#include "build/plan.hh"
#include "build/wrap_kinds.hh"
#include "support/subprocess.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <set>

namespace pare::build {

namespace {

namespace fs = std::filesystem;

constexpr const char* kHome = "/usr/lib/jvm/app";
constexpr const char* kKeystore = "/etc/ssl/certs/java/cacerts";
constexpr std::uint64_t kLongestRelease = 1U << 16U;
constexpr std::uint64_t kLargestEntry = 512U << 20U;
/// From which on `--compress` takes names of methods.
constexpr unsigned kFirstWithMethods = 21;
constexpr unsigned kFirstWithEcInBase = 22;
/// Options for any JVM, which would print and do other things than we asked for.
const std::vector<std::string> kJavaVariables = {
    "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "CLASSPATH"};
constexpr std::array kForDisplays = {
    "libawt_xawt.so", "libjawt.so", "libsplashscreen.so", "libjsound.so"};
/// What Java has of its own, or asks for only when it is configured to.
constexpr std::array kNotOfJava = {
    wrap::Trait::time_zones, wrap::Trait::services, wrap::Trait::iconv};

/// What a tool of the JDK prints; throws with the end of it when the tool fails.
std::string run_tool(const std::vector<std::string>& arguments) {
    const SubprocessResult result = run_subprocess(arguments, {.without = kJavaVariables});
    if (result.status != 0) {
        const std::string said(trim(result.errors.empty() ? result.output : result.errors));
        throw Error(
            ErrorKind::definition,
            fmt::format(
                "{} ends with status {}: {}", arguments.front(), result.status,
                said.substr(said.rfind('\n') + 1)),
            "see what it says to the same files; without --jlink the image gets the whole runtime");
    }
    return result.output;
}

/// Takes jars apart for jdeps.
class Unpacker {
public:
    explicit Unpacker(fs::path directory) : directory_(std::move(directory)) {}

    /// The jars and classes that a jar loads out of itself.
    [[nodiscard]] std::set<std::string> inner(const JarFile& jar) {
        std::set<std::string> roots;
        const fs::path place = next();
        unpack(jar.from, [&](const std::string& name) -> fs::path {
            if (!name.starts_with("BOOT-INF/") && !name.starts_with("WEB-INF/")) {
                return {};
            }
            if (name.ends_with(".jar")) {
                return *roots.insert((place / name).string()).first;
            }
            if (name.ends_with(".class")) {
                roots.insert((place / name.substr(0, name.find('/')) / "classes").string());
                return place / name;
            }
            return {};
        });
        return roots;
    }

    /// A directory with the classes of a jar, but for what says that it is a module.
    [[nodiscard]] std::string classes(const fs::path& jar) {
        const fs::path place = next();
        make_directories(place);
        unpack(jar, [&](const std::string& name) {
            const bool is_wanted = name.ends_with(".class") && !name.starts_with("META-INF/") &&
                                   !name.ends_with("module-info.class");
            return is_wanted ? place / name : fs::path();
        });
        return place.string();
    }

private:
    fs::path next() { return directory_ / std::to_string(count_++); }

    /// `place_of` says where an entry goes; empty: nowhere.
    template <typename Place>
    static void unpack(const fs::path& jar, Place place_of) {
        const MappedFile file = open_user_file(jar);
        const archive::ZipReader zip(file.bytes(), jar.string());
        for (const archive::ZipEntry& entry : zip.entries()) {
            if (const fs::path place = place_of(entry.name); !place.empty()) {
                make_directories(place.parent_path());
                write_file(place, zip.read(entry, kLargestEntry));
            }
        }
    }

    fs::path directory_;
    std::size_t count_ = 0;
};

std::vector<std::string> ask_jdeps(const Jdk& jdk, const std::set<std::string>& roots) {
    std::vector<std::string> arguments = {
        (jdk.root / "bin/jdeps").string(), "--print-module-deps", "--ignore-missing-deps",
        "--multi-release", std::to_string(jdk.java)};
    arguments.insert(arguments.end(), roots.begin(), roots.end());
    return wrap::parse_module_names(run_tool(arguments));
}

/// The modules that the jars name. On the class path nobody minds what they say of themselves as
/// modules; jdeps does when one that they require is not there, and then gets their classes alone.
std::vector<std::string> named_modules(const Jdk& jdk, const Jars& jars) {
    const TemporaryDirectory directory;
    Unpacker unpacker(directory.path());
    std::set<std::string> roots;
    for (const JarFile& jar : jars.files) {
        roots.insert(jar.from.string());
        if (jar.jar.has_jars) {
            roots.merge(unpacker.inner(jar));
        }
    }
    try {
        return ask_jdeps(jdk, roots);
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::definition) {
            throw;
        }
    }
    std::set<std::string> classes;
    for (const std::string& root : roots) {
        classes.insert(is_folder(root) ? root : unpacker.classes(root));
    }
    return ask_jdeps(jdk, classes);
}

std::set<std::string> modules_of(const Jdk& jdk, const Jars& jars) {
    const std::vector<std::string> names = named_modules(jdk, jars);
    std::set<std::string> modules(names.begin(), names.end());
    modules.insert("java.base");
    if (jdk.java < kFirstWithEcInBase) {
        modules.insert("jdk.crypto.ec");
    }
    for (const JarFile& jar : jars.files) {
        if (!jar.jar.manifest.agent.empty()) {
            modules.insert("java.instrument");
        }
    }
    return modules;
}

void link_runtime(const Jdk& jdk, const std::set<std::string>& modules, const fs::path& to) {
    const std::vector<std::string> names(modules.begin(), modules.end());
    // Machine code of a JDK is stripped already; doing it here would need the binutils of the host
    // and make images differ by their version.
    static_cast<void>(run_tool(
        {(jdk.root / "bin/jlink").string(), "--add-modules", join(names, ","),
         "--strip-java-debug-attributes", "--no-header-files", "--no-man-pages",
         jdk.java < kFirstWithMethods ? "--compress=2" : "--compress=zip-6", "--output",
         to.string()}));
    for (const fs::path& program : entries_of(to / "bin")) {
        if (program.filename() != "java") {
            fs::remove(program);
        }
    }
    for (const char* name : kForDisplays) {
        fs::remove(to / "lib" / name);
    }
    fs::remove(to / "lib/security/cacerts");
}

/// What java.desktop wants to write text with, as java-base has it.
void add_fonts(WrapFiles& found) {
    found.extras.push_back({"libfontconfig.so.1", "libfontconfig.so.1, which java.desktop opens"});
    found.packages["fontconfig-config"] = {"etc/fonts/**", "usr/share/fontconfig/**"};
    found.packages["fonts-dejavu-core"] = {"usr/share/fonts/**", "etc/fonts/**"};
}

void add_runtime_files(WrapFiles& found, const fs::path& runtime) {
    found.files.push_back({.from = runtime, .to = kHome});
    // `java` is the program, and comes first by its name.
    add_elf_files_below(found, runtime, kHome, {});
    for (const wrap::Trait trait : kNotOfJava) {
        found.traits.erase(trait);
    }
    found.traits.insert(wrap::Trait::tls);
    // Of what it may open (X11, printers, smart cards) nothing is for a server.
    found.may_load.clear();
    found.links.push_back({fmt::format("{}/lib/security/cacerts", kHome), kKeystore});
}

} // namespace

Jdk find_jdk(const fs::path& path, const std::string& architecture) {
    Jdk jdk{.root = fs::absolute(path).lexically_normal()};
    for (const char* name : {"bin/java", "bin/jdeps", "bin/jlink", "release"}) {
        if (!is_there(jdk.root / name)) {
            throw Error(
                ErrorKind::definition,
                fmt::format("{} is no JDK: it has no {}", path.string(), name),
                "name the directory of a JDK, like /usr/lib/jvm/java-17-openjdk-amd64");
        }
    }
    const MappedFile java = open_user_file(jdk.root / "bin/java");
    const wrap::Program program =
        wrap::read_program(java.bytes(), (jdk.root / "bin/java").string());
    if (program.architecture != architecture || architecture != host_architecture()) {
        throw Error(
            ErrorKind::definition,
            fmt::format(
                "{} is a JDK for {}, and the image for {}", path.string(), program.architecture,
                architecture),
            "jlink runs here: make the image on a machine of its architecture, or leave --jlink "
            "out");
    }
    const wrap::JdkRelease release =
        wrap::parse_jdk_release(read_user_text(jdk.root / "release", kLongestRelease));
    jdk.java = release.java;
    jdk.version = release.version;
    return jdk;
}

void add_java_runtime(
    WrapFiles& found, const Jdk& jdk, const Jars& jars, const std::vector<std::string>& modules) {
    std::set<std::string> all = modules_of(jdk, jars);
    all.insert(modules.begin(), modules.end());
    const auto workshop = std::make_shared<TemporaryDirectory>();
    const fs::path runtime = workshop->path() / "runtime";
    link_runtime(jdk, all, runtime);
    found.workshop = workshop;
    add_runtime_files(found, runtime);
    if (all.contains("java.desktop")) {
        add_fonts(found);
    }
    found.environment["JAVA_HOME"] = kHome;
    found.environment["JAVA_VERSION"] = jdk.version;
    // Up to Java 17 the locale decides what text goes out as.
    found.environment["LANG"] = "C.UTF-8";
    found.packages["libc-bin"] = {"usr/lib/locale/C.utf8/**"};
}

} // namespace pare::build
