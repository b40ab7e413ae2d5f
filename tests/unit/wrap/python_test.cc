// SPDX-License-Identifier: Apache-2.0
// What the files of a Python program say of the Python that they need.
#include "wrap/python.hh"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace pare::test {

namespace {

using namespace wrap;
using Names = std::vector<std::string>;

} // namespace

TEST_CASE("an environment says which Python made it") {
    const PythonEnvironment made = parse_python_environment(
        "home = /usr/bin\ninclude-system-site-packages = false\nversion = 3.11.2\n");
    CHECK(made.version == "3.11");
    CHECK_FALSE(made.has_host_modules);
    // virtualenv and uv write version_info.
    const PythonEnvironment other = parse_python_environment(
        "home=/opt/py\nversion_info = 3.13.5.final.0\nInclude-System-Site-Packages = True");
    CHECK(other.version == "3.13");
    CHECK(other.has_host_modules);
    CHECK(parse_python_environment("").version.empty());
    CHECK(parse_python_environment("version = three").version.empty());
}

TEST_CASE("a version is cut to its first two numbers") {
    CHECK(minor_version("3.13.0rc1") == "3.13");
    CHECK(minor_version("3.9") == "3.9");
    for (const char* bad : {"", "3", "3.", ".1", "x.1", "3.x"}) {
        CHECK(minor_version(bad).empty());
    }
}

TEST_CASE("the name of an extension module says which Python can import it") {
    CHECK(read_extension_name("_cffi.cpython-311-x86_64-linux-gnu.so").version == "3.11");
    CHECK(read_extension_name("a.cpython-39-aarch64-linux-gnu.so").version == "3.9");
    CHECK(read_extension_name("_rust.abi3.so").version.empty());
    CHECK(read_extension_name("libz.so.1").version.empty());
    CHECK(read_extension_name("notes.cpython-311.txt").version.empty());
    for (const char* good : {"_rust.abi3.so", "plain.so", "a.cpython-313-x86_64-linux-gnu.so"}) {
        CHECK(read_extension_name(good).problem.empty());
    }
    CHECK(read_extension_name("a.cpython-311-darwin.so").problem == "for macOS");
    CHECK(read_extension_name("a.cp311-win_amd64.pyd").problem == "for Windows");
    CHECK(read_extension_name("a.pypy39-pp73-x86_64-linux-gnu.so").problem == "for PyPy");
    CHECK(
        read_extension_name("a.cpython-311-x86_64-linux-musl.so").problem.starts_with("for musl"));
    CHECK(read_extension_name("a.cpython-313t-x86_64-linux-gnu.so")
              .problem.ends_with("global interpreter lock"));
    CHECK(
        read_extension_name("a.cpython-313d-x86_64-linux-gnu.so").problem ==
        "for a debug build of Python");
}

TEST_CASE("a script gets another interpreter") {
    CHECK(
        with_interpreter("#!/home/me/.venv/bin/python3\nimport a\n", "/venv/bin/python3") ==
        "#!/venv/bin/python3\nimport a\n");
    CHECK(with_interpreter("#!/usr/bin/env python3.11\nx", "/p") == "#!/p\nx");
    // Installers write this where the path is too long for a kernel, or has a space.
    CHECK(
        with_interpreter(
            "#!/bin/sh\n'''exec' \"/a long/bin/python3\" \"$0\" \"$@\"\n' '''\nimport a\n", "/p") ==
        "#!/p\nimport a\n");
    for (const char* other :
         {"#!/bin/sh\necho python\n", "#!/usr/bin/pythonista\nx\n", "import a\n",
          "#!/usr/bin/python3", "#!/bin/sh\n'''exec' \"/bin/ruby\" \"$0\"\n' '''\n"}) {
        CHECK_FALSE(with_interpreter(other, "/p").has_value());
    }
}

TEST_CASE("of a path file only the lines that are absolute paths count") {
    CHECK(
        paths_of_pth("# comment\nimport os; os.x = '/no'\n/home/me/src \r\nrelative\n") ==
        Names{"/home/me/src"});
}

TEST_CASE("pyproject.toml says what runs and what that needs") {
    const PythonProject project = parse_python_project(R"([build-system]
requires = ["setuptools"]
[project]
name = "shop"
requires-python = ">=3.11"
dependencies = [
    "flask>=3",
    'Psycopg2-Binary[pool]',  # a comment
    "tomli; python_version < '3.11'",
]
# name = "other"
[project.scripts]
shop = "shop.cli:main"
"shop-admin" = 'shop.admin:main'
[tool.x]
name = "no"
)");
    CHECK(project.name == "shop");
    CHECK(project.requires_python == ">=3.11");
    CHECK(project.dependencies == Names{"flask", "Psycopg2-Binary"});
    CHECK(project.scripts.size() == 2);
    CHECK(project.scripts.at("shop-admin") == "shop.admin:main");
    CHECK(
        parse_python_project("[project]\ndependencies = [\"a\", \"b\"]\nname = \"x\"").name == "x");
}

TEST_CASE("requirements.txt names projects; options, links and conditions are left aside") {
    CHECK(
        parse_requirements(
            "flask==3.0\n# no\n-r more.txt\n--hash=sha256:1\nuvicorn[standard]\n"
            "win32api; sys_platform == 'win32'\nhttps://x.invalid/a.whl\n./local\n") ==
        Names{"flask", "uvicorn"});
}

TEST_CASE("names of projects are compared without regard to case and marks") {
    CHECK(normal_project_name("Flask_Login") == "flask-login");
    CHECK(normal_project_name("zope.interface") == normal_project_name("zope--interface"));
}

TEST_CASE("a specifier says which Pythons are good") {
    CHECK(allows_python("", "3.11"));
    CHECK(allows_python(">=3.9", "3.11"));
    CHECK_FALSE(allows_python(">=3.12", "3.11"));
    CHECK(allows_python(">=3.9,<4", "3.13"));
    CHECK_FALSE(allows_python(">=3.9, <3.12", "3.13"));
    CHECK(allows_python("~=3.11", "3.13"));
    CHECK_FALSE(allows_python("~=3.11.2", "3.13"));
    CHECK(allows_python("==3.11.*", "3.11"));
    CHECK_FALSE(allows_python("==3.11.*", "3.13"));
    CHECK_FALSE(allows_python("!=3.13.*", "3.13"));
    CHECK(allows_python("!=3.13.1", "3.13"));
    CHECK(allows_python("<3.13.4", "3.13"));
    CHECK_FALSE(allows_python("<=3.12", "3.13"));
}

} // namespace pare::test
