// SPDX-License-Identifier: Apache-2.0
#include "package/members.hh"

#include "support/error.hh"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace pare::package {

void reject(std::string message) {
    throw Error(ErrorKind::definition, std::move(message));
}

Members::Members(const json::Value& value, std::string place)
    : object_(value.object()), place_(std::move(place)) {
    if (object_ == nullptr) {
        reject(fmt::format("{} is not an object", place_));
    }
}

const json::Value& Members::take(const std::string& key) {
    known_.push_back(key);
    const json::Value* value = object_->find(key);
    if (value == nullptr) {
        reject(fmt::format("{} lacks \"{}\"", place_, key));
    }
    return *value;
}

std::string Members::text(const std::string& key) {
    const std::string* text = take(key).string();
    if (text == nullptr) {
        reject(fmt::format("\"{}\" of {} is not a string", key, place_));
    }
    return *text;
}

std::string Members::some_text(const std::string& key) {
    std::string found = text(key);
    if (found.empty()) {
        reject(fmt::format("\"{}\" of {} is empty", key, place_));
    }
    return found;
}

std::uint64_t Members::number(const std::string& key) {
    const std::int64_t* number = take(key).integer();
    if (number == nullptr || *number < 0) {
        reject(fmt::format("\"{}\" of {} is not a positive whole number", key, place_));
    }
    return static_cast<std::uint64_t>(*number);
}

const json::Array& Members::list(const std::string& key) {
    const json::Array* list = take(key).array();
    if (list == nullptr) {
        reject(fmt::format("\"{}\" of {} is not a list", key, place_));
    }
    return *list;
}

std::vector<std::string> Members::texts(const std::string& key) {
    std::vector<std::string> texts;
    for (const json::Value& item : list(key)) {
        if (item.string() == nullptr) {
            reject(fmt::format("\"{}\" of {} holds something that is no string", key, place_));
        }
        texts.push_back(*item.string());
    }
    return texts;
}

const json::Object& Members::object(const std::string& key) {
    const json::Object* object = take(key).object();
    if (object == nullptr) {
        reject(fmt::format("\"{}\" of {} is not an object", key, place_));
    }
    return *object;
}

void Members::finish() const {
    for (const json::Member& member : object_->members()) {
        if (std::find(known_.begin(), known_.end(), member.first) == known_.end()) {
            reject(fmt::format("{} has an unknown member \"{}\"", place_, member.first));
        }
    }
}

} // namespace pare::package
