// SPDX-License-Identifier: Apache-2.0
// The outputs in the hands of tools that we did not write. A tool that is not here is named and
// its case passes.
#include "oci/output.hh"
#include "support/run_command.hh"
#include "unit/oci/sample.hh"

#include <doctest/doctest.h>

#include <string>

using namespace pare;
using namespace pare::oci;
using namespace pare::oci::test;
using pare::test::find_fixture;
using pare::test::has_program;
using pare::test::run_command;

namespace {

namespace fs = std::filesystem;

bool skipped(const std::string& program) {
    if (has_program(program)) {
        return false;
    }
    MESSAGE("skipped: there is no ", program);
    return true;
}

struct Sample {
    TemporaryDirectory directory;
    SampleStore store;
    fs::path output = directory.path() / "output";

    void write(OutputFormat format) {
        static_cast<void>(write_output(
            output, format,
            {{.tag = "cc:1",
              .image = sample_image({store.add_layer("a"), store.add_layer("z", kZstd)})},
             {.tag = "two:1", .image = sample_image({store.add_layer("p", kPlain)})},
             {.tag = "two:1", .image = sample_image({store.add_layer("q")}, "arm64")}},
            store.finder()));
    }
};

/// Runs a tool that has to succeed; returns what it printed.
std::string run(const std::vector<std::string>& arguments) {
    const auto result = run_command(arguments);
    INFO(result.output);
    CHECK(result.status == 0);
    return result.output;
}

} // namespace

TEST_CASE("every document is valid under the schemas of the specification") {
    const fs::path schemas = find_fixture("schemas/oci");
    if (schemas.empty() || run_command({"python3", "-c", "import jsonschema"}).status != 0) {
        MESSAGE("skipped: the schemas or python3 with jsonschema are not here");
        return;
    }
    const TemporaryDirectory directory;
    const Image image = sample_image({paper_layer('a'), paper_layer('b')});
    const Document config = write_config(image);
    const Document manifest = write_manifest(image, config.descriptor);
    const Document index = write_index({manifest.descriptor}, {{"k", "v"}});
    const std::string script = R"(
import json, pathlib, sys, warnings
warnings.simplefilter("ignore")
import jsonschema
folder, schema, document = sys.argv[1:]
folder = pathlib.Path(folder)
base = (folder / schema).as_uri()
store = {file.as_uri(): json.loads(file.read_text()) for file in folder.glob("*.json")}
def without_ids(node):
    if isinstance(node, dict):
        return {k: without_ids(v) for k, v in node.items() if k != "id" or not isinstance(v, str)}
    return [without_ids(v) for v in node] if isinstance(node, list) else node
store = {uri: without_ids(text) for uri, text in store.items()}
resolver = jsonschema.RefResolver(base, store[base], store=store)
jsonschema.Draft4Validator(store[base], resolver=resolver).validate(json.loads(document))
)";
    const auto validate = [&](const char* schema, BytesView document) {
        return run_command(
            {"python3", "-c", script, fs::absolute(schemas).lexically_normal().string(), schema,
             std::string(document)});
    };
    const auto check = [&](const char* schema, BytesView document) {
        const auto result = validate(schema, document);
        INFO(schema, ": ", result.output);
        CHECK(result.status == 0);
    };
    check("config-schema.json", config.bytes);
    check("image-manifest-schema.json", manifest.bytes);
    check("image-index-schema.json", index.bytes);
    check("image-layout-schema.json", R"({"imageLayoutVersion":"1.0.0"})");
    CHECK(validate("image-manifest-schema.json", "{}").status != 0);
}

TEST_CASE("skopeo reads the layout and its archive, and copies every tag") {
    if (skipped("skopeo")) {
        return;
    }
    Sample sample;
    std::string transport;
    SUBCASE("layout") {
        sample.write(OutputFormat::oci);
        transport = "oci:";
    }
    SUBCASE("archive") {
        sample.write(OutputFormat::oci_archive);
        transport = "oci-archive:";
    }
    const std::string source = transport + sample.output.string();
    CHECK(
        run({"skopeo", "inspect", source + ":cc:1"}).find("\"LANG=C.UTF-8\"") != std::string::npos);
    const std::string target = (sample.directory.path() / "copy").string();
    run({"skopeo", "copy", "--all", source + ":two:1", "oci:" + target + ":two"});
    CHECK(
        run({"skopeo", "inspect", "--raw", "oci:" + target + ":two"}).find("arm64") !=
        std::string::npos);
}

TEST_CASE("skopeo reads the docker-archive and copies it") {
    if (skipped("skopeo")) {
        return;
    }
    Sample sample;
    sample.write(OutputFormat::docker_archive);
    const std::string source = "docker-archive:" + sample.output.string() + ":cc:1";
    CHECK(run({"skopeo", "inspect", source}).find("\"65532:65532\"") == std::string::npos);
    CHECK(
        run({"skopeo", "inspect", "--config", source}).find("\"65532:65532\"") !=
        std::string::npos);
    const std::string target = (sample.directory.path() / "copy").string();
    run({"skopeo", "copy", source, "oci:" + target + ":cc"});
}

TEST_CASE("umoci unpacks the layout") {
    if (skipped("umoci")) {
        return;
    }
    Sample sample;
    static_cast<void>(write_output(
        sample.output, OutputFormat::oci,
        {{.tag = "cc",
          .image = sample_image({sample.store.add_layer("a"), sample.store.add_layer("b")})}},
        sample.store.finder()));
    const fs::path bundle = sample.directory.path() / "bundle";
    run(
        {"umoci", "unpack", "--rootless", "--image", sample.output.string() + ":cc",
         bundle.string()});
    CHECK(read_file(bundle / "rootfs" / "a") == "a");
    CHECK(read_file(bundle / "rootfs" / "b") == "b");
}

TEST_CASE("podman loads every format") {
    if (skipped("podman")) {
        return;
    }
    Sample sample;
    const fs::path root = sample.directory.path() / "podman";
    const std::vector<std::string> podman{"podman",
                                          "--root",
                                          (root / "root").string(),
                                          "--runroot",
                                          (root / "run").string(),
                                          "--storage-driver",
                                          "vfs",
                                          "--events-backend",
                                          "file"};
    const auto with = [&](std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), podman.begin(), podman.end());
        return arguments;
    };
    if (run_command(with({"images"})).status != 0) {
        MESSAGE("skipped: podman does not work here");
        return;
    }
    sample.write(OutputFormat::docker_archive);
    CHECK(
        run(with({"load", "-i", sample.output.string()})).find("localhost/cc:1") !=
        std::string::npos);
    fs::remove(sample.output);
    static_cast<void>(write_output(
        sample.output, OutputFormat::oci_archive,
        {{.tag = "three:1", .image = sample_image({sample.store.add_layer("a")})}},
        sample.store.finder()));
    run(with({"load", "-i", sample.output.string()}));
    CHECK(
        run(with({"images", "--format", "{{.Repository}}:{{.Tag}}"})).find("three:1") !=
        std::string::npos);
    static_cast<void>(run_command(with({"unshare", "rm", "-rf", root.string()})));
}
