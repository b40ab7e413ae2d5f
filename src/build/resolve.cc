// SPDX-License-Identifier: Apache-2.0
#include "build/resolve.hh"

#include "build/archives.hh"
#include "build/base_image.hh"
#include "build/cut_jobs.hh"
#include "build/identity.hh"
#include "deb/script_dependencies.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <utility>

namespace pare::build {

namespace {

/// Raise it when the same question would be answered in another way.
constexpr std::string_view kSolutionVersion = "solution 2";

const deb::Mirror& canonical_mirror() {
    static const deb::Mirror mirror = {
        "http://ftp.debian.org/debian/", "http://ftp.debian.org/debian-security/"};
    return mirror;
}

std::string
replace_prefix(const std::string& text, const std::string& prefix, const std::string& replacement) {
    return !prefix.empty() && text.starts_with(prefix) ? replacement + text.substr(prefix.size())
                                                       : text;
}

/// Locks must not depend on the mirror that happened to be used.
std::string canonical_url(const std::string& url, const deb::Mirror& mirror) {
    if (url.starts_with(mirror.security)) {
        return replace_prefix(url, mirror.security, canonical_mirror().security);
    }
    return replace_prefix(url, mirror.main, canonical_mirror().main);
}

package::Operator operator_of(const std::string& text) {
    if (text == "=") {
        return package::Operator::equal;
    }
    if (text == "<") {
        return package::Operator::less;
    }
    if (text == "<=") {
        return package::Operator::less_equal;
    }
    if (text == ">") {
        return package::Operator::greater;
    }
    return text == ">=" ? package::Operator::greater_equal : package::Operator::any;
}

package::Relation relation_of(const definition::PackageRequest& request) {
    return {.name = request.name, .op = operator_of(request.op), .version = request.version};
}

std::string words_of(const definition::PackageRequest& request) {
    if (request.excluded) {
        return "!" + request.name;
    }
    return package::to_string(relation_of(request)) +
           (request.slice.empty() ? "" : "_" + request.slice) +
           (request.suite.empty() ? "" : "/" + request.suite);
}

[[noreturn]] void throw_conflict(const StepNode& node, const solve::Conflict& conflict) {
    std::string message = fmt::format(
        "{} ({}): no set of packages meets what is asked", node.step.name, node.architecture);
    for (const std::string& reason : conflict.chain) {
        message += "\n  " + reason;
    }
    throw Error(ErrorKind::definition, std::move(message), join(conflict.hints, "; "));
}

std::string reason_in_words(const package::Universe& universe, const solve::Reason& reason) {
    if (!reason.by) {
        return "asked for";
    }
    return fmt::format("{} depends on {}", universe.candidate(*reason.by).name, reason.relation);
}

package::LockedPackage lock_package(
    const package::Universe& universe, const solve::Chosen& chosen, const deb::Mirror& mirror) {
    const package::Package& package = universe.candidate(chosen.id);
    return {
        .name = package.name,
        .version = package.version,
        .architecture = package.architecture,
        .source = package.source,
        .source_version = package.source_version,
        .suite = package.suite,
        .url = canonical_url(package.url, mirror),
        .sha256 = package.sha256,
        .size = package.size,
        .reason = reason_in_words(universe, chosen.reason)};
}

/// The repositories may have another version than the image below holds by now; then the best one
/// stands in for it.
void add_installed(
    solve::Problem& problem, const package::Universe& universe, const std::string& name,
    const std::string& version) {
    const auto named = universe.named(name);
    const auto same = std::find_if(named.begin(), named.end(), [&](auto id) {
        return universe.candidate(id).version == version;
    });
    if (!named.empty()) {
        problem.installed.push_back(same == named.end() ? named.front() : *same);
    }
}

/// What was asked for then and now, for the message that a lock does not fit.
std::string difference(const std::vector<std::string>& then, const std::vector<std::string>& now) {
    const std::set<std::string> before(then.begin(), then.end());
    const std::set<std::string> after(now.begin(), now.end());
    std::vector<std::string> changes;
    for (const std::string& word : after) {
        if (!before.contains(word)) {
            changes.push_back("+" + word);
        }
    }
    for (const std::string& word : before) {
        if (!after.contains(word)) {
            changes.push_back("-" + word);
        }
    }
    return changes.empty() ? "the definition it comes from changed" : join(changes, " ");
}

} // namespace

Asked asked_of(const StepNode& node) {
    Asked asked;
    Identity identity("request 3");
    identity.add(node.architecture).add(node.step.keyring);
    if (node.parent != nullptr) {
        identity.add(asked_of(*node.parent).digest);
    }
    if (node.base != nullptr) {
        identity.add(node.base->digest());
    }
    for (const std::string& repository : node.step.repositories) {
        asked.words.push_back("repository " + repository);
    }
    for (const definition::PackageRequest& request : node.step.packages) {
        asked.words.push_back(words_of(request));
    }
    for (const definition::ArchiveRequest& archive : node.step.archives) {
        asked.words.push_back(
            fmt::format("archive {} {} {}", archive.name, archive.version, archive.url));
        identity.add_all(archive.sha256);
    }
    identity.add(asked.words);
    for (const deb::Source& source : node.sources) {
        // A shorthand stands for whatever mirror is used; its pin to a date is part of it.
        identity.add(deb::is_shorthand(source.where) ? source.where : source.uri);
        identity.add(source.suite).add(source.components);
    }
    asked.digest = identity.hex();
    return asked;
}

Resolver::Resolver(const Request& request, const Tools& tools)
    : request_(request), tools_(tools), repositories_(
                                            tools.client, tools.events, tools.clock,
                                            {.cache = tools.store.indexes(),
                                             .keyrings = request.keyrings,
                                             .fresh_for = request.fresh_for,
                                             .offline = request.offline}) {}

void Resolver::refresh(const Plan& plan) {
    std::vector<deb::Source> sources;
    for (const auto& node : plan.nodes) {
        for (const deb::Source& source : node->sources) {
            if (std::find(sources.begin(), sources.end(), source) == sources.end()) {
                sources.push_back(source);
            }
        }
    }
    states_ = repositories_.refresh(sources, tools_.stop);
}

std::vector<MappedFile> Resolver::libraries(const StepNode& node) {
    states_ = repositories_.refresh(node.sources, tools_.stop);
    return repositories_.libraries(node.sources, node.debian_architecture, tools_.stop);
}

void Resolver::resolve(Plan& plan) {
    refresh(plan);
    // One architecture after the other, so that only one universe is in memory at a time.
    std::set<std::string> architectures;
    for (const auto& node : plan.nodes) {
        architectures.insert(node->architecture);
    }
    for (const std::string& architecture : architectures) {
        for (const auto& node : plan.nodes) {
            if (node->architecture == architecture) {
                node->locked = lock_node(*node);
                node->locked.base = node->base ? node->base->pin() : std::string();
            }
        }
    }
    universe_.reset();
    PinBook pins(request_, tools_);
    for (const auto& node : plan.nodes) {
        node->locked.archives = pins.lock_archives(node->step, node->architecture);
    }
}

std::string Resolver::solution_key(const StepNode& node) const {
    Identity identity(kSolutionVersion);
    identity.add(asked_of(node).digest).add(node.slices->digest());
    for (const deb::Source& source : node.sources) {
        const auto state = std::ranges::find(states_, source, &deb::SuiteState::source);
        identity.add(state->release_sha256);
    }
    return identity.hex();
}

package::LockedStep Resolver::lock_node(const StepNode& node) {
    const std::string key = solution_key(node);
    if (const auto known = tools_.store.get(store::Kind::solution, key)) {
        package::Lock lock = package::parse_lock(*known, "the store");
        package::LockedStep locked = std::move(lock.architectures.begin()->second.front());
        // Another definition may have asked the same.
        locked.definition = node.step.name;
        return locked;
    }
    const solve::Solution solution = solve_node(node);
    const package::Universe& universe = universe_of(node);
    Asked asked = asked_of(node);
    package::LockedStep locked{
        .definition = node.step.name,
        .request = std::move(asked.digest),
        .asked = std::move(asked.words)};
    deb::Mirror mirror;
    for (const deb::Source& source : node.sources) {
        if (deb::is_shorthand(source.where)) {
            mirror = mirror_for(source.where.substr(0, source.where.find('@')), request_);
        }
    }
    for (const solve::Chosen& chosen : solution.packages) {
        locked.packages.push_back(lock_package(universe, chosen, mirror));
    }
    std::sort(
        locked.packages.begin(), locked.packages.end(),
        [](const auto& left, const auto& right) { return left.name < right.name; });
    package::Lock lock;
    lock.architectures[node.architecture] = {locked};
    tools_.store.put(store::Kind::solution, key, package::write_lock(lock));
    return locked;
}

const package::Universe& Resolver::universe_of(const StepNode& node) {
    auto contents = std::pair(node.debian_architecture, node.sources);
    if (universe_ == nullptr || contents != universe_contents_) {
        universe_.reset();
        universe_ = repositories_.universe(node.sources, node.debian_architecture, tools_.stop);
        universe_contents_ = std::move(contents);
    }
    return *universe_;
}

solve::Problem Resolver::problem_of(const StepNode& node, const package::Universe& universe) {
    solve::Problem problem;
    for (const definition::PackageRequest& request : node.step.packages) {
        if (request.excluded) {
            problem.forbidden.push_back(relation_of(request));
        } else {
            problem.requests.push_back({relation_of(request), request.suite});
        }
    }
    for (const StepNode* below : path_to(&node)) {
        for (const package::LockedPackage& package : below->locked.packages) {
            if (below != &node) {
                add_installed(problem, universe, package.name, package.version);
            }
        }
        if (below->base != nullptr) {
            for (const inspect::DeclaredPackage& package : below->base->contents().packages) {
                add_installed(problem, universe, package.name, package.version);
            }
        }
    }
    const auto wanted = wanted_slices(node, {});
    for (const auto& [name, slices] : wanted) {
        const bool is_requested =
            std::ranges::any_of(problem.requests, [&](const solve::Request& request) {
                return request.relation.name == name;
            });
        if (!is_requested) {
            problem.requests.push_back({.relation = {.name = name}});
        }
    }
    problem.omit =
        [&node, wanted](const package::Package& package, const package::Alternatives& dependency) {
            auto why = deb::script_only(package, dependency);
            return why ? why : left_out_by_slices(node, wanted, package.name, dependency);
        };
    return problem;
}

solve::Solution Resolver::solve_node(const StepNode& node) {
    const package::Universe& universe = universe_of(node);
    const Activity activity(tools_.events, Stage::solve, node.step.name);
    solve::Result result = solve::solve(universe, problem_of(node, universe), tools_.stop);
    if (const auto* conflict = std::get_if<solve::Conflict>(&result)) {
        throw_conflict(node, *conflict);
    }
    return std::get<solve::Solution>(std::move(result));
}

void apply_lock(Plan& plan, const std::map<std::string, package::Lock>& locks) {
    const auto find_step = [&](const StepNode& node) -> const package::LockedStep* {
        for (const auto& [name, lock] : locks) {
            const auto steps = lock.architectures.find(node.architecture);
            if (steps == lock.architectures.end()) {
                continue;
            }
            for (const package::LockedStep& step : steps->second) {
                if (step.definition == node.step.name) {
                    return &step;
                }
            }
        }
        return nullptr;
    };
    for (const auto& node : plan.nodes) {
        const package::LockedStep* step = find_step(*node);
        if (step == nullptr) {
            throw Error(
                ErrorKind::definition,
                fmt::format(
                    "the lock has nothing for {} on {}", node->step.name, node->architecture),
                "make it anew: pare lock DEFINITION --arch all");
        }
        const Asked asked = asked_of(*node);
        if (step->request != asked.digest) {
            throw Error(
                ErrorKind::definition,
                fmt::format(
                    "the lock does not fit the definition {}: {}", node->step.name,
                    difference(step->asked, asked.words)),
                "make the lock anew: pare lock DEFINITION");
        }
        node->locked = *step;
    }
}

std::string fetch_url(const std::string& locked_url, const deb::Mirror& mirror) {
    if (locked_url.starts_with(canonical_mirror().security)) {
        return replace_prefix(locked_url, canonical_mirror().security, mirror.security);
    }
    return replace_prefix(locked_url, canonical_mirror().main, mirror.main);
}

} // namespace pare::build
