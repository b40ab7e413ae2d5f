// SPDX-License-Identifier: Apache-2.0
// YAML 1.1 by libyaml's events, which all carry their place. What its composer would do is done
// here, because it guesses types, takes duplicate keys and expands aliases without limit. Every
// node is counted, those that an alias or anchor copies too, and so is every level, so that deep
// nesting and alias bombs stop at once. Refused besides: a second document, keys that are no
// scalars, tags of applications.
#include "support/yaml.hh"

#include "support/json.hh"

#include <fmt/core.h>
#include <yaml.h>

#include <algorithm>
#include <array>
#include <functional>
#include <initializer_list>
#include <map>
#include <optional>
#include <utility>

namespace pare::yaml {

namespace {

constexpr std::size_t kDeepest = 64;
constexpr std::size_t kMostNodes = 100'000;
constexpr const char* kQuoteTags = "put a text that begins with '!' in quotes";
constexpr std::string_view kTagPrefix = "tag:yaml.org,2002:";

/// Characters that YAML does not take as they are, or takes for the end of a line.
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kEscapes = {{
    {"\x7f", "\\x7f"},
    {"\xe2\x80\xa8", "\\u2028"},
    {"\xe2\x80\xa9", "\\u2029"},
    {"\xef\xbb\xbf", "\\ufeff"},
    {"\xef\xbf\xbe", "\\ufffe"},
    {"\xef\xbf\xbf", "\\uffff"},
}};

/// How much a node is, with all below it.
struct Extent {
    std::size_t nodes = 1;
    std::size_t levels = 0; ///< below the node itself
};

struct Anchor {
    Node node;
    Extent extent;
};

class Parser {
public:
    Parser(std::string_view text, const std::string& name) : text_(text), name_(name) {
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

    /// Of a byte that is no text; libyaml has no mark for it.
    [[nodiscard]] Where place_of_byte(std::size_t offset) const {
        const std::string_view before = text_.substr(0, offset);
        const auto newlines = std::count(before.begin(), before.end(), '\n');
        const std::size_t last = before.rfind('\n');
        const std::size_t column =
            last == std::string_view::npos ? before.size() + 1 : before.size() - last;
        return {name_, static_cast<std::size_t>(newlines) + 1, column};
    }

    void advance() {
        yaml_event_delete(&event_);
        if (yaml_parser_parse(&parser_, &event_) == 1) {
            return;
        }
        const Where where = parser_.error == YAML_READER_ERROR
                                ? place_of_byte(parser_.problem_offset)
                                : place(parser_.problem_mark);
        std::string why = parser_.problem == nullptr ? "bad YAML" : parser_.problem;
        std::string hint;
        if (parser_.context != nullptr) {
            const std::string_view context = parser_.context;
            why += fmt::format(" {} (line {})", context, parser_.context_mark.line + 1);
            hint = context == "while scanning a tag" ? kQuoteTags : "";
        }
        event_ = {};
        throw Error(ErrorKind::definition, "bad YAML: " + why, hint).at(where);
    }

    void count(std::size_t nodes) {
        nodes_ += nodes;
        if (nodes_ > kMostNodes) {
            fail(fmt::format("the document has more than {} nodes", kMostNodes), here());
        }
    }

    void check_depth(std::size_t depth) const {
        if (depth > kDeepest) {
            fail(fmt::format("it is nested more than {} levels deep", kDeepest), here());
        }
    }

    /// The node that the current event begins; afterwards the current event is its last.
    Node node(std::size_t depth) {
        check_depth(depth);
        count(1);
        switch (event_.type) {
        case YAML_ALIAS_EVENT:
            return alias(depth);
        case YAML_SCALAR_EVENT: {
            const std::string anchor = text_of(event_.data.scalar.anchor);
            return remember(anchor, scalar());
        }
        case YAML_SEQUENCE_START_EVENT: {
            const std::string anchor = text_of(event_.data.sequence_start.anchor);
            check_tag(text_of(event_.data.sequence_start.tag), {"seq"});
            return remember(anchor, sequence(depth));
        }
        case YAML_MAPPING_START_EVENT: {
            const std::string anchor = text_of(event_.data.mapping_start.anchor);
            check_tag(text_of(event_.data.mapping_start.tag), {"map"});
            return remember(anchor, mapping(depth));
        }
        default:
            fail("a value is missing", here());
        }
    }

    static std::string text_of(const yaml_char_t* text) {
        return text == nullptr ? "" : reinterpret_cast<const char*>(text);
    }

    /// A tag says nothing that the schema does not know; but `!name` without quotes is one, and the
    /// text would be lost without a word.
    void check_tag(const std::string& tag, std::initializer_list<std::string_view> known) const {
        const bool is_known =
            tag.empty() || tag == "!" ||
            std::any_of(known.begin(), known.end(), [&](std::string_view name) {
                return tag.starts_with(kTagPrefix) && tag.substr(kTagPrefix.size()) == name;
            });
        if (!is_known) {
            throw Error(
                ErrorKind::definition, fmt::format("'{}' is a tag of YAML, not a text", tag),
                kQuoteTags)
                .at(here());
        }
    }

    Node remember(const std::string& anchor, Node made) {
        if (!anchor.empty()) {
            const Extent extent = extent_of(made);
            count(extent.nodes);
            anchors_.insert_or_assign(anchor, Anchor{made, extent});
        }
        return made;
    }

    static Extent extent_of(const Node& node) {
        Extent extent;
        const auto add = [&](const Node& child) {
            const Extent below = extent_of(child);
            extent.nodes += below.nodes;
            extent.levels = std::max(extent.levels, below.levels + 1);
        };
        for (const Node& item : node.items) {
            add(item);
        }
        for (const auto& [key, value] : node.members) {
            add(key);
            add(value);
        }
        return extent;
    }

    /// A copy of what the anchor holds, counted as if it were written out.
    Node alias(std::size_t depth) {
        const std::string name = text_of(event_.data.alias.anchor);
        const auto known = anchors_.find(name);
        if (known == anchors_.end()) {
            fail(fmt::format("the alias *{} has no anchor before it", name), here());
        }
        const auto& [original, extent] = known->second;
        check_depth(depth + extent.levels);
        count(extent.nodes);
        Node copy = original;
        copy.where = here();
        return copy;
    }

    Node scalar() {
        const auto& data = event_.data.scalar;
        const std::string tag = text_of(data.tag);
        check_tag(tag, {"str", "int", "float", "bool", "null"});
        Node made{.kind = NodeKind::scalar, .where = here()};
        made.text.assign(reinterpret_cast<const char*>(data.value), data.length);
        made.quoted = data.style != YAML_PLAIN_SCALAR_STYLE || tag == "!" || tag.ends_with(":str");
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
        Keys known;
        std::optional<Node> merge;
        advance();
        while (event_.type != YAML_MAPPING_END_EVENT) {
            Node key = node(depth + 1);
            if (key.kind != NodeKind::scalar) {
                fail("a key is no text", key.where);
            }
            advance();
            Node value = node(depth + 1);
            advance();
            const auto [earlier, is_new] = known.emplace(key.text, key.where);
            if (!is_new) {
                fail(
                    fmt::format(
                        "the key '{}' stands twice; first in line {}", key.text,
                        earlier->second.line),
                    key.where);
            }
            if (key.text == "<<" && !key.quoted) {
                merge = std::move(value);
            } else {
                made.members.emplace_back(std::move(key), std::move(value));
            }
        }
        if (merge) {
            merge_into(made, known, *merge);
        }
        return made;
    }

    using Keys = std::map<std::string, Where, std::less<>>;

    /// `<<: *defaults` or a list of such: keys that are there already win.
    static void merge_into(Node& made, Keys& known, const Node& merge) {
        if (merge.kind == NodeKind::sequence) {
            for (const Node& item : merge.items) {
                merge_into(made, known, item);
            }
            return;
        }
        if (merge.kind != NodeKind::mapping) {
            fail("only mappings can be merged with <<", merge.where);
        }
        for (const auto& member : merge.members) {
            if (known.emplace(member.first.text, member.first.where).second) {
                made.members.push_back(member);
            }
        }
    }

    std::string_view text_;
    std::string name_;
    yaml_parser_t parser_{};
    yaml_event_t event_{};
    std::map<std::string, Anchor> anchors_;
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

std::string quoted(const std::string& text) {
    const std::string written = json::write(text);
    std::string quoted_text;
    std::string_view rest = written;
    while (!rest.empty()) {
        const auto* const escape =
            std::find_if(kEscapes.begin(), kEscapes.end(), [&](const auto& each) {
                return rest.starts_with(each.first);
            });
        if (escape != kEscapes.end()) {
            quoted_text += escape->second;
            rest.remove_prefix(escape->first.size());
        } else if (rest.starts_with('\xc2') && static_cast<unsigned char>(rest[1]) < 0xa0) {
            quoted_text += fmt::format("\\x{:02x}", static_cast<unsigned char>(rest[1]));
            rest.remove_prefix(2);
        } else {
            quoted_text.push_back(rest.front());
            rest.remove_prefix(1);
        }
    }
    return quoted_text;
}

} // namespace pare::yaml
