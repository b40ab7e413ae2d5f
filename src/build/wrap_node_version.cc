// SPDX-License-Identifier: Apache-2.0
// What must hold is tried one after the other, so that the error can say which left nothing: the
// range of `engines`, the architecture, the ABI of the addons. What modules say in their own
// `engines` is a wish, as it is for npm: it decides between those that are left.
#include "build/wrap_node_version.hh"

#include "build/wrap_kinds.hh"
#include "package/archive_pins.hh"
#include "support/files.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace pare::build {

namespace {

/// The upstream version of Debian's nodejs by release, from the archive's Packages. Updates within
/// a release keep it.
constexpr std::array<std::pair<std::string_view, std::string_view>, 2> kDebianVersions = {{
    {"debian:12", "18.20.4"},
    {"debian:13", "20.19.2"},
}};

wrap::NodeVersion version_of(const WrapBase& base) {
    return wrap::parse_node_version(base.offers).value_or(wrap::NodeVersion());
}

/// Best first: Debian's own of the asked or newest release, those of the project itself from the
/// oldest on, Debian's older ones.
std::vector<WrapBase> nodes_of(const WrapRequest& request, const definition::Library& library) {
    const std::vector<std::string>& asked = request.source.distributions;
    std::vector<WrapBase> debian;
    for (const std::string& distribution : definition::distributions_of("nodejs", library)) {
        const auto known = std::ranges::find(
            kDebianVersions, distribution, &std::pair<std::string_view, std::string_view>::first);
        const bool is_wanted = asked.empty() || asked.front().starts_with(distribution);
        if (known != kDebianVersions.end() && is_wanted) {
            debian.push_back(
                {.definition = "nodejs",
                 .distribution = distribution,
                 .offers = std::string(known->second)});
        }
    }
    std::vector<WrapBase> bases;
    if (!debian.empty()) {
        bases.push_back(debian.back());
        debian.pop_back();
    }
    const std::filesystem::path& own = request.source.archive_pins;
    const std::string pins = own.empty() ? library.archive_pins : read_file(own);
    for (const auto& [name, pin] :
         package::parse_archive_pins(pins, own.empty() ? "archives.lock.json" : own.string())) {
        if (name.starts_with("nodejs")) {
            bases.push_back({.definition = name, .offers = pin.version});
        }
    }
    bases.insert(bases.end(), debian.rbegin(), debian.rend());
    return bases;
}

std::string list_of(const std::vector<WrapBase>& bases) {
    std::vector<std::string> texts;
    texts.reserve(bases.size());
    for (const WrapBase& base : bases) {
        texts.push_back(
            base.distribution.empty()
                ? fmt::format("{} ({})", base.offers, base.definition)
                : fmt::format("{} ({} on {})", base.offers, base.definition, base.distribution));
    }
    return join(texts, ", ");
}

std::uint64_t abi_of(const WrapBase& base) {
    return wrap::node_abi_of(version_of(base).major);
}

class Chooser {
public:
    explicit Chooser(const NodeQuestion& question)
        : question_(question), bases_(nodes_of(question.request, question.library)) {}

    NodeChoice run() {
        if (is_own_base()) {
            return {.base = choose_base(question_.request, question_.library, bases_, "")};
        }
        NodeChoice choice;
        const std::string& text = question_.wanted.text;
        std::string because = "it needs Node.js";
        if (question_.wanted.range) {
            const wrap::NodeRange& range = *question_.wanted.range;
            because = fmt::format("it needs Node.js {}", text);
            keep(because, R"(widen "engines" in package.json)", [&](const WrapBase& base) {
                return range.allows(version_of(base));
            });
        } else if (!text.empty()) {
            choice.notes.push_back(
                fmt::format("the version of Node.js that it wants is no range: {}", text));
        }
        keep(
            fmt::format("it is for {}", question_.architecture), "build for another architecture",
            [&](const WrapBase& base) { return has_architecture(base); });
        const NativeFiles& natives = question_.natives;
        if (const std::string refused = natives.refuses(abi_of(bases_.front())); !refused.empty()) {
            because = refused;
        }
        keep(
            because, "build the addons anew for one of them: npm rebuild",
            [&](const WrapBase& base) { return natives.refuses(abi_of(base)).empty(); });
        std::ranges::stable_partition(
            bases_, [&](const WrapBase& base) { return unhappy_module(base).empty(); });
        choice.base = choose_base(question_.request, question_.library, bases_, because);
        choice.abi = abi_of(choice.base);
        if (const std::string unhappy = unhappy_module(choice.base); !unhappy.empty()) {
            choice.notes.push_back(
                fmt::format("{}, and the image has {}", unhappy, choice.base.offers));
        }
        return choice;
    }

private:
    /// Whether the user builds on a definition of their own, of which nothing is known.
    [[nodiscard]] bool is_own_base() const {
        const std::string& from = question_.request.from;
        const std::vector<std::string>& names = question_.library.names;
        return !from.empty() &&
               std::ranges::find(names, from.substr(0, from.find(':'))) == names.end();
    }

    template <typename Test>
    void keep(const std::string& because, const std::string& mend, Test test) {
        std::vector<WrapBase> kept;
        std::ranges::copy_if(bases_, std::back_inserter(kept), test);
        if (kept.empty()) {
            throw Error(
                ErrorKind::definition,
                fmt::format(
                    "{}: {}, and images have {}", question_.request.paths.front().string(), because,
                    list_of(bases_)),
                fmt::format("{}, or build on a definition of your own (--from ./node.yaml)", mend));
        }
        bases_ = std::move(kept);
    }

    [[nodiscard]] bool has_architecture(const WrapBase& base) const {
        const auto chain = definition::read_definition(
            {.reference = base.definition, .distribution = base.distribution}, question_.library);
        const std::vector<std::string>& archs = chain.front().archs;
        return archs.empty() || std::ranges::find(archs, question_.architecture) != archs.end();
    }

    /// The first module that asks for another Node.js: `x wants Node.js >=22`.
    [[nodiscard]] std::string unhappy_module(const WrapBase& base) const {
        for (const NodeModule& module : question_.modules) {
            const auto range = wrap::parse_node_range(module.package.node);
            if (range && !range->allows(version_of(base))) {
                return fmt::format("{} wants Node.js {}", module.package.name, module.package.node);
            }
        }
        return "";
    }

    const NodeQuestion& question_;
    std::vector<WrapBase> bases_;
};

} // namespace

NodeChoice choose_node_base(const NodeQuestion& question) {
    return Chooser(question).run();
}

} // namespace pare::build
