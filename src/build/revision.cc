// SPDX-License-Identifier: Apache-2.0
// git itself is asked: where its directory is, what its references are packed in and how it hashes
// are its own affair. It writes nothing, and starts nothing that the repository's settings name.
#include "build/revision.hh"

#include "support/subprocess.hh"
#include "support/text.hh"

#include <algorithm>
#include <string>
#include <utility>

namespace pare::build {

namespace {

/// Variables that would lead git to another repository than the directory's.
const std::vector<std::string> kGitVariables = {
    "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_PREFIX"};

class Git {
public:
    explicit Git(std::filesystem::path directory) : directory_(std::move(directory)) {}

    /// What it prints, without the last line feed; nothing when it fails.
    [[nodiscard]] std::optional<std::string> operator()(std::vector<std::string> arguments) const {
        std::vector<std::string> command{
            "/usr/bin/env", "git", "--no-optional-locks", "-c", "core.fsmonitor=false"};
        command.insert(
            command.end(), std::move_iterator(arguments.begin()),
            std::move_iterator(arguments.end()));
        SubprocessResult result =
            run_subprocess(command, {.directory = directory_, .without = kGitVariables});
        if (result.status != 0) {
            return std::nullopt;
        }
        if (result.output.ends_with('\n')) {
            result.output.pop_back();
        }
        return std::move(result.output);
    }

private:
    std::filesystem::path directory_;
};

} // namespace

std::optional<WorkTree> work_tree_of(
    const std::filesystem::path& directory, const std::vector<std::filesystem::path>& files) {
    const Git git(directory);
    const auto commit = git({"rev-parse", "--verify", "--quiet", "HEAD"});
    const auto up = git({"rev-parse", "--show-cdup"});
    if (!commit || !up) {
        return std::nullopt;
    }
    WorkTree tree{
        .root = (directory / *up).lexically_normal(),
        .revision = {.commit = std::string(trim(*commit))}};
    if (!tree.root.has_filename()) {
        tree.root = tree.root.parent_path();
    }
    std::vector<std::string> known{"ls-files", "--error-unmatch", "--"};
    for (const std::filesystem::path& file : files) {
        known.push_back(file.string());
    }
    const auto changes = git({"status", "--porcelain", "--untracked-files=no"});
    tree.revision.dirty = !changes || !changes->empty() || !git(std::move(known));
    return tree;
}

} // namespace pare::build
