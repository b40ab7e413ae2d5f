// SPDX-License-Identifier: Apache-2.0
// Format: in-toto attestation framework, Statement v1 (spec/v1/statement.md):
//   {"_type": URI, "subject": [{"name": text, "digest": {"sha256": hex}}], "predicateType": URI,
//    "predicate": {...}}
// v0.1, which cosign 2 writes, has the same members. The predicate is kept as it is.
// Refuses: other types, no subject or more than 1 000, a subject without a digest.
#include "attest/statement.hh"

#include "attest/members.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

namespace pare::attest {

namespace {

constexpr const char* kOldStatementType = "https://in-toto.io/Statement/v0.1";
constexpr std::size_t kMaxSubjects = 1000;

constexpr std::array<std::pair<std::string_view, std::string_view>, 11> kPredicateTypes = {{
    {"custom", "https://cosign.sigstore.dev/attestation/v1"},
    {"cyclonedx", "https://cyclonedx.org/bom"},
    {"link", "https://in-toto.io/Link/v1"},
    {"openvex", "https://openvex.dev/ns"},
    {"signature", kSignatureType},
    {"slsaprovenance", "https://slsa.dev/provenance/v0.2"},
    {"slsaprovenance02", "https://slsa.dev/provenance/v0.2"},
    {"slsaprovenance1", kProvenanceType},
    {"spdx", "https://spdx.dev/Document"},
    {"spdxjson", "https://spdx.dev/Document"},
    {"vuln", "https://cosign.sigstore.dev/attestation/vuln/v1"},
}};

[[noreturn]] void refuse(std::string why) {
    throw Error(ErrorKind::refused, std::move(why));
}

Subject parse_subject(const json::Value& value) {
    Subject subject{.name = optional_text(value, "name")};
    for (const json::Member& digest : value.at("digest").as_object().members()) {
        subject.digests.emplace(digest.first, digest.second.as_string());
    }
    if (subject.digests.empty()) {
        refuse("a subject of the statement has no digest");
    }
    return subject;
}

json::Object subject_json(const Subject& subject) {
    json::Object digests;
    for (const auto& [algorithm, digest] : subject.digests) {
        digests.set(algorithm, digest);
    }
    json::Object object;
    if (!subject.name.empty()) {
        object.set("name", subject.name);
    }
    object.set("digest", std::move(digests));
    return object;
}

} // namespace

Statement parse_statement(BytesView text, const std::string& name) {
    const json::Value value = json::parse(text, name);
    const std::string& type = value.at("_type").as_string();
    if (type != kStatementType && type != kOldStatementType) {
        refuse(fmt::format("\"{}\" is not the type of a statement", type));
    }
    Statement statement{.predicate_type = value.at("predicateType").as_string()};
    const json::Array& subjects = value.at("subject").as_array();
    if (subjects.empty() || subjects.size() > kMaxSubjects) {
        refuse(fmt::format("a statement about {} subjects", subjects.size()));
    }
    for (const json::Value& subject : subjects) {
        statement.subjects.push_back(parse_subject(subject));
    }
    if (const json::Value* predicate = value.as_object().find("predicate")) {
        statement.predicate = *predicate;
    }
    return statement;
}

Bytes write_statement(const Statement& statement) {
    json::Array subjects;
    for (const Subject& subject : statement.subjects) {
        subjects.emplace_back(subject_json(subject));
    }
    return json::write(json::Object{
        {"_type", kStatementType},
        {"subject", std::move(subjects)},
        {"predicateType", statement.predicate_type},
        {"predicate", statement.predicate}});
}

bool is_about(const Statement& statement, std::string_view digest) {
    return std::any_of(
        statement.subjects.begin(), statement.subjects.end(), [&](const Subject& subject) {
            const auto found = subject.digests.find("sha256");
            return found != subject.digests.end() && "sha256:" + found->second == digest;
        });
}

std::string parse_predicate_type(std::string_view name) {
    std::vector<std::string> names;
    for (const auto& [short_name, uri] : kPredicateTypes) {
        if (name == short_name) {
            return std::string(uri);
        }
        names.emplace_back(short_name);
    }
    if (name.find("://") != name.npos) {
        return std::string(name);
    }
    const auto meant = nearest(name, names);
    throw Error(
        ErrorKind::usage, fmt::format("\"{}\" is not a type of predicates", name),
        meant ? fmt::format("did you mean {}?", *meant)
              : fmt::format("use a URI or one of {}", join(names, ", ")));
}

} // namespace pare::attest
