// SPDX-License-Identifier: Apache-2.0
// Provenance read back (provenance.cc has the format). A rebuild does what it says, so that it must
// be whole and agree with itself: the texts of definitions and the lock are what their hashes say,
// and packages and archives are those of the lock. Members that are not known are passed over, as
// SLSA wants it, but a kind of dependency that is not known is refused: nobody could rebuild with
// it. Refuses also: other build types, more than 64 definitions, paths with NUL, absolute paths.
#include "attest/members.hh"
#include "attest/provenance.hh"
#include "attest/provenance_form.hh"
#include "support/digest.hh"
#include "support/error.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

namespace pare::attest {

namespace {

constexpr std::size_t kMaxDefinitions = 64;
constexpr std::size_t kMaxArchitectures = 100;
constexpr std::array kFileUses = {
    FileUse::content, FileUse::slices, FileUse::keyring, FileUse::pins};

[[noreturn]] void refuse(std::string why) {
    throw Error(ErrorKind::refused, "the provenance " + std::move(why));
}

std::string path_member(const json::Value& object, std::string_view key) {
    const std::string& path = object.at(key).as_string();
    if (path.empty() || path.front() == '/' || path.find('\0') != std::string::npos) {
        refuse(fmt::format("has a \"{}\" that is no relative path", key));
    }
    return path;
}

std::string sha256_member(const json::Value& object) {
    const std::string& sha256 = object.at("digest").at("sha256").as_string();
    if (!is_hex(sha256, 64)) {
        refuse("has a \"sha256\" that is none");
    }
    return sha256;
}

/// False when it is not there.
bool flag(const json::Value& object, std::string_view key) {
    const json::Value* value = find_some(object, key);
    return value != nullptr && value->as_boolean();
}

std::vector<std::string> texts(const json::Array& array) {
    std::vector<std::string> list;
    list.reserve(array.size());
    for (const json::Value& value : array) {
        list.push_back(value.as_string());
    }
    return list;
}

BuildParameters parse_parameters(const json::Value& external) {
    const json::Value& given = external.at("parameters");
    BuildParameters parameters{
        .definition = path_member(external, "definition"),
        .variant = given.at("variant").as_string(),
        .distribution = given.at("distribution").as_string(),
        .architectures = texts(given.at("architectures").as_array()),
        .compression = given.at("compression").as_string(),
        .mirror = optional_text(given, "mirror")};
    if (find_some(given, "sourceDateEpoch") != nullptr) {
        parameters.source_date_epoch = optional_number(given, "sourceDateEpoch");
    }
    if (parameters.architectures.empty() || parameters.architectures.size() > kMaxArchitectures) {
        refuse(fmt::format("is of {} architectures", parameters.architectures.size()));
    }
    return parameters;
}

package::Lock parse_lock(const json::Value& internal) {
    const json::Value& lock = internal.at("lock");
    const std::string text = json::write(lock.at("document"));
    package::Lock parsed;
    try {
        parsed = package::parse_lock(text, "lock");
    } catch (const Error& error) {
        refuse(fmt::format("has a lock that is none: {}", error.message()));
    }
    if (lock_sha256(parsed) != sha256_member(lock)) {
        refuse("has a lock that is not what its hash says");
    }
    return parsed;
}

DefinitionSource parse_definition(const json::Value& value) {
    DefinitionSource definition{.name = path_member(value, "name"), .sha256 = sha256_member(value)};
    if (find_some(value, "content") != nullptr) {
        definition.text = base64_member(value, "content");
        if (hash_hex(*definition.text) != definition.sha256) {
            refuse(fmt::format("has a text of {} that is not what its hash says", definition.name));
        }
    } else if (optional_text(value, "uri") != kBuiltInPrefix + definition.name) {
        refuse(fmt::format("has no text of {}", definition.name));
    }
    return definition;
}

BaseSource parse_base(const json::Value& value) {
    return {
        .reference = value.at("name").as_string(),
        .architecture = value.at("annotations").at("architecture").as_string(),
        .digest = "sha256:" + sha256_member(value)};
}

/// Adds the resolved dependencies to the rest.
class Dependencies {
public:
    explicit Dependencies(Provenance& provenance) : provenance_(provenance) {}

    void add(const json::Value& value) {
        const json::Value& annotations = value.at("annotations");
        const std::string& kind = annotations.at("kind").as_string();
        if (kind == kPackageKind || kind == kArchiveKind) {
            fetched_.insert(
                {kind, value.at("name").as_string(), value.at("uri").as_string(),
                 sha256_member(value)});
        } else if (kind == kDefinitionKind) {
            provenance_.definitions.push_back(parse_definition(value));
        } else if (kind == kBaseKind) {
            provenance_.bases.push_back(parse_base(value));
        } else if (kind == kSourceKind) {
            provenance_.revision = {
                .commit = value.at("digest").at("gitCommit").as_string(),
                .dirty = flag(annotations, "dirty")};
        } else {
            add_file(value, kind, annotations);
        }
    }

    void finish() {
        if (fetched_ != fetched_of(provenance_.lock)) {
            refuse("names other packages than its lock");
        }
        const std::vector<DefinitionSource>& definitions = provenance_.definitions;
        if (definitions.empty() || definitions.size() > kMaxDefinitions) {
            refuse(fmt::format("has {} definitions", definitions.size()));
        }
        if (definitions.front().name != provenance_.parameters.definition) {
            refuse(fmt::format("has no definition {}", provenance_.parameters.definition));
        }
        std::sort(provenance_.files.begin(), provenance_.files.end());
        std::sort(provenance_.bases.begin(), provenance_.bases.end());
    }

private:
    void
    add_file(const json::Value& value, const std::string& kind, const json::Value& annotations) {
        const auto* const use = std::find_if(kFileUses.begin(), kFileUses.end(), [&](FileUse each) {
            return file_kind(each) == kind;
        });
        if (use == kFileUses.end()) {
            refuse(fmt::format("has a dependency of the unknown kind \"{}\"", kind));
        }
        provenance_.files.push_back(
            {.use = *use,
             .path = path_member(value, "name"),
             .sha256 = sha256_member(value),
             .executable = flag(annotations, "executable"),
             .symlink = flag(annotations, "symlink")});
    }

    Provenance& provenance_;
    std::set<Fetched> fetched_{};
};

} // namespace

Provenance parse_provenance(const json::Value& predicate) {
    const json::Value& build = predicate.at("buildDefinition");
    const json::Value& builder = predicate.at("runDetails").at("builder");
    const std::string& type = build.at("buildType").as_string();
    if (type != kBuildType) {
        throw Error(
            ErrorKind::refused, fmt::format("the provenance is of a build of type \"{}\"", type),
            "the image was not built by pare");
    }
    Provenance provenance{
        .builder = builder.at("id").as_string(),
        .pare_version = builder.at("version").at("pare").as_string(),
        .parameters = parse_parameters(build.at("externalParameters")),
        .relaxed = texts(build.at("externalParameters").at("relaxedChecks").as_array()),
        .lock = parse_lock(build.at("internalParameters"))};
    std::sort(provenance.relaxed.begin(), provenance.relaxed.end());
    Dependencies dependencies(provenance);
    for (const json::Value& value : build.at("resolvedDependencies").as_array()) {
        dependencies.add(value);
    }
    dependencies.finish();
    return provenance;
}

} // namespace pare::attest
