// SPDX-License-Identifier: Apache-2.0
// Which paths the slices of a cut take, and which of their globs match nothing.
#pragma once

#include "cut/slices.hh"
#include "support/image_path.hh"

#include <string>
#include <vector>

namespace pare::cut {

class SliceFilter {
public:
    /// `slices` must outlive the filter; none at all take everything.
    explicit SliceFilter(const std::vector<Slice>& slices);

    /// Whether any slice takes that file or link. Every entry of the package must be asked for, so
    /// that unmatched() is right.
    [[nodiscard]] bool takes(const ImagePath& path);
    /// Whether that directory is wanted though nothing may be in it.
    [[nodiscard]] bool takes_empty(const ImagePath& path);
    /// `SLICE: GLOB` for each glob of `include` that matched none of the paths; `exclude` may name
    /// what only some releases have.
    [[nodiscard]] std::vector<std::string> unmatched() const;

private:
    struct Glob {
        const std::string* slice = nullptr;
        const std::string* text = nullptr;
        bool matched = false;
    };

    struct Part {
        std::vector<Glob> include{};
        std::vector<Glob> exclude{};
    };

    static bool matches(std::vector<Glob>& globs, const ImagePath& path);

    std::vector<Part> parts_{};
};

} // namespace pare::cut
