// SPDX-License-Identifier: Apache-2.0
#include "archive/tar.hh"
#include "oci/read.hh"
#include "support/digest.hh"
#include "unit/oci/sample.hh"

#include <doctest/doctest.h>

#include <string>

using namespace pare;
using namespace pare::oci;
using namespace pare::oci::test;

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLimit = 1U << 20;

/// The content of the first file of a layer.
Bytes first_file(const ImageReader& reader, const Layer& layer) {
    const auto tar = reader.open_layer(layer);
    archive::TarReader entries(*tar, {}, "layer");
    REQUIRE(entries.next() != nullptr);
    return read_all(entries.content(), kLimit);
}

struct Sample {
    TemporaryDirectory directory;
    SampleStore store;

    /// A file or directory with cc:latest for two platforms and other:1 for one.
    ImageReference write(OutputFormat format, Transport transport) {
        const fs::path output = directory.path() / "output";
        static_cast<void>(write_output(
            output, format,
            {{.tag = "cc:latest",
              .image = sample_image({store.add_layer("amd"), store.add_layer("z", kZstd)})},
             {.tag = "cc:latest", .image = sample_image({store.add_layer("arm")}, "arm64")},
             {.tag = "other:1", .image = sample_image({store.add_layer("o", kPlain)})}},
            store.finder()));
        return {.transport = transport, .path = output};
    }
};

Error problem(const ImageReference& reference) {
    return error_of([&] { return ImageReader(reference); });
}

} // namespace

TEST_CASE("references to images name transport, path and tag") {
    const ImageReference reference = parse_image_reference("oci:/tmp/out:localhost:5000/cc:1");
    CHECK(reference.transport == Transport::oci);
    CHECK(reference.path == "/tmp/out");
    CHECK(reference.tag == "localhost:5000/cc:1");
    CHECK(to_string(reference) == "oci:/tmp/out:localhost:5000/cc:1");
    CHECK(parse_image_reference("docker-archive:a.tar").transport == Transport::docker_archive);
    const std::string digest = "sha256:" + std::string(64, 'a');
    CHECK(parse_image_reference("oci-archive:a.tar@" + digest).digest == digest);
    CHECK(is_image_reference("oci:x"));
    CHECK_FALSE(is_image_reference("cc:debug"));
    for (const char* wrong :
         {"oci:", "oci::tag", "oci:dir:", "oci-archive::", "UPPER:x", "a@sha256:12"}) {
        CHECK_THROWS_AS(static_cast<void>(parse_image_reference(wrong)), Error);
    }
}

TEST_CASE("a layout and its archive are read the same way") {
    Sample sample;
    ImageReference reference;
    SUBCASE("layout") {
        reference = sample.write(OutputFormat::oci, Transport::oci);
    }
    SUBCASE("archive") {
        reference = sample.write(OutputFormat::oci_archive, Transport::oci_archive);
    }
    reference.tag = "cc:latest";
    const ImageReader reader(reference);
    CHECK(reader.top().media_type == kIndexType);
    REQUIRE(reader.images().size() == 2);
    const ImageEntry& amd = reader.image({.architecture = "amd64"});
    const ImageEntry& arm = reader.image({.architecture = "arm64", .variant = "v8"});
    CHECK(amd.image.config == sample_image({}).config);
    CHECK(first_file(reader, amd.image.layers.at(0)) == "amd");
    CHECK(first_file(reader, amd.image.layers.at(1)) == "z");
    CHECK(first_file(reader, arm.image.layers.at(0)) == "arm");
    const auto blob = reader.open_blob(arm.image.layers.at(0).descriptor);
    CHECK(read_all(*blob, kLimit) == read_file(sample.store.path_of(arm.image.layers.at(0))));
    CHECK_THROWS_WITH_AS(
        static_cast<void>(reader.image({.architecture = "s390x"})),
        doctest::Contains("has no image for linux/s390x"), Error);
}

TEST_CASE("a docker-archive is read back, layer by layer") {
    Sample sample;
    ImageReference reference =
        sample.write(OutputFormat::docker_archive, Transport::docker_archive);
    reference.tag = "cc:latest-amd64";
    const ImageReader reader(reference);
    REQUIRE(reader.images().size() == 1);
    const Image& image = reader.images()[0].image;
    CHECK(image.config == sample_image({}).config);
    CHECK(first_file(reader, image.layers.at(0)) == "amd");
    CHECK(first_file(reader, image.layers.at(1)) == "z");
    CHECK(image.layers[0].descriptor.media_type == std::string(kLayerType) + "+gzip");
    CHECK(image.layers[1].descriptor.media_type == kLayerType);
    CHECK(image.layers[1].descriptor.digest == image.layers[1].diff_id);
}

TEST_CASE("a compressed archive is read too") {
    Sample sample;
    ImageReference reference = sample.write(OutputFormat::oci_archive, Transport::oci_archive);
    const fs::path packed = sample.directory.path() / "packed.tar.gz";
    write_file(packed, archive::compress(read_file(reference.path), kGzip));
    reference.path = packed;
    reference.tag = "other:1";
    const ImageReader reader(reference);
    CHECK(first_file(reader, reader.images().at(0).image.layers.at(0)) == "o");
}

TEST_CASE("a manifest can be named by its digest") {
    Sample sample;
    ImageReference reference = sample.write(OutputFormat::oci, Transport::oci);
    reference.tag = "other:1";
    const oci::Descriptor top = ImageReader(reference).top();
    reference.tag.clear();
    reference.digest = top.digest;
    CHECK(ImageReader(reference).top() == top);
}

TEST_CASE("a manifest that the index of a layout does not list any more can be named, too") {
    Sample sample;
    ImageReference reference = sample.write(OutputFormat::oci, Transport::oci);
    reference.tag = "cc:latest";
    const oci::Descriptor top = ImageReader(reference).top();
    write_file(reference.path / "index.json", R"({"schemaVersion":2,"manifests":[]})");
    reference.tag.clear();
    reference.digest = top.digest;
    const ImageReader reader(reference);
    CHECK(reader.top().media_type == kIndexType);
    CHECK(reader.images().size() == 2);
    CHECK(reader.tag().empty());
    write_file(reference.path / "blobs" / "sha256" / top.digest.substr(7), "{}");
    CHECK(problem(reference).kind() == ErrorKind::refused);
    reference.digest = "sha256:" + std::string(64, '0');
    CHECK(problem(reference).kind() == ErrorKind::usage);
}

TEST_CASE("an image has the name that it has where it is") {
    Sample sample;
    ImageReference reference = sample.write(OutputFormat::oci, Transport::oci);
    reference.tag = "other:1";
    const ImageReader reader(reference);
    CHECK(reader.tag() == "other:1");
    CHECK(
        reader.blob_file(reader.top()) ==
        reference.path / "blobs" / "sha256" / reader.top().digest.substr(7));
    reference.tag.clear();
    reference.digest = reader.top().digest;
    CHECK(ImageReader(reference).tag() == "other:1");
}

TEST_CASE("an image in an archive has no file of its own") {
    Sample sample;
    ImageReference reference =
        sample.write(OutputFormat::docker_archive, Transport::docker_archive);
    reference.tag = "other:1";
    const ImageReader reader(reference);
    CHECK(reader.tag() == "other:1");
    CHECK_FALSE(reader.blob_file(reader.top()));
}

TEST_CASE("a reference that means no image, or several, says which there are") {
    Sample sample;
    ImageReference reference = sample.write(OutputFormat::oci, Transport::oci);
    const Error several = problem(reference);
    CHECK(several.kind() == ErrorKind::usage);
    CHECK(several.message().ends_with("holds several images"));
    CHECK(several.hint() == "add :TAG; it holds cc:latest, other:1");
    reference.tag = "nothing";
    const Error none = problem(reference);
    CHECK(none.kind() == ErrorKind::usage);
    CHECK(none.hint() == "it holds cc:latest, other:1");
}

TEST_CASE("a damaged blob is refused before any byte of it is given out") {
    Sample sample;
    ImageReference reference = sample.write(OutputFormat::oci, Transport::oci);
    reference.tag = "other:1";
    const ImageReader before(reference);
    const Layer layer = before.images().at(0).image.layers.at(0);
    const fs::path blob = reference.path / "blobs" / "sha256" / layer.descriptor.digest.substr(7);
    Bytes bytes = read_file(blob);
    bytes[600] = static_cast<char>(bytes[600] ^ 1);
    fs::remove(blob);
    write_file(blob, bytes);
    CHECK_THROWS_WITH_AS(
        static_cast<void>(before.open_layer(layer)), doctest::Contains("has the digest"), Error);
    bytes.pop_back();
    write_file(blob, bytes);
    CHECK_THROWS_WITH_AS(
        static_cast<void>(before.open_layer(layer)), doctest::Contains("bytes, expected"), Error);
}

TEST_CASE("a damaged manifest is refused") {
    Sample sample;
    ImageReference reference = sample.write(OutputFormat::oci, Transport::oci);
    reference.tag = "other:1";
    const std::string digest = ImageReader(reference).top().digest;
    const fs::path blob = reference.path / "blobs" / "sha256" / digest.substr(7);
    Bytes bytes = read_file(blob);
    bytes[bytes.size() - 2] = ' ';
    write_file(blob, bytes);
    CHECK(problem(reference).kind() == ErrorKind::refused);
}

TEST_CASE("a layer that is not its diff_id is refused at its end") {
    Sample sample;
    const ImageReference reference = sample.write(OutputFormat::oci, Transport::oci);
    const ImageReader reader(
        {.transport = Transport::oci, .path = reference.path, .tag = "other:1"});
    Layer layer = reader.images().at(0).image.layers.at(0);
    layer.diff_id = "sha256:" + std::string(64, '0');
    const auto tar = reader.open_layer(layer);
    CHECK_THROWS_WITH_AS(
        static_cast<void>(read_all(*tar, kLimit)), doctest::Contains("diff_id"), Error);
}

TEST_CASE("an index.json that is itself the index of the image is read") {
    Sample sample;
    const ImageReference reference = sample.write(OutputFormat::oci, Transport::oci);
    ImageReference tagged = reference;
    tagged.tag = "cc:latest";
    const oci::Descriptor index = ImageReader(tagged).top();
    const fs::path blobs = reference.path / "blobs" / "sha256";
    write_file(reference.path / "index.json", read_file(blobs / index.digest.substr(7)));
    const ImageReader reader(reference);
    CHECK(reader.images().size() == 2);
    CHECK(reader.top().digest == index.digest);
}

TEST_CASE("indexes within indexes without end are refused") {
    const TemporaryDirectory layout;
    const fs::path blobs = layout.path() / "blobs" / "sha256";
    make_directories(blobs);
    Document index = write_index({}, {});
    for (int depth = 0; depth < 8; ++depth) {
        write_file(blobs / index.descriptor.digest.substr(7), index.bytes);
        index = write_index({index.descriptor}, {});
    }
    write_file(layout.path() / "index.json", index.bytes);
    write_file(layout.path() / "oci-layout", R"({"imageLayoutVersion":"1.0.0"})");
    const Error error = problem({.transport = Transport::oci, .path = layout.path()});
    CHECK(error.kind() == ErrorKind::refused);
    CHECK(error.message().find("deep") != std::string::npos);
}

TEST_CASE("what holds no image says what was expected") {
    const TemporaryDirectory directory;
    const Error empty = problem({.transport = Transport::oci, .path = directory.path()});
    CHECK(empty.message() == directory.path().string() + " holds no image: oci-layout is missing");
    const Error missing =
        problem({.transport = Transport::oci_archive, .path = directory.path() / "none.tar"});
    CHECK(missing.kind() == ErrorKind::environment);
    write_file(directory.path() / "twice.tar", [] {
        const Bytes member = archive::tar_header({.name = "a", .mode = 0644});
        return member + member + Bytes(archive::tar_end());
    }());
    const Error twice =
        problem({.transport = Transport::oci_archive, .path = directory.path() / "twice.tar"});
    CHECK(twice.message().ends_with("holds a more than once"));
}

TEST_CASE("links inside a docker-archive are followed, links out of it are not") {
    const TemporaryDirectory directory;
    SampleStore store;
    const Layer layer = store.add_layer("content", kPlain);
    const Bytes tar = read_file(store.path_of(layer));
    const Image image = sample_image({layer, layer});
    const Document config = write_config(image);
    const auto member = [](const std::string& name, const Bytes& bytes) {
        return archive::tar_header({.name = name, .mode = 0644, .size = bytes.size()}) + bytes +
               Bytes(archive::tar_padding(bytes.size()), '\0');
    };
    const auto archive_with = [&](const std::string& link) {
        const auto path = directory.path() / "saved.tar";
        write_file(
            path,
            member("c.json", config.bytes) + member("one/layer.tar", tar) +
                archive::tar_header(
                    {.type = archive::TarType::symlink,
                     .name = "two/layer.tar",
                     .link = link,
                     .mode = 0777}) +
                member(
                    "manifest.json",
                    R"([{"Config":"c.json","RepoTags":null,"Layers":["one/layer.tar","two/layer.tar"]}])") +
                Bytes(archive::tar_end()));
        return ImageReference{.transport = Transport::docker_archive, .path = path};
    };
    const ImageReader reader(archive_with("../one/layer.tar"));
    CHECK(first_file(reader, reader.images().at(0).image.layers.at(1)) == "content");
    CHECK(problem(archive_with("../../../etc/passwd")).kind() == ErrorKind::refused);
    CHECK(problem(archive_with("../two/layer.tar")).kind() == ErrorKind::refused);
}
