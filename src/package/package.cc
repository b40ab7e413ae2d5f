// SPDX-License-Identifier: Apache-2.0
#include "package/package.hh"

#include <fmt/core.h>

namespace pare::package {

std::string_view to_string(Operator op) {
    switch (op) {
    case Operator::any:
        return "";
    case Operator::less:
        return "<<";
    case Operator::less_equal:
        return "<=";
    case Operator::equal:
        return "=";
    case Operator::greater_equal:
        return ">=";
    case Operator::greater:
        return ">>";
    }
    return "";
}

std::string to_string(const Relation& relation) {
    const std::string colon = relation.qualifier.empty() ? "" : ":";
    if (relation.op == Operator::any) {
        return relation.name + colon + relation.qualifier;
    }
    return fmt::format(
        "{}{}{} ({} {})", relation.name, colon, relation.qualifier, to_string(relation.op),
        relation.version);
}

std::string to_string(const Alternatives& alternatives) {
    std::string text;
    for (const Relation& relation : alternatives) {
        text += (text.empty() ? "" : " | ") + to_string(relation);
    }
    return text;
}

} // namespace pare::package
