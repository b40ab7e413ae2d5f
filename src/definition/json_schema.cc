// SPDX-License-Identifier: Apache-2.0
// The table of keys as JSON Schema, draft 2020-12, for editors.
#include "definition/schema.hh"
#include "support/json.hh"

namespace pare::definition {

namespace {

json::Object typed(const char* type) {
    json::Object schema;
    schema.set("type", type);
    return schema;
}

json::Object list_of(json::Object items) {
    json::Object schema = typed("array");
    schema.set("items", std::move(items));
    return schema;
}

json::Object one_of(json::Array choices) {
    json::Object schema;
    schema.set("anyOf", std::move(choices));
    return schema;
}

/// Texts are read as they are written, so numbers and truth values will do.
json::Object text_schema() {
    json::Object schema;
    schema.set("type", json::Array{"string", "number", "boolean"});
    return schema;
}

json::Object map_of(json::Object values) {
    json::Object schema = typed("object");
    schema.set("additionalProperties", std::move(values));
    return schema;
}

json::Object definition_reference() {
    json::Object schema;
    schema.set("$ref", "#");
    return schema;
}

json::Object object_schema(std::span<const Key> keys);

json::Object value_schema(const Key& key) {
    switch (key.shape) {
    case Shape::text:
        // Commands may be given as a list of words too.
        return key.name == "command" || key.name == "cmd"
                   ? one_of({text_schema(), list_of(text_schema())})
                   : text_schema();
    case Shape::texts:
        return list_of(text_schema());
    case Shape::number:
        return typed("integer");
    case Shape::boolean:
        return typed("boolean");
    case Shape::mode:
        return text_schema();
    case Shape::text_map:
        return map_of(text_schema());
    case Shape::object:
        return object_schema(key.members);
    case Shape::objects:
        return list_of(object_schema(key.members));
    case Shape::packages:
        return list_of(one_of({typed("string"), object_schema(key.members)}));
    case Shape::overlays:
        return map_of(definition_reference());
    case Shape::variants:
        return one_of({list_of(typed("string")), map_of(definition_reference())});
    case Shape::any:
        break;
    }
    return {};
}

json::Object object_schema(std::span<const Key> keys) {
    json::Object properties;
    for (const Key& key : keys) {
        json::Object schema = value_schema(key);
        schema.set("description", key.description);
        properties.set(std::string(key.name), std::move(schema));
    }
    json::Object schema;
    schema.set("type", json::Array{"object", "null"});
    schema.set("properties", std::move(properties));
    schema.set("additionalProperties", false);
    return schema;
}

} // namespace

std::string json_schema() {
    json::Object schema;
    schema.set("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.set("title", "pare definition");
    const json::Object keys = object_schema(definition_keys());
    for (const auto& [name, value] : keys.members()) {
        schema.set(name, value);
    }
    return json::write(schema, json::Layout::pretty) + "\n";
}

} // namespace pare::definition
