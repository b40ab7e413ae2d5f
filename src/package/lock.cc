// SPDX-License-Identifier: Apache-2.0
// Locks as JSON, version 1 (docs/lock.md): `{"version": 1, "architectures": {ARCH: [STEP...]}}`.
// A lock decides which bytes go into an image, so nothing in it is guessed: unknown and missing
// members, other versions, weak hashes, addresses that are not absolute, packages out of order or
// named twice are refused, with the place in the document.
#include "package/lock.hh"

#include "support/digest.hh"
#include "support/json.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>

namespace pare::package {

namespace {

constexpr int kVersion = 1;
constexpr std::size_t kMaxBytes = std::size_t{64} << 20;

using Keys = std::vector<std::string>;

[[noreturn]] void reject(std::string message) {
    throw Error(ErrorKind::definition, std::move(message));
}

json::Array strings_json(const std::vector<std::string>& strings) {
    return {strings.begin(), strings.end()};
}

json::Object package_json(const LockedPackage& package) {
    return {
        {"name", package.name},
        {"version", package.version},
        {"architecture", package.architecture},
        {"source", package.source},
        {"source_version", package.source_version},
        {"suite", package.suite},
        {"url", package.url},
        {"sha256", package.sha256},
        {"size", package.size},
        {"reason", package.reason}};
}

json::Object step_json(const LockedStep& step) {
    json::Array packages;
    for (const LockedPackage& package : step.packages) {
        packages.emplace_back(package_json(package));
    }
    return {
        {"definition", step.definition},
        {"request", step.request},
        {"asked", strings_json(step.asked)},
        {"packages", std::move(packages)}};
}

/// An object of the lock: all of its members are asked for, or the lock is rejected.
class Members {
public:
    Members(const json::Value& value, std::string place)
        : object_(value.object()), place_(std::move(place)) {
        if (object_ == nullptr) {
            reject(fmt::format("{} is not an object", place_));
        }
    }

    /// What the object is called in messages from now on.
    void call(std::string place) { place_ = std::move(place); }

    const json::Value& take(const std::string& key) {
        const json::Value* value = take_optional(key);
        if (value == nullptr) {
            reject(fmt::format("{} lacks \"{}\"", place_, key));
        }
        return *value;
    }

    const json::Value* take_optional(const std::string& key) {
        known_.push_back(key);
        return object_->find(key);
    }

    std::string text(const std::string& key) {
        const std::string* text = take(key).string();
        if (text == nullptr) {
            reject(fmt::format("\"{}\" of {} is not a string", key, place_));
        }
        return *text;
    }

    std::string some_text(const std::string& key) {
        std::string found = text(key);
        if (found.empty()) {
            reject(fmt::format("\"{}\" of {} is empty", key, place_));
        }
        return found;
    }

    std::uint64_t number(const std::string& key) {
        const std::int64_t* number = take(key).integer();
        if (number == nullptr || *number < 0) {
            reject(fmt::format("\"{}\" of {} is not a positive whole number", key, place_));
        }
        return static_cast<std::uint64_t>(*number);
    }

    const json::Array& list(const std::string& key) { return as_list(take(key), key); }

    std::vector<std::string> texts(const std::string& key) { return as_texts(list(key), key); }

    /// After all members were taken: nothing else may be there.
    void finish() const {
        for (const json::Member& member : object_->members()) {
            if (std::find(known_.begin(), known_.end(), member.first) == known_.end()) {
                reject(fmt::format("{} has an unknown member \"{}\"", place_, member.first));
            }
        }
    }

private:
    const json::Array& as_list(const json::Value& value, const std::string& key) const {
        const json::Array* list = value.array();
        if (list == nullptr) {
            reject(fmt::format("\"{}\" of {} is not a list", key, place_));
        }
        return *list;
    }

    std::vector<std::string> as_texts(const json::Array& list, const std::string& key) const {
        std::vector<std::string> texts;
        for (const json::Value& item : list) {
            if (item.string() == nullptr) {
                reject(fmt::format("\"{}\" of {} holds something that is no string", key, place_));
            }
            texts.push_back(*item.string());
        }
        return texts;
    }

    const json::Object* object_;
    std::string place_;
    Keys known_;
};

void check_package(const LockedPackage& package, const std::string& place) {
    if (!is_hex(package.sha256, 64)) {
        reject(fmt::format("\"sha256\" of {} is not 64 lower-case hex digits", place));
    }
    const std::size_t scheme = package.url.find("://");
    const bool printable = std::all_of(
        package.url.begin(), package.url.end(), [](char c) { return c > ' ' && c < '\x7f'; });
    if (scheme == std::string::npos || scheme == 0 || !printable) {
        reject(fmt::format("\"url\" of {} is not an absolute address", place));
    }
}

LockedPackage parse_package(const json::Value& value, std::string_view step, std::size_t number) {
    std::string place = fmt::format("package {} of {}", number, step);
    const json::Value* name = value.object() == nullptr ? nullptr : value.object()->find("name");
    if (name != nullptr && name->string() != nullptr) {
        place = fmt::format("package {} of {}", *name->string(), step);
    }
    Members members(value, place);
    LockedPackage package{
        .name = members.some_text("name"),
        .version = members.some_text("version"),
        .architecture = members.some_text("architecture"),
        .source = members.text("source"),
        .source_version = members.text("source_version"),
        .suite = members.text("suite"),
        .url = members.some_text("url"),
        .sha256 = members.some_text("sha256"),
        .size = members.number("size"),
        .reason = members.text("reason")};
    members.finish();
    check_package(package, place);
    return package;
}

void check_order(const std::vector<LockedPackage>& packages, const std::string& step) {
    for (std::size_t i = 1; i < packages.size(); ++i) {
        const int order = packages[i - 1].name.compare(packages[i].name);
        if (order > 0 || packages[i - 1] == packages[i]) {
            reject(fmt::format(
                "package {} of {} {}", packages[i].name, step,
                order > 0 ? "is not in the order of names" : "is listed twice"));
        }
    }
}

LockedStep parse_step(const json::Value& value, const std::string& architecture) {
    Members members(value, "a step of " + architecture);
    LockedStep step{.definition = members.some_text("definition")};
    const std::string place = fmt::format("{} for {}", step.definition, architecture);
    members.call(place);
    step.request = members.some_text("request");
    step.asked = members.texts("asked");
    for (const json::Value& package : members.list("packages")) {
        step.packages.push_back(parse_package(package, place, step.packages.size() + 1));
    }
    members.finish();
    check_order(step.packages, place);
    return step;
}

Lock parse_document(const json::Value& document) {
    Members members(document, "the lock");
    const std::uint64_t version = members.number("version");
    if (version != kVersion) {
        throw Error(
            ErrorKind::definition,
            fmt::format("the lock has version {}, expected {}", version, kVersion),
            "use the pare that wrote it, or write it again with `pare lock`");
    }
    const json::Object* architectures = members.take("architectures").object();
    if (architectures == nullptr) {
        reject("\"architectures\" of the lock is not an object");
    }
    members.finish();
    Lock lock;
    for (const auto& [architecture, steps] : architectures->members()) {
        if (architecture.empty() || steps.array() == nullptr) {
            reject(fmt::format("\"{}\" of \"architectures\" is not a list of steps", architecture));
        }
        std::vector<LockedStep>& parsed = lock.architectures[architecture];
        for (const json::Value& step : *steps.array()) {
            parsed.push_back(parse_step(step, architecture));
        }
    }
    return lock;
}

} // namespace

std::string write_lock(const Lock& lock) {
    json::Object architectures;
    for (const auto& [architecture, steps] : lock.architectures) {
        json::Array list;
        for (const LockedStep& step : steps) {
            list.emplace_back(step_json(step));
        }
        architectures.set(architecture, std::move(list));
    }
    const json::Object document{{"version", kVersion}, {"architectures", std::move(architectures)}};
    return json::write(document, json::Layout::pretty) + "\n";
}

Lock parse_lock(std::string_view text, const std::string& name) {
    try {
        if (text.size() > kMaxBytes) {
            reject(fmt::format("the lock is larger than {} bytes", kMaxBytes));
        }
        return parse_document(json::parse(text, name));
    } catch (const Error& error) {
        const std::string hint = error.hint().empty()
                                     ? "locks are not edited; write it again with `pare lock`"
                                     : error.hint();
        throw Error(ErrorKind::definition, error.message(), hint)
            .at(error.where().file.empty() ? Where{.file = name} : error.where());
    }
}

} // namespace pare::package
