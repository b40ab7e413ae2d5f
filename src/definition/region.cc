// SPDX-License-Identifier: Apache-2.0
// Debian has all locales compiled in one package, locales-all, a directory each; of that the build
// takes the wanted ones (cut/locales.hh). C.UTF-8 is in libc-bin, and C in the library itself.
#include "definition/region.hh"

#include "definition/values.hh"

#include <algorithm>
#include <string_view>

namespace pare::definition {

namespace {

constexpr std::size_t kLongestName = 64;

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Of letters, digits and these marks, beginning with a letter, and not too long.
bool is_name(std::string_view text, std::string_view marks) {
    return text.size() <= kLongestName && is_made_of(text, marks) && is_letter(text.front());
}

} // namespace

std::optional<std::string> given_time_zone_of(const yaml::Node& node) {
    std::optional<std::string> name = given_text_of(node);
    if (name &&
        (!is_name(*name, "/_+-") || name->back() == '/' || name->find("//") != std::string::npos)) {
        wrong_type(node, "the name of a time zone, like Europe/Berlin");
    }
    return name;
}

std::vector<std::string> locales_of(const yaml::Node& node) {
    std::vector<std::string> names;
    for (const yaml::Node& item : items_of(node)) {
        const std::string name = text_of(item);
        if (!is_name(name, "_.@-")) {
            wrong_type(item, "the name of a locale, like de_DE.UTF-8");
        }
        names.push_back(name);
    }
    return names;
}

void request_locales(std::vector<Step>& steps) {
    std::vector<std::string> compiled;
    for (Step& step : steps) {
        const std::size_t before = compiled.size();
        for (const std::string& name : step.locales) {
            if (name == "C.UTF-8" || name == "C.utf8") {
                step.packages.push_back({.name = "libc-bin", .slice = "locale", .implied = true});
            } else if (name != "C" && name != "POSIX") {
                compiled.push_back(name);
            }
        }
        if (compiled.size() > before) {
            step.packages.push_back(
                {.name = "locales-all", .slice = "compiled", .locales = compiled, .implied = true});
        }
    }
}

} // namespace pare::definition
