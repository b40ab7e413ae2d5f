// SPDX-License-Identifier: Apache-2.0
#include "definition/schema.hh"
#include "folder.hh"
#include "support/json.hh"

#include <doctest/doctest.h>

#include <cstdlib>

using namespace pare;
using namespace pare::definition;

namespace {

void check_keys(Keys keys) {
    for (std::size_t i = 0; i < keys.size(); ++i) {
        CHECK_FALSE(keys[i].description.empty());
        CHECK(keys[i].description.ends_with('.'));
        CHECK(find_key(keys, keys[i].name) == &keys[i]);
        CHECK((keys[i].read != nullptr || keys[i].shape == Shape::object));
        const bool has_members = keys[i].shape == Shape::object ||
                                 keys[i].shape == Shape::objects ||
                                 keys[i].shape == Shape::target || keys[i].shape == Shape::packages;
        CHECK(has_members == (keys[i].members != nullptr));
        if (has_members) {
            check_keys(keys[i].members());
        }
    }
}

std::string source_directory() {
    const char* const source = std::getenv("PARE_SOURCE");
    REQUIRE(source != nullptr);
    return source;
}

} // namespace

TEST_CASE("every key has one name, a description and somebody who reads it") {
    check_keys(definition_keys());
}

TEST_CASE("docs/definition.schema.json is what the table of keys says") {
    const auto path = std::filesystem::path(source_directory()) / "docs/definition.schema.json";
    if (std::getenv("PARE_ACCEPT") != nullptr) {
        write_file(path, json_schema());
    }
    CHECK(read_file(path) == json_schema());
}

TEST_CASE("docs/definition.md tells of every key") {
    const std::string page = read_file(source_directory() + "/docs/definition.md");
    for (const Key& key : definition_keys()) {
        INFO(key.name);
        CHECK(
            (page.find("\n" + std::string(key.name) + ":") != std::string::npos ||
             page.find("`" + std::string(key.name) + "`") != std::string::npos));
    }
}

TEST_CASE("the example of docs/definition.md reads") {
    const std::string page = read_file(source_directory() + "/docs/definition.md");
    const std::string fence = "```yaml\n";
    const std::size_t begin = page.find(fence) + fence.size();
    const Folder folder;
    folder.write("x.yaml", page.substr(begin, page.find("```", begin) - begin));
    for (const char* distribution : {"debian:12", "debian:13"}) {
        CHECK(folder.read("x.yaml", {"all"}, distribution).size() == 4);
    }
}

TEST_CASE("the built-in definitions are the files of images/") {
    const Library library = built_in_library();
    for (const std::string& name : library.names) {
        CHECK(
            library.built_in(name) == read_file(source_directory() + "/images/" + name + ".yaml"));
    }
    CHECK_FALSE(library.built_in("nothing").has_value());
}
