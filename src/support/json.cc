// SPDX-License-Identifier: Apache-2.0
// RFC 8259 by nlohmann's SAX parser, which is seen in this file only. Refused beyond what it
// refuses itself: duplicate keys (RFC 8259 leaves them open, attackers do not), more than 64
// levels, integers that do not fit 64 bits with a sign (they would silently become inexact
// doubles).
#include "support/json.hh"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace pare::json {

namespace {

constexpr std::size_t kDeepest = 64;

Where place_of(std::string_view text, std::size_t offset, const std::string& name) {
    const std::string_view before = text.substr(0, std::min(offset, text.size()));
    const auto newlines = std::count(before.begin(), before.end(), '\n');
    const std::size_t last = before.rfind('\n');
    const std::size_t column =
        last == std::string_view::npos ? before.size() + 1 : before.size() - last;
    return {name, static_cast<std::size_t>(newlines) + 1, column};
}

/// Builds values from events. The open objects and arrays are a stack; each remembers its key.
class Builder final : public nlohmann::json_sax<nlohmann::json> {
public:
    Value take() { return std::move(root_); }

    [[nodiscard]] const std::string& problem() const { return problem_; }

    [[nodiscard]] std::size_t offset() const { return offset_; }

    bool null() override { return add(nullptr); }

    bool boolean(bool value) override { return add(value); }

    bool number_integer(number_integer_t value) override { return add(std::int64_t{value}); }

    bool number_unsigned(number_unsigned_t value) override {
        if (value > INT64_MAX) {
            return fail("an integer is too large");
        }
        return add(static_cast<std::int64_t>(value));
    }

    bool number_float(number_float_t value, const string_t& text) override {
        if (text.find_first_of(".eE") == string_t::npos) {
            return fail("an integer is too large");
        }
        return std::isfinite(value) ? add(value) : fail("a number is too large");
    }

    bool string(string_t& value) override { return add(std::move(value)); }

    bool binary(binary_t& /*value*/) override { return fail("binary values are no JSON"); }

    bool start_object(std::size_t /*size*/) override { return open(Object()); }

    bool end_object() override { return close(); }

    bool start_array(std::size_t /*size*/) override { return open(Array()); }

    bool end_array() override { return close(); }

    bool key(string_t& name) override {
        const Object& object = std::get<Object>(open_.back().value);
        if (object.find(name) != nullptr) {
            return fail(fmt::format("the key '{}' stands twice", name));
        }
        open_.back().key = std::move(name);
        return true;
    }

    bool parse_error(
        std::size_t position, const std::string& /*token*/,
        const nlohmann::detail::exception& error) override {
        const std::string text = error.what();
        // nlohmann puts its own error number and place in front of what is wrong.
        const std::size_t start = text.rfind(": ", text.find("; last read"));
        problem_ = start == std::string::npos ? text : text.substr(start + 2);
        offset_ = position == 0 ? 0 : position - 1;
        return false;
    }

private:
    struct Open {
        std::variant<Object, Array> value;
        std::string key;
    };

    bool fail(std::string problem) {
        problem_ = std::move(problem);
        return false;
    }

    template <typename Container>
    bool open(Container container) {
        if (open_.size() >= kDeepest) {
            return fail(fmt::format("it is nested more than {} levels deep", kDeepest));
        }
        open_.push_back({std::move(container), {}});
        return true;
    }

    bool close() {
        Value value =
            std::visit([](auto& each) { return Value(std::move(each)); }, open_.back().value);
        open_.pop_back();
        return add(std::move(value));
    }

    bool add(Value value) {
        if (open_.empty()) {
            root_ = std::move(value);
        } else if (auto* array = std::get_if<Array>(&open_.back().value)) {
            array->push_back(std::move(value));
        } else {
            std::get<Object>(open_.back().value).set(std::move(open_.back().key), std::move(value));
        }
        return true;
    }

    Value root_;
    std::vector<Open> open_;
    std::string problem_;
    std::size_t offset_ = 0;
};

[[noreturn]] void wrong_type(const char* expected) {
    throw Error(ErrorKind::refused, fmt::format("a JSON value is not {}", expected));
}

void write_string(std::string_view text, std::string& out) {
    out.push_back('"');
    for (const char c : text) {
        switch (c) {
        case '"':
            out += "\\\"";
            break;
        case '\\':
            out += "\\\\";
            break;
        case '\b':
            out += "\\b";
            break;
        case '\f':
            out += "\\f";
            break;
        case '\n':
            out += "\\n";
            break;
        case '\r':
            out += "\\r";
            break;
        case '\t':
            out += "\\t";
            break;
        default:
            if (static_cast<unsigned char>(c) < 0x20) {
                out +=
                    fmt::format("\\u{:04x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
            } else {
                out.push_back(c);
            }
        }
    }
    out.push_back('"');
}

class Writer {
public:
    explicit Writer(Layout layout) : layout_(layout) {}

    void value(const Value& value) {
        if (const auto* object = value.object()) {
            list('{', '}', object->members(), [this](const Member& member) {
                write_string(member.first, out_);
                out_ += layout_ == Layout::pretty ? ": " : ":";
                this->value(member.second);
            });
        } else if (const auto* array = value.array()) {
            list('[', ']', *array, [this](const Value& item) { this->value(item); });
        } else if (const auto* string = value.string()) {
            write_string(*string, out_);
        } else if (const auto* integer = value.integer()) {
            out_ += fmt::format("{}", *integer);
        } else if (const auto* real = value.real()) {
            out_ += fmt::format("{}", *real);
        } else if (const auto* boolean = value.boolean()) {
            out_ += *boolean ? "true" : "false";
        } else {
            out_ += "null";
        }
    }

    [[nodiscard]] std::string take() { return std::move(out_); }

private:
    template <typename List, typename Each>
    void list(char open, char close, const List& items, Each each) {
        out_.push_back(open);
        ++depth_;
        bool first = true;
        for (const auto& item : items) {
            if (!std::exchange(first, false)) {
                out_.push_back(',');
            }
            new_line();
            each(item);
        }
        --depth_;
        if (!items.empty()) {
            new_line();
        }
        out_.push_back(close);
    }

    void new_line() {
        if (layout_ == Layout::pretty) {
            out_.push_back('\n');
            out_.append(2 * depth_, ' ');
        }
    }

    Layout layout_;
    std::string out_;
    std::size_t depth_ = 0;
};

} // namespace

Object::Object(std::initializer_list<Member> members) : members_(members) {}

void Object::set(std::string key, Value value) {
    const auto known = std::find_if(members_.begin(), members_.end(), [&](const Member& member) {
        return member.first == key;
    });
    if (known != members_.end()) {
        known->second = std::move(value);
    } else {
        members_.emplace_back(std::move(key), std::move(value));
    }
}

const Value* Object::find(std::string_view key) const {
    const auto known = std::find_if(members_.begin(), members_.end(), [&](const Member& member) {
        return member.first == key;
    });
    return known == members_.end() ? nullptr : &known->second;
}

bool Object::operator==(const Object& other) const {
    return members_ == other.members_;
}

Value::Value(std::uint64_t value) : data_(static_cast<std::int64_t>(value)) {
    ensure(value <= INT64_MAX, "a number is too large for JSON");
}

const Value& Value::at(std::string_view key) const {
    const Value* member = as_object().find(key);
    if (member == nullptr) {
        throw Error(ErrorKind::refused, fmt::format("the JSON object has no '{}'", key));
    }
    return *member;
}

const std::string& Value::as_string() const {
    return string() == nullptr ? wrong_type("a string"), *string() : *string();
}

std::int64_t Value::as_integer() const {
    return integer() == nullptr ? wrong_type("an integer"), 0 : *integer();
}

bool Value::as_boolean() const {
    return boolean() == nullptr ? wrong_type("true or false"), false : *boolean();
}

const Array& Value::as_array() const {
    return array() == nullptr ? wrong_type("an array"), *array() : *array();
}

const Object& Value::as_object() const {
    return object() == nullptr ? wrong_type("an object"), *object() : *object();
}

Value parse(std::string_view text, const std::string& name) {
    Builder builder;
    if (!nlohmann::json::sax_parse(text.begin(), text.end(), &builder)) {
        throw Error(ErrorKind::refused, fmt::format("bad JSON: {}", builder.problem()))
            .at(place_of(text, builder.offset(), name));
    }
    return builder.take();
}

std::string write(const Value& value, Layout layout) {
    Writer writer(layout);
    writer.value(value);
    return writer.take();
}

} // namespace pare::json
