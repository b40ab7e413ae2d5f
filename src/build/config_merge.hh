// SPDX-License-Identifier: Apache-2.0
// The image of a rebase as its documents tell it: a three-way merge of the old base, the image on
// it and the new base.
#pragma once

#include "oci/image.hh"

#include <string>
#include <vector>

namespace pare::build {

struct MergedImage {
    oci::Image image{};
    std::vector<std::string> conflicts{}; ///< what all three have differently, one sentence each
};

/// The layers of the new base and then the image's own, which are those behind as many as the old
/// base has; its history likewise. What the image took over from the old base becomes that of the
/// new one, what it has of its own stays:
/// - Env goes by name, Labels by key, ExposedPorts and Volumes by element, the rest as a whole;
/// - an image with an Entrypoint of its own has its own Cmd; else, where the new base has another
///   Entrypoint, arguments of the image's own are a conflict;
/// - labels org.opencontainers.image.* say what an image is: the image's own win;
/// - annotations that are just those of the old base are replaced, all others stay; those that name
///   the base are the caller's to set;
/// - the time is the newest of image and new base.
[[nodiscard]] MergedImage
merge_images(const oci::Image& old_base, const oci::Image& image, const oci::Image& new_base);

} // namespace pare::build
