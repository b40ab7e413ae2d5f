// SPDX-License-Identifier: Apache-2.0
// Ways of writing; most of them can be mended by a machine.
#include "audit/dockerfile_rules.hh"
#include "dockerfile/line.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace pare::audit {

using namespace dockerfile;

namespace {

bool is_upper(std::string_view text) {
    return std::none_of(text.begin(), text.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

bool on_one_line(const Range& range) {
    return range.begin.line == range.end.line;
}

/// Text that means the same in quotes and without.
bool is_plain(std::string_view text) {
    return text.find_first_of("\"'\\`$") == std::string_view::npos;
}

/// White space has many forms beyond ASCII.
bool needs_no_quotes(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_./:=@%+,-").find(c) != std::string_view::npos;
}

void check_from(Review& review, const Stage& stage) {
    if (!stage.from.as) {
        return;
    }
    const Word& as = *stage.from.as;
    const std::string& from = stage.instruction->written.text;
    if (is_upper(as.text) != is_upper(from)) {
        review.report(
            "keyword-casing", as.range, fmt::format("{} and {} differ in case", from, as.text),
            Fix{review.place(as.range), is_upper(from) ? "AS" : "as"});
    }
}

void check_legacy(Review& review, const Instruction& instruction) {
    const Word& name = instruction.words[0];
    const Word& value = instruction.words[1];
    std::optional<Fix> fix;
    if (on_one_line(instruction.range) && is_plain(value.text) && is_plain(name.text)) {
        const bool quoted = !std::all_of(value.text.begin(), value.text.end(), needs_no_quotes);
        const char* quote = quoted ? "\"" : "";
        fix =
            Fix{review.place({name.range.begin, value.range.end}),
                name.text + "=" + quote + value.text + quote};
    }
    review.report(
        "legacy-pair-form", name.range,
        fmt::format("write {}={}", name.text, contains(value.text, " ") ? "\"...\"" : "..."),
        std::move(fix));
}

void check_maintainer(
    Review& review, const Instruction& instruction, const Maintainer& maintainer) {
    std::optional<Fix> fix;
    if (on_one_line(instruction.range) && is_plain(maintainer.name.text)) {
        fix =
            Fix{review.place(instruction.range),
                "LABEL org.opencontainers.image.authors=\"" + maintainer.name.text + "\""};
    }
    review.report(
        "maintainer-deprecated", instruction.range, "MAINTAINER is deprecated", std::move(fix));
}

/// ADD would unpack or fetch these.
bool needs_add(std::string_view source) {
    constexpr std::array<std::string_view, 10> kArchives = {
        ".tar", ".tgz", ".tbz2", ".txz", ".tzst", ".gz", ".bz2", ".xz", ".zst", ".tar.gz"};
    const bool archive = std::any_of(kArchives.begin(), kArchives.end(), [&](std::string_view end) {
        return source.ends_with(end);
    });
    return archive || contains_any(source, {"://", "git@", "*", "?", "["});
}

void check_add(Review& review, const Instruction& instruction, const Copy& copy) {
    const bool special = copy.checksum || copy.keep_git_dir || copy.unpack;
    const bool needed = std::any_of(copy.sources.begin(), copy.sources.end(), [](const Word& word) {
        return needs_add(word.text);
    });
    if (copy.is_add && !special && !needed && !copy.sources.empty()) {
        const bool upper = is_upper(instruction.written.text);
        review.report(
            "add-instead-of-copy", instruction.written.range, "COPY does the same here",
            Fix{review.place(instruction.written.range), upper ? "COPY" : "copy"});
    }
}

void check_blank_lines(Review& review, const Instruction& instruction) {
    for (const Position& blank : instruction.blank_lines) {
        const Range range{blank, {blank.line + 1, 1}};
        review.report(
            "blank-continuation-line", range, "a blank line does not end this instruction",
            Fix{review.place(range), ""});
    }
}

void check_step(Review& review, const Step& step) {
    const Instruction& instruction = *step.instruction;
    const auto* env = std::get_if<Env>(&step.command);
    const auto* label = std::get_if<Label>(&step.command);
    if ((env != nullptr && env->legacy) || (label != nullptr && label->legacy)) {
        check_legacy(review, instruction);
    } else if (const auto* maintainer = std::get_if<Maintainer>(&step.command)) {
        check_maintainer(review, instruction, *maintainer);
    } else if (const auto* copy = std::get_if<Copy>(&step.command)) {
        check_add(review, instruction, *copy);
    }
}

void check_platform(Review& review, const Stage& stage) {
    const auto& flags = stage.instruction->flags;
    const bool varies = std::any_of(
        flags.begin(), flags.end(), [](const Word& flag) { return contains(flag.text, "$"); });
    if (const auto& platform = stage.from.platform; platform && !varies) {
        review.report(
            "fixed-architecture", platform->range,
            fmt::format("the platform {} is written into FROM", platform->text));
    }
}

/// A name of an architecture that a text fixes, or nothing.
std::string_view fixed_architecture(std::string_view text) {
    constexpr std::array<std::string_view, 8> kMarks = {
        "GOARCH=amd64",         "GOARCH=arm64",          "x86_64-linux-gnu", "aarch64-linux-gnu",
        "x86_64-unknown-linux", "aarch64-unknown-linux", "linux-amd64",      "linux-arm64"};
    for (const std::string_view mark : kMarks) {
        if (contains(text, mark)) {
            return mark;
        }
    }
    return {};
}

void check_architecture(Review& review, const Step& step) {
    std::string text;
    if (const Run* run = std::get_if<Run>(&step.command)) {
        text = text_of(run->command);
    } else if (const Copy* copy = std::get_if<Copy>(&step.command)) {
        for (const Word& source : copy->sources) {
            text += source.text + " ";
        }
    } else if (const Env* env = std::get_if<Env>(&step.command)) {
        for (const Pair& variable : env->variables) {
            text += variable.name.text + "=" + variable.value.text + " ";
        }
    }
    // Text that asks for the architecture anywhere has a case for each.
    const std::string_view mark = fixed_architecture(text);
    if (!mark.empty() && !contains_any(text, {"TARGETARCH", "uname", "dpkg --print-arch"})) {
        review.report(
            "fixed-architecture", step.instruction->range,
            fmt::format("{} holds for one architecture only", mark));
    }
}

void check_directives(Review& review) {
    const auto& directives = review.document.directives;
    for (const Comment& comment : review.document.comments) {
        const std::size_t equals = comment.text.find('=');
        const std::string name = to_lower(
            trim(std::string_view(comment.text).substr(0, std::min(equals, comment.text.size()))));
        const bool directive =
            std::any_of(directives.begin(), directives.end(), [&comment](const Directive& known) {
                return known.value.range.begin.line == comment.place.line;
            });
        if (equals != std::string::npos && !directive &&
            is_one_of(name, {"syntax", "escape", "check"})) {
            const Position end{comment.place.line, comment.place.column + 1};
            review.report(
                "directive-ignored", {comment.place, end},
                fmt::format("\"{}\" stands too late to be a directive", comment.text));
        }
    }
}

} // namespace

void check_style(Review& review) {
    for (const Instruction& instruction : review.document.instructions) {
        check_blank_lines(review, instruction);
    }
    for (const Stage& stage : review.build.stages) {
        check_from(review, stage);
        check_platform(review, stage);
        for (const Step& step : stage.steps) {
            check_step(review, step);
            check_architecture(review, step);
        }
    }
    check_directives(review);
}

} // namespace pare::audit
