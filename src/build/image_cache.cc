// SPDX-License-Identifier: Apache-2.0
// A record is the image's own manifest and configuration document, each behind its 32-bit length.
#include "build/image_cache.hh"

#include "build/base_image.hh"
#include "build/identity.hh"
#include "build/user_files.hh"
#include "finish/probe.hh"

#include <algorithm>

namespace pare::build {

std::string image_key(const Target& target, const Options& options) {
    Identity identity("image 6");
    // Another way of cutting gives another image.
    identity.add(cut::cut_key({}, {}));
    identity.add(target.architecture).add(archive::to_string(options.compression));
    const auto& epoch = options.request.source_date_epoch;
    identity.add(std::uint64_t{epoch ? 1U : 0U}).add(static_cast<std::uint64_t>(epoch.value_or(0)));
    for (const StepNode* node : path_to(target.last)) {
        identity.add(node->base ? node->base->digest() : "");
        identity.add(node->base ? node->base->full_name() : "");
        identity.add(step_identity(node->step)).add(node->slices->digest());
        identity.add(std::uint64_t{node->locked.packages.size()});
        for (const package::LockedPackage& package : node->locked.packages) {
            identity.add(package.name).add(package.sha256);
        }
        identity.add(std::uint64_t{node->locked.archives.size()});
        for (const package::LockedArchive& archive : node->locked.archives) {
            identity.add(archive.version).add(archive.sha256);
        }
        const auto& check = node->step.healthcheck;
        if (check && !check->probe.empty()) {
            identity.add(finish::built_in_probe(node->debian_architecture));
        }
        for (const definition::UserFile& file : node->step.files) {
            identity.add(user_file_identity(file));
        }
    }
    return identity.hex();
}

std::optional<oci::Image> find_image(const std::string& key, const Tools& tools) {
    const auto record = tools.store.get(store::Kind::image, key);
    if (!record) {
        return std::nullopt;
    }
    ByteReader reader(*record);
    const BytesView manifest = reader.counted();
    oci::Image image = oci::parse_image(manifest, reader.counted(), "the store");
    const bool whole =
        std::all_of(image.layers.begin(), image.layers.end(), [&](const auto& layer) {
            return tools.store.has(store::Kind::blob, digest_hex(layer.descriptor.digest));
        });
    return whole ? std::optional(std::move(image)) : std::nullopt;
}

void keep_image(const std::string& key, const oci::Image& image, const Tools& tools) {
    const oci::Document config = oci::write_config(image);
    const oci::Document manifest = oci::write_manifest(image, config.descriptor);
    Bytes record;
    for (const Bytes* document : {&manifest.bytes, &config.bytes}) {
        append_int(record, static_cast<std::uint32_t>(document->size()), Endian::little);
        record += *document;
    }
    tools.store.put(store::Kind::image, key, record);
}

} // namespace pare::build
