// SPDX-License-Identifier: Apache-2.0
#include "build/describe.hh"

#include "archive/codec.hh"
#include "build/pipeline.hh"
#include "sbom/java_archives.hh"
#include "support/digest.hh"
#include "support/files.hh"
#include "support/thread_pool.hh"

#include <utility>

namespace pare::build {

namespace {

/// A blob of the store, decompressed as it is read.
class StoredLayer final : public Source {
public:
    StoredLayer(const std::filesystem::path& path, const oci::Layer& layer)
        : blob_(path), bytes_(blob_.bytes()) {
        const std::string& type = layer.descriptor.media_type;
        const archive::Codec codec = type.ends_with("+gzip")   ? archive::Codec::gzip
                                     : type.ends_with("+zstd") ? archive::Codec::zstd
                                                               : archive::Codec::none;
        plain_ = archive::decompress(bytes_, codec, {}, layer.descriptor.digest);
    }

    std::size_t read(char* buffer, std::size_t size) override { return plain_->read(buffer, size); }

private:
    MappedFile blob_;
    ViewSource bytes_;
    std::unique_ptr<Source> plain_;
};

/// The entry with the content of a file under one of its names; null for what has none.
const inspect::Entry*
content_of(const inspect::Entry& entry, const inspect::Filesystem& filesystem) {
    if (!entry.is_file()) {
        return nullptr;
    }
    // A hard link may stand before its file in the tar.
    const bool is_early = entry.sha256.empty() && !entry.link.empty();
    const inspect::Entry* file = is_early ? filesystem.find(ImagePath::parse(entry.link)) : &entry;
    return file == nullptr || file->sha256.empty() ? nullptr : file;
}

} // namespace

sbom::ImageFiles files_of(const inspect::Filesystem& filesystem) {
    sbom::ImageFiles image;
    for (const auto& [path, placed] : filesystem.entries()) {
        const inspect::Entry* file = content_of(*placed.entry, filesystem);
        if (file == nullptr) {
            continue;
        }
        image.files.push_back(
            {.path = path, .sha1 = file->sha1, .sha256 = file->sha256, .size = file->size});
        // One program under several names is one set of modules.
        if (file->go && placed.entry->type == archive::TarType::file) {
            image.go_programs.emplace(path, file->go);
        }
        if (file->contents) {
            image.contents.emplace(path, file->contents);
        }
    }
    image.content = [&filesystem](const ImagePath& path) -> const Bytes* {
        const inspect::Entry* entry = filesystem.resolve(path.absolute());
        return entry == nullptr ? nullptr : entry->contents.get();
    };
    return image;
}

OpenLayer open_stored_layers(const store::Store& store) {
    return [&store](const oci::Layer& layer) {
        const std::string key = digest_hex(layer.descriptor.digest);
        return std::make_unique<StoredLayer>(store.path(store::Kind::blob, key), layer);
    };
}

Describer::Describer(const Tools& tools, std::string tool_version)
    : tools_(tools), tool_version_(std::move(tool_version)) {}

void Describer::read_layers(const oci::Image& image, const OpenLayer& open) {
    std::map<std::string, std::shared_ptr<const inspect::Layer>> missing;
    TaskGroup group(tools_.pool);
    for (const oci::Layer& layer : image.layers) {
        const auto [place, is_new] = missing.try_emplace(layer.diff_id);
        if (!is_new || layers_.contains(layer.diff_id)) {
            continue;
        }
        group.run(layer.descriptor.size, [&layer, &open, &result = place->second] {
            const auto tar = open(layer);
            result = std::make_shared<const inspect::Layer>(inspect::read_layer(
                *tar, layer.descriptor.digest,
                {.contents = true,
                 .sha1 = true,
                 .go = true,
                 .keeps = sbom::is_of_interest,
                 .extract = {
                     .wants =
                         [](const ImagePath& path) {
                             return sbom::is_java_archive(path.relative());
                         },
                     .make = sbom::extract_java_archive}}));
        });
    }
    group.wait();
    layers_.merge(missing);
}

sbom::Document Describer::describe(
    const oci::Image& image, const sbom::Subject& subject, const sbom::Knowledge& knowledge,
    const OpenLayer& open) {
    const Activity activity(tools_.events, Stage::assemble, "SBOM of " + subject.name);
    read_layers(image, open);
    inspect::Filesystem filesystem;
    for (const oci::Layer& layer : image.layers) {
        filesystem.lay(layers_.at(layer.diff_id));
    }
    sbom::Catalog catalog =
        sbom::make_document(files_of(filesystem), knowledge, subject, tool_version_);
    for (const std::string& sentence : catalog.unreadable) {
        tools_.events.message(Severity::warning, sentence);
    }
    return std::move(catalog.document);
}

sbom::Knowledge knowledge_of(const Target& target, const StepState& state) {
    sbom::Knowledge knowledge;
    for (const auto& [path, node] : state.tree.nodes()) {
        if (node.entry.type == tree::EntryType::file ||
            node.entry.type == tree::EntryType::hard_link) {
            knowledge.origins.emplace(path, state.tree.origins()[node.origin]);
        }
    }
    for (const package::LockedPackage& package : packages_of(target)) {
        knowledge.packages.push_back(
            {.ecosystem = sbom::Ecosystem::deb,
             .name = package.name,
             .version = package.version,
             .architecture = package.architecture,
             .source = package.source,
             .source_version = package.source_version,
             .url = package.url,
             .sha256 = package.sha256,
             .reason = package.reason});
    }
    for (const package::LockedArchive& archive : archives_of(target)) {
        knowledge.packages.push_back(known_archive(archive, target.architecture));
    }
    return knowledge;
}

sbom::Package
known_archive(const package::LockedArchive& archive, const std::string& architecture) {
    return {
        .ecosystem = sbom::Ecosystem::archive,
        .name = archive.name,
        .version = archive.version,
        .architecture = architecture,
        .url = archive.url,
        .sha256 = archive.sha256,
        .reason = "asked for"};
}

} // namespace pare::build
