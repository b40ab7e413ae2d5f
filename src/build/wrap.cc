// SPDX-License-Identifier: Apache-2.0
// In five steps: what the program is; which packages have the libraries that it names; what these
// packages depend on (the solver knows); which of all their files the loader would take; and the
// definition that takes just these. Nothing of the host gets into the image but what the user
// named: libraries come from packages, so that scanners and updates know them.
#include "build/wrap.hh"

#include "build/memory_plan.hh"
#include "build/pipeline.hh"
#include "build/wrap_definition.hh"
#include "build/wrap_files.hh"
#include "build/wrap_licences.hh"
#include "build/wrap_notes.hh"
#include "build/wrap_packages.hh"
#include "deb/sources.hh"
#include "deb/universe.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace pare::build {

namespace {

using wrap::Trait;

/// What the definition is called in messages.
constexpr const char* kName = "wrapped";
/// Rounds until no dependency brings anything that nobody needs.
constexpr int kMostRounds = 8;

/// Who links one of these speaks TLS, mostly as a client.
bool is_tls_library(const wrap::Need& need) {
    const std::string_view name = need.path.name();
    return name.starts_with("libssl.so") || name.starts_with("libgnutls.so") ||
           name.starts_with("libmbedtls.so") || name.starts_with("libwolfssl.so");
}

class Wrapper {
public:
    Wrapper(const WrapRequest& request, const Tools& tools)
        : request_(request), tools_(tools), files_(find_wrap_files(request, tools.library)) {
        choose_base();
        choose_architectures();
        plan_.from = from_;
        plan_.name = request.name.empty() ? files_.name : request.name;
        plan_.notes = files_.notes;
        plan_.left_out = files_.left_out;
        plan_.workshop = files_.workshop;
        extras_ = files_.extras;
        source_ = request.source;
        // Of several, or all, any will do: nothing that is looked at differs.
        architecture_ = plan_.architectures.front() == "all" ? host_architecture()
                                                             : plan_.architectures.front();
        source_.archs = {architecture_};
        source_.distributions = {plan_.distribution};
        source_.variants.clear();
    }

    WrapPlan run() {
        plan_.offer = files_.offer;
        const std::map<std::string, std::string> wanted = wanted_libraries();
        if (!files_.is_static || !wanted.empty()) {
            packages_.emplace(source_, from_, repositories(), tools_);
            packages_->offer(find_packages(wanted), plan_.offer);
        }
        plan_.closure = wrap::find_closure(
            plan_.offer, files_.roots, extras_,
            deb::multiarch_triplet(deb::debian_architecture(architecture_)));
        refuse_missing();
        if (std::ranges::any_of(plan_.closure.needs, is_tls_library)) {
            files_.traits.insert(Trait::tls);
        }
        write_text();
        for (std::string& note :
             notes_of(request_, files_, plan_, packages_ ? &*packages_ : nullptr)) {
            plan_.notes.push_back(std::move(note));
        }
        return std::move(plan_);
    }

private:
    /// What the image is built on, as nobody with rights, and for which release.
    void choose_base() {
        from_ = files_.base.definition.empty() ? request_.from : files_.base.definition;
        const auto& names = tools_.library.names;
        is_built_in_ = std::ranges::find(names, from_.substr(0, from_.find(':'))) != names.end();
        if (is_built_in_ && from_.find(':') == std::string::npos) {
            from_ += ":nonroot";
        } else if (from_.find('/') != std::string::npos) {
            from_ = std::filesystem::absolute(from_).lexically_normal().string();
        }
        const std::vector<std::string>& asked = request_.source.distributions;
        plan_.distribution = !asked.empty()                      ? asked.front()
                             : !files_.base.distribution.empty() ? files_.base.distribution
                                                                 : host_distribution();
    }

    /// The ELF files decide; without any the image can be for all.
    void choose_architectures() {
        plan_.architectures = request_.source.archs;
        if (!files_.architecture.empty()) {
            const bool is_other =
                std::ranges::any_of(plan_.architectures, [&](const std::string& asked) {
                    return asked != files_.architecture;
                });
            if (is_other) {
                throw Error(
                    ErrorKind::definition,
                    fmt::format(
                        "{} is for {}, not for {}", files_.name, files_.architecture,
                        join(plan_.architectures, ", ")),
                    "leave --arch out, or wrap what was built for that architecture");
            }
            plan_.architectures = {files_.architecture};
        } else if (plan_.architectures.empty()) {
            plan_.architectures = {host_architecture()};
        }
    }

    /// What the definition says of them. A definition of the user's own brings its own.
    [[nodiscard]] std::vector<std::string> repositories() const {
        const bool has_own = !from_.empty() && !is_built_in_;
        return !request_.repositories.empty() ? request_.repositories
               : has_own                      ? std::vector<std::string>()
                                              : std::vector{plan_.distribution};
    }

    /// Names of libraries that are not the user's own, and who wants them.
    std::map<std::string, std::string> wanted_libraries() {
        std::map<std::string, std::string> wanted;
        for (const ImagePath& root : files_.roots) {
            for (const std::string& library : plan_.offer.at(root).elf.needed) {
                if (!files_.own_libraries.contains(library)) {
                    wanted.emplace(library, root.absolute());
                }
            }
        }
        for (const std::string& library : request_.dlopen) {
            extras_.push_back({library, "--dlopen " + library});
        }
        if (files_.traits.contains(Trait::thread_ends) && !files_.is_static) {
            extras_.push_back({"libgcc_s.so.1", "libgcc_s.so.1, which glibc loads to end threads"});
        }
        for (const wrap::Extra& extra : extras_) {
            if (!files_.own_libraries.contains(extra.library)) {
                wanted.emplace(extra.library, extra.because);
            }
        }
        return wanted;
    }

    /// The packages that have the libraries which the user's files name.
    [[nodiscard]] std::set<std::string>
    find_packages(const std::map<std::string, std::string>& wanted) const {
        std::set<std::string> packages;
        if (!files_.is_static) {
            packages.insert("libc6");
        }
        for (const auto& [library, by] : wanted) {
            const auto package = packages_->find(library);
            if (!package) {
                throw no_package(library, by);
            }
            packages.insert(*package);
        }
        return packages;
    }

    [[nodiscard]] Error no_package(const std::string& library, const std::string& by) const {
        Error error(
            ErrorKind::definition, fmt::format(
                                       "{} needs {}, which no package of {} has for {}", by,
                                       library, plan_.distribution, plan_.architectures.front()));
        const std::string here = find_on_host(library, files_);
        error.mend(
            here.empty() ? "name its file after the program, or the release that it was built for "
                           "with --distribution; or leave what needs it out with --exclude"
                         : fmt::format("it is on this host: name {} after the program", here));
        return error;
    }

    void refuse_missing() const {
        if (!plan_.closure.missing.empty()) {
            const wrap::Missing& first = plan_.closure.missing.front();
            throw no_package(first.library, first.by.absolute());
        }
        if (!plan_.closure.missing_versions.empty()) {
            throw too_old(plan_.closure.missing_versions.front());
        }
    }

    [[nodiscard]] Error too_old(const wrap::MissingVersion& missing) const {
        const std::string& package = plan_.offer.at(missing.library).package;
        const std::string& newest = deb::known_distributions().back().name;
        return {
            ErrorKind::definition,
            fmt::format(
                "{} needs {} of {}, which {} {} does not have ({})", missing.by.absolute(),
                missing.version, missing.library.name(), package.empty() ? "your file" : package,
                packages_ ? packages_->version_of(package) : "", plan_.distribution),
            plan_.distribution == newest
                ? fmt::format("build it on {}", plan_.distribution)
                : fmt::format(
                      "use a newer release (--distribution {}), or build it on {}", newest,
                      plan_.distribution)};
    }

    void write_text() {
        WrapText text{
            .title = fmt::format("{}, with what it needs to run.", plan_.name),
            .from = from_,
            .repositories = repositories(),
            .archs = files_.architecture.empty() && !from_.empty() ? std::vector<std::string>()
                                                                   : plan_.architectures,
            .files = files_.files,
            .links = files_.links,
            .environment = files_.environment,
            .work_dir = files_.work_dir,
            .entrypoint = files_.entrypoint,
            .ports = request_.ports,
            .healthcheck = request_.healthcheck,
            .traits = files_.traits,
            .taken = files_.packages,
            .packages = request_.packages};
        for (const wrap::Need& need : plan_.closure.needs) {
            const bool is_below = packages_ && packages_->below().contains(need.path);
            if (!need.package.empty() && !is_below) {
                text.taken[need.package].insert(need.path.relative());
            }
        }
        settle_packages(text);
        if (from_.empty()) {
            text.licences = licence_slices(
                locked_,
                {.request = source_, .compression = {.codec = archive::Codec::none, .level = 0}},
                tools_);
            plan_.definition = write_definition(text);
        }
    }

    void settle_packages(WrapText& text) {
        // What the packages depend on comes along unless it is refused; an alternative may take its
        // place then, so that this is said until nothing more comes.
        for (int round = 0; round < kMostRounds; ++round) {
            plan_.definition = write_definition(text);
            const bool adds_nothing = text.taken.empty() && text.packages.empty();
            if ((!from_.empty() && adds_nothing) || !exclude_needless(text)) {
                return;
            }
        }
    }

    bool exclude_needless(WrapText& text) {
        MemoryPlan plan(kName, plan_.definition, source_, tools_);
        plan.resolve();
        locked_ = plan.last().locked.packages;
        bool found = false;
        for (const package::LockedPackage& package : locked_) {
            if (package.reason != "asked for" && !keeps(text, package)) {
                found = text.excluded.insert(package.name).second || found;
                plan_.left_out.push_back(
                    {package.name, package.reason + ", nothing needs a file of it"});
            }
        }
        return found;
    }

    /// What the user's further packages depend on stays.
    static bool keeps(const WrapText& text, const package::LockedPackage& package) {
        return !text.packages.empty() || text.taken.contains(package.name);
    }

    const WrapRequest& request_;
    const Tools& tools_;
    WrapFiles files_;
    std::string from_;         ///< the definition that the image is built on; empty: none
    bool is_built_in_ = false; ///< that definition
    WrapPlan plan_;
    std::string architecture_; ///< whose packages are looked at
    Request source_;
    std::vector<wrap::Extra> extras_;
    std::vector<package::LockedPackage> locked_; ///< of the definition
    std::optional<WrapPackages> packages_;       ///< nothing for what needs no library
};

} // namespace

WrapPlan plan_wrap(const WrapRequest& request, const Tools& tools) {
    WrapRequest asked = request;
    std::ranges::replace(asked.source.archs, "host", host_architecture());
    return Wrapper(asked, tools).run();
}

Result build_wrap(const WrapPlan& plan, Options options, const Tools& tools) {
    const definition::Library library = with_definition(tools.library, plan.name, plan.definition);
    options.request.definitions = {plan.name};
    options.request.archs = plan.architectures;
    options.request.distributions = {plan.distribution};
    return build(options, with_library(tools, library));
}

} // namespace pare::build
