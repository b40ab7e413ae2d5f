// SPDX-License-Identifier: Apache-2.0
// JSON values and their writer. There is one form for one value: members in their order, strings
// with the shortest escapes (RFC 8259, section 7) and otherwise as they are, integers and reals
// that read back as what they were.
#include "support/json.hh"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace pare::json {

namespace {

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

/// The shortest digits that read back as the same double, and never as an integer.
void write_real(double value, std::string& out) {
    ensure(std::isfinite(value), "JSON has no infinity");
    const std::string digits = fmt::format("{}", value);
    out += digits;
    if (digits.find_first_of(".e") == std::string::npos) {
        out += ".0";
    }
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
            write_real(*real, out_);
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

Object::Object(std::vector<Member> members) : members_(std::move(members)) {}

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

std::string write(const Value& value, Layout layout) {
    Writer writer(layout);
    writer.value(value);
    return writer.take();
}

} // namespace pare::json
