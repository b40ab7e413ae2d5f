// SPDX-License-Identifier: Apache-2.0
#include "support/image_path.hh"

#include "support/error.hh"

#include <fmt/core.h>

#include <algorithm>
#include <cstring>

namespace pare {

namespace {

constexpr std::size_t kLongestName = 255;
constexpr std::size_t kLongestPath = 4096;

[[noreturn]] void refuse(std::string_view text, const char* why) {
    throw Error(ErrorKind::refused, fmt::format("path '{}' {}", text.substr(0, 200), why));
}

/// How many bytes both begin with. Paths that are compared mostly share their directories, so these
/// are passed over eight at a time.
std::size_t common_length(std::string_view left, std::string_view right) {
    constexpr std::size_t kStep = 8;
    const std::size_t most = std::min(left.size(), right.size());
    std::size_t at = 0;
    while (at + kStep <= most && std::memcmp(left.data() + at, right.data() + at, kStep) == 0) {
        at += kStep;
    }
    while (at < most && left[at] == right[at]) {
        ++at;
    }
    return at;
}

} // namespace

ImagePath ImagePath::parse(std::string_view text) {
    if (text.size() > kLongestPath) {
        refuse(text, "is longer than 4096 bytes");
    }
    if (text.find('\0') != std::string_view::npos) {
        refuse(text.substr(0, text.find('\0')), "holds a NUL byte");
    }
    ImagePath path;
    path.text_.reserve(text.size());
    while (!text.empty()) {
        const std::size_t slash = std::min(text.find('/'), text.size());
        const std::string_view component = text.substr(0, slash);
        if (component == "..") {
            refuse(text, "climbs with '..'");
        }
        if (component.size() > kLongestName) {
            refuse(component, "has a name longer than 255 bytes");
        }
        if (!component.empty() && component != ".") {
            if (!path.text_.empty()) {
                path.text_.push_back('/');
            }
            path.text_.append(component);
        }
        text.remove_prefix(std::min(slash + 1, text.size()));
    }
    return path;
}

std::string_view ImagePath::name() const {
    const std::size_t slash = text_.rfind('/');
    return slash == std::string::npos ? std::string_view(text_)
                                      : std::string_view(text_).substr(slash + 1);
}

ImagePath ImagePath::parent() const {
    ImagePath up;
    const std::size_t slash = text_.rfind('/');
    if (slash != std::string::npos) {
        up.text_ = text_.substr(0, slash);
    }
    return up;
}

ImagePath ImagePath::operator/(std::string_view below) const {
    return parse(text_ + "/" + std::string(below));
}

std::optional<ImagePath> ImagePath::stripped(std::uint64_t components) const {
    std::size_t begin = 0;
    for (std::uint64_t i = 0; i < components; ++i) {
        const std::size_t slash = text_.find('/', begin);
        if (slash == std::string::npos) {
            return std::nullopt;
        }
        begin = slash + 1;
    }
    ImagePath rest;
    rest.text_ = text_.substr(begin);
    return rest;
}

bool ImagePath::is_within(const ImagePath& other) const {
    return other.is_root() || text_ == other.text_ ||
           (text_.size() > other.text_.size() && text_.starts_with(other.text_) &&
            text_[other.text_.size()] == '/');
}

std::strong_ordering ImagePath::operator<=>(const ImagePath& other) const {
    // '/' sorts before every other byte, so that "a/b" comes right after "a" and before "a-b".
    const std::size_t same = common_length(text_, other.text_);
    const auto left = text_.begin() + static_cast<std::ptrdiff_t>(same);
    const auto right = other.text_.begin() + static_cast<std::ptrdiff_t>(same);
    const auto rank = [](auto at, auto end) {
        if (at == end) {
            return 0U;
        }
        return *at == '/' ? 1U : static_cast<unsigned>(static_cast<unsigned char>(*at)) + 2;
    };
    return rank(left, text_.end()) <=> rank(right, other.text_.end());
}

} // namespace pare
