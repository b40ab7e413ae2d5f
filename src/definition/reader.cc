// SPDX-License-Identifier: Apache-2.0
// From a reference to chains of steps: files and built-in texts are read, parents followed, the
// overlays of distribution and variants applied.
#include "definition/definition.hh"
#include "definition/draft.hh"
#include "definition/schema.hh"
#include "support/files.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace pare::definition {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kLargestDefinition = 4U << 20;
constexpr std::size_t kLongestChain = 32;
constexpr const char* kStandardVariants = "variants";
constexpr const char* kLatest = "latest";
constexpr const char* kDefaultDistribution = "debian:13";

struct Reference {
    std::string name{};    ///< built-in name or path
    std::string variant{}; ///< empty: none was named
    bool is_file = false;
};

bool is_image(std::string_view text) {
    constexpr std::array<std::string_view, 4> kTransports = {
        "oci:", "oci-archive:", "docker-archive:", "docker:"};
    return text.find('@') != std::string_view::npos ||
           std::any_of(kTransports.begin(), kTransports.end(), [&](std::string_view transport) {
               return text.starts_with(transport);
           });
}

Reference parse_reference(const std::string& text) {
    Reference reference{.name = text};
    const std::size_t colon = text.rfind(':');
    if (colon != std::string::npos && text.find('/', colon) == std::string::npos) {
        reference.name = text.substr(0, colon);
        reference.variant = text.substr(colon + 1);
    }
    reference.is_file = reference.name.find('/') != std::string::npos ||
                        reference.name.ends_with(".yaml") || reference.name.ends_with(".yml");
    return reference;
}

/// A definition whose parent is still a name.
struct Loaded {
    std::string key{};  ///< what a loop is recognised by: the path, or the built-in name
    std::string name{}; ///< what steps are called
    Draft draft{};
};

Loaded load(
    const Reference& reference, const fs::path& directory, const Where& where,
    const Library& library) {
    if (!reference.is_file) {
        const auto text = library.built_in(reference.name);
        if (!text) {
            const auto near = nearest(reference.name, library.names);
            throw Error(
                ErrorKind::definition,
                fmt::format("there is no built-in definition '{}'", reference.name),
                (near ? fmt::format("did you mean '{}'? ", *near) : "") + "built in are " +
                    join(library.names, ", ") + "; a file is named with its .yaml")
                .at(where);
        }
        return {
            reference.name, reference.name,
            read_draft(*text, fmt::format("{}.yaml (built in)", reference.name), {})};
    }
    const fs::path path = directory / reference.name;
    std::error_code problem;
    if (!fs::is_regular_file(path, problem)) {
        throw Error(ErrorKind::definition, fmt::format("there is no definition {}", path.string()))
            .at(where);
    }
    const std::string text = read_file(path, kLargestDefinition);
    return {
        fs::weakly_canonical(path).string(), path.filename().string(),
        read_draft(text, path.string(), fs::absolute(path).parent_path())};
}

/// debian:N among the repositories: what the definition is written for.
std::string shorthand_of(const Step& step) {
    for (const std::string& repository : step.repositories) {
        if (repository.starts_with("debian:")) {
            return repository.substr(0, repository.find('@'));
        }
    }
    return "";
}

class Reader {
public:
    Reader(const Selection& selection, const Library& library)
        : selection_(selection), library_(library) {}

    std::vector<Chain> chains() {
        const Reference reference = parse_reference(selection_.reference);
        load_chain(reference, {});
        add_standard_variants();
        choose_distribution();
        std::vector<Chain> chains;
        for (const std::string& variant : wanted_variants(reference)) {
            chains.push_back(chain(variant));
        }
        return chains;
    }

    std::vector<std::string> variants() {
        load_chain(parse_reference(selection_.reference), {});
        return names_of(loaded_.front());
    }

private:
    /// Fills loaded_, the definition itself first, the root last.
    void load_chain(Reference reference, Where where) {
        fs::path directory;
        std::vector<std::string> trail;
        while (true) {
            Loaded next = load(reference, directory, where, library_);
            trail.push_back(next.name);
            const bool looped =
                std::any_of(loaded_.begin(), loaded_.end(), [&](const Loaded& each) {
                    return each.key == next.key;
                });
            if (looped || loaded_.size() == kLongestChain) {
                throw Error(
                    ErrorKind::definition,
                    fmt::format("`from:` goes in a loop: {}", join(trail, " -> ")))
                    .at(where);
            }
            loaded_.push_back(std::move(next));
            const Draft& draft = loaded_.back().draft;
            parent_variants_.emplace_back();
            if (draft.from.empty()) {
                return;
            }
            if (is_image(draft.from)) {
                base_image_ = draft.from;
                return;
            }
            directory = draft.step.directory;
            where = draft.from_where;
            reference = parse_reference(draft.from);
            parent_variants_.back() = reference.variant;
        }
    }

    /// A root that only lists its variants means the ones that everybody means.
    void add_standard_variants() {
        Draft& root = loaded_.back().draft;
        if (!root.variants.empty() || root.variant_names.empty()) {
            return;
        }
        const auto text = library_.built_in(kStandardVariants);
        ensure(text.has_value(), "the standard variants are built in");
        const Draft standard = read_draft(*text, "variants.yaml (built in)", {});
        std::vector<std::string> names;
        for (const auto& [name, overlay] : standard.variants) {
            names.push_back(name);
            if (std::find(root.variant_names.begin(), root.variant_names.end(), name) !=
                root.variant_names.end()) {
                root.variants.emplace_back(name, overlay);
            }
        }
        for (const std::string& name : root.variant_names) {
            if (std::find(names.begin(), names.end(), name) == names.end()) {
                throw Error(
                    ErrorKind::definition,
                    fmt::format("{}: the variant '{}' is not described", loaded_.back().name, name),
                    "write `variants:` as a mapping, or use " + join(names, ", "));
            }
        }
        // debug-nonroot is put together from these two, whether they are listed or not.
        root.standard = standard.variants;
    }

    void choose_distribution() {
        distribution_ = selection_.distribution;
        for (const Loaded& loaded : loaded_) {
            if (distribution_.empty()) {
                distribution_ = shorthand_of(loaded.draft.step);
            }
        }
        if (distribution_.empty()) {
            distribution_ = kDefaultDistribution;
        }
        for (Loaded& loaded : loaded_) {
            apply_distribution(loaded);
        }
    }

    void apply_distribution(Loaded& loaded) {
        Draft& draft = loaded.draft;
        if (!selection_.distribution.empty()) {
            for (std::string& repository : draft.step.repositories) {
                if (repository.starts_with("debian:")) {
                    repository = selection_.distribution;
                }
            }
        }
        if (draft.distributions.empty()) {
            return;
        }
        std::vector<std::string> names;
        for (const auto& [name, overlay] : draft.distributions) {
            if (name == distribution_) {
                draft = Draft(read_overlay(overlay, draft));
                return;
            }
            names.push_back(name);
        }
        throw Error(
            ErrorKind::definition, fmt::format("{} is not made for {}", loaded.name, distribution_),
            "it is made for " + join(names, " and "));
    }

    static std::vector<std::string> names_of(const Loaded& loaded) {
        return loaded.draft.variant_names.empty() ? std::vector<std::string>{kLatest}
                                                  : loaded.draft.variant_names;
    }

    [[nodiscard]] std::vector<std::string> wanted_variants(const Reference& reference) const {
        const std::vector<std::string> known = names_of(loaded_.front());
        std::vector<std::string> wanted = selection_.variants;
        if (wanted.empty()) {
            wanted.push_back(reference.variant.empty() ? kLatest : reference.variant);
        }
        if (std::find(wanted.begin(), wanted.end(), "all") != wanted.end()) {
            return known;
        }
        for (std::string& variant : wanted) {
            if (std::find(known.begin(), known.end(), variant) != known.end()) {
                continue;
            }
            if (selection_.variants.empty() && reference.variant.empty()) {
                variant = known.front(); // no `latest`: the first one listed
                continue;
            }
            const auto near = nearest(variant, known);
            throw Error(
                ErrorKind::definition,
                fmt::format("{} has no variant '{}'", loaded_.front().name, variant),
                (near ? fmt::format("did you mean '{}'? ", *near) : "") + "it has " +
                    join(known, ", "));
        }
        return wanted;
    }

    [[nodiscard]] Chain chain(const std::string& variant) const {
        Chain chain{
            .name = loaded_.front().name,
            .variant = variant,
            .base_image = base_image_,
            .distribution = distribution_};
        std::vector<std::string> variants{variant};
        for (std::size_t i = 0; i + 1 < loaded_.size(); ++i) {
            variants.push_back(parent_variant(i, variants.back()));
        }
        for (std::size_t i = loaded_.size(); i-- > 0;) {
            add_steps(chain, loaded_[i], variants[i]);
            if (!loaded_[i].draft.archs.empty()) {
                chain.archs = loaded_[i].draft.archs;
            }
        }
        return chain;
    }

    /// The parent's variant: the one that `from:` names, else the same as the child's.
    [[nodiscard]] std::string parent_variant(std::size_t child, const std::string& variant) const {
        const std::string& named = parent_variants_[child];
        if (!named.empty()) {
            return named;
        }
        const std::vector<std::string> known = names_of(loaded_[child + 1]);
        const bool has = std::find(known.begin(), known.end(), variant) != known.end();
        return has ? variant : kLatest;
    }

    static std::string step_name(const std::string& name, const std::string& variant) {
        return variant == kLatest ? name : name + ":" + variant;
    }

    /// The definition's own step, then the overlays of its variant, each a step of its own, so that
    /// everything below is shared with the other variants.
    static void add_steps(Chain& chain, const Loaded& loaded, const std::string& variant) {
        const Draft& draft = loaded.draft;
        const bool has_overlays = !draft.variants.empty();
        Step own = draft.step;
        own.name = has_overlays ? loaded.name : step_name(loaded.name, variant);
        chain.steps.push_back(std::move(own));
        if (!has_overlays) {
            return;
        }
        std::vector<std::string> overlays{variant};
        const bool is_written = overlay_of(draft, variant) != nullptr &&
                                overlay_of(draft, variant)->kind == yaml::NodeKind::mapping &&
                                !overlay_of(draft, variant)->members.empty();
        if (!is_written && variant == "debug-nonroot") {
            overlays = {"debug", "nonroot"};
        }
        for (const std::string& name : overlays) {
            const yaml::Node* overlay = overlay_of(draft, name);
            if (overlay == nullptr || overlay->members.empty()) {
                continue;
            }
            Draft empty;
            empty.step.directory = draft.step.directory;
            Step step = read_overlay(*overlay, empty).step;
            step.name = loaded.name + ":" + name;
            chain.steps.push_back(std::move(step));
        }
    }

    static const yaml::Node* overlay_of(const Draft& draft, const std::string& variant) {
        for (const auto* overlays : {&draft.variants, &draft.standard}) {
            const auto known =
                std::find_if(overlays->begin(), overlays->end(), [&](const auto& overlay) {
                    return overlay.first == variant;
                });
            if (known != overlays->end()) {
                return &known->second;
            }
        }
        return nullptr;
    }

    const Selection& selection_;
    const Library& library_;
    std::vector<Loaded> loaded_;
    std::vector<std::string> parent_variants_; ///< of the parent of each loaded one, as written
    std::string base_image_;
    std::string distribution_;
};

} // namespace

std::vector<Chain> read_definition(const Selection& selection, const Library& library) {
    return Reader(selection, library).chains();
}

std::vector<std::string> variants_of(const std::string& reference, const Library& library) {
    return Reader({.reference = reference}, library).variants();
}

} // namespace pare::definition
