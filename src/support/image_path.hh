// SPDX-License-Identifier: Apache-2.0
// A path inside an image. Never a path of the host: those are std::filesystem::path.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pare {

/// Invariants: relative to the root of the image, no leading or trailing `/`, no empty, `.` or
/// `..` component, no NUL. The root itself is the empty path.
class ImagePath {
public:
    ImagePath() = default;

    /// From `/usr/bin/x`, `./usr/bin/x` or `usr/bin/x/`; `.` components and double slashes go.
    /// Throws ErrorKind::refused for `..`, NUL, or a component over 255 or a whole over 4096 bytes.
    static ImagePath parse(std::string_view text);

    [[nodiscard]] bool is_root() const { return text_.empty(); }

    /// `usr/bin/x`.
    [[nodiscard]] const std::string& relative() const { return text_; }

    /// `/usr/bin/x`.
    [[nodiscard]] std::string absolute() const { return "/" + text_; }

    /// The last component; empty for the root.
    [[nodiscard]] std::string_view name() const;
    [[nodiscard]] ImagePath parent() const;
    /// This path with `below` (one or more components) put after it; checked like parse().
    [[nodiscard]] ImagePath operator/(std::string_view below) const;
    /// This path without its first components; nothing when it has no more than these.
    [[nodiscard]] std::optional<ImagePath> stripped(std::uint64_t components) const;
    /// Whether this path is `other` or lies below it.
    [[nodiscard]] bool is_within(const ImagePath& other) const;

    /// Bytewise order, by component: a directory comes right before what it holds.
    std::strong_ordering operator<=>(const ImagePath& other) const;
    bool operator==(const ImagePath&) const = default;

private:
    std::string text_;
};

} // namespace pare
