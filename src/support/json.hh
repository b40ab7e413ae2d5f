// SPDX-License-Identifier: Apache-2.0
// JSON (RFC 8259) as a plain value: objects keep their order, duplicate keys (unless the reader
// asks otherwise) and depth beyond 64 are errors, the writer is canonical (one form for one value).
#pragma once

#include "support/bytes.hh"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace pare::json {

class Value;
using Array = std::vector<Value>;
using Member = std::pair<std::string, Value>;

/// Members in the order in which they were written or added.
class Object {
public:
    Object() = default;
    Object(std::initializer_list<Member> members);
    /// The keys must differ.
    explicit Object(std::vector<Member> members);

    /// Adds or replaces.
    void set(std::string key, Value value);
    /// The member's value, or null when there is none.
    [[nodiscard]] const Value* find(std::string_view key) const;

    [[nodiscard]] const std::vector<Member>& members() const { return members_; }

    [[nodiscard]] bool empty() const;

    bool operator==(const Object&) const;

private:
    std::vector<Member> members_;
};

class Value {
public:
    Value() : data_(nullptr) {}

    Value(std::nullptr_t) : data_(nullptr) {}

    Value(bool value) : data_(value) {}

    Value(std::int64_t value) : data_(value) {}

    Value(int value) : data_(std::int64_t{value}) {}

    Value(std::uint64_t value);

    Value(double value) : data_(value) {}

    Value(std::string value) : data_(std::move(value)) {}

    Value(std::string_view value) : data_(std::string(value)) {}

    Value(const char* value) : data_(std::string(value)) {}

    Value(Array value) : data_(std::move(value)) {}

    Value(Object value) : data_(std::move(value)) {}

    [[nodiscard]] bool is_null() const { return std::holds_alternative<std::nullptr_t>(data_); }

    [[nodiscard]] const bool* boolean() const { return std::get_if<bool>(&data_); }

    [[nodiscard]] const std::int64_t* integer() const { return std::get_if<std::int64_t>(&data_); }

    [[nodiscard]] const double* real() const { return std::get_if<double>(&data_); }

    [[nodiscard]] const std::string* string() const { return std::get_if<std::string>(&data_); }

    [[nodiscard]] const Array* array() const { return std::get_if<Array>(&data_); }

    [[nodiscard]] const Object* object() const { return std::get_if<Object>(&data_); }

    /// The member `key`; throws ErrorKind::refused, naming the key, when this is no object with it.
    [[nodiscard]] const Value& at(std::string_view key) const;
    /// This value as the named type; throws ErrorKind::refused otherwise.
    [[nodiscard]] const std::string& as_string() const;
    [[nodiscard]] std::int64_t as_integer() const;
    [[nodiscard]] bool as_boolean() const;
    [[nodiscard]] const Array& as_array() const;
    [[nodiscard]] const Object& as_object() const;

    bool operator==(const Value&) const = default;

private:
    std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, Array, Object> data_;
};

// Below Value, because a vector can only be asked when its elements are complete.
inline bool Object::empty() const {
    return members_.empty();
}

/// What a key that stands twice in one object is.
enum class Repeated {
    refused,
    last_wins, ///< as JavaScript has it, for files that it reads
};

/// Parses one JSON text; `name` (a file, a URL) goes into the error, which is ErrorKind::refused
/// with line and column.
[[nodiscard]] Value
parse(std::string_view text, const std::string& name, Repeated repeated = Repeated::refused);

enum class Layout {
    compact, ///< no white space at all
    pretty,  ///< two spaces a level, one member a line
};

/// Members in their order, no trailing newline; strings as UTF-8 with the shortest escapes.
[[nodiscard]] std::string write(const Value& value, Layout layout = Layout::compact);

} // namespace pare::json
