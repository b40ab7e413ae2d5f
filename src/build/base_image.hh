// SPDX-License-Identifier: Apache-2.0
// An image that a definition starts from (`from: oci:DIR:TAG`). Its layers are kept as they are.
#pragma once

#include "build/assemble.hh"
#include "inspect/contents.hh"

#include <memory>
#include <optional>
#include <string>

namespace pare::build {

class BaseImage {
public:
    /// Opens the image for one architecture. Throws ErrorKind::definition for a reference that
    /// cannot be read from disk.
    BaseImage(const std::string& reference, const std::string& architecture);

    [[nodiscard]] const std::string& digest() const { return entry_.manifest.digest; }

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
    oci::ImageReader reader_;
    oci::ImageEntry entry_;
    std::optional<inspect::ImageContents> contents_;
};

} // namespace pare::build
