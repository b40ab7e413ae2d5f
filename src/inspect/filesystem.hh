// SPDX-License-Identifier: Apache-2.0
// What a container sees: layers on top of each other. Nothing is unpacked.
#pragma once

#include "inspect/layer.hh"

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace pare::inspect {

/// An entry and the layer that it comes from.
struct Placed {
    const Entry* entry = nullptr;
    std::size_t layer = 0; ///< counted from the lowest
};

class Filesystem {
public:
    /// Puts the next layer on top. A hard link to a file of a lower layer becomes that file.
    void lay(std::shared_ptr<const Layer> layer);

    [[nodiscard]] const std::map<ImagePath, Placed>& entries() const { return entries_; }

    /// What stands at that path itself, or null.
    [[nodiscard]] const Entry* find(const ImagePath& path) const;
    /// The path at the end of all symlinks, inside the image; nothing when nothing stands there or
    /// below, or more than 40 links away. `text` is absolute or taken from `from`.
    [[nodiscard]] std::optional<ImagePath>
    real_path(std::string_view text, const ImagePath& from = ImagePath()) const;
    /// What stands at that path, or null.
    [[nodiscard]] const Entry*
    resolve(std::string_view text, const ImagePath& from = ImagePath()) const;

private:
    void hide(const Layer& layer);
    void hide_below(const ImagePath& path);

    std::vector<std::shared_ptr<const Layer>> layers_{};
    std::map<ImagePath, Placed> entries_{};
};

} // namespace pare::inspect
