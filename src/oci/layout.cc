// SPDX-License-Identifier: Apache-2.0
// An OCI image layout on disk (OCI image specification 1.1, image-layout.md), into which other
// processes may write at the same time: blobs are named by their content and appear whole,
// index.json is read, merged and replaced under a lock on the directory itself, last of all, so
// that it never names a blob that is not there. A tag is one entry of index.json; the entries of
// other tags stay as they are, byte for byte of their values. Refused: a directory that holds
// something else, an index.json that is no index.
#include "oci/layout.hh"

#include "oci/artifact.hh"
#include "oci/blobs.hh"
#include "oci/documents.hh"
#include "support/digest.hh"
#include "support/files.hh"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>

#include <cerrno>
#include <map>
#include <set>
#include <utility>

namespace pare::oci {

namespace {

constexpr BytesView kLayoutFile = R"({"imageLayoutVersion":"1.0.0"})";

/// An exclusive flock(2) on a directory: no file of ours stays in the layout.
class DirectoryLock {
public:
    explicit DirectoryLock(const std::filesystem::path& path)
        : directory_(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
        if (!directory_.is_open()) {
            throw_errno(errno, "open", path.string());
        }
        while (::flock(directory_.number(), LOCK_EX) != 0) {
            if (errno != EINTR) {
                throw_errno(errno, "lock", path.string());
            }
        }
    }

private:
    pare::Descriptor directory_;
};

/// Writes the file unless it holds those bytes.
void update_file(const std::filesystem::path& path, BytesView bytes) {
    std::error_code problem;
    if (std::filesystem::file_size(path, problem) != bytes.size() || problem ||
        read_file(path) != bytes) {
        write_file(path, bytes);
    }
}

/// The name of an entry of index.json; empty when it has none.
std::string entry_name(const json::Value& entry) {
    const json::Object* object = entry.object();
    const json::Value* annotations = object == nullptr ? nullptr : object->find("annotations");
    const json::Object* names = annotations == nullptr ? nullptr : annotations->object();
    const json::Value* name = names == nullptr ? nullptr : names->find(kReferenceName);
    return name == nullptr || name->string() == nullptr ? std::string() : *name->string();
}

std::string entry_digest(const json::Value& entry) {
    const json::Value* digest = entry.as_object().find("digest");
    return digest == nullptr || digest->string() == nullptr ? std::string() : *digest->string();
}

/// What index.json holds now; an empty object when there is none.
json::Object read_layout_index(const std::filesystem::path& path) {
    if (!std::filesystem::exists(path)) {
        return {};
    }
    const Bytes bytes = read_file(path, kMaxDocument);
    static_cast<void>(parse_index(bytes, path.string()));
    return json::parse(bytes, path.string()).as_object();
}

void merge_entries(json::Array& entries, const std::vector<TaggedDocuments>& tags) {
    for (const TaggedDocuments& tagged : tags) {
        // What has no name is known by its digest.
        std::erase_if(entries, [&](const auto& entry) {
            return entry_name(entry) == tagged.tag &&
                   (!tagged.tag.empty() || entry_digest(entry) == tagged.top().digest);
        });
        entries.emplace_back(tag_entry(tagged));
    }
}

/// A manifest or index of the layout; null when it is not there.
json::Value read_document(const std::filesystem::path& root, const std::string& digest) {
    const std::filesystem::path path = root / "blobs" / "sha256" / digest_hex(digest);
    return std::filesystem::exists(path) ? json::parse(read_file(path, kMaxDocument), path.string())
                                         : json::Value();
}

/// The digests of all images that index.json lists, and of the images of its indexes.
std::set<std::string> listed_images(const std::filesystem::path& root, const json::Array& entries) {
    std::set<std::string> listed;
    for (const json::Value& entry : entries) {
        const Descriptor descriptor = parse_descriptor(entry);
        if (is_about_an_image(descriptor)) {
            continue;
        }
        listed.insert(descriptor.digest);
        const json::Value document = read_document(root, descriptor.digest);
        if (document.object() == nullptr || document.object()->find("manifests") == nullptr) {
            continue;
        }
        for (const json::Value& image : document.at("manifests").as_array()) {
            listed.insert(parse_descriptor(image).digest);
        }
    }
    return listed;
}

/// Whether a new attachment takes the place of this entry, or its image is not there any more. Only
/// what is of the type of a new attachment is looked at.
bool is_outdated(
    const json::Value& entry, const std::filesystem::path& root,
    const std::vector<TaggedDocuments>& tags, const std::set<std::string>& images) {
    const Descriptor descriptor = parse_descriptor(entry);
    const auto is_of_its_type = [&](const TaggedDocuments& tagged) {
        return !tagged.subject.empty() && tagged.top().artifact_type == descriptor.artifact_type;
    };
    const json::Value manifest =
        descriptor.artifact_type.empty() || std::ranges::none_of(tags, is_of_its_type)
            ? json::Value()
            : read_document(root, descriptor.digest);
    const json::Value* subject =
        manifest.object() == nullptr ? nullptr : manifest.object()->find("subject");
    if (subject == nullptr) {
        return false;
    }
    const std::string digest = parse_descriptor(*subject).digest;
    return !images.contains(digest) || std::ranges::any_of(tags, [&](const auto& tagged) {
        return is_of_its_type(tagged) && tagged.subject == digest &&
               tagged.top().digest != descriptor.digest;
    });
}

void drop_outdated(
    json::Array& entries, const std::filesystem::path& root,
    const std::vector<TaggedDocuments>& tags) {
    const bool any = std::ranges::any_of(
        tags, [](const TaggedDocuments& tagged) { return !tagged.subject.empty(); });
    if (any) {
        const std::set<std::string> images = listed_images(root, entries);
        std::erase_if(
            entries, [&](const auto& entry) { return is_outdated(entry, root, tags, images); });
    }
}

} // namespace

void check_is_layout(const std::filesystem::path& root) {
    std::error_code problem;
    const auto status = std::filesystem::status(root, problem);
    if (!std::filesystem::exists(status)) {
        return;
    }
    if (!std::filesystem::is_directory(status)) {
        throw Error(
            ErrorKind::usage,
            fmt::format("{} is a file, and an OCI layout is a directory", root.string()),
            "name a directory, or use --format oci-archive");
    }
    const bool empty = std::filesystem::is_empty(root, problem);
    if (!empty && !std::filesystem::exists(root / "oci-layout") &&
        !std::filesystem::exists(root / "blobs")) {
        throw Error(
            ErrorKind::usage,
            fmt::format("{} holds something other than an OCI layout", root.string()),
            "name an empty or a new directory");
    }
}

BytesView layout_file() {
    return kLayoutFile;
}

json::Object tag_entry(const TaggedDocuments& tagged) {
    Descriptor descriptor = tagged.top();
    descriptor.annotations.erase(kContainerdName);
    descriptor.annotations.erase(kReferenceName);
    if (!tagged.tag.empty()) {
        descriptor.annotations[kReferenceName] = tagged.tag;
    }
    if (is_full_reference(tagged.tag)) {
        descriptor.annotations[kContainerdName] = tagged.tag;
    }
    return descriptor_json(descriptor);
}

Bytes write_layout_index(json::Object index, json::Array entries) {
    // Entries of one name, or of none, stay in their order.
    std::multimap<std::string, json::Value> by_name;
    for (json::Value& entry : entries) {
        by_name.emplace(entry_name(entry), std::move(entry));
    }
    entries.clear();
    for (auto& [name, entry] : by_name) {
        entries.push_back(std::move(entry));
    }
    index.set("schemaVersion", 2);
    index.set("mediaType", kIndexType);
    index.set("manifests", std::move(entries));
    return json::write(index);
}

void edit_layout_index(
    const std::filesystem::path& root, const std::function<void(json::Array& entries)>& edit) {
    const DirectoryLock lock(root);
    const std::filesystem::path path = root / "index.json";
    json::Object index = read_layout_index(path);
    const json::Value* old = index.find("manifests");
    json::Array entries = old == nullptr ? json::Array() : old->as_array();
    edit(entries);
    update_file(path, write_layout_index(std::move(index), std::move(entries)));
}

void write_layout(
    const std::filesystem::path& root, const std::vector<TaggedDocuments>& tags,
    const FindBlob& find_blob) {
    check_is_layout(root);
    BlobDirectory blobs(root);
    update_file(root / "oci-layout", kLayoutFile);
    for (const TaggedDocuments& tagged : tags) {
        for (const Image& image : tagged.images) {
            for (const Layer& layer : image.layers) {
                if (!blobs.has(layer.descriptor)) {
                    blobs.put_file(layer.descriptor, find_blob(layer.descriptor.digest));
                }
            }
        }
        for (const auto* documents : {&tagged.configs, &tagged.manifests, &tagged.index}) {
            for (const Document& document : *documents) {
                blobs.put(document);
            }
        }
    }
    edit_layout_index(root, [&](json::Array& entries) {
        merge_entries(entries, tags);
        drop_outdated(entries, root, tags);
    });
}

} // namespace pare::oci
