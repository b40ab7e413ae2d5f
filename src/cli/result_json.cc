// SPDX-License-Identifier: Apache-2.0
#include "cli/result_json.hh"

namespace pare::cli {

namespace {

json::Value package_json(const package::LockedPackage& package) {
    return json::Object{{"name", package.name},
                        {"version", package.version},
                        {"architecture", package.architecture},
                        {"source", package.source},
                        {"url", package.url},
                        {"sha256", package.sha256},
                        {"reason", package.reason}};
}

json::Value archive_json(const package::LockedArchive& archive) {
    return json::Object{
        {"name", archive.name},
        {"version", archive.version},
        {"url", archive.url},
        {"sha256", archive.sha256}};
}

json::Value image_json(const build::BuiltImage& built) {
    json::Array archives;
    for (const package::LockedArchive& archive : built.archives) {
        archives.push_back(archive_json(archive));
    }
    json::Array packages;
    for (const package::LockedPackage& package : built.packages) {
        packages.push_back(package_json(package));
    }
    return json::Object{
        {"definition", built.definition},
        {"variant", built.variant},
        {"distribution", built.distribution},
        {"tag", built.tag},
        {"platform", platform_json(built.image.platform)},
        {"digest", built.manifest_digest},
        {"from_cache", built.from_cache},
        {"layers", layers_json(built.image)},
        {"packages", std::move(packages)},
        {"archives", std::move(archives)}};
}

} // namespace

std::string_view stage_name(Stage stage) {
    switch (stage) {
    case Stage::index:
        return "index";
    case Stage::solve:
        return "solve";
    case Stage::download:
        return "download";
    case Stage::cut:
        return "cut";
    case Stage::finish:
        return "finish";
    case Stage::assemble:
        return "assemble";
    case Stage::output:
        return "output";
    case Stage::pull:
        return "pull";
    case Stage::push:
        return "push";
    }
    return "";
}

json::Value platform_json(const oci::Platform& platform) {
    json::Object object{{"os", platform.os}, {"architecture", platform.architecture}};
    if (!platform.variant.empty()) {
        object.set("variant", platform.variant);
    }
    return object;
}

json::Value written_json(const oci::Written& written) {
    json::Array manifests;
    for (const oci::Descriptor& manifest : written.manifests) {
        manifests.emplace_back(manifest.digest);
    }
    return json::Object{
        {"tag", written.tag},
        {"digest", written.descriptor.digest},
        {"media_type", written.descriptor.media_type},
        {"size", written.descriptor.size},
        {"manifests", std::move(manifests)}};
}

json::Value layers_json(const oci::Image& image) {
    json::Array layers;
    for (const oci::Layer& layer : image.layers) {
        layers.emplace_back(json::Object{
            {"digest", layer.descriptor.digest},
            {"media_type", layer.descriptor.media_type},
            {"size", layer.descriptor.size},
            {"diff_id", layer.diff_id},
            {"created_by", layer.created_by}});
    }
    return layers;
}

json::Value result_json(const build::Result& result) {
    json::Array images;
    for (const build::BuiltImage& built : result.images) {
        images.push_back(image_json(built));
    }
    json::Array written;
    for (const oci::Written& one : result.written) {
        written.push_back(written_json(one));
    }
    json::Object stages;
    for (const build::StageTime& stage : result.stages) {
        stages.set(
            std::string(stage_name(stage.stage)),
            std::chrono::duration<double>(stage.time).count());
    }
    return json::Object{
        {"tags", std::move(written)},
        {"images", std::move(images)},
        {"seconds", std::move(stages)},
        {"downloaded", result.downloaded}};
}

} // namespace pare::cli
