// SPDX-License-Identifier: Apache-2.0
// An image that a definition starts from (`from: oci:DIR:TAG`, `from: docker://HOST/NAME:TAG`). Its
// layers are kept as they are.
#pragma once

#include "build/assemble.hh"
#include "inspect/contents.hh"

#include <memory>
#include <optional>
#include <string>

namespace pare::build {

class BaseImage {
public:
    /// Opens the image for one architecture. `pin` is the digest that a lock has for a tag, or
    /// empty.
    BaseImage(
        const std::string& reference, const std::string& pin, const std::string& architecture,
        const Tools& tools);

    [[nodiscard]] const std::string& digest() const { return entry_.manifest.digest; }

    /// Of what a tag in a registry stands for; empty when the definition names a digest or an image
    /// on disk.
    [[nodiscard]] const std::string& pin() const { return pin_; }

    /// Its name when that means the same everywhere, like registry.example/team/base:1; else empty.
    [[nodiscard]] std::string full_name() const;

    [[nodiscard]] const oci::Image& image() const { return entry_.image; }

    /// Read on first use.
    [[nodiscard]] const inspect::ImageContents& contents();
    /// Everything that the image holds, brought by nobody we can ask for bytes.
    [[nodiscard]] StepState state();
    /// Copies the layers' blobs to the store.
    void keep_layers(store::Store& store) const;

private:
    oci::ImageReference reference_;
    oci::ImageReader reader_;
    oci::ImageEntry entry_;
    std::string pin_;
    std::optional<inspect::ImageContents> contents_;
};

} // namespace pare::build
