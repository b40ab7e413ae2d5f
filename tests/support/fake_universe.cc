// SPDX-License-Identifier: Apache-2.0
#include "support/fake_universe.hh"

#include "support/error.hh"
#include "support/text.hh"

#include <algorithm>

namespace pare::test {
namespace {

using package::CandidateId;
using package::Operator;
using package::Package;
using package::Relation;

template <typename Item, typename Parse>
std::vector<Item> parse_list(std::string_view text, char separator, Parse parse) {
    std::vector<Item> items;
    for (const std::string_view piece : split(text, separator)) {
        items.push_back(parse(trim(piece)));
    }
    return items;
}

std::vector<Relation> parse_relations(std::string_view text) {
    return parse_list<Relation>(text, ',', parse_relation);
}

std::vector<package::Alternatives> parse_groups(std::string_view text) {
    return parse_list<package::Alternatives>(text, ',', [](std::string_view group) {
        return parse_list<Relation>(group, '|', parse_relation);
    });
}

void set_field(Package& package, std::string_view field, std::string_view value) {
    if (field == "depends") {
        package.depends = parse_groups(value);
    } else if (field == "pre-depends") {
        package.pre_depends = parse_groups(value);
    } else if (field == "provides") {
        package.provides = parse_relations(value);
    } else if (field == "conflicts") {
        package.conflicts = parse_relations(value);
    } else if (field == "breaks") {
        package.breaks = parse_relations(value);
    } else if (field == "suite") {
        package.suite = value;
    } else if (field == "priority") {
        package.priority = value;
    } else if (field == "essential") {
        package.essential = true;
    } else {
        throw Error(ErrorKind::bug, "no such field: " + std::string(field));
    }
}

Package parse_package(std::string_view line) {
    Package package{.architecture = "amd64", .priority = "optional"};
    const std::vector<std::string_view> parts = split(line, ';');
    const std::vector<std::string_view> words = split_words(parts[0]);
    ensure(words.size() == 2, "a line starts with a name and a version");
    package.name = words[0];
    package.version = words[1];
    for (std::size_t i = 1; i < parts.size(); ++i) {
        const std::size_t colon = parts[i].find(':');
        ensure(colon != std::string_view::npos, "a field has a colon");
        set_field(package, trim(parts[i].substr(0, colon)), trim(parts[i].substr(colon + 1)));
    }
    return package;
}

std::vector<Package> parse_packages(std::string_view text) {
    std::vector<Package> packages;
    for (const std::string_view line : split(text, '\n')) {
        if (!trim(line).empty()) {
            packages.push_back(parse_package(trim(line)));
        }
    }
    return packages;
}

Operator parse_operator(std::string_view text) {
    for (const Operator op :
         {Operator::less, Operator::less_equal, Operator::equal, Operator::greater_equal,
          Operator::greater}) {
        if (package::to_string(op) == text) {
            return op;
        }
    }
    throw Error(ErrorKind::bug, "no such operator: " + std::string(text));
}

} // namespace

Relation parse_relation(std::string_view text) {
    Relation relation;
    const std::size_t open = text.find('(');
    const std::string_view name = trim(text.substr(0, open));
    const std::size_t colon = name.find(':');
    relation.name = name.substr(0, colon);
    if (colon != std::string_view::npos) {
        relation.qualifier = name.substr(colon + 1);
    }
    if (open != std::string_view::npos) {
        const std::vector<std::string_view> words =
            split_words(text.substr(open + 1, text.find(')') - open - 1));
        relation.op = parse_operator(words.at(0));
        relation.version = words.at(1);
    }
    return relation;
}

FakeUniverse::FakeUniverse(std::string_view text) : packages_(parse_packages(text)) {
    index();
}

FakeUniverse::FakeUniverse(std::vector<Package> packages) : packages_(std::move(packages)) {
    index();
}

void FakeUniverse::index() {
    for (std::size_t i = 0; i < packages_.size(); ++i) {
        const auto id = static_cast<CandidateId>(i);
        named_[packages_[i].name].push_back(id);
        for (const Relation& relation : packages_[i].provides) {
            std::vector<CandidateId>& ids = providers_[relation.name];
            if (ids.empty() || ids.back() != id) {
                ids.push_back(id);
            }
        }
    }
    for (auto& [name, ids] : named_) {
        std::ranges::sort(ids, [this](CandidateId left, CandidateId right) {
            const int order = compare(candidate(left).version, candidate(right).version);
            return order != 0 ? order > 0 : left < right;
        });
    }
}

std::span<const CandidateId> FakeUniverse::named(std::string_view name) const {
    const auto found = named_.find(name);
    return found == named_.end() ? std::span<const CandidateId>() : std::span(found->second);
}

std::span<const CandidateId> FakeUniverse::providers(std::string_view name) const {
    const auto found = providers_.find(name);
    return found == providers_.end() ? std::span<const CandidateId>() : std::span(found->second);
}

const Package& FakeUniverse::candidate(CandidateId id) const {
    return packages_.at(static_cast<std::size_t>(id));
}

int FakeUniverse::compare(std::string_view left, std::string_view right) const {
    const auto numbers = [](std::string_view version) {
        std::vector<std::uint64_t> parts;
        for (const std::string_view piece : split(version, '.')) {
            parts.push_back(parse_number(piece).value());
        }
        return parts;
    };
    const auto order = numbers(left) <=> numbers(right);
    return order < 0 ? -1 : (order > 0 ? 1 : 0);
}

bool FakeUniverse::qualifier_matches(const Relation& relation, CandidateId /*id*/) const {
    return relation.qualifier.empty() || relation.qualifier == "any" ||
           relation.qualifier == "native";
}

bool FakeUniverse::is_of_suite(CandidateId id, std::string_view suite) const {
    return candidate(id).suite == suite;
}

std::vector<std::string> FakeUniverse::similar(std::string_view name) const {
    std::vector<std::string> names;
    for (const auto& [other, ids] : named_) {
        if (other.substr(0, 2) == name.substr(0, 2) && names.size() < 3) {
            names.push_back(other);
        }
    }
    return names;
}

CandidateId FakeUniverse::find(std::string_view name_and_version) const {
    for (std::size_t i = 0; i < packages_.size(); ++i) {
        const Package& package = packages_[i];
        if (name_and_version == package.name ||
            name_and_version == package.name + " " + package.version) {
            return static_cast<CandidateId>(i);
        }
    }
    throw Error(ErrorKind::bug, "no such candidate: " + std::string(name_and_version));
}

} // namespace pare::test
