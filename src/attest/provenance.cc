// SPDX-License-Identifier: Apache-2.0
// Format: SLSA provenance v1 (slsa.dev/spec/v1.0/provenance). What the user decided is an external
// parameter: the definition, the options, the checks turned off. The lock is pare's own decision,
// an internal parameter. All that was taken for it is a resolved dependency, in the form of a
// ResourceDescriptor (in-toto spec/v1/resource_descriptor.md) whose annotation `kind` says what it
// is. There is no time and no number of a run in it: a build that is done again says the same, so
// that two builders can be compared.
#include "attest/provenance.hh"

#include "attest/provenance_form.hh"
#include "support/base64.hh"
#include "support/digest.hh"

#include <set>
#include <utility>

namespace pare::attest {

namespace {

json::Object sha256_json(const std::string& sha256) {
    return {{"sha256", sha256}};
}

json::Object parameters_json(const BuildParameters& parameters) {
    json::Object object{
        {"variant", parameters.variant},
        {"distribution", parameters.distribution},
        {"architectures",
         json::Array(parameters.architectures.begin(), parameters.architectures.end())},
        {"compression", parameters.compression}};
    if (!parameters.mirror.empty()) {
        object.set("mirror", parameters.mirror);
    }
    if (parameters.source_date_epoch) {
        object.set("sourceDateEpoch", *parameters.source_date_epoch);
    }
    return object;
}

json::Object definition_json(const DefinitionSource& definition) {
    if (!definition.text) {
        return {
            {"name", definition.name},
            {"uri", kBuiltInPrefix + definition.name},
            {"digest", sha256_json(definition.sha256)},
            {"annotations", json::Object{{"kind", kDefinitionKind}}}};
    }
    return {
        {"name", definition.name},
        {"digest", sha256_json(definition.sha256)},
        {"content", to_base64(*definition.text)},
        {"mediaType", "application/yaml"},
        {"annotations", json::Object{{"kind", kDefinitionKind}}}};
}

json::Object file_json(const SourceFile& file) {
    json::Object annotations{{"kind", file_kind(file.use)}};
    if (file.executable) {
        annotations.set("executable", true);
    }
    if (file.symlink) {
        annotations.set("symlink", true);
    }
    return {
        {"name", file.path},
        {"digest", sha256_json(file.sha256)},
        {"annotations", std::move(annotations)}};
}

json::Object base_json(const BaseSource& base) {
    return {
        {"name", base.reference},
        {"digest", sha256_json(digest_hex(base.digest))},
        {"annotations", json::Object{{"kind", kBaseKind}, {"architecture", base.architecture}}}};
}

json::Object revision_json(const Revision& revision) {
    return {
        {"name", "source"},
        {"digest", json::Object{{"gitCommit", revision.commit}}},
        {"annotations", json::Object{{"kind", kSourceKind}, {"dirty", revision.dirty}}}};
}

json::Array dependencies_json(const Provenance& provenance) {
    json::Array list;
    for (const DefinitionSource& definition : provenance.definitions) {
        list.emplace_back(definition_json(definition));
    }
    for (const SourceFile& file : provenance.files) {
        list.emplace_back(file_json(file));
    }
    for (const BaseSource& base : provenance.bases) {
        list.emplace_back(base_json(base));
    }
    if (provenance.revision) {
        list.emplace_back(revision_json(*provenance.revision));
    }
    for (const Fetched& fetched : fetched_of(provenance.lock)) {
        list.emplace_back(json::Object{
            {"name", fetched.name},
            {"uri", fetched.uri},
            {"digest", sha256_json(fetched.sha256)},
            {"annotations", json::Object{{"kind", fetched.kind}}}});
    }
    return list;
}

} // namespace

std::string_view file_kind(FileUse use) {
    switch (use) {
    case FileUse::content:
        return "file";
    case FileUse::slices:
        return "slices";
    case FileUse::keyring:
        return "keyring";
    case FileUse::pins:
        return "archives-lock";
    }
    return "";
}

std::set<Fetched> fetched_of(const package::Lock& lock) {
    std::set<Fetched> all;
    for (const auto& [architecture, steps] : lock.architectures) {
        for (const package::LockedStep& step : steps) {
            for (const package::LockedPackage& package : step.packages) {
                all.insert({kPackageKind, package.name, package.url, package.sha256});
            }
            for (const package::LockedArchive& archive : step.archives) {
                all.insert({kArchiveKind, archive.name, archive.url, archive.sha256});
            }
        }
    }
    return all;
}

std::string lock_sha256(const package::Lock& lock) {
    return hash_hex(package::write_lock(lock));
}

json::Object provenance_predicate(const Provenance& provenance) {
    json::Object external{
        {"definition", provenance.parameters.definition},
        {"parameters", parameters_json(provenance.parameters)},
        {"relaxedChecks", json::Array(provenance.relaxed.begin(), provenance.relaxed.end())}};
    json::Object lock{
        {"digest", sha256_json(lock_sha256(provenance.lock))},
        {"document", json::parse(package::write_lock(provenance.lock), "lock")}};
    return {
        {"buildDefinition",
         json::Object{
             {"buildType", kBuildType},
             {"externalParameters", std::move(external)},
             {"internalParameters", json::Object{{"lock", std::move(lock)}}},
             {"resolvedDependencies", dependencies_json(provenance)}}},
        {"runDetails",
         json::Object{
             {"builder", json::Object{
                             {"id", provenance.builder},
                             {"version", json::Object{{"pare", provenance.pare_version}}}}}}}};
}

} // namespace pare::attest
