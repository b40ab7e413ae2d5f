// SPDX-License-Identifier: Apache-2.0
// Problem: which packages are there, by name and by what they provide, without reading all of every
// index: a scan remembers where paragraphs are, a candidate is parsed when it is first asked for.
// Format: Packages files (wiki.debian.org/DebianRepository/Format); see deb/stanza_scanner.cc.
// Refuses: indexes that the scan refuses, or too large for 32-bit offsets; candidates whose
// paragraph is no good, when they are asked for.
#include "deb/universe.hh"

#include "deb/name_index.hh"
#include "deb/package_fields.hh"
#include "deb/stanza_scanner.hh"
#include "deb/version.hh"
#include "support/error.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <deque>
#include <limits>
#include <optional>

namespace pare::deb {

namespace {

using package::CandidateId;
using package::Package;
using package::Relation;

/// A paragraph of Debian's main archive has 820 bytes on average.
constexpr std::size_t kUsualStanza = 800;
constexpr std::size_t kLongestVersion = 4096;

std::size_t usual_count(const std::vector<PackagesIndex>& indexes) {
    std::size_t bytes = 0;
    for (const PackagesIndex& index : indexes) {
        bytes += index.text.size();
    }
    return bytes / kUsualStanza;
}

/// How far `other` is from `name` when it may be what was meant: `libssl3` is nearer to libssl3t64,
/// which goes on, than to what merely has its letters.
std::optional<std::size_t> distance_if_near(std::string_view name, std::string_view other) {
    constexpr std::size_t kShortestPart = 3;
    const std::size_t tolerance = std::max<std::size_t>(1, name.size() / 4);
    const std::size_t longer = std::max(other.size(), name.size());
    const std::size_t difference = longer - std::min(other.size(), name.size());
    if (difference <= tolerance) {
        const std::size_t distance = edit_distance(name, other);
        if (distance <= tolerance) {
            return 2 * distance + 1;
        }
    }
    if (name.size() >= kShortestPart && other.find(name) != std::string_view::npos) {
        return other.starts_with(name) ? 1 + difference / 2 : 2 + difference;
    }
    return std::nullopt;
}

class PackagesUniverse final : public package::Universe {
public:
    PackagesUniverse(std::vector<PackagesIndex> indexes, std::string architecture)
        : indexes_(std::move(indexes)), architecture_(std::move(architecture)),
          names_(usual_count(indexes_)), virtual_names_(usual_count(indexes_)) {
        entries_.reserve(usual_count(indexes_));
        for (std::size_t number = 0; number < indexes_.size(); ++number) {
            scan(number);
        }
        parsed_at_.resize(entries_.size());
        names_.freeze();
        virtual_names_.freeze();
        order_names();
    }

    [[nodiscard]] std::size_t size() const override { return entries_.size(); }

    [[nodiscard]] std::span<const CandidateId> named(std::string_view name) const override {
        return names_.find(name);
    }

    [[nodiscard]] std::span<const CandidateId> providers(std::string_view name) const override {
        return virtual_names_.find(name);
    }

    [[nodiscard]] const Package& candidate(CandidateId id) const override {
        std::uint32_t& place = parsed_at_.at(static_cast<std::size_t>(id));
        if (place == 0) {
            parsed_.push_back(parse(entry(id)));
            place = static_cast<std::uint32_t>(parsed_.size());
        }
        return parsed_[place - 1];
    }

    [[nodiscard]] int compare(std::string_view left, std::string_view right) const override {
        return compare_versions(left, right);
    }

    /// As apt does: `:any` asks for Multi-Arch: allowed, and packages for all architectures count
    /// as native.
    [[nodiscard]] bool qualifier_matches(const Relation& relation, CandidateId id) const override {
        const std::string_view qualifier = relation.qualifier;
        if (qualifier == "any") {
            return entry(id).is_multi_arch_allowed;
        }
        if (qualifier == "all") {
            return entry(id).is_for_all;
        }
        return qualifier.empty() || qualifier == "native" || qualifier == architecture_;
    }

    [[nodiscard]] bool is_of_suite(CandidateId id, std::string_view suite) const override {
        const PackagesIndex& index = indexes_[entry(id).index];
        return suite == index.suite || suite == index.alias;
    }

    [[nodiscard]] std::vector<std::string> similar(std::string_view name) const override;

private:
    /// What is kept of every candidate.
    struct Entry {
        std::uint32_t begin = 0; ///< of its paragraph in the text of its index
        std::uint32_t size = 0;
        std::uint32_t version_begin = 0;
        std::uint16_t version_size = 0;
        std::uint16_t index : 14 = 0;
        bool is_multi_arch_allowed : 1 = false;
        bool is_for_all : 1 = false;
    };

    static constexpr std::size_t kMostIndexes = (1U << 14) - 1;

    [[nodiscard]] const Entry& entry(CandidateId id) const {
        return entries_.at(static_cast<std::size_t>(id));
    }

    [[nodiscard]] std::string_view version(CandidateId id) const {
        const Entry& found = entry(id);
        return indexes_[found.index].text.substr(found.version_begin, found.version_size);
    }

    void scan(std::size_t number);
    void add(std::size_t number, const Stanza& stanza);
    void add_provides(const Stanza& stanza, CandidateId id);
    void order_names();
    [[nodiscard]] Package parse(const Entry& entry) const;

    std::vector<PackagesIndex> indexes_;
    std::string architecture_;
    std::vector<Entry> entries_;
    NameIndex names_;
    NameIndex virtual_names_;
    mutable std::vector<std::uint32_t> parsed_at_; ///< 1 + place in parsed_; 0: not yet
    mutable std::deque<Package> parsed_;
};

void PackagesUniverse::scan(std::size_t number) {
    const PackagesIndex& index = indexes_[number];
    if (index.text.size() > std::numeric_limits<std::uint32_t>::max() || number > kMostIndexes) {
        throw Error(
            ErrorKind::refused, fmt::format("{}: the indexes are larger than 4 GiB", index.name),
            "name fewer components or suites");
    }
    StanzaScanner scanner(index.text, index.name);
    while (const Stanza* stanza = scanner.next()) {
        if (stanza->architecture == architecture_ || stanza->architecture == "all") {
            add(number, *stanza);
        }
    }
}

void PackagesUniverse::add(std::size_t number, const Stanza& stanza) {
    const PackagesIndex& index = indexes_[number];
    if (stanza.version.size() > kLongestVersion) {
        throw Error(
            ErrorKind::refused,
            fmt::format(
                "{}: the version of {} has {} bytes", index.name, stanza.package,
                stanza.version.size()),
            "the index is broken; ask whoever runs the repository to make it again");
    }
    const auto offset = [&index](std::string_view part) {
        return static_cast<std::uint32_t>(part.data() - index.text.data());
    };
    const auto id = static_cast<CandidateId>(entries_.size());
    entries_.push_back({
        .begin = offset(stanza.text),
        .size = static_cast<std::uint32_t>(stanza.text.size()),
        .version_begin = offset(stanza.version),
        .version_size = static_cast<std::uint16_t>(stanza.version.size()),
        .index = static_cast<std::uint16_t>(number & kMostIndexes),
        .is_multi_arch_allowed = stanza.is_multi_arch_allowed,
        .is_for_all = stanza.architecture == "all",
    });
    names_.add(stanza.package, id);
    add_provides(stanza, id);
}

void PackagesUniverse::add_provides(const Stanza& stanza, CandidateId id) {
    std::string_view rest = stanza.provides;
    while (!rest.empty()) {
        const std::size_t comma = std::min(rest.find(','), rest.size());
        const std::string_view provided = trim(rest.substr(0, comma));
        rest.remove_prefix(std::min(comma + 1, rest.size()));
        const std::string_view name = provided.substr(0, provided.find_first_of(" \t\r\n(:"));
        if (!name.empty() && name != stanza.package) {
            virtual_names_.add(name, id);
        }
    }
}

void PackagesUniverse::order_names() {
    const auto is_better = [this](CandidateId left, CandidateId right) {
        const int left_priority = indexes_[entry(left).index].priority;
        const int right_priority = indexes_[entry(right).index].priority;
        if (left_priority != right_priority) {
            return left_priority > right_priority;
        }
        const int order = compare_versions(version(left), version(right));
        return order != 0 ? order > 0 : left < right;
    };
    for (std::size_t group = 0; group < names_.size(); ++group) {
        const auto candidates = names_.candidates(group);
        if (candidates.size() > 1) {
            std::ranges::sort(candidates, is_better);
        }
    }
}

Package PackagesUniverse::parse(const Entry& entry) const {
    const PackagesIndex& index = indexes_[entry.index];
    const std::string_view text = index.text.substr(entry.begin, entry.size);
    try {
        return package_of(parse_control(text, index.name).at(0), index, architecture_);
    } catch (Error& error) {
        const auto before = index.text.substr(0, entry.begin);
        const auto lines = static_cast<std::size_t>(std::ranges::count(before, '\n'));
        error.at({index.name, lines + std::max<std::size_t>(error.where().line, 1), 1});
        throw;
    }
}

std::vector<std::string> PackagesUniverse::similar(std::string_view name) const {
    constexpr std::size_t kMost = 3;
    std::vector<std::pair<std::size_t, std::string_view>> found;
    for (std::size_t group = 0; group < names_.size(); ++group) {
        if (const auto distance = distance_if_near(name, names_.name(group))) {
            found.emplace_back(*distance, names_.name(group));
        }
    }
    std::ranges::sort(found);
    std::vector<std::string> best;
    for (const auto& [distance, other] : std::span(found).first(std::min(kMost, found.size()))) {
        best.emplace_back(other);
    }
    return best;
}

} // namespace

std::unique_ptr<package::Universe>
make_universe(std::vector<PackagesIndex> indexes, std::string architecture) {
    return std::make_unique<PackagesUniverse>(std::move(indexes), std::move(architecture));
}

} // namespace pare::deb
