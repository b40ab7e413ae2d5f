// SPDX-License-Identifier: Apache-2.0
// In five steps: what the program is; which packages have the libraries that it names; what these
// packages depend on (the solver knows); which of all their files the loader would take; and the
// definition that takes just these. Nothing of the host gets into the image but what the user
// named: libraries come from packages, so that scanners and updates know them.
#include "build/wrap.hh"

#include "build/cutting.hh"
#include "build/pipeline.hh"
#include "build/resolve.hh"
#include "build/wrap_definition.hh"
#include "build/wrap_files.hh"
#include "deb/contents.hh"
#include "deb/sources.hh"
#include "support/text.hh"
#include "support/yaml.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <optional>
#include <tuple>
#include <utility>

namespace pare::build {

namespace {

using wrap::Trait;

/// What the definitions of this use case are called in messages.
constexpr const char* kFirst = "wrapped-libraries";
constexpr const char* kSecond = "wrapped";
/// Rounds until no dependency brings anything that nobody needs.
constexpr int kMostRounds = 8;

/// `library` with one more built-in definition.
definition::Library
with_definition(const definition::Library& library, const std::string& name, std::string text) {
    definition::Library more = library;
    more.names.push_back(name);
    more.built_in = [built_in = library.built_in, name,
                     text = std::move(text)](std::string_view wanted) {
        return wanted == name ? std::optional(text) : built_in(wanted);
    };
    return more;
}

Tools with_library(const Tools& tools, const definition::Library& library) {
    return {
        .clock = tools.clock,
        .events = tools.events,
        .client = tools.client,
        .store = tools.store,
        .pool = tools.pool,
        .library = library,
        .stop = tools.stop};
}

class Wrapper {
public:
    Wrapper(const WrapRequest& request, const Tools& tools)
        : request_(request), tools_(tools), files_(find_wrap_files(request)) {
        plan_.architecture = files_.architecture;
        plan_.distribution = request.source.distributions.empty()
                                 ? default_distribution()
                                 : request.source.distributions.front();
        plan_.name = request.name.empty() ? files_.name : request.name;
        source_ = request.source;
        source_.archs = {plan_.architecture};
        source_.distributions = {plan_.distribution};
        source_.variants.clear();
        triplet_ = deb::multiarch_triplet(deb::debian_architecture(plan_.architecture));
    }

    WrapPlan run() {
        plan_.offer = files_.offer;
        std::vector<std::string> packages;
        if (!files_.is_static) {
            packages = find_packages();
            offer_libraries(packages);
        }
        plan_.closure = wrap::find_closure(plan_.offer, files_.roots, extras_, triplet_);
        refuse_missing();
        if (std::ranges::any_of(plan_.closure.needs, is_tls_library)) {
            files_.traits.insert(Trait::tls);
        }
        write_text();
        add_notes();
        return std::move(plan_);
    }

private:
    /// Who links one of these speaks TLS, mostly as a client.
    static bool is_tls_library(const wrap::Need& need) {
        const std::string_view name = need.path.name();
        return name.starts_with("libssl.so") || name.starts_with("libgnutls.so") ||
               name.starts_with("libmbedtls.so") || name.starts_with("libwolfssl.so");
    }

    /// The release of this host when pare knows it: what was built here fits it.
    static std::string default_distribution() {
        std::string name;
        std::string version;
        for (const std::string_view line : split(read_host_release(), '\n')) {
            const auto value = [&](std::string_view key) {
                std::string text(line.substr(key.size()));
                std::erase(text, '"');
                return text;
            };
            if (line.starts_with("ID=")) {
                name = value("ID=");
            } else if (line.starts_with("VERSION_ID=")) {
                version = value("VERSION_ID=");
            }
        }
        const auto& known = deb::known_distributions();
        const auto found = std::ranges::find(known, name + ":" + version, &deb::Distribution::name);
        return found == known.end() ? known.back().name : found->name;
    }

    Plan make(const std::string& name, const std::string& text, definition::Library& library) {
        library = with_definition(tools_.library, name, text);
        source_.definitions = {name};
        return make_plan(source_, with_library(tools_, library));
    }

    [[nodiscard]] std::vector<std::string> repositories() const {
        return request_.repositories.empty() ? std::vector{plan_.distribution}
                                             : request_.repositories;
    }

    [[nodiscard]] std::string first_text(const std::vector<std::string>& packages) const {
        std::string text = "contents:\n  repositories:\n";
        for (const std::string& repository : repositories()) {
            text += fmt::format("    - {}\n", yaml::quoted(repository));
        }
        text += "  packages:\n";
        for (const std::string& package : packages) {
            text += fmt::format("    - {}\n", yaml::quoted(package));
        }
        return text + fmt::format("archs: [{}]\n", yaml::quoted(plan_.architecture));
    }

    /// The packages that have the libraries which the user's files name.
    std::vector<std::string> find_packages() {
        definition::Library library;
        Plan plan = make(kFirst, first_text({"libc6"}), library);
        Resolver resolver(source_, tools_);
        indexes_ = resolver.libraries(*plan.nodes.back());
        std::set<std::string> packages{"libc6"};
        for (const auto& [library_name, by] : wanted_libraries()) {
            packages.insert(package_of(library_name, by));
        }
        return {packages.begin(), packages.end()};
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
        if (files_.traits.contains(Trait::thread_ends)) {
            extras_.push_back({"libgcc_s.so.1", "libgcc_s.so.1, which glibc loads to end threads"});
        }
        for (const wrap::Extra& extra : extras_) {
            if (!files_.own_libraries.contains(extra.library)) {
                wanted.emplace(extra.library, files_.roots.front().absolute());
            }
        }
        return wanted;
    }

    [[nodiscard]] std::vector<BytesView> index_texts() const {
        std::vector<BytesView> texts;
        texts.reserve(indexes_.size());
        for (const MappedFile& index : indexes_) {
            texts.push_back(index.bytes());
        }
        return texts;
    }

    /// Of several, the one whose library the loader would find first, then the plainest name.
    [[nodiscard]] std::string package_of(const std::string& library, const std::string& by) const {
        std::vector<deb::LibraryFile> candidates = deb::find_libraries(index_texts(), library);
        const std::array<std::string, 3> usual = {
            "usr/lib/" + triplet_ + "/", "usr/lib/", "usr/lib64/"};
        const auto rank = [&](const deb::LibraryFile& file) {
            const std::string directory = file.path.substr(0, file.path.rfind('/') + 1);
            const auto place = std::ranges::find(usual, directory) - usual.begin();
            return std::tuple(place, file.package.size(), file.package);
        };
        std::erase_if(candidates, [&](const deb::LibraryFile& file) {
            return !file.path.starts_with(usual[0]) && std::get<0>(rank(file)) == std::ssize(usual);
        });
        if (candidates.empty()) {
            throw no_package(library, by);
        }
        return std::ranges::min(candidates, {}, rank).package;
    }

    [[nodiscard]] Error no_package(const std::string& library, const std::string& by) const {
        Error error(
            ErrorKind::definition, fmt::format(
                                       "{} needs {}, which no package of {} has for {}", by,
                                       library, plan_.distribution, plan_.architecture));
        const std::string here = find_on_host(library, files_);
        error.mend(
            here.empty() ? "name its file after the program, or the release that it was built for "
                           "with --distribution"
                         : fmt::format("it is on this host: name {} after the program", here));
        return error;
    }

    /// What the packages and all that they depend on have of libraries.
    void offer_libraries(const std::vector<std::string>& packages) {
        definition::Library library;
        Options options{.compression = {.codec = archive::Codec::none, .level = 0}};
        Plan plan = make(kFirst, first_text(packages), library);
        options.request = source_;
        Resolver(source_, with_library(tools_, library)).resolve(plan);
        std::vector<CutJob> jobs;
        for (const package::LockedPackage& package : packages_of(plan.targets.front())) {
            versions_[package.name] = package.version;
            if (has_libraries(package.name)) {
                jobs.push_back(
                    {.package = package,
                     .selection = {
                         .include = {"usr/lib/**.so", "usr/lib/**.so.*", "usr/lib64/**"}}});
            }
        }
        Cutting cutting(options, tools_);
        cutting.make_all(jobs);
        for (const CutJob& job : jobs) {
            const CutPtr cut = cutting.cut(job);
            for (const cut::Item& item : cut->cut.items) {
                const bool is_link = item.entry.type == tree::EntryType::symlink;
                if (is_link || item.elf) {
                    plan_.offer.try_emplace(
                        item.entry.path, wrap::Offered{
                                             .package = job.package.name,
                                             .link = item.entry.link,
                                             .elf = item.elf.value_or(elf::Elf()),
                                             .size = item.entry.size});
                }
            }
        }
    }

    [[nodiscard]] bool has_libraries(const std::string& package) const {
        const std::string end = "\t" + package + "\n";
        return std::ranges::any_of(indexes_, [&](const MappedFile& index) {
            return index.bytes().find(end) != BytesView::npos;
        });
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
        const auto version = versions_.find(package);
        const std::string& newest = deb::known_distributions().back().name;
        return {
            ErrorKind::definition,
            fmt::format(
                "{} needs {} of {}, which {} {} does not have ({})", missing.by.absolute(),
                missing.version, missing.library.name(), package.empty() ? "your file" : package,
                version == versions_.end() ? "" : version->second, plan_.distribution),
            plan_.distribution == newest
                ? fmt::format("build it on {}", plan_.distribution)
                : fmt::format(
                      "use a newer release (--distribution {}), or build it on {}", newest,
                      plan_.distribution)};
    }

    void write_text() {
        WrapText text{
            .title = fmt::format("{}, with what it needs to run.", plan_.name),
            .repositories = repositories(),
            .architecture = plan_.architecture,
            .files = files_.files,
            .entrypoint = request_.entrypoint.empty() ? files_.entrypoint : request_.entrypoint,
            .healthcheck = request_.healthcheck,
            .traits = files_.traits,
            .packages = request_.packages};
        for (const wrap::Need& need : plan_.closure.needs) {
            if (!need.package.empty()) {
                text.taken[need.package].insert(need.path.relative());
            }
        }
        // What the packages depend on comes along unless it is refused; an alternative may take its
        // place then, so that this is said until nothing more comes.
        for (int round = 0; round < kMostRounds; ++round) {
            plan_.definition = write_definition(text);
            if (!exclude_needless(text)) {
                return;
            }
        }
    }

    bool exclude_needless(WrapText& text) {
        definition::Library library;
        Plan plan = make(kSecond, plan_.definition, library);
        const Tools tools = with_library(tools_, library);
        Resolver(source_, tools).resolve(plan);
        bool found = false;
        for (const package::LockedPackage& package : packages_of(plan.targets.front())) {
            if (package.reason != "asked for" && !keeps(text, package)) {
                found = text.excluded.insert(package.name).second || found;
                plan_.left_out.push_back({package.name, package.reason});
            }
        }
        return found;
    }

    /// What the user's further packages depend on stays.
    static bool keeps(const WrapText& text, const package::LockedPackage& package) {
        return !text.packages.empty() || text.taken.contains(package.name);
    }

    void add_notes() {
        for (const std::string& library : files_.may_load) {
            const bool is_known = files_.own_libraries.contains(library) ||
                                  std::ranges::any_of(plan_.closure.needs, [&](const auto& need) {
                                      return need.path.name() == library;
                                  });
            const auto candidates = deb::find_libraries(index_texts(), library);
            if (!is_known && !candidates.empty()) {
                plan_.notes.push_back(fmt::format(
                    "it names {} ({}): if it loads that, add --dlopen {}", library,
                    candidates.front().package, library));
            }
        }
        if (files_.traits.contains(Trait::iconv)) {
            plan_.notes.emplace_back(
                "it converts encodings: for others than UTF-8, UTF-16, UTF-32 and ASCII, and for "
                "these through modules, add --package libc6_gconv");
        }
    }

    const WrapRequest& request_;
    const Tools& tools_;
    WrapFiles files_;
    WrapPlan plan_;
    Request source_;
    std::string triplet_;
    std::vector<wrap::Extra> extras_;
    std::vector<MappedFile> indexes_;
    std::map<std::string, std::string> versions_; ///< of the solved packages
};

} // namespace

WrapPlan plan_wrap(const WrapRequest& request, const Tools& tools) {
    return Wrapper(request, tools).run();
}

Result build_wrap(const WrapPlan& plan, Options options, const Tools& tools) {
    const definition::Library library = with_definition(tools.library, plan.name, plan.definition);
    options.request.definitions = {plan.name};
    options.request.archs = {plan.architecture};
    options.request.distributions = {plan.distribution};
    return build(options, with_library(tools, library));
}

} // namespace pare::build
