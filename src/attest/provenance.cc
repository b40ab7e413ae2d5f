// SPDX-License-Identifier: Apache-2.0
// Format: SLSA provenance v1 (slsa.dev/spec/v1.0/provenance). What the user decided is an external
// parameter: the definition, the options, the checks turned off. What pare took for it is a
// resolved dependency. There is no time and no invocation in it: a build that is done again says
// the same, so that two builders can be compared.
#include "attest/provenance.hh"

#include <algorithm>
#include <set>

namespace pare::attest {

namespace {

constexpr const char* kBuildType = "urn:pare:build:v1";

json::Object map_json(const std::map<std::string, std::string>& map) {
    json::Object object;
    for (const auto& [key, value] : map) {
        object.set(key, value);
    }
    return object;
}

json::Object material_json(const Material& material) {
    json::Object object;
    if (!material.name.empty()) {
        object.set("name", material.name);
    }
    if (!material.uri.empty()) {
        object.set("uri", material.uri);
    }
    object.set("digest", map_json(material.digests));
    return object;
}

} // namespace

json::Object provenance_predicate(const Provenance& provenance) {
    json::Object external{{"definition", material_json(provenance.definition)}};
    if (provenance.source != Material()) {
        external.set("source", material_json(provenance.source));
    }
    external.set("parameters", map_json(provenance.parameters));
    json::Array relaxed;
    for (const std::string& check :
         std::set<std::string>(provenance.relaxed.begin(), provenance.relaxed.end())) {
        relaxed.emplace_back(check);
    }
    external.set("relaxedChecks", std::move(relaxed));
    json::Array dependencies;
    for (const Material& material :
         std::set<Material>(provenance.dependencies.begin(), provenance.dependencies.end())) {
        dependencies.emplace_back(material_json(material));
    }
    return {
        {"buildDefinition",
         json::Object{
             {"buildType", kBuildType},
             {"externalParameters", std::move(external)},
             {"internalParameters", json::Object{{"lock", material_json(provenance.lock)}}},
             {"resolvedDependencies", std::move(dependencies)}}},
        {"runDetails",
         json::Object{
             {"builder", json::Object{
                             {"id", provenance.builder},
                             {"version", json::Object{{"pare", provenance.pare_version}}}}}}}};
}

} // namespace pare::attest
