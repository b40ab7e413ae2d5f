// SPDX-License-Identifier: Apache-2.0
// Only what decides whether and where a program runs is read. pyproject.toml is TOML, of which the
// two tables that matter are written line by line by every tool there is; what stands there in
// another form is taken as not said, and the user is asked for an entrypoint.
#include "wrap/python.hh"

#include "support/text.hh"

#include <algorithm>
#include <array>
#include <utility>

namespace pare::wrap {

namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::string lower(std::string_view text) {
    std::string made(text);
    std::ranges::transform(made, made.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return made;
}

/// `311` as `3.11`: the first digit is the major version.
std::string spread(std::string_view digits) {
    return std::string(digits.substr(0, 1)) + "." + std::string(digits.substr(1));
}

/// `python`, `python3`, `python3.11`, as a path or through env(1).
bool names_python(std::string_view shebang) {
    const std::vector<std::string_view> words = split_words(shebang);
    return std::ranges::any_of(words, [](std::string_view word) {
        const std::string_view name = word.substr(word.rfind('/') + 1);
        return name.starts_with("python") &&
               std::ranges::all_of(name.substr(6), [](char c) { return is_digit(c) || c == '.'; });
    });
}

/// `"text"` or `'text'` at the start; empty for anything else.
std::string_view quoted_text(std::string_view text) {
    if (text.empty() || (text.front() != '"' && text.front() != '\'')) {
        return {};
    }
    const std::size_t end = text.find(text.front(), 1);
    return end == std::string_view::npos ? std::string_view() : text.substr(1, end - 1);
}

/// The name at the start of a requirement: `Flask-Login` of `Flask-Login[x]>=1; marker`.
std::string_view requirement_name(std::string_view text) {
    std::size_t end = 0;
    while (end < text.size() && (is_letter(text[end]) || is_digit(text[end]) || text[end] == '-' ||
                                 text[end] == '_' || text[end] == '.')) {
        ++end;
    }
    return text.substr(0, end);
}

/// Whether a requirement is for some systems only: whether it is for this one is not decided here.
bool is_conditional(std::string_view requirement) {
    return requirement.find(';') != std::string_view::npos;
}

/// The texts of a list that may go over several lines: `["a", "b"]`.
void add_names(std::string_view line, std::vector<std::string>& names) {
    for (std::size_t at = line.find_first_of("\"'"); at != std::string_view::npos;
         at = line.find_first_of("\"'", at)) {
        const std::string_view text = quoted_text(line.substr(at));
        if (const auto name = requirement_name(text); !name.empty() && !is_conditional(text)) {
            names.emplace_back(name);
        }
        at += text.size() + 2;
        if (at >= line.size()) {
            return;
        }
    }
}

/// Major and minor number of a version as one number that can be compared.
std::optional<int> rank_of(std::string_view version) {
    const std::vector<std::string_view> parts = split(version, '.');
    const auto major = parse_number(parts.front());
    const auto minor = parts.size() > 1 ? parse_number(parts[1]) : std::optional<std::uint64_t>(0);
    if (!major || !minor || *major > 99 || *minor > 999) {
        return std::nullopt;
    }
    return static_cast<int>(*major * 1000 + *minor);
}

bool allows_one(std::string_view clause, int version) {
    const std::size_t length = std::min(clause.find_first_not_of("<>=!~"), clause.size());
    const std::string_view op = clause.substr(0, length);
    const std::string_view text = trim(clause.substr(length));
    const auto limit = rank_of(text.ends_with(".*") ? text.substr(0, text.size() - 2) : text);
    if (!limit) {
        return true;
    }
    // `<3.12.4` still has versions of 3.12.
    const bool is_deeper = std::ranges::count(text, '.') > 1 && !text.ends_with(".*");
    if (op == ">=") {
        return version >= *limit;
    }
    if (op == ">") {
        return is_deeper ? version >= *limit : version > *limit;
    }
    if (op == "<=") {
        return version <= *limit;
    }
    if (op == "<") {
        return is_deeper ? version <= *limit : version < *limit;
    }
    if (op == "==" || op == "===") {
        return version == *limit;
    }
    if (op == "!=") {
        return is_deeper || version != *limit;
    }
    if (op == "~=") {
        return version >= *limit && version / 1000 == *limit / 1000 &&
               (!is_deeper || version == *limit);
    }
    return true;
}

} // namespace

PythonEnvironment parse_python_environment(std::string_view text) {
    PythonEnvironment environment;
    for (const std::string_view line : split(text, '\n')) {
        const std::size_t mark = line.find('=');
        if (mark == std::string_view::npos) {
            continue;
        }
        const std::string key = lower(trim(line.substr(0, mark)));
        const std::string_view value = trim(line.substr(mark + 1));
        if (key == "version" || key == "version_info") {
            environment.version = minor_version(value);
        } else if (key == "include-system-site-packages") {
            environment.has_host_modules = lower(value) == "true";
        }
    }
    return environment;
}

std::string minor_version(std::string_view version) {
    const std::size_t dot = version.find('.');
    if (dot == std::string_view::npos) {
        return "";
    }
    std::size_t end = dot + 1;
    while (end < version.size() && is_digit(version[end])) {
        ++end;
    }
    return dot > 0 && end > dot + 1 && std::ranges::all_of(version.substr(0, dot), is_digit)
               ? std::string(version.substr(0, end))
               : "";
}

ExtensionName read_extension_name(std::string_view name) {
    if (!name.ends_with(".so") && !name.ends_with(".pyd") && !name.ends_with(".dylib")) {
        return {};
    }
    if (name.find("-darwin.so") != std::string_view::npos || name.ends_with(".dylib")) {
        return {.problem = "for macOS"};
    }
    if (name.ends_with(".pyd")) {
        return {.problem = "for Windows"};
    }
    if (name.find(".pypy") != std::string_view::npos) {
        return {.problem = "for PyPy"};
    }
    if (name.find("-linux-musl") != std::string_view::npos) {
        return {.problem = "for musl, and Debian's libraries are for glibc"};
    }
    constexpr std::string_view kTag = ".cpython-";
    const std::size_t at = name.find(kTag);
    if (at == std::string_view::npos) {
        return {};
    }
    std::string_view digits = name.substr(at + kTag.size());
    const std::size_t end = std::min(
        static_cast<std::size_t>(std::ranges::find_if_not(digits, is_digit) - digits.begin()),
        digits.size());
    const std::string_view flags = digits.substr(end, 1);
    digits = digits.substr(0, end);
    if (digits.size() < 2) {
        return {};
    }
    ExtensionName found{.version = spread(digits)};
    if (flags == "t") {
        found.problem = "for Python without the global interpreter lock";
    } else if (flags == "d") {
        found.problem = "for a debug build of Python";
    }
    return found;
}

std::optional<std::string> with_interpreter(std::string_view script, std::string_view interpreter) {
    if (!script.starts_with("#!")) {
        return std::nullopt;
    }
    const std::size_t first = script.find('\n');
    if (first == std::string_view::npos) {
        return std::nullopt;
    }
    std::string_view rest = script.substr(first + 1);
    // #!/bin/sh, then `'''exec' "/a/long/path/python" "$0" "$@"` and `' '''`: a text for Python.
    constexpr std::array<std::string_view, 2> kExec = {"'''exec' ", "'''':"};
    const bool is_exec = rest.starts_with(kExec[0]) || rest.starts_with(kExec[1]);
    const std::size_t second = rest.find('\n');
    if (is_exec && second != std::string_view::npos) {
        std::string exec(rest.substr(0, second));
        std::ranges::replace(exec, '"', ' ');
        const std::size_t third = rest.find('\n', second + 1);
        if (!names_python(exec) || third == std::string_view::npos) {
            return std::nullopt;
        }
        rest = rest.substr(third + 1);
    } else if (!names_python(script.substr(2, first - 2))) {
        return std::nullopt;
    }
    return "#!" + std::string(interpreter) + "\n" + std::string(rest);
}

std::vector<std::string> paths_of_pth(std::string_view text) {
    std::vector<std::string> paths;
    for (const std::string_view line : split(text, '\n')) {
        if (const std::string_view path = trim(line); path.starts_with('/')) {
            paths.emplace_back(path);
        }
    }
    return paths;
}

PythonProject parse_python_project(std::string_view text) {
    PythonProject project;
    std::string table;
    bool in_dependencies = false;
    for (const std::string_view raw : split(text, '\n')) {
        const std::string_view line = trim(raw);
        if (in_dependencies) {
            add_names(line, project.dependencies);
            in_dependencies = !line.starts_with(']') && !line.ends_with("]");
            continue;
        }
        if (line.starts_with('[')) {
            table = line;
            continue;
        }
        const std::size_t mark = line.find('=');
        if (mark == std::string_view::npos || line.starts_with('#')) {
            continue;
        }
        std::string_view key = trim(line.substr(0, mark));
        const std::string_view value = trim(line.substr(mark + 1));
        if (table == "[project.scripts]" || table == "[tool.poetry.scripts]") {
            const std::string_view name = quoted_text(key);
            project.scripts.emplace(name.empty() ? key : name, quoted_text(value));
        } else if (table == "[project]" && key == "name") {
            project.name = quoted_text(value);
        } else if (table == "[project]" && key == "requires-python") {
            project.requires_python = quoted_text(value);
        } else if (table == "[project]" && key == "dependencies") {
            add_names(value, project.dependencies);
            in_dependencies = value.find(']') == std::string_view::npos;
        }
    }
    return project;
}

std::vector<std::string> parse_requirements(std::string_view text) {
    std::vector<std::string> names;
    for (const std::string_view raw : split(text, '\n')) {
        const std::string_view line = trim(raw);
        const std::string_view name = requirement_name(line);
        const bool is_link =
            line.substr(name.size()).starts_with(':') || line.substr(name.size()).starts_with('/');
        if (!name.empty() && !is_link && !line.starts_with('-') && !line.starts_with('.') &&
            !is_conditional(line)) {
            names.emplace_back(name);
        }
    }
    return names;
}

std::string normal_project_name(std::string_view name) {
    std::string made;
    for (const char c : lower(name)) {
        const char normal = c == '_' || c == '.' ? '-' : c;
        if (normal != '-' || !made.ends_with('-')) {
            made += normal;
        }
    }
    return made;
}

bool allows_python(std::string_view specifier, std::string_view version) {
    const auto rank = rank_of(version);
    return !rank || std::ranges::all_of(split(specifier, ','), [&](std::string_view clause) {
        return allows_one(trim(clause), *rank);
    });
}

} // namespace pare::wrap
