// SPDX-License-Identifier: Apache-2.0
#include "oci/image.hh"
#include "support/digest.hh"
#include "unit/oci/sample.hh"

#include <doctest/doctest.h>

#include <string>

using namespace pare;
using namespace pare::oci;
using namespace pare::oci::test;

namespace {

const std::string kA(64, 'a');

std::string manifest_with(const std::string& layers, const std::string& more = "") {
    return R"({"schemaVersion":2,"config":{"mediaType":"application/vnd.oci.image.config.v1+json",)"
           R"("digest":"sha256:)" +
           kA + R"(","size":2},"layers":[)" + layers + "]" + more + "}";
}

std::string layer_of_type(const std::string& type) {
    return R"({"mediaType":")" + type + R"(","digest":"sha256:)" + kA + R"(","size":1})";
}

std::string config_with(const std::string& diff_ids, const std::string& more = "") {
    return R"({"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[)" +
           diff_ids + "]}" + more + "}";
}

const std::string kDiffId = "\"sha256:" + kA + "\"";
const std::string kPlainLayer = layer_of_type(kLayerType);

/// The message of the error, or nothing.
std::string problem(const std::string& manifest, const std::string& config) {
    const auto error = thrown_by([&] { return parse_image(manifest, config, "test"); });
    CHECK((!error || error->kind() == ErrorKind::refused));
    return error ? error->message() : "";
}

} // namespace

TEST_CASE("the configuration has one form, in the order of the specification") {
    const Document config = write_config(sample_image({paper_layer('a'), paper_layer('b')}));
    CHECK(
        config.bytes ==
        R"({"created":"2023-11-14T22:13:20Z","architecture":"amd64","os":"linux","config":{)"
        R"("User":"65532:65532","ExposedPorts":{"53/udp":{},"8080/tcp":{}},)"
        R"("Env":["PATH=/usr/bin","LANG=C.UTF-8"],"Entrypoint":["/usr/bin/server"],)"
        R"("Cmd":["--port","8080"],"Volumes":{"/data":{}},"WorkingDir":"/home/nonroot",)"
        R"("Labels":{"a":"1","b":"2"},"StopSignal":"SIGINT",)"
        R"("Healthcheck":{"Test":["CMD","/probe"],"Interval":5000000000,"Retries":3}},)"
        R"("rootfs":{"type":"layers","diff_ids":["sha256:)" +
            std::string(64, 'a') + R"(","sha256:)" + std::string(64, 'b') +
            R"("]},"history":[{"created":"2023-11-14T22:13:20Z","created_by":"package a"},)"
            R"({"created":"2023-11-14T22:13:20Z","created_by":"package b"}]})");
    CHECK(config.descriptor.digest == oci_digest(config.bytes));
    CHECK(config.descriptor.size == config.bytes.size());
}

TEST_CASE("what is empty is left out of the configuration") {
    const Image image{
        .platform = {.architecture = "arm", .variant = "v7"}, .layers = {paper_layer('c')}};
    const Document config = write_config(image);
    CHECK(config.bytes.find("\"config\"") == std::string::npos);
    CHECK(
        config.bytes.find(R"("architecture":"arm","os":"linux","variant":"v7")") !=
        std::string::npos);
}

TEST_CASE("the manifest names configuration, layers and annotations") {
    const Image image = sample_image({paper_layer('a')});
    const Document config = write_config(image);
    const Document manifest = write_manifest(image, config.descriptor);
    CHECK(
        manifest.bytes ==
        R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",)"
        R"("config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":")" +
            config.descriptor.digest + R"(","size":)" + std::to_string(config.bytes.size()) +
            R"(},"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":)"
            R"("sha256:)" +
            kA + R"(","size":7}],"annotations":{"org.opencontainers.image.title":"sample"}})");
    REQUIRE(manifest.descriptor.platform);
    CHECK(manifest.descriptor.platform->architecture == "amd64");
}

TEST_CASE("an index lists platforms and is read back as it was") {
    std::vector<oci::Descriptor> manifests;
    for (const char* architecture : {"amd64", "arm64"}) {
        const Image image = sample_image({paper_layer('a')}, architecture);
        manifests.push_back(write_manifest(image, write_config(image).descriptor).descriptor);
    }
    const Document index = write_index(manifests, {{"k", "v"}});
    CHECK(parse_index(index.bytes, "test") == manifests);
    CHECK(index.bytes.ends_with(
        R"("platform":{"architecture":"arm64","os":"linux"}}],"annotations":{"k":"v"}})"));
}

TEST_CASE("an image is read back as it was written") {
    const Image image = sample_image({paper_layer('a'), paper_layer('b')});
    const Document config = write_config(image);
    const Document manifest = write_manifest(image, config.descriptor);
    CHECK(parse_image(manifest.bytes, config.bytes, "test") == image);
}

TEST_CASE("docker's media types become those of OCI") {
    const std::string manifest =
        R"({"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.v2+json",)"
        R"("config":{"mediaType":"application/vnd.docker.container.image.v1+json","digest":"sha256:)" +
        kA + R"(","size":2},"layers":[)" +
        layer_of_type("application/vnd.docker.image.rootfs.diff.tar.gzip") + "]}";
    const Image image = parse_image(manifest, config_with(kDiffId), "test");
    CHECK(image.layers[0].descriptor.media_type == std::string(kLayerType) + "+gzip");
}

TEST_CASE("members that are null count as missing") {
    const Image image = parse_image(
        manifest_with(kPlainLayer),
        config_with(kDiffId, R"(,"config":{"Cmd":null,"Labels":null},"history":null)"), "test");
    CHECK(image.config == RunConfig());
}

TEST_CASE("empty history entries belong to no layer") {
    const Image image = parse_image(
        manifest_with(kPlainLayer),
        config_with(
            kDiffId,
            R"(,"history":[{"created_by":"ENV a","empty_layer":true},{"created_by":"COPY"}])"),
        "test");
    CHECK(image.layers[0].created_by == "COPY");
}

TEST_CASE("a history that says more than the layers is kept as it was") {
    const std::string history =
        R"("history":[{"created":"2020-01-01T00:00:00.5Z","created_by":"ENV a","author":"us",)"
        R"("comment":"why","empty_layer":true},{"created_by":"COPY"}])";
    const Image image =
        parse_image(manifest_with(kPlainLayer), config_with(kDiffId, "," + history), "test");
    REQUIRE(image.history.size() == 2);
    CHECK(image.history[0].created == "2020-01-01T00:00:00.5Z");
    CHECK(write_config(image).bytes.ends_with(history + "}"));
    const Image plain = sample_image({paper_layer('a')});
    const Document config = write_config(plain);
    CHECK(parse_image(write_manifest(plain, config.descriptor).bytes, config.bytes, "test")
              .history.empty());
}

TEST_CASE("a history that does not fit the layers is dropped") {
    const Image image = parse_image(
        manifest_with(kPlainLayer),
        config_with(kDiffId, R"(,"history":[{"created_by":"a"},{"created_by":"b"}])"), "test");
    CHECK(image.history.empty());
    CHECK(image.layers[0].created_by.empty());
}

TEST_CASE("what engines read beside the specification is kept") {
    Image image = sample_image({paper_layer('a')});
    image.author = "us";
    image.config.shell = {"/bin/bash", "-c"};
    image.config.on_build = {"RUN x"};
    image.config.stop_timeout = -1;
    image.config.healthcheck->start_interval = 7;
    const Document config = write_config(image);
    CHECK(config.bytes.find(R"("author":"us")") != std::string::npos);
    CHECK(
        config.bytes.find(R"("StopTimeout":-1,"Shell":["/bin/bash","-c"],"OnBuild":["RUN x"]})") !=
        std::string::npos);
    const Document manifest = write_manifest(image, config.descriptor);
    CHECK(parse_image(manifest.bytes, config.bytes, "test") == image);
}

TEST_CASE("a name with a host means the same everywhere") {
    for (const char* full : {"registry.example/base:1", "localhost/base", "host:5000/base"}) {
        CHECK(is_full_reference(full));
    }
    for (const char* other : {"base:1", "team/base:1", "latest", ""}) {
        CHECK_FALSE(is_full_reference(other));
    }
}

TEST_CASE("creation times are read with fractions and zones") {
    const auto created = [](const std::string& time) {
        return parse_image(
                   manifest_with(kPlainLayer),
                   config_with(kDiffId, R"(,"created":")" + time + "\""), "test")
            .created;
    };
    CHECK(created("2023-11-14T22:13:20Z") == 1'700'000'000);
    CHECK(created("2023-11-14T23:13:20.123456789+01:00") == 1'700'000'000);
    CHECK(created("0001-01-01T00:00:00Z") == -62'135'596'800);
    CHECK_THROWS_AS(created("2023-02-30T00:00:00Z"), Error);
    CHECK_THROWS_AS(created("2023-11-14 22:13:20"), Error);
    CHECK_THROWS_AS(created("yesterday"), Error);
}

TEST_CASE("images that do not hold together are refused") {
    CHECK(problem(manifest_with(kPlainLayer), config_with("")) == "1 layers but 0 diff_ids");
    CHECK(
        problem(manifest_with(layer_of_type("text/plain")), config_with(kDiffId)) ==
        "a layer has the media type text/plain, which holds no tar that pare reads");
    CHECK(
        problem(manifest_with(kPlainLayer, R"(,"mediaType":"a/b")"), config_with(kDiffId)) ==
        "expected a document of type application/vnd.oci.image.manifest.v1+json, got a/b");
    CHECK(problem(R"({"schemaVersion":1})", "{}") == "expected schemaVersion 2, got 1");
    CHECK(
        problem(manifest_with(kPlainLayer), config_with("\"md5:aa\"")) ==
        "'md5:aa' is no SHA-256 digest");
    CHECK_FALSE(problem("[]", "{}").empty());
    CHECK_FALSE(problem("{", "{}").empty());
}

TEST_CASE("a platform that could not be a file name is refused") {
    CHECK(
        problem(
            manifest_with(""),
            R"({"architecture":"../x","os":"linux","rootfs":{"type":"layers","diff_ids":[]}})") ==
        "\"../x\" is not the name of an architecture");
}
