// SPDX-License-Identifier: Apache-2.0
// readelf tells the same of the programs and libraries of this machine.
#include "elf/elf.hh"
#include "support/files.hh"
#include "support/run_command.hh"
#include "support/text.hh"

#include <doctest/doctest.h>
#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>

namespace pare::test {

namespace {

namespace fs = std::filesystem;

/// Every `n`th ELF file of the directories, so that about `wanted` are looked at.
std::vector<fs::path> sample(std::size_t wanted) {
    std::vector<fs::path> files;
    for (const char* const directory : {"/usr/bin", "/usr/sbin", "/usr/lib"}) {
        for (const auto& entry : fs::recursive_directory_iterator(
                 directory, fs::directory_options::skip_permission_denied)) {
            if (!entry.is_symlink() && entry.is_regular_file() && entry.file_size() > 64) {
                files.push_back(entry.path());
            }
        }
    }
    std::erase_if(files, [](const fs::path& file) {
        FileSource source(file);
        char magic[4];
        return source.read(magic, 4) != 4 || !elf::looks_like_elf(BytesView(magic, 4));
    });
    std::ranges::sort(files);
    std::vector<fs::path> chosen;
    const std::size_t step = files.size() / wanted + 1;
    for (std::size_t i = 0; i < files.size(); i += step) {
        chosen.push_back(files[i]);
    }
    return chosen;
}

/// What stands between `before` and `after` in `text`, when it does.
std::optional<std::string>
between(std::string_view text, std::string_view before, std::string_view after) {
    const std::size_t start = text.find(before);
    if (start == std::string_view::npos) {
        return std::nullopt;
    }
    const std::string_view rest = text.substr(start + before.size());
    return std::string(rest.substr(0, rest.find(after)));
}

std::string_view type_word(elf::FileType type) {
    return type == elf::FileType::executable ? "EXEC"
           : type == elf::FileType::shared   ? "DYN"
                                             : "other";
}

/// The facts of readelf's output as lines of one form.
std::string facts_of_readelf(const std::string& output) {
    std::string facts;
    bool in_needs = false;
    bool in_definitions = false;
    for (const std::string_view line : split(output, '\n')) {
        in_needs = line.starts_with("Version needs section") ||
                   (in_needs && !line.starts_with("Version ") && !line.empty());
        in_definitions = line.starts_with("Version definition section") ||
                         (in_definitions && !line.starts_with("Version ") && !line.empty());
        if (const auto name = between(line, "  Name: ", "\n");
            in_definitions && name && line.find("Flags: BASE") == std::string_view::npos) {
            facts += fmt::format("defines {}\n", trim(*name));
        }
        if (const auto value = between(line, "  Class: ", "\n")) {
            facts += fmt::format("class {}\n", trim(*value));
        } else if (const auto data = between(line, "  Data: ", "\n")) {
            facts +=
                fmt::format("endian {}\n", data->ends_with("little endian") ? "little" : "big");
        } else if (const auto type = between(line, "  Type:", " (")) {
            const std::string word(trim(*type));
            facts += fmt::format("type {}\n", word == "EXEC" || word == "DYN" ? word : "other");
        } else if (const auto flags = between(line, "  Flags: ", "\n");
                   flags && line.starts_with("  Flags")) {
            facts += fmt::format("flags {}\n", split_words(*flags).at(0));
        } else if (const auto name = between(line, "program interpreter: ", "]")) {
            facts += fmt::format("interpreter {}\n", *name);
        }
        for (const auto& [tag, word] : std::map<std::string, std::string>{
                 {"Shared library: [", "needed"},
                 {"Library soname: [", "soname"},
                 {"Library rpath: [", "rpath"},
                 {"Library runpath: [", "runpath"}}) {
            if (const auto text = between(line, tag, "]")) {
                facts += fmt::format("{} {}\n", word, *text);
            }
        }
        if (in_needs && line.find(" File: ") != std::string_view::npos) {
            facts += fmt::format("from {}\n", *between(line, " File: ", "  Cnt"));
        } else if (in_needs && line.find(" Name: ") != std::string_view::npos) {
            facts += fmt::format("version {}\n", *between(line, " Name: ", "  Flags"));
        }
    }
    return facts;
}

/// The same lines out of what we read.
std::string facts_of(const elf::Elf& elf) {
    std::string facts = fmt::format(
        "class {}\nendian {}\ntype {}\nflags 0x{:x}\n", elf.is64 ? "ELF64" : "ELF32",
        elf.endian == Endian::little ? "little" : "big", type_word(elf.type), elf.flags);
    const auto add = [&](const char* word, const std::string& text) {
        if (!text.empty()) {
            facts += fmt::format("{} {}\n", word, text);
        }
    };
    add("interpreter", elf.interpreter);
    for (const std::string& library : elf.needed) {
        add("needed", library);
    }
    add("soname", elf.soname);
    add("rpath", elf.rpath);
    add("runpath", elf.runpath);
    for (const elf::VersionNeed& need : elf.version_needs) {
        add("from", need.library);
        for (const std::string& version : need.versions) {
            add("version", version);
        }
    }
    for (const std::string& version : elf.version_definitions) {
        add("defines", version);
    }
    return facts;
}

std::vector<std::string_view> sorted_lines(std::string_view text) {
    std::vector<std::string_view> lines = split(text, '\n');
    std::ranges::sort(lines);
    return lines;
}

} // namespace

// PARE_ELF_FILES=100000 takes all of them.
TEST_CASE("readelf tells the same of 200 ELF files of this machine") {
    const char* const more = std::getenv("PARE_ELF_FILES");
    const std::vector<fs::path> files = sample(more == nullptr ? 200 : std::stoul(more));
    MESSAGE(files.size() << " files");
    CHECK(files.size() > 50);
    for (const fs::path& file : files) {
        CAPTURE(file.string());
        const MappedFile mapped(file);
        const auto found = elf::parse_elf(mapped.bytes(), file.string());
        REQUIRE(found.has_value());
        const CommandResult told = run_command(
            {"readelf", "--wide", "-h", "-l", "-d", "-V", file.string()},
            {.environment = {{"LC_ALL", "C.UTF-8"}}});
        REQUIRE(told.status == 0);
        const std::string ours = facts_of(*found);
        const std::string theirs = facts_of_readelf(told.output);
        CHECK_MESSAGE(sorted_lines(ours) == sorted_lines(theirs), ours, "---\n", theirs);
    }
}

} // namespace pare::test
