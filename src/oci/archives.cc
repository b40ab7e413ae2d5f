// SPDX-License-Identifier: Apache-2.0
// Images in one tar file. oci-archive: an OCI image layout, its members sorted by name.
// docker-archive: what `docker save` writes and `docker load` takes (Docker image specification
// v1.2, "Combined Image JSON + Filesystem Changeset Format"): manifest.json, one configuration an
// image, one tar a layer. Loaders detect gzip in a layer but not zstd, which is decompressed here.
// Members have mtime 0 and owner 0:0, so that equal images give equal archives.
#include "archive/codec.hh"
#include "archive/tar.hh"
#include "oci/blobs.hh"
#include "oci/documents.hh"
#include "oci/layout.hh"
#include "support/digest.hh"
#include "support/files.hh"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <set>

namespace pare::oci {

namespace {

archive::TarHeader file_header(const std::string& name, std::uint64_t size) {
    return {.type = archive::TarType::file, .name = name, .mode = 0644, .size = size};
}

/// A tar file on its way to its name.
class ArchiveWriter {
public:
    explicit ArchiveWriter(const std::filesystem::path& path) : file_(path), path_(path) {}

    void add_directory(const std::string& name) {
        file_.write(
            archive::tar_header({.type = archive::TarType::directory, .name = name, .mode = 0755}));
    }

    void add(const std::string& name, BytesView bytes) {
        file_.write(archive::tar_header(file_header(name, bytes.size())));
        file_.write(bytes);
        pad(bytes.size());
    }

    void add_file(const std::string& name, const Descriptor& blob, const FindBlob& find_blob) {
        file_.write(archive::tar_header(file_header(name, blob.size)));
        append_file(file_.descriptor(), find_blob(blob.digest), blob.size);
        pad(blob.size);
    }

    /// The size is known only at the end; the header is then written over.
    void add_stream(const std::string& name, Source& source) {
        const off_t start = ::lseek(file_.descriptor(), 0, SEEK_CUR);
        const Bytes guess = archive::tar_header(file_header(name, 0));
        file_.write(guess);
        const std::uint64_t size = copy_all(source, file_);
        pad(size);
        const Bytes header = archive::tar_header(file_header(name, size));
        if (header.size() != guess.size()) {
            throw Error(
                ErrorKind::environment,
                fmt::format("the layer {} is too large for a docker-archive", name),
                "build with --compression gzip, or use --format oci-archive");
        }
        if (::pwrite(file_.descriptor(), header.data(), header.size(), start) !=
            static_cast<ssize_t>(header.size())) {
            throw_errno(errno, "write", path_.string());
        }
    }

    void commit() {
        file_.write(archive::tar_end());
        file_.commit();
    }

private:
    void pad(std::uint64_t size) { file_.write(Bytes(archive::tar_padding(size), '\0')); }

    AtomicFile file_;
    std::filesystem::path path_;
};

/// Whether docker takes it: no capitals in the repository, one ':' before the tag.
bool is_docker_name(std::string_view name) {
    const std::size_t colon = name.rfind(':');
    const std::string_view repository = name.substr(0, colon);
    const std::size_t slash = repository.rfind('/');
    const std::string_view last =
        slash == std::string_view::npos ? repository : repository.substr(slash);
    const bool capitals = std::any_of(
        repository.begin(), repository.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
    return !capitals && last.find(':') == std::string_view::npos &&
           name.find_first_of("@+") == std::string_view::npos;
}

/// What a tag is called by docker, which knows no name without a tag.
std::string docker_name(const TaggedDocuments& tagged, const Image& image) {
    std::string name = tagged.tag;
    const std::size_t slash = name.rfind('/');
    if (name.find(':', slash == std::string::npos ? 0 : slash) == std::string::npos) {
        name += ":latest";
    }
    if (tagged.images.size() > 1) {
        name += "-" + image.platform.architecture + plain_variant(image.platform);
    }
    if (!is_docker_name(name)) {
        throw Error(
            ErrorKind::usage, fmt::format("docker does not take \"{}\" as a name", tagged.tag),
            "use lower-case letters, digits and one ':' before the tag: server:1.0");
    }
    return name;
}

bool is_zstd(const Layer& layer) {
    return layer.descriptor.media_type.ends_with("+zstd");
}

std::string docker_layer_name(const Layer& layer) {
    if (is_zstd(layer)) {
        return digest_hex(layer.diff_id) + ".tar";
    }
    const bool gzip = layer.descriptor.media_type.ends_with("+gzip");
    return digest_hex(layer.descriptor.digest) + (gzip ? ".tar.gz" : ".tar");
}

std::string docker_config_name(const Document& config) {
    return digest_hex(config.descriptor.digest) + ".json";
}

json::Array docker_manifest(const std::vector<TaggedDocuments>& tags) {
    json::Array entries;
    for (const TaggedDocuments& tagged : tags) {
        for (std::size_t i = 0; i < tagged.images.size(); ++i) {
            json::Array layers;
            for (const Layer& layer : tagged.images[i].layers) {
                layers.emplace_back(docker_layer_name(layer));
            }
            entries.emplace_back(json::Object{
                {"Config", docker_config_name(tagged.configs[i])},
                {"RepoTags", json::Array{docker_name(tagged, tagged.images[i])}},
                {"Layers", std::move(layers)}});
        }
    }
    return entries;
}

void add_docker_layer(
    ArchiveWriter& writer, const std::string& name, const Layer& layer, const FindBlob& find_blob) {
    if (!is_zstd(layer)) {
        writer.add_file(name, layer.descriptor, find_blob);
        return;
    }
    FileSource compressed(find_blob(layer.descriptor.digest));
    const auto plain = archive::decompress(compressed, archive::Codec::zstd, {}, name);
    writer.add_stream(name, *plain);
}

} // namespace

void write_oci_archive(
    const std::filesystem::path& file, const std::vector<TaggedDocuments>& tags,
    const FindBlob& find_blob) {
    std::map<std::string, const Document*> documents;
    std::map<std::string, const Layer*> layers;
    json::Array entries;
    for (const TaggedDocuments& tagged : tags) {
        entries.emplace_back(tag_entry(tagged));
        for (const auto* list : {&tagged.configs, &tagged.manifests, &tagged.index}) {
            for (const Document& document : *list) {
                documents.emplace(document.descriptor.digest, &document);
            }
        }
        for (const Image& image : tagged.images) {
            for (const Layer& layer : image.layers) {
                layers.emplace(layer.descriptor.digest, &layer);
            }
        }
    }
    std::set<std::string> digests;
    for (const auto& [digest, document] : documents) {
        digests.insert(digest);
    }
    for (const auto& [digest, layer] : layers) {
        digests.insert(digest);
    }
    ArchiveWriter writer(file);
    writer.add_directory("blobs");
    writer.add_directory("blobs/sha256");
    for (const std::string& digest : digests) {
        const std::string name = "blobs/sha256/" + digest_hex(digest);
        const auto document = documents.find(digest);
        if (document != documents.end()) {
            writer.add(name, document->second->bytes);
        } else {
            writer.add_file(name, layers.at(digest)->descriptor, find_blob);
        }
    }
    writer.add("index.json", write_layout_index({}, std::move(entries)));
    writer.add("oci-layout", layout_file());
    writer.commit();
}

void write_docker_archive(
    const std::filesystem::path& file, const std::vector<TaggedDocuments>& tags,
    const FindBlob& find_blob) {
    std::map<std::string, const Document*> configs;
    std::map<std::string, const Layer*> layers;
    for (const TaggedDocuments& tagged : tags) {
        for (const Document& config : tagged.configs) {
            configs.emplace(docker_config_name(config), &config);
        }
        for (const Image& image : tagged.images) {
            for (const Layer& layer : image.layers) {
                layers.emplace(docker_layer_name(layer), &layer);
            }
        }
    }
    ArchiveWriter writer(file);
    // First, so that whoever only wants to know what is inside reads no further.
    writer.add("manifest.json", json::write(docker_manifest(tags)));
    for (const auto& [name, config] : configs) {
        writer.add(name, config->bytes);
    }
    for (const auto& [name, layer] : layers) {
        add_docker_layer(writer, name, *layer, find_blob);
    }
    writer.commit();
}

} // namespace pare::oci
