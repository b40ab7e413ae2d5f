// SPDX-License-Identifier: Apache-2.0
// The order: global ARGs; then stage by stage its FROM, what ONBUILD of its parent brings, its own
// instructions; then, when all stages are known, which of them COPY --from and mounts mean, because
// these may name later stages too; last, what the target needs.
//
// The builder's own variables are TARGETPLATFORM and its kin; the machine that builds is taken to
// be of the same platform.
#include "dockerfile/model.hh"

#include "dockerfile/line.hh"
#include "dockerfile/scope.hh"
#include "dockerfile/stage_reader.hh"
#include "support/error.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <memory>

namespace pare::dockerfile {

namespace {

constexpr std::size_t kMaxStages = 1000;
constexpr std::size_t kMaxSteps = 100'000;

[[noreturn]] void
refuse(const Document& document, const Position& place, std::string message, std::string hint) {
    Error error(ErrorKind::definition, std::move(message), std::move(hint));
    error.at({document.name, place.line, place.column});
    throw error;
}

class Evaluator {
public:
    Evaluator(const Document& document, const BuildOptions& options)
        : document_(document), options_(options), globals_(document, budget_) {}

    Build run() {
        set_platform();
        for (const Instruction& instruction : document_.instructions) {
            if (instruction.keyword == "from") {
                begin_stage(instruction);
            } else if (!build_.stages.empty()) {
                read(instruction);
            } else {
                read_global(instruction);
            }
        }
        reader_.reset();
        if (build_.stages.empty()) {
            refuse(
                document_, document_.instructions.front().range.begin, "there is no FROM",
                "begin with FROM IMAGE, or FROM scratch");
        }
        for (Stage& stage : build_.stages) {
            resolve_sources(stage);
        }
        find_loops();
        build_.target = find_target();
        mark_needed();
        return std::move(build_);
    }

private:
    void set_platform() {
        const auto parts = split(options_.platform, '/');
        const auto part = [&parts](std::size_t index) {
            return index < parts.size() ? std::string(parts[index]) : std::string();
        };
        for (const std::string side : {"TARGET", "BUILD"}) {
            set_global(side + "PLATFORM", options_.platform);
            set_global(side + "OS", part(0));
            set_global(side + "ARCH", part(1));
            set_global(side + "VARIANT", part(2));
        }
        set_global("TARGETSTAGE", options_.target.empty() ? "default" : options_.target);
    }

    void set_global(const std::string& name, const std::string& value) {
        build_.global_arguments[name] = value;
        globals_.set_argument(name, value);
    }

    void read_global(const Instruction& instruction) {
        Step step{
            .instruction = &instruction, .command = read_command(instruction, document_.name)};
        Arg* arg = std::get_if<Arg>(&step.command);
        if (arg == nullptr) {
            refuse(
                document_, instruction.range.begin,
                fmt::format("{} stands before FROM", instruction.written.text),
                "only ARG may stand there; begin with FROM");
        }
        for (Assignment& argument : arg->arguments) {
            if (argument.value) {
                globals_.expand_word(*argument.value, step.unset);
            }
            const auto given = options_.arguments.find(argument.name.text);
            if (given != options_.arguments.end()) {
                set_global(argument.name.text, given->second);
            } else if (argument.value) {
                set_global(argument.name.text, argument.value->text);
            }
        }
        build_.globals.push_back(std::move(step));
    }

    void begin_stage(const Instruction& instruction) {
        if (build_.stages.size() == kMaxStages) {
            refuse(
                document_, instruction.range.begin,
                fmt::format("there are more than {} stages", kMaxStages), "split the Dockerfile");
        }
        Stage stage{
            .index = build_.stages.size(),
            .instruction = &instruction,
            .from = std::get<From>(read_command(instruction, document_.name))};
        globals_.expand_word(stage.from.base, stage.unset);
        if (stage.from.platform) {
            globals_.expand_word(*stage.from.platform, stage.unset);
        }
        const std::string& base = stage.from.base.text;
        if (base.empty() && stage.unset.empty()) {
            refuse(
                document_, stage.from.base.range.begin, "the name of the base image is empty",
                "give the variable a default: ARG NAME=IMAGE before FROM");
        }
        stage.name = stage.from.name ? stage.from.name->text : "";
        stage.parent = base == "scratch" ? std::nullopt : find_stage(build_, base, stage.index);
        std::vector<const Instruction*> triggers;
        if (stage.parent) {
            triggers = inherit(stage, build_.stages[*stage.parent]);
        } else {
            stage.image = base;
            stage.config.workdir = base == "scratch" ? "/" : "";
        }
        reader_.reset();
        build_.stages.push_back(std::move(stage));
        reader_ = std::make_unique<StageReader>(
            document_, options_, build_, build_.stages.back(), budget_);
        for (const Instruction* trigger : triggers) {
            read(*trigger);
        }
    }

    /// The triggers to fire.
    static std::vector<const Instruction*> inherit(Stage& stage, const Stage& parent) {
        stage.image = parent.image;
        stage.config = parent.config;
        stage.arguments = parent.arguments;
        return parent.triggers;
    }

    void read(const Instruction& instruction) {
        if (++steps_ > kMaxSteps) {
            refuse(
                document_, instruction.range.begin,
                fmt::format("there are more than {} instructions", kMaxSteps),
                "split the Dockerfile");
        }
        reader_->read(instruction);
    }

    [[nodiscard]] std::optional<std::size_t> stage_of(const std::string& from) const {
        const std::size_t count = build_.stages.size();
        if (const auto named = find_stage(build_, from, count)) {
            return named;
        }
        const auto number = parse_number(from);
        return number && *number < count ? number : std::nullopt;
    }

    void resolve_sources(Stage& stage) {
        for (Step& step : stage.steps) {
            const Copy* copy = std::get_if<Copy>(&step.command);
            if (copy != nullptr && copy->from) {
                step.source_stage = stage_of(copy->from->text);
                step.source_image = step.source_stage ? "" : copy->from->text;
            }
        }
    }

    [[nodiscard]] std::vector<std::size_t> needs_of(const Stage& stage) const {
        std::vector<std::size_t> needs;
        const auto add = [&needs](std::optional<std::size_t> other) {
            if (other) {
                needs.push_back(*other);
            }
        };
        add(stage.parent);
        for (const Step& step : stage.steps) {
            add(step.source_stage);
            if (const Run* run = std::get_if<Run>(&step.command)) {
                for (const Mount& mount : run->mounts) {
                    add(mount.from.empty() ? std::nullopt : stage_of(mount.from));
                }
            }
        }
        std::sort(needs.begin(), needs.end());
        needs.erase(std::unique(needs.begin(), needs.end()), needs.end());
        return needs;
    }

    /// Takes away stages that need none of those that are left, as long as there are such.
    void find_loops() {
        for (const Stage& stage : build_.stages) {
            needs_.push_back(needs_of(stage));
        }
        std::vector<bool> done(build_.stages.size(), false);
        bool changed = true;
        while (changed) {
            changed = false;
            for (std::size_t i = 0; i < done.size(); ++i) {
                const bool free =
                    std::all_of(needs_[i].begin(), needs_[i].end(), [&done](std::size_t need) {
                        return done[need];
                    });
                if (!done[i] && free) {
                    done[i] = true;
                    changed = true;
                }
            }
        }
        const auto stuck = std::find(done.begin(), done.end(), false);
        if (stuck != done.end()) {
            const Stage& stage = build_.stages[static_cast<std::size_t>(stuck - done.begin())];
            refuse(
                document_, stage.instruction->range.begin,
                fmt::format(
                    "the stage {} needs itself",
                    stage.name.empty() ? std::to_string(stage.index) : stage.name),
                "look which stages COPY --from and mounts name");
        }
    }

    [[nodiscard]] std::size_t find_target() const {
        if (options_.target.empty()) {
            return build_.stages.size() - 1;
        }
        const auto found = stage_of(options_.target);
        if (!found) {
            std::vector<std::string> names;
            for (const Stage& stage : build_.stages) {
                if (!stage.name.empty()) {
                    names.push_back(stage.name);
                }
            }
            const auto close = nearest(to_lower(options_.target), names);
            throw Error(
                ErrorKind::usage, fmt::format("there is no stage {}", options_.target),
                close           ? fmt::format("did you mean {}?", *close)
                : names.empty() ? "stages without a name have numbers from 0 on"
                                : "there are " + join(names, ", "));
        }
        return *found;
    }

    void mark_needed() {
        build_.needed.assign(build_.stages.size(), false);
        std::vector<std::size_t> open = {build_.target};
        while (!open.empty()) {
            const std::size_t index = open.back();
            open.pop_back();
            if (!build_.needed[index]) {
                build_.needed[index] = true;
                open.insert(open.end(), needs_[index].begin(), needs_[index].end());
            }
        }
    }

    const Document& document_;
    const BuildOptions& options_;
    Budget budget_;
    Scope globals_;
    Build build_;
    std::unique_ptr<StageReader> reader_;         ///< of the stage that is being read
    std::vector<std::vector<std::size_t>> needs_; ///< by stage
    std::size_t steps_ = 0;
};

} // namespace

Build evaluate(const Document& document, const BuildOptions& options) {
    return Evaluator(document, options).run();
}

std::optional<std::size_t>
find_stage(const Build& build, std::string_view name, std::size_t limit) {
    const std::string lowered = to_lower(name);
    for (std::size_t i = std::min(limit, build.stages.size()); i > 0; --i) {
        if (!lowered.empty() && build.stages[i - 1].name == lowered) {
            return i - 1;
        }
    }
    return std::nullopt;
}

} // namespace pare::dockerfile
