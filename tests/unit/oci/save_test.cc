// SPDX-License-Identifier: Apache-2.0
// Images carried from place to place as they are.
#include "oci/documents.hh"
#include "oci/read.hh"
#include "oci/save.hh"
#include "sample.hh"

#include <doctest/doctest.h>

using namespace pare;
using namespace pare::oci;
using namespace pare::oci::test;

namespace {

constexpr const char* kBundle = "application/vnd.dev.sigstore.bundle.v0.3+json";

/// A layout with an image for two platforms, and things that belong to it.
struct Carried {
    SampleStore store{};
    TemporaryDirectory folder{};
    std::filesystem::path from = folder.path() / "from";
    std::filesystem::path to = folder.path() / "to";

    Carried() {
        const Layer one = store.add_layer("one");
        const Layer two = store.add_layer("two", kZstd);
        static_cast<void>(write_output(
            from, OutputFormat::oci,
            {{.tag = "app:1", .image = sample_image({one, two}, "amd64")},
             {.tag = "app:1", .image = sample_image({one}, "arm64")}},
            store.finder()));
    }

    [[nodiscard]] std::shared_ptr<const Content>
    open(const std::filesystem::path& path, std::string tag = {}) const {
        return open_content({.path = path, .tag = std::move(tag)});
    }

    /// Adds a manifest to the layout that belongs to `subject`.
    oci::Descriptor
    add_referrer(const oci::Descriptor& subject, const std::string& tag = {}) const {
        const Document empty = make_document("{}", "application/vnd.oci.empty.v1+json");
        json::Object manifest{
            {"schemaVersion", 2},
            {"mediaType", kManifestType},
            {"artifactType", kBundle},
            {"config", descriptor_json(empty.descriptor)},
            {"layers", json::Array{json::Value(descriptor_json(empty.descriptor))}}};
        if (tag.empty()) {
            manifest.set("subject", descriptor_json(subject));
        }
        const Document document = make_document(json::write(manifest), kManifestType);
        const std::filesystem::path file = folder.path() / "empty";
        write_file(file, empty.bytes);
        save_graphs(
            from, OutputFormat::oci,
            {{.tag = tag, .graph = {.documents = {document}, .blobs = {empty.descriptor}}}},
            *open(from, "app:1"), [&](const std::string&) { return file; });
        return document.descriptor;
    }

    [[nodiscard]] FindBlob finder(const Content& content, const Graph& graph) const {
        return [&content, &graph](const std::string& digest) {
            for (const oci::Descriptor& blob : graph.blobs) {
                if (blob.digest == digest) {
                    return std::filesystem::path(content.open(blob).name);
                }
            }
            return std::filesystem::path();
        };
    }
};

} // namespace

TEST_CASE("an image that is carried keeps its digest, in every format") {
    const Carried carried;
    const auto content = carried.open(carried.from);
    const Graph graph = read_graph(*content, content->tops().front());
    CHECK(graph.documents.size() == 3);
    CHECK(graph.blobs.size() == 4);
    CHECK(graph.top().descriptor.media_type == kIndexType);
    for (const auto& [format, transport] :
         {std::pair(OutputFormat::oci, Transport::oci),
          std::pair(OutputFormat::oci_archive, Transport::oci_archive)}) {
        const std::filesystem::path to =
            carried.folder.path() / (format == OutputFormat::oci ? "a" : "b");
        save_graphs(
            to, format, {{.tag = "b.example/app:2", .graph = graph}}, *content,
            carried.finder(*content, graph));
        const ImageReader reader({.transport = transport, .path = to, .tag = "b.example/app:2"});
        CHECK(reader.top().digest == content->tops().front().digest);
        CHECK(reader.images().size() == 2);
        CHECK(reader.images()[0].image == ImageReader({.path = carried.from}).images()[0].image);
    }
}

TEST_CASE("docker gets the images one by one, with their configurations as they were") {
    const Carried carried;
    const auto content = carried.open(carried.from);
    const Graph graph = read_graph(*content, content->tops().front());
    save_graphs(
        carried.to, OutputFormat::docker_archive, {{.tag = "app:1", .graph = graph}}, *content,
        carried.finder(*content, graph));
    const ImageReader reader(
        {.transport = Transport::docker_archive, .path = carried.to, .tag = "app:1-arm64"});
    CHECK(
        reader.images()[0].image.config ==
        ImageReader({.path = carried.from}).images()[1].image.config);
}

TEST_CASE("a platform is chosen from an index") {
    const Carried carried;
    const auto content = carried.open(carried.from);
    const oci::Descriptor top = content->tops().front();
    const oci::Descriptor arm = choose_platform(*content, top, parse_platform_name("linux/arm64"));
    CHECK(arm.platform->architecture == "arm64");
    CHECK(choose_platform(*content, arm, parse_platform_name("linux/amd64")) == arm);
    const Error error =
        error_of([&] { return choose_platform(*content, top, parse_platform_name("riscv64")); });
    CHECK(error.kind() == ErrorKind::usage);
    CHECK(error.hint() == "it holds linux/amd64, linux/arm64");
    CHECK_THROWS_AS(static_cast<void>(parse_platform_name("a//b")), Error);
    CHECK_THROWS_AS(static_cast<void>(parse_platform_name("a/b/c/d")), Error);
}

TEST_CASE("what belongs to an image is found in a layout") {
    const Carried carried;
    const oci::Descriptor top = carried.open(carried.from, "app:1")->tops().front();
    const oci::Descriptor bundle = carried.add_referrer(top);
    const std::string tag = fallback_tag(top.digest) + ".sig";
    const oci::Descriptor older = carried.add_referrer(top, tag);
    const auto content = carried.open(carried.from, "app:1");
    const auto found = content->referrers(top.digest);
    REQUIRE(found.size() == 2);
    CHECK(found[0].manifest.digest == bundle.digest);
    CHECK(found[0].tag.empty());
    CHECK(found[1].manifest.digest == older.digest);
    CHECK(found[1].tag == tag);
    CHECK(content->referrers(bundle.digest).empty());
    const Links links = parse_links(content->document(bundle), bundle.media_type, "test");
    CHECK(links.artifact_type == kBundle);
    REQUIRE(links.subject);
    CHECK(links.subject->digest == top.digest);
}

TEST_CASE("entries without a name stay beside each other and are not doubled") {
    const Carried carried;
    const auto before = carried.open(carried.from, "app:1");
    const oci::Descriptor top = before->tops().front();
    const Graph graph = read_graph(*before, top);
    const oci::Descriptor arm = graph.documents[1].descriptor;
    carried.add_referrer(top);
    carried.add_referrer(top);
    carried.add_referrer(arm);
    const auto after = carried.open(carried.from, "app:1");
    CHECK(after->referrers(top.digest).size() == 1);
    CHECK(after->referrers(arm.digest).size() == 1);
}

TEST_CASE("manifests that are not what they were announced as are refused") {
    const auto refused = [](BytesView bytes, const char* type) {
        return error_of([&] { return parse_links(bytes, type, "test"); });
    };
    const std::string config = R"("config":{"mediaType":"a/b","digest":"sha256:)" +
                               std::string(64, 'a') + R"(","size":1})";
    const std::string good = "{\"schemaVersion\":2," + config + ",\"layers\":[]}";
    CHECK(parse_links(good, kManifestType, "test").blobs.size() == 1);
    CHECK(parse_links(good, kManifestType, "test").artifact_type == "a/b");
    CHECK(
        refused(good, "application/vnd.docker.distribution.manifest.v1+json").kind() ==
        ErrorKind::refused);
    CHECK(
        refused("{\"schemaVersion\":1," + config + "}", kManifestType).kind() ==
        ErrorKind::refused);
    CHECK(
        refused(
            std::string("{\"schemaVersion\":2,\"mediaType\":\"") + kIndexType + "\"," + config +
                "}",
            kManifestType)
            .kind() == ErrorKind::refused);
    CHECK(refused("{\"schemaVersion\":2}", kManifestType).kind() == ErrorKind::refused);
    CHECK(refused("[]", kIndexType).kind() == ErrorKind::refused);
}

TEST_CASE("layers that must not be handed on are left out unless they are there") {
    Carried carried;
    const auto content = carried.open(carried.from);
    const Document config = make_document("{}", kConfigType);
    const json::Object layer{
        {"mediaType", "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip"},
        {"digest", "sha256:" + std::string(64, 'f')},
        {"size", 5}};
    const Document manifest = make_document(
        json::write(json::Object{
            {"schemaVersion", 2},
            {"config", descriptor_json(config.descriptor)},
            {"layers", json::Array{json::Value(layer)}}}),
        kManifestType);
    for (const Document* document : {&config, &manifest}) {
        write_file(
            carried.from / "blobs/sha256" / digest_hex(document->descriptor.digest),
            document->bytes);
    }
    const Graph graph = read_graph(*content, manifest.descriptor);
    REQUIRE(graph.blobs.size() == 1);
    CHECK(graph.blobs[0].digest == config.descriptor.digest);
}
