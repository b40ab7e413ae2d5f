// SPDX-License-Identifier: Apache-2.0
// Images for the tests of rooms that read them.
#pragma once

#include "oci/output.hh"
#include "support/compressions.hh"
#include "support/deb_builder.hh"
#include "support/digest.hh"
#include "support/files.hh"

#include <string>

namespace pare::test {

/// An image that somebody else made, as a layout on disk.
class ForeignImage {
public:
    oci::Image image{.platform = {.architecture = "amd64"}, .created = 1'600'000'000};

    void add_layer(const Tar& entries) {
        const Bytes tar = build_tar(entries);
        const Bytes blob = archive::compress(tar, kGzip);
        image.layers.push_back(
            {.descriptor =
                 {.media_type = std::string(oci::kLayerType) + "+gzip",
                  .digest = oci_digest(blob),
                  .size = blob.size()},
             .diff_id = oci_digest(tar),
             .created_by = "somebody"});
        write_file(directory_.path() / oci_digest(blob), blob);
    }

    /// Writes the layout; gives the reference to it.
    [[nodiscard]] std::string write() const {
        const auto layout = directory_.path() / "layout";
        (void)oci::write_output(
            layout, oci::OutputFormat::oci, {{"base:latest", image}},
            [this](const std::string& digest) { return directory_.path() / digest; });
        return "oci:" + layout.string();
    }

private:
    TemporaryDirectory directory_;
};

} // namespace pare::test
