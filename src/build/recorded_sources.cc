// SPDX-License-Identifier: Apache-2.0
// Provenance may be anybody's: a definition in it can name any file of this host. No file gets into
// an image here whose hash was not in the provenance, so that who wrote it had it before.
#include "build/recorded_sources.hh"

#include "build/provenance.hh"
#include "support/digest.hh"
#include "support/files.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <memory>
#include <system_error>
#include <utility>

namespace pare::build {

namespace {

namespace fs = std::filesystem;
using attest::FileUse;
using attest::SourceFile;

constexpr std::size_t kMostTold = 20;

fs::path place_of(const std::string& path, const fs::path& root) {
    return (root / path).lexically_normal();
}

/// What is not as it was recorded.
class Problems {
public:
    void add(const std::string& name, const std::string& why) {
        if (told_.size() < kMostTold) {
            told_.push_back(fmt::format("{}: {}", name, why));
        }
        ++count_;
    }

    void demand_none(const attest::Provenance& provenance, const fs::path& root) const {
        if (count_ == 0) {
            return;
        }
        std::string message =
            fmt::format("the sources in {} are not those of the image", root.string());
        for (const std::string& line : told_) {
            message += "\n  " + line;
        }
        if (count_ > told_.size()) {
            message += fmt::format("\n  and {} more", count_ - told_.size());
        }
        throw Error(
            ErrorKind::usage, std::move(message),
            provenance.revision
                ? fmt::format(
                      "give the directory of their revision {} with --source",
                      provenance.revision->commit)
                : "give the directory that holds " + provenance.parameters.definition +
                      " as it was with --source");
    }

private:
    std::vector<std::string> told_{};
    std::size_t count_ = 0;
};

/// Why a file is not the one that was recorded; empty: it is.
std::string why_not(const SourceFile& recorded, const fs::path& path) {
    std::error_code problem;
    const fs::file_status status = fs::symlink_status(path, problem);
    if (status.type() == fs::file_type::not_found) {
        return "is missing";
    }
    const bool is_link = status.type() == fs::file_type::symlink;
    if (is_link != recorded.symlink || (!is_link && status.type() != fs::file_type::regular)) {
        return recorded.symlink ? "is no symlink" : "is no file";
    }
    Hasher hasher;
    if (is_link) {
        hasher.write(fs::read_symlink(path).string());
    } else {
        FileSource source(path);
        copy_all(source, hasher);
    }
    if (hasher.hex() != recorded.sha256) {
        return "has another content";
    }
    return "";
}

bool is_read(const SourceFile& file) {
    return file.use == FileUse::content || file.use == FileUse::slices;
}

using FilesByName = std::map<std::pair<FileUse, std::string>, SourceFile>;

FilesByName by_name(const std::vector<SourceFile>& files) {
    FilesByName map;
    for (const SourceFile& file : files) {
        if (is_read(file)) {
            map.emplace(std::pair(file.use, file.path), file);
        }
    }
    return map;
}

void compare_files(
    const std::vector<SourceFile>& recorded, const std::vector<SourceFile>& found,
    Problems& problems) {
    const FilesByName then = by_name(recorded);
    const FilesByName now = by_name(found);
    for (const auto& [name, file] : now) {
        const auto known = then.find(name);
        if (known == then.end()) {
            problems.add(name.second, "was not there");
        } else if (known->second.executable != file.executable) {
            problems.add(name.second, file.executable ? "was not executable" : "was executable");
        } else if (known->second != file) {
            problems.add(name.second, "has another content");
        }
    }
    for (const auto& [name, file] : then) {
        if (!now.contains(name)) {
            problems.add(name.second, "is not asked for any more");
        }
    }
}

} // namespace

definition::Library recorded_library(
    const definition::Library& library, const attest::Provenance& provenance,
    const fs::path& root) {
    auto texts = std::make_shared<std::map<fs::path, std::string>>();
    for (const attest::DefinitionSource& definition : provenance.definitions) {
        if (definition.text) {
            texts->emplace(place_of(definition.name, root), *definition.text);
        }
    }
    definition::Library recorded = library;
    recorded.file = [texts](const fs::path& path) {
        const auto found = texts->find(path);
        return found == texts->end() ? std::nullopt : std::optional(found->second);
    };
    return recorded;
}

std::string recorded_reference(const attest::Provenance& provenance, const fs::path& root) {
    const attest::DefinitionSource& first = provenance.definitions.front();
    return first.text ? place_of(first.name, root).string() : first.name;
}

void check_files(const attest::Provenance& provenance, const fs::path& root) {
    Problems problems;
    for (const SourceFile& file : provenance.files) {
        if (!is_read(file)) {
            continue;
        }
        if (const std::string why = why_not(file, place_of(file.path, root)); !why.empty()) {
            problems.add(file.path, why);
        }
    }
    problems.demand_none(provenance, root);
}

void check_plan(const Plan& plan, const attest::Provenance& provenance, const fs::path& root) {
    std::vector<const Target*> targets;
    for (const Target& target : plan.targets) {
        targets.push_back(&target);
    }
    Problems problems;
    compare_files(provenance.files, source_files(targets, root), problems);
    for (const attest::BaseSource& base : base_sources(targets, root)) {
        const bool is_known =
            std::ranges::any_of(provenance.bases, [&](const attest::BaseSource& recorded) {
                return recorded.architecture == base.architecture && recorded.digest == base.digest;
            });
        if (!is_known) {
            problems.add(base.reference, "is another image");
        }
    }
    problems.demand_none(provenance, root);
}

} // namespace pare::build
