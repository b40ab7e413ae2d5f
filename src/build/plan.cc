// SPDX-License-Identifier: Apache-2.0
#include "build/plan.hh"

#include "build/app.hh"
#include "build/base_image.hh"
#include "deb/source_keys.hh"
#include "deb/universe.hh"
#include "support/text.hh"

#include <fmt/core.h>
#include <sys/utsname.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <set>
#include <tuple>
#include <utility>

namespace pare::build {

namespace {

std::vector<std::string> all_architectures(const definition::Chain& chain) {
    if (!chain.archs.empty()) {
        return chain.archs;
    }
    return {"amd64", "arm64", "arm/v7", "s390x", "ppc64le", "riscv64"};
}

std::vector<std::string>
wanted_architectures(const std::vector<std::string>& asked, const definition::Chain& chain) {
    std::vector<std::string> all = all_architectures(chain);
    std::vector<std::string> wanted;
    if (asked.empty()) {
        wanted.push_back(host_architecture());
    }
    for (const std::string& architecture : asked) {
        if (architecture == "all") {
            return all;
        }
        wanted.push_back(architecture == "host" ? host_architecture() : architecture);
    }
    for (const std::string& architecture : wanted) {
        if (std::find(all.begin(), all.end(), architecture) == all.end()) {
            throw Error(
                ErrorKind::usage, fmt::format("{} is not made for {}", chain.name, architecture),
                "it is made for " + join(all, ", "));
        }
    }
    return wanted;
}

std::vector<deb::Source>
parse_repository(const std::string& text, const std::string& step, const Request& request) {
    if (deb::is_shorthand(text)) {
        const std::string release = text.substr(0, text.find('@'));
        return deb::expand_shorthand(text, mirror_for(release, request));
    }
    if (text.find('\n') != std::string::npos) {
        return deb::parse_deb822_sources(text, step);
    }
    if (text.starts_with("deb ") || text.starts_with("deb\t")) {
        const auto source = deb::parse_one_line(text, step);
        return source ? std::vector{*source} : std::vector<deb::Source>{};
    }
    throw Error(
        ErrorKind::definition,
        fmt::format("{}: '{}' is no repository that pare can read", step, text),
        "write debian:13, or an APT source: deb [signed-by=KEY] URL SUITE COMPONENT");
}

/// The parent's sources and those that the step names itself; a root that names none takes the
/// distribution's.
std::vector<deb::Source> sources_of(
    const definition::Step& step, const StepNode* parent, const std::string& distribution,
    const Request& request) {
    std::vector<deb::Source> sources;
    if (parent != nullptr) {
        sources = parent->sources;
    }
    std::vector<std::string> repositories = step.repositories;
    if (parent == nullptr && repositories.empty()) {
        repositories.push_back(distribution);
    }
    for (const std::string& repository : repositories) {
        for (deb::Source& source : parse_repository(repository, step.name, request)) {
            if (!step.keyring.empty() && source.signed_by.empty()) {
                source.signed_by = step.keyring;
            }
            deb::anchor_keys(source, step.directory);
            const bool known = std::any_of(sources.begin(), sources.end(), [&](const auto& other) {
                return other.uri == source.uri && other.suite == source.suite &&
                       other.components == source.components;
            });
            if (!known) {
                sources.push_back(std::move(source));
            }
        }
    }
    return sources;
}

bool same_base(const StepNode& left, const StepNode& right) {
    return (left.base == nullptr) == (right.base == nullptr) &&
           (left.base == nullptr || left.base->digest() == right.base->digest());
}

/// Whether the programs that definitions name are wrapped, for which repositories are asked.
enum class Apps { wrapped, as_they_are };

class Planner {
public:
    Planner(
        const Request& request, const Tools& tools, Apps apps,
        const std::map<std::string, package::Lock>& locks)
        : request_(request), tools_(tools), apps_(apps), locks_(locks) {}

    Plan run() {
        std::vector<std::string> references = request_.definitions;
        if (request_.family) {
            references.insert(
                references.end(), tools_.library.names.begin(), tools_.library.names.end());
        }
        for (const std::string& reference : references) {
            for (const std::string& distribution : wanted_distributions(reference)) {
                add_definition(reference, distribution);
            }
        }
        return std::move(plan_);
    }

private:
    /// An empty name leaves the choice to the definition. Of the family only the releases that a
    /// definition is made for are wanted.
    [[nodiscard]] std::vector<std::string>
    wanted_distributions(const std::string& reference) const {
        std::vector<std::string> asked = request_.distributions;
        if (!request_.family) {
            return asked.empty() ? std::vector<std::string>{""} : asked;
        }
        std::vector<std::string> made = definition::distributions_of(reference, tools_.library);
        if (asked.empty()) {
            return made;
        }
        std::erase_if(asked, [&](const std::string& name) {
            return !made.empty() &&
                   std::ranges::find(made, name.substr(0, name.find('@'))) == made.end();
        });
        return asked;
    }

    void add_definition(const std::string& reference, const std::string& distribution) {
        definition::Selection selection{
            .reference = reference, .variants = request_.variants, .distribution = distribution};
        if (request_.family && selection.variants.empty()) {
            selection.variants = {"all"};
        }
        for (const definition::Chain& chain :
             definition::read_definition(selection, tools_.library)) {
            add_chain(reference, chain);
        }
    }

    void add_chain(const std::string& reference, const definition::Chain& chain) {
        std::vector<std::string> asked = request_.archs;
        if (request_.family && asked.empty()) {
            asked = {"all"};
        }
        for (const std::string& architecture : wanted_architectures(asked, chain)) {
            const StepNode* node = nullptr;
            const definition::Chain whole =
                apps_ == Apps::wrapped ? with_apps(chain, architecture, request_, tools_) : chain;
            for (const definition::Step& step : whole.steps) {
                node = add_step(node, step, reference, whole, architecture);
            }
            plan_.targets.push_back(
                {.definition = reference,
                 .name = chain.name,
                 .variant = chain.variant,
                 .distribution = chain.distribution,
                 .architecture = architecture,
                 .last = node,
                 .texts = chain.texts});
        }
    }

    const StepNode* add_step(
        const StepNode* parent, const definition::Step& step, const std::string& reference,
        const definition::Chain& chain, const std::string& architecture) {
        auto node = std::make_unique<StepNode>();
        node->parent = parent;
        node->step = step;
        if (parent == nullptr && !chain.base_image.empty()) {
            node->base =
                base_image(chain.base_image, locked_base(reference, architecture), architecture);
            node->base_reference = chain.base_image;
        }
        node->architecture = architecture;
        node->debian_architecture = deb::debian_architecture(architecture);
        node->slices = slices_of(step, parent);
        node->sources = sources_of(step, parent, chain.distribution, request_);
        for (const auto& known : plan_.nodes) {
            if (known->parent == parent && known->architecture == architecture &&
                same_base(*known, *node) && known->sources == node->sources &&
                known->step == step) {
                return known.get();
            }
        }
        plan_.nodes.push_back(std::move(node));
        return plan_.nodes.back().get();
    }

    /// What the lock of that definition has for the tag that it starts from.
    [[nodiscard]] std::string
    locked_base(const std::string& reference, const std::string& architecture) const {
        const auto lock = locks_.find(reference);
        if (lock == locks_.end()) {
            return {};
        }
        const auto steps = lock->second.architectures.find(architecture);
        const bool has_steps = steps != lock->second.architectures.end() && !steps->second.empty();
        return has_steps ? steps->second.front().base : std::string();
    }

    std::shared_ptr<BaseImage>
    base_image(const std::string& image, const std::string& pin, const std::string& architecture) {
        auto& base = bases_[{image, pin, architecture}];
        if (base == nullptr) {
            base = std::make_shared<BaseImage>(image, pin, architecture, tools_);
            if (apps_ == Apps::wrapped && pin.empty() && !base->pin().empty() &&
                warned_.insert(image).second) {
                tools_.events.message(
                    Severity::warning,
                    fmt::format(
                        "from: {} names a tag, which may stand for something else tomorrow; now it "
                        "is @{}",
                        image, base->pin()));
            }
        }
        return base;
    }

    [[nodiscard]] std::shared_ptr<const cut::SliceLibrary>
    slices_of(const definition::Step& step, const StepNode* parent) const {
        if (step.slices.empty()) {
            return parent == nullptr ? built_in_slices_ : parent->slices;
        }
        auto library = std::make_shared<cut::SliceLibrary>(
            parent == nullptr ? *built_in_slices_ : *parent->slices);
        for (const std::filesystem::path& directory : step.slices) {
            library->add_directory(directory);
        }
        return library;
    }

    const Request& request_;
    const Tools& tools_;
    Apps apps_;
    const std::map<std::string, package::Lock>& locks_;
    std::map<std::tuple<std::string, std::string, std::string>, std::shared_ptr<BaseImage>> bases_;
    std::set<std::string> warned_;
    std::shared_ptr<const cut::SliceLibrary> built_in_slices_ =
        std::make_shared<const cut::SliceLibrary>();
    Plan plan_;
};

} // namespace

std::string host_architecture() {
    // What the machine calls itself (uname -m).
    constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kNames = {{
        {"x86_64", "amd64"},
        {"aarch64", "arm64"},
        {"armv7l", "arm/v7"},
        {"armv8l", "arm/v7"},
        {"s390x", "s390x"},
        {"ppc64le", "ppc64le"},
        {"riscv64", "riscv64"},
    }};
    struct utsname host{};
    ::uname(&host);
    for (const auto& [machine, architecture] : kNames) {
        if (machine == host.machine) {
            return std::string(architecture);
        }
    }
    throw Error(
        ErrorKind::usage,
        fmt::format("this machine ({}) is of no architecture that pare knows", host.machine),
        "name the image's architecture with --arch");
}

Plan make_plan(
    const Request& request, const Tools& tools, const std::map<std::string, package::Lock>& locks) {
    return Planner(request, tools, Apps::wrapped, locks).run();
}

std::string default_tag(const Target& target, const Plan& plan) {
    const std::string file = std::filesystem::path(target.name).stem().string();
    const bool is_alone = std::ranges::all_of(plan.targets, [&](const Target& other) {
        return other.distribution == target.distribution;
    });
    std::string release = target.distribution.substr(0, target.distribution.find('@'));
    std::erase(release, ':');
    return fmt::format("{}{}:{}", file, is_alone ? "" : "-" + release, target.variant);
}

std::vector<Planned> matrix(const Request& request, const Tools& tools) {
    const Plan plan = Planner(request, tools, Apps::as_they_are, {}).run();
    std::vector<Planned> rows;
    rows.reserve(plan.targets.size());
    for (const Target& target : plan.targets) {
        rows.push_back(
            {.name = target.name,
             .variant = target.variant,
             .distribution = target.distribution,
             .architecture = target.architecture,
             .tag = default_tag(target, plan)});
    }
    return rows;
}

std::vector<const StepNode*> path_to(const StepNode* node) {
    std::vector<const StepNode*> path;
    for (; node != nullptr; node = node->parent) {
        path.push_back(node);
    }
    std::reverse(path.begin(), path.end());
    return path;
}

deb::Mirror mirror_for(const std::string& distribution, const Request& request) {
    const char* variable = std::getenv("PARE_DEBIAN_MIRROR");
    return deb::choose_mirror(
        deb::find_distribution(distribution), {.option = request.mirror,
                                               .variable = variable == nullptr ? "" : variable,
                                               .files = deb::read_host_sources()});
}

} // namespace pare::build
