// SPDX-License-Identifier: Apache-2.0
// From a definition to chains of steps, one a variant: the distribution is chosen and its overlays
// applied, then each definition of the lineage gives a step, and the overlay of the variant another
// one on top, so that everything below it is shared by the variants.
//
// A definition whose parent has the same variant derives from that one. It shares nothing with its
// other variants then, and what it changes for the variant is part of its own step.
#include "definition/definition.hh"
#include "definition/lineage.hh"
#include "definition/region.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace pare::definition {

namespace {

constexpr const char* kStandardVariants = "variants";
constexpr const char* kLatest = "latest";
constexpr const char* kDefaultDistribution = "debian:13";

/// `debian:13` of `debian:13@20261101T000000Z`.
std::string release_of(const std::string& distribution) {
    return distribution.substr(0, distribution.find('@'));
}

/// `debian:13`, `debian:13@20261101T000000Z`; no URL or APT source line.
bool is_distribution(std::string_view repository) {
    const std::size_t colon = std::min(repository.find(':'), repository.size());
    const std::string_view name = repository.substr(0, colon);
    const std::string_view rest = repository.substr(colon);
    const auto is_small = [](char c) { return c >= 'a' && c <= 'z'; };
    return !name.empty() && std::all_of(name.begin(), name.end(), is_small) && rest.size() > 1 &&
           std::all_of(rest.begin() + 1, rest.end(), [&](char c) {
               return is_small(c) || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
                      c == '@';
           });
}

const Overlay* find_overlay(const std::vector<Overlay>& overlays, std::string_view name) {
    const auto known = std::find_if(overlays.begin(), overlays.end(), [&](const Overlay& overlay) {
        return overlay.name == name;
    });
    return known == overlays.end() ? nullptr : &*known;
}

std::vector<std::string> names_of(const std::vector<Overlay>& overlays) {
    std::vector<std::string> names;
    names.reserve(overlays.size());
    for (const Overlay& overlay : overlays) {
        names.push_back(overlay.name);
    }
    return names;
}

std::vector<std::string> variants_of(const Draft& draft) {
    return draft.variants.empty() ? std::vector<std::string>{kLatest} : names_of(draft.variants);
}

bool has_variant(const Draft& draft, const std::string& name) {
    const std::vector<std::string> names = variants_of(draft);
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// What is meant when no variant is named.
std::string default_variant(const Draft& draft) {
    return has_variant(draft, kLatest) ? kLatest : draft.variants.front().name;
}

[[noreturn]] void
no_variant(const Ancestor& ancestor, const std::string& variant, const Where& where) {
    const std::vector<std::string> known = variants_of(ancestor.draft);
    const auto near = nearest(variant, known);
    throw Error(
        ErrorKind::definition, fmt::format("{} has no variant '{}'", ancestor.shown, variant),
        (near ? fmt::format("did you mean '{}'? ", *near) : "") + "it has " + join(known, ", "))
        .at(where);
}

class Reader {
public:
    Reader(const Selection& selection, const Library& library)
        : selection_(selection), reference_(parse_reference(selection.reference)),
          lineage_(load_lineage(reference_, library)), ancestors_(lineage_.ancestors) {
        add_standard_variants(library);
        auto texts = std::make_shared<std::vector<DefinitionText>>();
        for (const Ancestor& ancestor : ancestors_) {
            texts->push_back({ancestor.name, ancestor.path, ancestor.text});
        }
        texts_ = std::move(texts);
    }

    std::vector<Chain> chains() {
        choose_distribution();
        std::vector<Chain> chains;
        for (const std::string& variant : wanted_variants()) {
            chains.push_back(chain(variant));
        }
        return chains;
    }

    [[nodiscard]] std::vector<std::string> variants() const {
        return variants_of(ancestors_.front().draft);
    }

    /// Those that every ancestor which names some has.
    [[nodiscard]] std::vector<std::string> distributions() const {
        std::vector<std::string> all;
        for (const Ancestor& ancestor : ancestors_) {
            const std::vector<std::string> names = names_of(ancestor.draft.distributions);
            if (all.empty()) {
                all = names;
            }
            std::erase_if(all, [&](const std::string& name) {
                return !names.empty() && std::ranges::find(names, name) == names.end();
            });
        }
        return all;
    }

private:
    /// A root that only lists its variants means the ones that everybody means.
    void add_standard_variants(const Library& library) {
        Draft& root = ancestors_.back().draft;
        if (root.variant_form != VariantForm::names) {
            return;
        }
        const auto text = library.built_in(kStandardVariants);
        standard_ = read_draft(text.value_or(""), "variants.yaml (built in)", {}).variants;
        for (Overlay& variant : root.variants) {
            const Overlay* const standard = find_overlay(standard_, variant.name);
            if (standard == nullptr) {
                throw Error(
                    ErrorKind::definition,
                    fmt::format("nothing says what the variant '{}' is", variant.name),
                    "write 'variants' as a mapping from names to what each changes, or use " +
                        join(names_of(standard_), ", "))
                    .at(variant.where);
            }
            variant.node = standard->node;
        }
        root.variant_form = VariantForm::mapping;
    }

    void choose_distribution() {
        distribution_ = selection_.distribution;
        for (const Ancestor& ancestor : ancestors_) {
            for (const std::string& repository : ancestor.draft.step.repositories) {
                // One that is pinned to a time pins the others.
                if (is_distribution(repository) && selection_.distribution.empty() &&
                    (distribution_.empty() || distribution_ == release_of(repository))) {
                    distribution_ = repository;
                }
            }
        }
        if (distribution_.empty()) {
            distribution_ = kDefaultDistribution;
        }
        for (Ancestor& ancestor : ancestors_) {
            if (ancestor.draft.distributions.empty()) {
                continue;
            }
            const Overlay* const overlay =
                find_overlay(ancestor.draft.distributions, release_of(distribution_));
            if (overlay == nullptr) {
                throw Error(
                    ErrorKind::definition,
                    fmt::format("{} is not made for {}", ancestor.shown, distribution_),
                    "it is made for " + join(names_of(ancestor.draft.distributions), " and "));
            }
            ancestor.draft = read_overlay(*overlay, ancestor.draft);
        }
    }

    [[nodiscard]] std::vector<std::string> wanted_variants() const {
        const Ancestor& first = ancestors_.front();
        std::vector<std::string> asked = selection_.variants;
        if (asked.empty()) {
            asked.push_back(
                reference_.variant.empty() ? default_variant(first.draft) : reference_.variant);
        }
        std::vector<std::string> wanted;
        for (const std::string& variant : asked) {
            if (variant == "all") {
                return variants_of(first.draft);
            }
            if (!has_variant(first.draft, variant)) {
                no_variant(first, variant, {});
            }
            if (std::find(wanted.begin(), wanted.end(), variant) == wanted.end()) {
                wanted.push_back(variant);
            }
        }
        return wanted;
    }

    [[nodiscard]] Chain chain(const std::string& variant) const {
        Chain chain{
            .name = ancestors_.front().name,
            .variant = variant,
            .base_image = lineage_.base_image,
            .distribution = distribution_,
            .texts = texts_};
        std::vector<std::string> variants{variant};
        for (std::size_t i = 0; i + 1 < ancestors_.size(); ++i) {
            variants.push_back(parent_variant(i, variants.back()));
        }
        for (std::size_t i = ancestors_.size(); i-- > 0;) {
            add_steps(chain, i, variants[i]);
        }
        for (Step& step : chain.steps) {
            settle_distribution(step);
        }
        request_locales(chain.steps);
        return chain;
    }

    /// The variant of its parent that a variant of an ancestor derives from.
    [[nodiscard]] std::string parent_variant(std::size_t child, const std::string& variant) const {
        const Ancestor& ancestor = ancestors_[child];
        const Ancestor& parent = ancestors_[child + 1];
        const Draft& draft = ancestor.draft;
        if (!ancestor.parent_variant.empty()) {
            if (!has_variant(parent.draft, ancestor.parent_variant)) {
                no_variant(parent, ancestor.parent_variant, ancestor.parent_where);
            }
            if (draft.variant_form == VariantForm::names && variants_of(draft).size() > 1) {
                throw Error(
                    ErrorKind::definition,
                    fmt::format(
                        "all variants of {} would be the same, because 'from' names the variant "
                        "'{}'",
                        ancestor.shown, ancestor.parent_variant),
                    "take the variant out of 'from', or write 'variants' as a mapping from names "
                    "to what each changes")
                    .at(draft.variants.front().where);
            }
            return ancestor.parent_variant;
        }
        if (has_variant(parent.draft, variant)) {
            return variant;
        }
        if (draft.variant_form == VariantForm::names && variant != kLatest) {
            no_variant(parent, variant, find_overlay(draft.variants, variant)->where);
        }
        return default_variant(parent.draft);
    }

    /// The names of the overlays that make a variant, in order.
    [[nodiscard]] std::vector<std::string>
    overlays_of(const Ancestor& ancestor, const std::string& variant) const {
        const auto changes = [&](const std::string& name) {
            const Overlay* const overlay = overlay_of(ancestor.draft, name);
            return overlay != nullptr && !overlay->node.members.empty();
        };
        std::vector<std::string> names{variant};
        if (variant == "debug-nonroot" && !changes(variant)) {
            names = {"debug", "nonroot"};
        }
        std::erase_if(names, [&](const std::string& name) { return !changes(name); });
        return names;
    }

    [[nodiscard]] const Overlay* overlay_of(const Draft& draft, const std::string& name) const {
        const Overlay* const overlay = find_overlay(draft.variants, name);
        // debug-nonroot of a root is made of debug and nonroot, even if it does not list them.
        const bool has_standard = &draft == &ancestors_.back().draft;
        return overlay == nullptr && has_standard ? find_overlay(standard_, name) : overlay;
    }

    void add_steps(Chain& chain, std::size_t index, const std::string& variant) const {
        const Ancestor& ancestor = ancestors_[index];
        Draft draft = ancestor.draft;
        draft.step.name = ancestor.name;
        if (draft.step.app) {
            draft.step.app->from = below(index, variant);
        }
        const bool follows_parent =
            index + 1 < ancestors_.size() &&
            parent_variant(index, variant) != parent_variant(index, default_variant(draft));
        const std::vector<std::string> overlays = overlays_of(ancestor, variant);
        if (follows_parent) {
            draft.step.name = fmt::format("{}:{}", ancestor.name, variant);
            for (const std::string& name : overlays) {
                draft = read_overlay(*overlay_of(ancestor.draft, name), draft);
            }
            add_step(chain, draft, ancestor);
            return;
        }
        add_step(chain, draft, ancestor);
        for (const std::string& name : overlays) {
            Draft empty;
            empty.step.directory = draft.step.directory;
            Draft added = read_overlay(*overlay_of(ancestor.draft, name), empty);
            // Only the last one is the variant: `debug` below `debug-nonroot` is `debug`.
            added.step.name =
                fmt::format("{}:{}", ancestor.name, name == overlays.back() ? variant : name);
            add_step(chain, added, ancestor);
        }
    }

    /// The reference of what an ancestor that has an app is built on.
    [[nodiscard]] std::string below(std::size_t index, const std::string& variant) const {
        if (index + 1 < ancestors_.size()) {
            const Ancestor& parent = ancestors_[index + 1];
            const bool is_built_in = parent.draft.step.directory.empty();
            return (is_built_in ? parent.shown : std::filesystem::absolute(parent.shown).string()) +
                   ":" + parent_variant(index, variant);
        }
        if (!lineage_.base_image.empty()) {
            throw Error(
                ErrorKind::definition,
                fmt::format(
                    "{}: 'app' is built on a definition, and 'from' names an image",
                    ancestors_[index].shown),
                "take the program with contents.files, or name a definition")
                .at(ancestors_[index].draft.step.app->where);
        }
        return "";
    }

    static void add_step(Chain& chain, Draft& draft, const Ancestor& ancestor) {
        if (!draft.archs.empty()) {
            std::vector<std::string> both;
            for (const std::string& arch : draft.archs) {
                if (chain.archs.empty() ||
                    std::find(chain.archs.begin(), chain.archs.end(), arch) != chain.archs.end()) {
                    both.push_back(arch);
                }
            }
            if (both.empty()) {
                throw Error(
                    ErrorKind::definition,
                    fmt::format(
                        "{} is made for {}, but what it comes from is not", ancestor.shown,
                        join(draft.archs, ", ")),
                    "that is made for " + join(chain.archs, ", "));
            }
            chain.archs = std::move(both);
        }
        chain.steps.push_back(std::move(draft.step));
    }

    /// An image has one release, of one time.
    void settle_distribution(Step& step) const {
        for (std::string& repository : step.repositories) {
            if (!is_distribution(repository)) {
                continue;
            }
            const bool fits =
                repository == distribution_ || repository == release_of(distribution_);
            if (selection_.distribution.empty() && !fits) {
                throw Error(
                    ErrorKind::definition,
                    fmt::format(
                        "{} takes packages from {}, but the image is made for {}", step.name,
                        repository, distribution_),
                    "name one release in all definitions of an image, or give --distribution");
            }
            repository = distribution_;
        }
    }

    const Selection& selection_;
    Reference reference_;
    Lineage lineage_;
    std::vector<Ancestor>& ancestors_;
    std::vector<Overlay> standard_;
    std::string distribution_;
    std::shared_ptr<const std::vector<DefinitionText>> texts_;
};

} // namespace

std::vector<Chain> read_definition(const Selection& selection, const Library& library) {
    return Reader(selection, library).chains();
}

std::vector<std::string> variants_of(const std::string& reference, const Library& library) {
    return Reader({.reference = reference}, library).variants();
}

std::vector<std::string> distributions_of(const std::string& reference, const Library& library) {
    return Reader({.reference = reference}, library).distributions();
}

} // namespace pare::definition
