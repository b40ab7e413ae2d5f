// SPDX-License-Identifier: Apache-2.0
// What the rules for Dockerfiles look at, and where they put what they find.
#pragma once

#include "audit/base.hh"
#include "audit/finding.hh"
#include "dockerfile/model.hh"

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pare::audit {

/// Whether a COPY brings a path; a directory may hold anything.
enum class Brings { no, maybe, yes };

class Review {
public:
    /// Both must outlive this.
    Review(const dockerfile::Document& document, const dockerfile::Build& build);

    const dockerfile::Document& document;
    const dockerfile::Build& build;

    [[nodiscard]] const dockerfile::Stage& final_stage() const { return build.final_stage(); }

    [[nodiscard]] const dockerfile::Config& config() const { return final_stage().config; }

    /// The image that a stage is rooted in.
    [[nodiscard]] const Base& base(std::size_t stage) const { return bases_[stage]; }

    [[nodiscard]] const Base& final_base() const { return bases_[build.target]; }

    /// The steps of the stage and of the stages that it begins with, oldest first.
    [[nodiscard]] std::vector<const dockerfile::Step*> lineage(std::size_t stage) const;

    [[nodiscard]] const std::vector<const dockerfile::Step*>& final_steps() const {
        return final_steps_;
    }

    /// All that RUN of the stage and its parents say, and their ENV and ARG as `NAME=value`.
    [[nodiscard]] std::string build_text(std::size_t stage) const;

    /// Whether any COPY or ADD of the final image brings this absolute path.
    [[nodiscard]] Brings final_image_gets(std::string_view path) const;

    /// Whether a text can be given to the shell in this stage.
    [[nodiscard]] bool has_shell(std::size_t stage) const;

    /// Whether the container runs as root; nothing when the base image decides and is not known.
    [[nodiscard]] std::optional<bool> runs_as_root() const;

    void report(
        std::string_view rule, const dockerfile::Range& range, std::string message,
        std::optional<Fix> fix = std::nullopt);
    [[nodiscard]] Place place(const dockerfile::Range& range) const;

    [[nodiscard]] std::vector<Finding> take() { return std::move(findings_); }

private:
    std::vector<Base> bases_;
    std::vector<const dockerfile::Step*> final_steps_;
    std::vector<Finding> findings_;
};

[[nodiscard]] bool contains(std::string_view text, std::string_view part);
[[nodiscard]] bool
contains_any(std::string_view text, std::initializer_list<std::string_view> parts);
/// Whether the text has `words` with no letter before them: `go build`, but not `cargo build`.
[[nodiscard]] bool
contains_call(std::string_view text, std::initializer_list<std::string_view> words);
[[nodiscard]] bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words);
[[nodiscard]] std::string_view base_name(std::string_view path);
/// Words, or the text, and the here-documents of a command.
[[nodiscard]] std::string text_of(const dockerfile::CommandLine& command);
/// Whether the program of this exec form is a shell.
[[nodiscard]] bool calls_shell(const dockerfile::CommandLine& command);
[[nodiscard]] Brings brings(const dockerfile::Copy& copy, std::string_view path);

} // namespace pare::audit
