// SPDX-License-Identifier: Apache-2.0
// Small images for the tests of this room.
#pragma once

#include "archive/codec.hh"
#include "archive/tar.hh"
#include "oci/output.hh"
#include "support/compressions.hh"
#include "support/digest.hh"
#include "support/expect.hh"
#include "support/files.hh"

#include <sys/stat.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pare::oci::test {

using pare::test::error_of;
using pare::test::kGzip;
using pare::test::kPlain;
using pare::test::kZstd;
using pare::test::thrown_by;

/// A folder with layer blobs in it, as a store would have.
class SampleStore {
public:
    SampleStore() = default;

    /// A layer with one file, /NAME, that holds its own name.
    Layer add_layer(const std::string& name, const archive::Compression& compression = kGzip) {
        Bytes tar = archive::tar_header(
            {.type = archive::TarType::file, .name = name, .mode = 0644, .size = name.size()});
        tar += name + Bytes(archive::tar_padding(name.size()), '\0');
        tar += archive::tar_end();
        const Bytes blob = archive::compress(tar, compression);
        const char* suffix = compression == kGzip ? "+gzip" : compression == kZstd ? "+zstd" : "";
        Layer layer{
            .descriptor =
                {.media_type = std::string(kLayerType) + suffix,
                 .digest = oci_digest(blob),
                 .size = blob.size()},
            .diff_id = oci_digest(tar),
            .created_by = "package " + name};
        write_file(path_of(layer), blob);
        ::chmod(path_of(layer).c_str(), 0444);
        return layer;
    }

    [[nodiscard]] std::filesystem::path path_of(const Layer& layer) const {
        return folder_.path() / layer.descriptor.digest;
    }

    [[nodiscard]] FindBlob finder() const {
        return [folder = folder_.path()](const std::string& digest) { return folder / digest; };
    }

private:
    TemporaryDirectory folder_;
};

/// An image with everything set.
[[nodiscard]] inline Image
sample_image(std::vector<Layer> layers, std::string_view architecture = "amd64") {
    return {
        .platform = {.architecture = std::string(architecture)},
        .config =
            {.user = "65532:65532",
             .exposed_ports = {"53/udp", "8080/tcp"},
             .env = {"PATH=/usr/bin", "LANG=C.UTF-8"},
             .entrypoint = {"/usr/bin/server"},
             .cmd = {"--port", "8080"},
             .volumes = {"/data"},
             .working_dir = "/home/nonroot",
             .labels = {{"b", "2"}, {"a", "1"}},
             .stop_signal = "SIGINT",
             .healthcheck =
                 Healthcheck{.test = {"CMD", "/probe"}, .interval = 5'000'000'000, .retries = 3}},
        .layers = std::move(layers),
        .created = 1'700'000'000,
        .annotations = {{"org.opencontainers.image.title", "sample"}}};
}

/// A layer that is nowhere, for documents alone.
[[nodiscard]] inline Layer paper_layer(char digit) {
    const std::string digest = "sha256:" + std::string(64, digit);
    return {
        .descriptor =
            {.media_type = std::string(kLayerType) + "+gzip", .digest = digest, .size = 7},
        .diff_id = digest,
        .created_by = std::string("package ") + digit};
}

} // namespace pare::oci::test
