// SPDX-License-Identifier: Apache-2.0
#include "build/layers.hh"

#include "build/base_image.hh"
#include "build/config.hh"
#include "build/identity.hh"
#include "build/part_writer.hh"
#include "support/digest.hh"
#include "support/json.hh"
#include "support/thread_pool.hh"
#include "tree/tar_entry.hh"

#include <algorithm>
#include <set>
#include <utility>

namespace pare::build {

namespace {

/// Every directory that the entries of a layer stand in, or that they are themselves. Their owner
/// and mode come from the merged tree, so that all layers of an image agree on them.
std::set<ImagePath> directories_of(const LayerPlan& plan, const tree::Tree& tree) {
    std::set<ImagePath> directories;
    const auto add = [&](const tree::Entry& entry) {
        const tree::Node* node = tree.find(entry.path);
        if (node != nullptr && node->entry.type == tree::EntryType::directory) {
            directories.insert(entry.path);
        }
        for (ImagePath up = entry.path.parent(); !up.is_root(); up = up.parent()) {
            if (!directories.insert(up).second) {
                return;
            }
        }
    };
    for (const CutPtr& cut : plan.cuts) {
        for (const cut::Item& item : cut->cut.items) {
            add(item.entry);
        }
    }
    for (const finish::Generated& generated : plan.generated) {
        add(generated.entry);
    }
    return directories;
}

/// The uncompressed bytes of a layer that are in no part.
struct Frame {
    Bytes directories{}; ///< tar headers, before the parts
    Bytes generated{};   ///< tar headers and content, and the end mark, behind the parts
};

Frame make_frame(const LayerPlan& plan, const tree::Tree& tree) {
    Frame frame;
    for (const ImagePath& path : directories_of(plan, tree)) {
        const tree::Node* node = tree.find(path);
        if (node == nullptr || node->entry.type != tree::EntryType::directory) {
            throw Error(
                ErrorKind::bug, "an entry of a layer stands below something that is no directory");
        }
        frame.directories += archive::tar_header(tree::tar_header_of(node->entry));
    }
    for (const finish::Generated& generated : plan.generated) {
        if (generated.entry.type == tree::EntryType::directory) {
            continue;
        }
        frame.generated += archive::tar_header(tree::tar_header_of(generated.entry));
        frame.generated += generated.content;
        frame.generated.append(archive::tar_padding(generated.content.size()), '\0');
    }
    frame.generated += archive::tar_end();
    return frame;
}

/// A layer that is being made.
struct Making {
    const LayerPlan* plan = nullptr;
    Frame frame{};
    oci::Layer layer{};
};

std::string
layer_key(const LayerPlan& plan, const Frame& frame, const archive::Compression& compression) {
    Identity identity("layer 1");
    identity.add(archive::to_string(compression)).add(hash_hex(frame.directories));
    identity.add(std::uint64_t{plan.cuts.size()});
    for (const CutPtr& cut : plan.cuts) {
        identity.add(cut->key);
    }
    return identity.add(hash_hex(frame.generated)).hex();
}

std::uint64_t raw_size(const Making& making) {
    std::uint64_t size = making.frame.directories.size() + making.frame.generated.size();
    for (const CutPtr& cut : making.plan->cuts) {
        size += cut->cut.part_size;
    }
    return size;
}

void hash_raw(Making& making, const Tools& tools) {
    Hasher hasher;
    hasher.write(making.frame.directories);
    for (const CutPtr& cut : making.plan->cuts) {
        const MappedFile part(tools.store.path(store::Kind::part, cut->key));
        hasher.write(part.bytes());
    }
    hasher.write(making.frame.generated);
    making.layer.diff_id = "sha256:" + hasher.hex();
}

void write_blob(Making& making, const archive::Compression& compression, const Tools& tools) {
    const Activity activity(tools.events, Stage::assemble, making.plan->created_by);
    AtomicFile blob = tools.store.create(store::Kind::blob);
    Hasher hasher;
    const auto put = [&](BytesView bytes) {
        hasher.write(bytes);
        blob.write(bytes);
    };
    put(archive::compress(making.frame.directories, compression));
    for (const CutPtr& cut : making.plan->cuts) {
        const MappedFile member(
            tools.store.path(store::Kind::member, member_key(cut->key, compression)));
        put(member.bytes());
    }
    put(archive::compress(making.frame.generated, compression));
    const std::string digest = hasher.hex();
    making.layer.descriptor = {
        .media_type = layer_media_type(compression),
        .digest = "sha256:" + digest,
        .size = blob.size()};
    tools.store.keep(std::move(blob), store::Kind::blob, digest);
}

std::optional<oci::Layer>
find_layer(const std::string& key, const LayerPlan& plan, const Tools& tools) {
    const auto record = tools.store.get(store::Kind::layer, key);
    if (!record) {
        return std::nullopt;
    }
    const json::Value value = json::parse(*record, "the store");
    oci::Layer layer{
        .descriptor =
            {.media_type = value.at("mediaType").as_string(),
             .digest = value.at("digest").as_string(),
             .size = static_cast<std::uint64_t>(value.at("size").as_integer())},
        .diff_id = value.at("diffId").as_string(),
        .created_by = plan.created_by};
    const bool there = tools.store.has(store::Kind::blob, digest_hex(layer.descriptor.digest));
    return there ? std::optional(std::move(layer)) : std::nullopt;
}

void keep_layer(const std::string& key, const oci::Layer& layer, const Tools& tools) {
    json::Object record;
    record.set("mediaType", layer.descriptor.media_type);
    record.set("digest", layer.descriptor.digest);
    record.set("size", layer.descriptor.size);
    record.set("diffId", layer.diff_id);
    tools.store.put(store::Kind::layer, key, json::write(record));
}

} // namespace

std::map<const StepNode*, std::vector<oci::Layer>> make_layers(
    const std::map<const StepNode*, StepState>& states, const archive::Compression& compression,
    const Tools& tools) {
    std::map<const StepNode*, std::vector<std::string>> keys;
    std::map<std::string, oci::Layer> done;
    std::map<std::string, Making> missing;
    for (const auto& [node, state] : states) {
        for (const LayerPlan& plan : state.layers) {
            Frame frame = make_frame(plan, state.tree);
            std::string key = layer_key(plan, frame, compression);
            if (auto known = find_layer(key, plan, tools)) {
                done.emplace(key, *std::move(known));
            } else {
                missing.try_emplace(key, Making{&plan, std::move(frame), {}});
            }
            keys[node].push_back(std::move(key));
        }
    }
    TaskGroup group(tools.pool);
    for (auto& each : missing) {
        Making& making = each.second;
        making.layer.created_by = making.plan->created_by;
        group.run(raw_size(making), [&making, &tools] { hash_raw(making, tools); });
        group.run(raw_size(making) / 4, [&making, &compression, &tools] {
            write_blob(making, compression, tools);
        });
    }
    group.wait();
    for (auto& [key, making] : missing) {
        keep_layer(key, making.layer, tools);
        done.emplace(key, std::move(making.layer));
    }
    std::map<const StepNode*, std::vector<oci::Layer>> layers;
    for (const auto& [node, state] : states) {
        for (const std::string& key : keys[node]) {
            layers[node].push_back(done.at(key));
        }
    }
    return layers;
}

oci::Image make_image(
    const Target& target, const std::map<const StepNode*, StepState>& states,
    const std::map<const StepNode*, std::vector<oci::Layer>>& layers, const Tools& tools) {
    const std::vector<const StepNode*> path = path_to(target.last);
    oci::Image image{
        .platform = platform_of(target.architecture),
        .config = run_config(path),
        .created = states.at(target.last).date,
        .annotations = annotations(path)};
    if (const auto& base = path.front()->base) {
        base->keep_layers(tools.store);
        image.layers = base->image().layers;
        // What a definition says of its base itself stays.
        image.annotations.emplace(oci::kBaseDigest, base->digest());
        if (const std::string name = base->full_name(); !name.empty()) {
            image.annotations.emplace(oci::kBaseName, name);
        }
    }
    for (const StepNode* node : path) {
        if (const auto own = layers.find(node); own != layers.end()) {
            image.layers.insert(image.layers.end(), own->second.begin(), own->second.end());
        }
    }
    return image;
}

std::string layer_media_type(const archive::Compression& compression) {
    switch (compression.codec) {
    case archive::Codec::gzip:
        return std::string(oci::kLayerType) + "+gzip";
    case archive::Codec::zstd:
        return std::string(oci::kLayerType) + "+zstd";
    case archive::Codec::none:
    case archive::Codec::xz:
        break;
    }
    return oci::kLayerType;
}

} // namespace pare::build
