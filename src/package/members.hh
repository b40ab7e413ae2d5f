// SPDX-License-Identifier: Apache-2.0
// Strict reading of JSON objects, for documents that decide which bytes go into an image: nothing
// in them is guessed. Everything else throws ErrorKind::definition, with the place.
#pragma once

#include "support/json.hh"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pare::package {

[[noreturn]] void reject(std::string message);

/// An object of which all members must be asked for before finish(), or the document is rejected.
class Members {
public:
    /// `value` must outlive this; `place` is what messages call it.
    Members(const json::Value& value, std::string place);

    /// What the object is called in messages from now on.
    void call(std::string place) { place_ = std::move(place); }

    /// Whether a member is there that need not be.
    [[nodiscard]] bool has(std::string_view key) const { return object_->find(key) != nullptr; }

    [[nodiscard]] const json::Value& take(const std::string& key);
    [[nodiscard]] std::string text(const std::string& key);
    /// One that is not empty.
    [[nodiscard]] std::string some_text(const std::string& key);
    [[nodiscard]] std::uint64_t number(const std::string& key);
    [[nodiscard]] const json::Array& list(const std::string& key);
    [[nodiscard]] std::vector<std::string> texts(const std::string& key);
    [[nodiscard]] const json::Object& object(const std::string& key);

    /// After all members were taken: nothing else may be there.
    void finish() const;

private:
    const json::Object* object_;
    std::string place_;
    std::vector<std::string> known_;
};

} // namespace pare::package
