// SPDX-License-Identifier: Apache-2.0
// The table of keys as JSON Schema (draft 2020-12), for editors. It is as strict about names as the
// reader; about values it is laxer where JSON Schema cannot say what the reader checks.
#include "definition/schema.hh"
#include "support/json.hh"

#include <fmt/core.h>

#include <utility>

namespace pare::definition {

namespace {

using json::Array;
using json::Object;

Object reference_to(const std::string& place) {
    return {{"$ref", place}};
}

Object one_of(Array choices) {
    return {{"anyOf", std::move(choices)}};
}

/// Of keys that may stand there without a value.
Object list_of(Object items) {
    return {{"type", Array{"array", "null"}}, {"items", std::move(items)}};
}

Object map_of(Object values) {
    return {{"type", Array{"object", "null"}}, {"additionalProperties", std::move(values)}};
}

/// Texts are read as they are written, so numbers and truth values will do.
Object text() {
    return {{"type", Array{"string", "number", "boolean"}}};
}

Object given_text() {
    return {{"type", Array{"string", "number", "boolean", "null"}}};
}

Object words() {
    return {{"type", "array"}, {"items", text()}};
}

Object whole_number() {
    return {{"type", "integer"}, {"minimum", 0}};
}

Object choice(const Key& key) {
    Array values;
    for (const std::string_view value : key.choices()) {
        values.emplace_back(value);
    }
    return {{"enum", std::move(values)}};
}

Object object_schema(Keys keys);

Object value_schema(const Key& key) {
    switch (key.shape) {
    case Shape::text:
        if (key.choices != nullptr) {
            return choice(key);
        }
        return key.need == Need::required ? text() : given_text();
    case Shape::texts:
        return list_of(key.choices != nullptr ? choice(key) : text());
    case Shape::command:
        return one_of({given_text(), words()});
    case Shape::number:
        return whole_number();
    case Shape::boolean:
        return {{"type", "boolean"}};
    case Shape::mode:
        return one_of(
            {whole_number(), Object{{"type", "string"}, {"pattern", "^(0o)?[0-7]{1,5}$"}}});
    case Shape::text_map:
        return map_of(given_text());
    case Shape::object:
        return object_schema(key.members());
    case Shape::objects:
        return list_of(object_schema(key.members()));
    case Shape::target:
        return one_of({Object{{"type", "string"}}, object_schema(key.members())});
    case Shape::hashes:
        return one_of({text(), map_of(text())});
    case Shape::packages:
        return list_of(one_of({Object{{"type", "string"}}, object_schema(key.members())}));
    case Shape::overlays:
        return map_of(reference_to("#/$defs/overlay"));
    case Shape::variants:
        return one_of({list_of(text()), map_of(reference_to("#/$defs/overlay"))});
    }
    return {};
}

Object described(const Key& key, Object schema) {
    schema.set("description", key.description);
    return schema;
}

Object object_of(Object properties, Array required) {
    Object schema{{"type", Array{"object", "null"}}, {"properties", std::move(properties)}};
    if (!required.empty()) {
        schema.set("type", "object");
        schema.set("required", std::move(required));
    }
    schema.set("additionalProperties", false);
    return schema;
}

Object object_schema(Keys keys) {
    Object properties;
    Array required;
    for (const Key& key : keys) {
        properties.set(std::string(key.name), described(key, value_schema(key)));
        if (key.need == Need::required) {
            required.emplace_back(key.name);
        }
    }
    return object_of(std::move(properties), std::move(required));
}

} // namespace

std::string json_schema() {
    Object properties;
    Object overlay;
    for (const Key& key : definition_keys()) {
        const std::string name(key.name);
        Object schema = described(key, value_schema(key));
        if (key.scope == Scope::overlay) {
            overlay.set(name, std::move(schema));
            schema = reference_to(fmt::format("#/$defs/overlay/properties/{}", name));
        }
        properties.set(name, std::move(schema));
    }
    Object schema{
        {"$schema", "https://json-schema.org/draft/2020-12/schema"},
        {"title", "pare definition"},
        {"description", "What a container image holds. Every apko.yaml is one."}};
    const Object whole = object_of(std::move(properties), {});
    for (const auto& [name, value] : whole.members()) {
        schema.set(name, value);
    }
    schema.set("$defs", Object{{"overlay", object_of(std::move(overlay), {})}});
    return json::write(schema, json::Layout::pretty) + "\n";
}

} // namespace pare::definition
