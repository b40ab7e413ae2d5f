// SPDX-License-Identifier: Apache-2.0
// What jars say of the Java, the other jars and the machine that they need.
#include "support/expect.hh"
#include "support/files.hh"
#include "support/shell.hh"
#include "support/zip_builder.hh"
#include "wrap/jar.hh"
#include "wrap/java.hh"

#include <elf.h>

#include <cstring>

namespace pare::test {

namespace {

using namespace wrap;

Jar jar_of(const std::vector<ZipMember>& members) {
    return read_jar(build_zip(members), "test.jar", "amd64");
}

/// An ELF header of a library without anything else in it.
Bytes library_for(std::uint16_t machine) {
    Elf64_Ehdr header{};
    std::memcpy(header.e_ident, ELFMAG, SELFMAG);
    header.e_ident[EI_CLASS] = ELFCLASS64;
    header.e_ident[EI_DATA] = ELFDATA2LSB;
    header.e_ident[EI_VERSION] = EV_CURRENT;
    header.e_type = ET_DYN;
    header.e_machine = machine;
    header.e_version = EV_CURRENT;
    header.e_ehsize = sizeof header;
    header.e_phentsize = sizeof(Elf64_Phdr);
    return {reinterpret_cast<const char*>(&header), sizeof header};
}

} // namespace

TEST_CASE("a manifest says what runs and what stands beside it") {
    const JarManifest manifest =
        parse_jar_manifest("Manifest-Version: 1.0\r\nMain-Class: org.example.Main \r\n"
                           "Class-Path: lib/a.jar lib/b%20c.jar http://else/x%zz.jar\r\n"
                           "launcher-agent-class: org.example.Agent\r\n\r\n"
                           "Name: org/example/\r\nMain-Class: not.This\r\n");
    CHECK(manifest.main_class == "org.example.Main");
    CHECK(manifest.agent == "org.example.Agent");
    CHECK(manifest.class_path == Names{"lib/a.jar", "lib/b c.jar", "http://else/x%zz.jar"});
    CHECK(parse_jar_manifest("") == JarManifest());
    CHECK(parse_jar_manifest("no colon\n: \n") == JarManifest());
    CHECK(parse_jar_manifest("Main-Class: org/example/Main").main_class == "org.example.Main");
}

TEST_CASE("lines of a manifest go on behind a break and a space") {
    for (const std::string end : {"\r\n", "\n", "\r"}) {
        const JarManifest manifest = parse_jar_manifest(
            "Class-Path: lib/one.jar lib/tw" + end + " o.jar lib/three" + end + " .jar" + end +
            "Main-Class: a.B" + end);
        CHECK(manifest.class_path == Names{"lib/one.jar", "lib/two.jar", "lib/three.jar"});
        CHECK(manifest.main_class == "a.B");
    }
}

TEST_CASE("a class file says for which Java it is") {
    CHECK(read_class_version(class_file(8)) == ClassVersion{.java = 8});
    CHECK(read_class_version(class_file(17)) == ClassVersion{.java = 17});
    CHECK(read_class_version(class_file(21, true)) == ClassVersion{.java = 21, .is_preview = true});
    CHECK(read_class_version(class_file(1)) == ClassVersion{.java = 1});
    CHECK_FALSE(read_class_version(class_file(17).substr(0, 7)));
    CHECK_FALSE(read_class_version("no class at all"));
    CHECK_FALSE(read_class_version(""));
}

TEST_CASE("names of classes") {
    for (const char* good : {"Main", "org.example.Main", "a.B$C", "_1.x", "\xc3\x84.B"}) {
        CHECK(is_class_name(good));
    }
    for (const char* bad : {"", ".", "a.", ".a", "1a", "a-b", "a b", "/bin/java", "a..b"}) {
        CHECK_FALSE(is_class_name(bad));
    }
}

TEST_CASE("start scripts name the class") {
    CHECK(
        main_class_of_script("#!/bin/sh\nset -- \\\n    -classpath \"$CLASSPATH\" \\\n"
                             "    org.example.App \\\n    \"$@\"\nexec \"$JAVACMD\" \"$@\"\n") ==
        "org.example.App");
    CHECK(
        main_class_of_script("exec java -cp lib/* -Xmx1g org.example.App2 \"$@\"") ==
        "org.example.App2");
    CHECK(main_class_of_script("exec java -jar app.jar").empty());
    CHECK(main_class_of_script("java -cp org.example.Path").empty());
    CHECK(main_class_of_script("").empty());
}

TEST_CASE("a JDK says its release") {
    const JdkRelease release =
        parse_jdk_release("IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"17.0.15\"\nOS_ARCH=\"x86_64\"\n");
    CHECK(release.java == 17);
    CHECK(release.version == "17.0.15");
    CHECK(parse_jdk_release("JAVA_VERSION=\"25\"").java == 25);
    CHECK(parse_jdk_release("").java == 0);
    CHECK(parse_jdk_release("JAVA_VERSION=x").java == 0);
}

TEST_CASE("jdeps prints modules, maybe behind warnings") {
    CHECK(parse_module_names("java.base,java.sql\n") == Names{"java.base", "java.sql"});
    CHECK(
        parse_module_names("Warning: split package: a.b x.jar\njava.base\n\n") ==
        Names{"java.base"});
    CHECK(parse_module_names("Error: nothing,\n").empty());
}

TEST_CASE("the newest class of a jar counts, but not those for other releases") {
    const Jar jar = jar_of(
        {{.name = "META-INF/MANIFEST.MF", .content = "Main-Class: a.B\n"},
         {.name = "a/B.class", .content = class_file(11)},
         {.name = "a/C.class", .content = class_file(17)},
         {.name = "a/D.class", .content = "no class"},
         {.name = "META-INF/versions/21/a/B.class", .content = class_file(21)},
         {.name = "module-info.class", .content = class_file(22)}});
    CHECK(jar.version == ClassVersion{.java = 17});
    CHECK(jar.newest == "a/C.class");
    CHECK(jar.manifest.main_class == "a.B");
    CHECK_FALSE(jar.has_jars);
    CHECK(jar_of({}).version.java == 0);
    CHECK(jar_of({{.name = "a/P.class", .content = class_file(21, true)}}).preview == "a/P.class");
}

TEST_CASE("jars in a jar are read, one level deep, where their loaders look") {
    const Bytes innermost = build_zip({{.name = "X.class", .content = class_file(25)}});
    const Bytes inner = build_zip(
        {{.name = "META-INF/MANIFEST.MF", .content = "Main-Class: not.This\n"},
         {.name = "org/In.class", .content = class_file(21)},
         {.name = "BOOT-INF/lib/innermost.jar", .content = innermost}});
    for (const bool deflated : {false, true}) {
        const Jar jar = jar_of(
            {{.name = "META-INF/MANIFEST.MF", .content = "Main-Class: a.Loader\n"},
             {.name = "BOOT-INF/lib/in.jar", .content = inner, .deflated = deflated},
             {.name = "templates/other.jar", .content = innermost},
             {.name = "a/Loader.class", .content = class_file(17)}});
        CHECK(jar.has_jars);
        CHECK(jar.version.java == 21);
        CHECK(jar.newest == "BOOT-INF/lib/in.jar/org/In.class");
        CHECK(jar.manifest.main_class == "a.Loader");
    }
}

TEST_CASE(
    "libraries for Linux and the architecture are taken, whatever their directory is called") {
    const Bytes ours = library_for(EM_X86_64);
    const Jar jar = jar_of(
        {{.name = "Linux/x86_64/libours.so", .content = ours},
         {.name = "libversioned.so.2", .content = ours},
         {.name = "linux-aarch64/libours.so", .content = library_for(EM_AARCH64)},
         {.name = "linux-musl/x86_64/libours.so", .content = ours},
         {.name = "FreeBSD/x86_64/libours.so", .content = ours},
         {.name = "linux-mips/libours.so", .content = library_for(EM_MIPS)},
         {.name = "notes.so", .content = "no library"},
         {.name = "win/ours.dll", .content = "MZ"}});
    Names paths;
    for (const NativeLibrary& library : jar.libraries) {
        paths.push_back(library.path);
    }
    CHECK(paths == Names{"Linux/x86_64/libours.so", "libversioned.so.2"});
    CHECK(jar.other_architectures == std::set<std::string>{"arm64"});
}

TEST_CASE("a damaged jar is the user's to mend") {
    for (const Bytes& bytes :
         {Bytes("no jar"), build_zip({{.name = "a.so", .content = "\177ELF"}})}) {
        const Error error = error_of([&] { return read_jar(bytes, "test.jar", "amd64"); });
        CHECK(error.kind() == ErrorKind::definition);
        CHECK(contains(told(error), "damaged or cut short"));
    }
}

TEST_CASE("a class is found where java looks for it") {
    const Bytes bytes = build_zip(
        {{.name = "org/example/Main.class"}, {.name = "BOOT-INF/classes/org/example/App.class"}});
    CHECK(has_class(bytes, "test.jar", "org.example.Main"));
    CHECK_FALSE(has_class(bytes, "test.jar", "org.example.App"));
}

TEST_CASE("jar and javap say the same of a jar that javac made") {
    if (!has_program("javac") || !has_program("javap") || !has_program("unzip")) {
        MESSAGE("no JDK or no unzip is here");
        return;
    }
    const TemporaryDirectory directory;
    const auto make = [&](const std::string& line) { return shell(line, directory.path()); };
    write_file(directory.path() / "Main.java", "public class Main { interface In {} }");
    for (const unsigned java : {8U, 11U, 17U}) {
        make("javac -nowarn --release " + std::to_string(java) + " Main.java 2>/dev/null");
        make("jar cfe made.jar Main Main.class 'Main$In.class'");
        CHECK(contains(make("javap -v Main.class"), "major version: " + std::to_string(java + 44)));
        const MappedFile file(directory.path() / "made.jar");
        const Jar jar = read_jar(file.bytes(), "made.jar", "amd64");
        CHECK(jar.version.java == java);
        CHECK(jar.manifest.main_class == "Main");
    }
    // jar breaks lines at 72 bytes.
    const std::string path =
        "lib/a-rather-long-name-of-a-library-1.0.jar lib/another-long-name-of-a-library-2.0.jar";
    write_file(directory.path() / "manifest", "Class-Path: " + path + "\n");
    make("jar cfm made.jar manifest Main.class && unzip -p made.jar META-INF/MANIFEST.MF >broken");
    const std::string broken = read_file(directory.path() / "broken");
    CHECK_FALSE(contains(broken, path));
    CHECK(
        parse_jar_manifest(broken).class_path == Names{
                                                     "lib/a-rather-long-name-of-a-library-1.0.jar",
                                                     "lib/another-long-name-of-a-library-2.0.jar"});
}

} // namespace pare::test
