// SPDX-License-Identifier: Apache-2.0
// Format (docs/signing.md):
//   keys: {NAME: FILE or the PEM text itself}
//   identities: {NAME: {issuer: URL, subject: PATTERN}}
//   trusted-root: FILE
//   rules: [{repositories: [PATTERN], require: [{type: TYPE, signed-by: [NAME]}]}]
// The first rule that names an image's repository decides; what no rule names is refused, and so
// is a rule that asks for nothing: a policy never lets an image pass by silence.
// Refuses: unknown keys and names, names given twice, identities without a trust root.
#include "attest/policy.hh"

#include "attest/statement.hh"
#include "support/error.hh"
#include "support/text.hh"
#include "support/yaml.hh"

#include <fmt/core.h>

#include <algorithm>

namespace pare::attest {

namespace {

using yaml::Node;
using yaml::NodeKind;

[[noreturn]] void fail(const Node& node, std::string message, std::string hint) {
    throw Error(ErrorKind::definition, std::move(message), std::move(hint)).at(node.where);
}

std::string text_of(const Node& node, const char* what) {
    if (node.kind != NodeKind::scalar || node.text.empty()) {
        fail(node, fmt::format("{} must be a text", what), "see docs/signing.md");
    }
    return node.text;
}

/// The items of a list that must not be empty.
const std::vector<Node>& items_of(const Node& node, const char* what) {
    if (node.kind != NodeKind::sequence || node.items.empty()) {
        fail(node, fmt::format("{} must be a list that is not empty", what), "see docs/signing.md");
    }
    return node.items;
}

/// The members of a mapping with no other than the known keys; none when the node is missing.
void check_keys(const Node& node, const char* what, const std::vector<std::string>& known) {
    if (node.kind != NodeKind::mapping) {
        fail(node, fmt::format("{} must be a mapping", what), "see docs/signing.md");
    }
    for (const auto& [key, value] : node.members) {
        if (std::find(known.begin(), known.end(), key.text) == known.end()) {
            const auto meant = nearest(key.text, known);
            fail(
                key, fmt::format("unknown key \"{}\"", key.text),
                meant ? fmt::format("did you mean {}?", *meant)
                      : fmt::format("{} has {}", what, join(known, ", ")));
        }
    }
}

const Node& member(const Node& node, const char* what, const char* key) {
    const Node* found = node.find(key);
    if (found == nullptr) {
        fail(node, fmt::format("{} has no {}", what, key), "see docs/signing.md");
    }
    return *found;
}

class Reader {
public:
    explicit Reader(const ReadFile& read_file) : read_file_(read_file) {}

    Policy read(const Node& root) {
        check_keys(root, "a policy", {"keys", "identities", "trusted-root", "rules"});
        if (const Node* file = root.find("trusted-root")) {
            const std::string path = text_of(*file, "trusted-root");
            policy_.root = parse_trusted_root(read_file_(path), path);
        }
        if (const Node* keys = root.find("keys")) {
            read_keys(*keys);
        }
        if (const Node* identities = root.find("identities")) {
            read_identities(*identities);
        }
        for (const Node& rule : items_of(member(root, "a policy", "rules"), "rules")) {
            policy_.rules.push_back(read_rule(rule));
        }
        return std::move(policy_);
    }

private:
    void add(const Node& name, Identity identity) {
        const bool known = std::any_of(known_.begin(), known_.end(), [&](const Identity& other) {
            return other.name == identity.name;
        });
        if (known) {
            fail(name, fmt::format("{} is named twice", identity.name), "give it another name");
        }
        known_.push_back(std::move(identity));
    }

    void read_keys(const Node& keys) {
        if (keys.kind != NodeKind::mapping) {
            fail(keys, "keys must be a mapping", "keys: {NAME: FILE}");
        }
        for (const auto& [name, value] : keys.members) {
            const std::string text = text_of(value, "a key");
            const bool is_pem = text.starts_with("-----BEGIN ");
            const auto key = with_context("reading the key " + name.text, [&] {
                return crypto::PublicKey::parse(
                    is_pem ? text : read_file_(text), is_pem ? name.text : text);
            });
            add(name, {.name = name.text, .who = KeyHolder{key}});
        }
    }

    void read_identities(const Node& identities) {
        if (identities.kind != NodeKind::mapping) {
            fail(
                identities, "identities must be a mapping",
                "identities: {NAME: {issuer: URL, subject: PATTERN}}");
        }
        for (const auto& [name, value] : identities.members) {
            check_keys(value, "an identity", {"issuer", "subject"});
            if (!policy_.root) {
                fail(
                    name, fmt::format("there is no trust root to know {} by", name.text),
                    "add trusted-root: FILE");
            }
            add(name,
                {.name = name.text,
                 .who = CertificateSubject{
                     .issuer = text_of(member(value, "an identity", "issuer"), "issuer"),
                     .subject = text_of(member(value, "an identity", "subject"), "subject")}});
        }
    }

    Requirement read_requirement(const Node& node) {
        check_keys(node, "a requirement", {"type", "signed-by"});
        Requirement requirement{.predicate_type = kSignatureType};
        if (const Node* type = node.find("type")) {
            try {
                requirement.predicate_type = parse_predicate_type(text_of(*type, "type"));
            } catch (const Error& error) {
                fail(*type, error.message(), error.hint());
            }
        }
        for (const Node& name : items_of(member(node, "a requirement", "signed-by"), "signed-by")) {
            requirement.signers.push_back(find(name));
        }
        return requirement;
    }

    const Identity& find(const Node& name) const {
        const std::string text = text_of(name, "signed-by");
        std::vector<std::string> names;
        for (const Identity& identity : known_) {
            if (identity.name == text) {
                return identity;
            }
            names.push_back(identity.name);
        }
        const auto meant = nearest(text, names);
        fail(
            name, fmt::format("\"{}\" is neither a key nor an identity", text),
            meant ? fmt::format("did you mean {}?", *meant) : "name it under keys or identities");
    }

    Rule read_rule(const Node& node) {
        check_keys(node, "a rule", {"repositories", "require"});
        Rule rule;
        for (const Node& pattern :
             items_of(member(node, "a rule", "repositories"), "repositories")) {
            rule.repositories.push_back(text_of(pattern, "a repository"));
        }
        for (const Node& requirement : items_of(member(node, "a rule", "require"), "require")) {
            rule.requirements.push_back(read_requirement(requirement));
        }
        return rule;
    }

    const ReadFile& read_file_;
    std::vector<Identity> known_{};
    Policy policy_{};
};

} // namespace

Policy parse_policy(std::string_view text, const std::string& name, const ReadFile& read_file) {
    return with_context("reading the policy " + name, [&] {
        return Reader(read_file).read(yaml::parse(text, name));
    });
}

const Rule& find_rule(const Policy& policy, const std::string& repository) {
    for (const Rule& rule : policy.rules) {
        for (const std::string& pattern : rule.repositories) {
            if (glob_matches(pattern, repository)) {
                return rule;
            }
        }
    }
    throw Error(
        ErrorKind::refused,
        fmt::format("no rule of the policy is for the repository \"{}\"", repository),
        "add a rule for it, or give its name with --repository");
}

} // namespace pare::attest
