// SPDX-License-Identifier: Apache-2.0
// Libraries are found as the loader finds them (wrap/closure.hh), and last in any directory, for
// some programs know where their own are. Of scripts the kernel's rule counts: the first word is a
// path; `/usr/bin/env NAME` means the program of that name in PATH.
#include "build/image_uses.hh"

#include "build/loader_view.hh"
#include "support/text.hh"
#include "tree/tree.hh"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

namespace pare::build {

namespace {

constexpr std::string_view kDefaultPath =
    "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

std::string path_variable(const oci::RunConfig& config) {
    std::string value(kDefaultPath);
    for (const std::string& variable : config.env) {
        if (variable.starts_with("PATH=")) {
            value = variable.substr(5);
        }
    }
    return value;
}

/// Programs for one machine.
class MachineUses {
public:
    MachineUses(
        const inspect::Filesystem& files, const oci::RunConfig& config, const Machine& machine,
        const oci::Platform& platform)
        : offer_(offer_of(files, machine)),
          search_(search_path_of(files, config, machine, platform)) {
        search_.everywhere = true;
        for (const auto& [path, placed] : files.entries()) {
            const auto merged = tree::usr_merged(path);
            if (merged && placed.entry->elf && machine_of(*placed.entry->elf) == machine &&
                real_.try_emplace(*merged, path).second) {
                roots_.push_back(*merged);
            }
        }
    }

    void add_to(Uses& uses) const {
        const std::vector<wrap::Closure> named = wrap::find_named(offer_, roots_, search_);
        for (std::size_t i = 0; i < roots_.size(); ++i) {
            const ImagePath& by = real_.at(roots_[i]);
            for (const wrap::Need& need : named[i].needs) {
                const auto file = real_.find(need.path);
                if (file != real_.end() && need.path != roots_[i]) {
                    uses.libraries.push_back({.by = by, .of = file->second, .as = need.as});
                }
            }
            for (const wrap::Missing& missing : named[i].missing) {
                uses.unmet.push_back({.by = by, .name = missing.library});
            }
        }
    }

private:
    wrap::Offer offer_;
    wrap::SearchPath search_;
    std::vector<ImagePath> roots_{};
    std::map<ImagePath, ImagePath> real_{}; ///< where an ELF file of the offer is in the image
};

/// The words of a first line, without what env(1) is told.
std::string_view named_program(std::string_view script) {
    const std::vector<std::string_view> words = split_words(script);
    if (words.empty()) {
        return {};
    }
    const bool is_env = words.front() == "/usr/bin/env" || words.front() == "/bin/env";
    const auto is_program = [](std::string_view word) {
        return !word.starts_with('-') && word.find('=') == std::string_view::npos;
    };
    const auto program =
        is_env ? std::find_if(words.begin() + 1, words.end(), is_program) : words.begin();
    return program == words.end() ? words.front() : *program;
}

void add_scripts(const inspect::Filesystem& files, const oci::RunConfig& config, Uses& uses) {
    for (const auto& [path, placed] : files.entries()) {
        const std::string_view word = named_program(placed.entry->script);
        if (word.empty()) {
            continue;
        }
        if (auto program = find_program(files, config, word)) {
            uses.scripts.push_back(
                {.by = path, .of = *std::move(program), .as = std::string(word)});
        } else if ((placed.entry->mode & 0111) != 0) {
            uses.unmet.push_back({.by = path, .name = std::string(word)});
        }
    }
}

std::string machine_name(const elf::Elf& elf) {
    switch (elf.machine) {
    case 3:
        return "x86";
    case 21:
        return elf.endian == Endian::little ? "ppc64le" : "ppc64";
    case 22:
        return "s390x";
    case 40:
        return "arm";
    case 62:
        return "x86-64";
    case 183:
        return "arm64";
    case 243:
        return "riscv64";
    case 258:
        return "loongarch64";
    default:
        return fmt::format("machine {}", elf.machine);
    }
}

std::string kind_of(const elf::Elf& elf) {
    const char* kind = "object";
    if (elf.type == elf::FileType::executable || !elf.interpreter.empty()) {
        kind = elf.interpreter.empty() ? "static program" : "dynamic program";
    } else if (elf.type == elf::FileType::shared) {
        kind = "library";
    }
    return fmt::format("{} {}", machine_name(elf), kind);
}

} // namespace

std::optional<ImagePath> find_program(
    const inspect::Filesystem& files, const oci::RunConfig& config, std::string_view word) {
    if (word.find('/') != std::string_view::npos) {
        const std::string directory = config.working_dir.empty() ? "/" : config.working_dir;
        return files.real_path(
            word.starts_with('/') ? std::string(word) : fmt::format("{}/{}", directory, word));
    }
    const std::string path = path_variable(config);
    for (const std::string_view directory : split(path, ':')) {
        auto found = files.real_path(fmt::format("{}/{}", directory, word));
        if (found && files.find(*found)->is_file()) {
            return found;
        }
    }
    return std::nullopt;
}

Uses find_uses(
    const inspect::Filesystem& files, const oci::RunConfig& config, const oci::Platform& platform) {
    std::map<Machine, std::size_t> machines;
    for (const auto& [path, placed] : files.entries()) {
        if (placed.entry->elf) {
            ++machines[machine_of(*placed.entry->elf)];
        }
    }
    Uses uses;
    for (const auto& [machine, count] : machines) {
        MachineUses(files, config, machine, platform).add_to(uses);
    }
    add_scripts(files, config, uses);
    std::ranges::sort(uses.libraries);
    std::ranges::sort(uses.unmet);
    return uses;
}

ElfSummary summarize(const inspect::Filesystem& files) {
    ElfSummary summary;
    for (const auto& [path, placed] : files.entries()) {
        const inspect::Entry& entry = *placed.entry;
        if (entry.elf) {
            ++summary.kinds[kind_of(*entry.elf)];
            if (!entry.elf->interpreter.empty()) {
                ++summary.interpreters[entry.elf->interpreter];
            }
        } else if (!entry.script.empty()) {
            ++summary.scripts[std::string(named_program(entry.script))];
        }
    }
    return summary;
}

} // namespace pare::build
