// SPDX-License-Identifier: Apache-2.0
#include "audit/review.hh"

#include "audit/rules.hh"
#include "support/error.hh"
#include "support/text.hh"

#include <algorithm>

namespace pare::audit {

using dockerfile::CommandLine;
using dockerfile::Copy;
using dockerfile::Form;
using dockerfile::Stage;
using dockerfile::Step;

bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

bool contains_any(std::string_view text, std::initializer_list<std::string_view> parts) {
    return std::any_of(
        parts.begin(), parts.end(), [text](std::string_view part) { return contains(text, part); });
}

bool contains_call(std::string_view text, std::initializer_list<std::string_view> words) {
    for (const std::string_view word : words) {
        for (std::size_t at = text.find(word); at != std::string_view::npos;
             at = text.find(word, at + 1)) {
            const char before = at == 0 ? ' ' : text[at - 1];
            const bool letter = (before >= 'a' && before <= 'z') || before == '-' || before == '_';
            if (!letter) {
                return true;
            }
        }
    }
    return false;
}

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), text) != words.end();
}

std::string_view base_name(std::string_view path) {
    while (path.size() > 1 && path.ends_with('/')) {
        path.remove_suffix(1);
    }
    return path.substr(path.rfind('/') + 1);
}

std::string text_of(const CommandLine& command) {
    std::string text;
    for (const dockerfile::Word& word : command.words) {
        text += word.text + " ";
    }
    for (const dockerfile::Heredoc& heredoc : command.heredocs) {
        text += "\n" + heredoc.content;
    }
    return text;
}

bool calls_shell(const CommandLine& command) {
    return command.form == Form::json && !command.words.empty() &&
           is_one_of(
               base_name(command.words.front().text),
               {"sh", "bash", "ash", "dash", "zsh", "busybox", "powershell", "pwsh", "cmd"});
}

Brings brings(const Copy& copy, std::string_view path) {
    const std::string& destination = copy.destination.text;
    if (!destination.starts_with('/')) {
        return Brings::maybe;
    }
    if (destination == path) {
        return Brings::yes;
    }
    const std::string directory = destination.ends_with('/') ? destination : destination + "/";
    if (!path.starts_with(directory)) {
        return Brings::no;
    }
    const std::string_view below = path.substr(directory.size());
    for (const dockerfile::Word& source : copy.sources) {
        if (base_name(source.text) == below) {
            return Brings::yes;
        }
    }
    return Brings::maybe;
}

Review::Review(const dockerfile::Document& read, const dockerfile::Build& evaluated)
    : document(read), build(evaluated) {
    for (const Stage& stage : build.stages) {
        bases_.push_back(stage.parent ? bases_[*stage.parent] : describe_base(stage.image));
    }
    final_steps_ = lineage(build.target);
}

std::vector<const Step*> Review::lineage(std::size_t stage) const {
    std::vector<std::size_t> chain = {stage};
    for (auto parent = build.stages[stage].parent; parent; parent = build.stages[*parent].parent) {
        chain.push_back(*parent);
    }
    std::vector<const Step*> steps;
    for (auto at = chain.rbegin(); at != chain.rend(); ++at) {
        for (const Step& step : build.stages[*at].steps) {
            steps.push_back(&step);
        }
    }
    return steps;
}

std::string Review::build_text(std::size_t stage) const {
    std::string text;
    for (const Step* step : lineage(stage)) {
        if (const auto* run = std::get_if<dockerfile::Run>(&step->command)) {
            text += text_of(run->command) + "\n";
        } else if (const auto* env = std::get_if<dockerfile::Env>(&step->command)) {
            for (const dockerfile::Pair& pair : env->variables) {
                text += pair.name.text + "=" + pair.value.text + "\n";
            }
        } else if (const auto* arg = std::get_if<dockerfile::Arg>(&step->command)) {
            for (const dockerfile::Assignment& argument : arg->arguments) {
                text +=
                    argument.name.text + "=" + (argument.value ? argument.value->text : "") + "\n";
            }
        }
    }
    return text;
}

Brings Review::final_image_gets(std::string_view path) const {
    Brings best = Brings::no;
    for (const Step* step : final_steps_) {
        if (const Copy* copy = std::get_if<Copy>(&step->command)) {
            best = std::max(best, brings(*copy, path));
        }
    }
    return best;
}

bool Review::has_shell(std::size_t stage) const {
    const Base& root = bases_[stage];
    if (!root.has_known_content()) {
        return true;
    }
    const std::vector<std::string>& shell = build.stages[stage].config.shell;
    const std::string program = shell.empty() ? "/bin/sh" : shell.front();
    if (root.debug && program.starts_with("/busybox/")) {
        return true;
    }
    const auto steps = lineage(stage);
    return std::any_of(steps.begin(), steps.end(), [&program](const Step* step) {
        const Copy* copy = std::get_if<Copy>(&step->command);
        return copy != nullptr && brings(*copy, program) != Brings::no;
    });
}

std::optional<bool> Review::runs_as_root() const {
    const auto& chosen = config().user;
    const std::string text = chosen ? chosen->text : final_base().user;
    const std::string user = text.substr(0, text.find(':'));
    if (user.empty()) {
        return std::nullopt;
    }
    return user == "root" || user == "0";
}

Place Review::place(const dockerfile::Range& range) const {
    return {
        .file = document.name,
        .line = range.begin.line,
        .column = range.begin.column,
        .end_line = range.end.line,
        .end_column = range.end.column};
}

void Review::report(
    std::string_view rule, const dockerfile::Range& range, std::string message,
    std::optional<Fix> fix) {
    const Rule* found = find_rule(rule);
    ensure(found != nullptr, "a rule that reports is in the table");
    findings_.push_back(
        {.rule = found,
         .place = place(range),
         .message = std::move(message),
         .fix = std::move(fix)});
}

} // namespace pare::audit
