// SPDX-License-Identifier: Apache-2.0
// in-toto statements: something is said (the predicate) of something named by its digest (the
// subject).
#pragma once

#include "support/json.hh"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace pare::attest {

inline constexpr const char* kStatementType = "https://in-toto.io/Statement/v1";
/// Says of an image that it is signed, and nothing else.
inline constexpr const char* kSignatureType = "https://sigstore.dev/cosign/sign/v1";
inline constexpr const char* kProvenanceType = "https://slsa.dev/provenance/v1";

struct Subject {
    std::string name{};
    std::map<std::string, std::string> digests{}; ///< `sha256`: lower-case hex

    bool operator==(const Subject&) const = default;
};

struct Statement {
    std::vector<Subject> subjects{};
    std::string predicate_type{};
    json::Value predicate{};

    bool operator==(const Statement&) const = default;
};

/// Versions 0.1 and 1; throws ErrorKind::refused.
[[nodiscard]] Statement parse_statement(BytesView text, const std::string& name);
/// Version 1, one form for one value.
[[nodiscard]] Bytes write_statement(const Statement& statement);
/// Whether it is about the image of that digest (`sha256:<hex>`).
[[nodiscard]] bool is_about(const Statement& statement, std::string_view digest);

/// The URI of a predicate type from cosign's short name for it (`slsaprovenance1`, `spdx`,
/// `cyclonedx`, ...), or the URI itself. Throws ErrorKind::usage.
[[nodiscard]] std::string parse_predicate_type(std::string_view name);

} // namespace pare::attest
