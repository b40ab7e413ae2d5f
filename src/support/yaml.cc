// SPDX-License-Identifier: Apache-2.0
// YAML 1.1 by libyaml's events, which all carry their place. What its composer would do is done
// here, because it guesses types, takes duplicate keys and expands aliases without limit. Every
// event is counted and every level too, so that deep nesting and alias bombs stop at once.
#include "support/yaml.hh"

#include <fmt/core.h>
#include <yaml.h>

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

namespace pare::yaml {

namespace {

constexpr std::size_t kDeepest = 64;
constexpr std::size_t kMostNodes = 100'000;

class Parser {
public:
    Parser(std::string_view text, const std::string& name) : name_(name) {
        ensure(yaml_parser_initialize(&parser_) == 1, "libyaml cannot start");
        yaml_parser_set_input_string(
            &parser_, reinterpret_cast<const unsigned char*>(text.data()), text.size());
    }

    Parser(const Parser&) = delete;
    Parser& operator=(const Parser&) = delete;

    ~Parser() {
        yaml_event_delete(&event_);
        yaml_parser_delete(&parser_);
    }

    Node document() {
        advance();
        ensure(event_.type == YAML_STREAM_START_EVENT, "YAML begins with no stream");
        advance();
        if (event_.type == YAML_STREAM_END_EVENT) {
            return {.where = {name_, 1, 1}};
        }
        advance();
        Node root = node(0);
        advance();
        ensure(event_.type == YAML_DOCUMENT_END_EVENT, "a YAML document has no end");
        advance();
        if (event_.type != YAML_STREAM_END_EVENT) {
            fail("a second document begins; only one is read", here());
        }
        return root;
    }

private:
    [[noreturn]] static void fail(const std::string& why, Where where) {
        throw Error(ErrorKind::definition, why).at(std::move(where));
    }

    [[nodiscard]] Where place(const yaml_mark_t& mark) const {
        return {name_, mark.line + 1, mark.column + 1};
    }

    [[nodiscard]] Where here() const { return place(event_.start_mark); }

    void advance() {
        yaml_event_delete(&event_);
        if (yaml_parser_parse(&parser_, &event_) == 1) {
            return;
        }
        const bool has_place = parser_.problem_mark.line > 0 || parser_.problem_mark.column > 0;
        std::string why = parser_.problem == nullptr ? "bad YAML" : parser_.problem;
        if (parser_.context != nullptr) {
            why += fmt::format(" {} (line {})", parser_.context, parser_.context_mark.line + 1);
        }
        event_ = {};
        fail("bad YAML: " + why, has_place ? place(parser_.problem_mark) : Where{name_, 1, 1});
    }

    void count(std::size_t nodes) {
        nodes_ += nodes;
        if (nodes_ > kMostNodes) {
            fail(fmt::format("the document has more than {} nodes", kMostNodes), here());
        }
    }

    /// The node that the current event begins; afterwards the current event is its last.
    Node node(std::size_t depth) {
        if (depth > kDeepest) {
            fail(fmt::format("it is nested more than {} levels deep", kDeepest), here());
        }
        count(1);
        switch (event_.type) {
        case YAML_ALIAS_EVENT:
            return alias();
        case YAML_SCALAR_EVENT:
            return remember(event_.data.scalar.anchor, scalar());
        case YAML_SEQUENCE_START_EVENT: {
            const std::string anchor = text_of(event_.data.sequence_start.anchor);
            return remember(anchor, sequence(depth));
        }
        case YAML_MAPPING_START_EVENT: {
            const std::string anchor = text_of(event_.data.mapping_start.anchor);
            return remember(anchor, mapping(depth));
        }
        default:
            fail("a value is missing", here());
        }
    }

    static std::string text_of(const yaml_char_t* text) {
        return text == nullptr ? "" : reinterpret_cast<const char*>(text);
    }

    Node remember(const yaml_char_t* anchor, Node made) {
        return remember(text_of(anchor), std::move(made));
    }

    Node remember(const std::string& anchor, Node made) {
        if (!anchor.empty()) {
            anchors_[anchor] = {made, size_of(made)};
        }
        return made;
    }

    static std::size_t size_of(const Node& node) {
        std::size_t size = 1;
        for (const Node& item : node.items) {
            size += size_of(item);
        }
        for (const auto& [key, value] : node.members) {
            size += 1 + size_of(value);
        }
        return size;
    }

    /// A copy of what the anchor holds, counted as if it were written out.
    Node alias() {
        const std::string name = text_of(event_.data.alias.anchor);
        const auto known = anchors_.find(name);
        if (known == anchors_.end()) {
            fail(fmt::format("the alias *{} has no anchor before it", name), here());
        }
        count(known->second.second);
        Node copy = known->second.first;
        copy.where = here();
        return copy;
    }

    Node scalar() {
        const auto& data = event_.data.scalar;
        Node made{.kind = NodeKind::scalar, .where = here()};
        made.text.assign(reinterpret_cast<const char*>(data.value), data.length);
        made.quoted = data.style != YAML_PLAIN_SCALAR_STYLE;
        const bool is_null = made.text.empty() || made.text == "~" || made.text == "null" ||
                             made.text == "Null" || made.text == "NULL";
        if (!made.quoted && is_null) {
            made.kind = NodeKind::null;
            made.text.clear();
        }
        return made;
    }

    Node sequence(std::size_t depth) {
        Node made{.kind = NodeKind::sequence, .where = here()};
        advance();
        while (event_.type != YAML_SEQUENCE_END_EVENT) {
            made.items.push_back(node(depth + 1));
            advance();
        }
        return made;
    }

    Node mapping(std::size_t depth) {
        Node made{.kind = NodeKind::mapping, .where = here()};
        std::map<std::string, Where> known;
        std::vector<Node> merges;
        advance();
        while (event_.type != YAML_MAPPING_END_EVENT) {
            Node key = node(depth + 1);
            if (key.kind != NodeKind::scalar) {
                fail("a key is no text", key.where);
            }
            advance();
            Node value = node(depth + 1);
            advance();
            if (key.text == "<<" && !key.quoted) {
                merges.push_back(std::move(value));
                continue;
            }
            const auto [earlier, is_new] = known.emplace(key.text, key.where);
            if (!is_new) {
                fail(
                    fmt::format(
                        "the key '{}' stands twice; first in line {}", key.text,
                        earlier->second.line),
                    key.where);
            }
            made.members.emplace_back(std::move(key), std::move(value));
        }
        for (const Node& merge : merges) {
            merge_into(made, merge);
        }
        return made;
    }

    /// `<<: *defaults` or a list of such: keys that are there already win.
    static void merge_into(Node& made, const Node& merge) {
        if (merge.kind == NodeKind::sequence) {
            for (const Node& item : merge.items) {
                merge_into(made, item);
            }
            return;
        }
        if (merge.kind != NodeKind::mapping) {
            fail("only mappings can be merged with <<", merge.where);
        }
        for (const auto& member : merge.members) {
            if (made.find(member.first.text) == nullptr) {
                made.members.push_back(member);
            }
        }
    }

    std::string name_;
    yaml_parser_t parser_{};
    yaml_event_t event_{};
    std::map<std::string, std::pair<Node, std::size_t>> anchors_;
    std::size_t nodes_ = 0;
};

} // namespace

const Node* Node::find(std::string_view key) const {
    const auto known = std::find_if(members.begin(), members.end(), [&](const auto& member) {
        return member.first.text == key;
    });
    return known == members.end() ? nullptr : &known->second;
}

Node parse(std::string_view text, const std::string& name) {
    return Parser(text, name).document();
}

} // namespace pare::yaml
