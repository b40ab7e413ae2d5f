// SPDX-License-Identifier: Apache-2.0
// Documents beside images: manifests with a subject, listed by index.json without a name.
#include "oci/output.hh"
#include "oci/read.hh"
#include "support/expect.hh"
#include "support/files.hh"
#include "support/json.hh"

namespace pare::test {

namespace {

using namespace oci;

const std::string kType = "application/example+json";

Image image_of(const std::string& author) {
    return {.platform = {.architecture = "amd64"}, .author = author};
}

/// Writes an image without layers, and a document about it.
Written write(
    const std::filesystem::path& output, const std::string& tag, const Image& image,
    const std::string& text, OutputFormat format = OutputFormat::oci) {
    const std::vector<TaggedImage> images{{tag, image}};
    const Written planned = describe_output(images).front();
    const auto written = write_output(
        output, format, images, [](const std::string&) { return std::filesystem::path(); },
        {{.subject = planned.descriptor, .artifact_type = kType, .bytes = text}});
    CHECK(written.front().descriptor == planned.descriptor);
    return written.front();
}

std::size_t entries_in(const std::filesystem::path& layout) {
    const json::Value index = json::parse(read_file(layout / "index.json"), "index.json");
    return index.at("manifests").as_array().size();
}

} // namespace

TEST_CASE("an attachment is found by what it is about, and is no image itself") {
    const TemporaryDirectory directory;
    for (const OutputFormat format : {OutputFormat::oci, OutputFormat::oci_archive}) {
        const bool is_layout = format == OutputFormat::oci;
        const auto output = directory.path() / (is_layout ? "layout" : "archive.tar");
        const Written written = write(output, "a:1", image_of("x"), "{\"x\":1}", format);
        const ImageReader reader(
            parse_image_reference((is_layout ? "oci:" : "oci-archive:") + output.string()));
        CHECK(reader.images().size() == 1);
        CHECK(reader.attachment(written.descriptor.digest, kType) == "{\"x\":1}");
        CHECK(!reader.attachment(written.descriptor.digest, "application/other"));
        CHECK(!reader.attachment("sha256:" + std::string(64, '0'), kType));
    }
}

TEST_CASE("a new document takes the place of the old one, and goes with its image") {
    const TemporaryDirectory directory;
    const auto layout = directory.path() / "layout";
    const Written first = write(layout, "a:1", image_of("x"), "1");
    static_cast<void>(write(layout, "a:1", image_of("x"), "2"));
    CHECK(entries_in(layout) == 2);
    static_cast<void>(write(layout, "b:1", image_of("y"), "3"));
    CHECK(entries_in(layout) == 4);
    static_cast<void>(write(layout, "a:1", image_of("z"), "4"));
    CHECK(entries_in(layout) == 4);
    const ImageReader reader(parse_image_reference("oci:" + layout.string() + ":b:1"));
    CHECK(!reader.attachment(first.descriptor.digest, kType));
    CHECK(reader.attachment(reader.top().digest, kType) == "3");
}

TEST_CASE("a manifest with a subject names it as the specification says") {
    const Attachment attachment{
        .subject =
            {.media_type = kManifestType,
             .digest = "sha256:" + std::string(64, 'a'),
             .size = 7,
             .annotations = {{"name", "x"}},
             .platform = Platform{}},
        .artifact_type = kType,
        .bytes = "[]"};
    const std::vector<Document> documents = write_attachment(attachment);
    REQUIRE(documents.size() == 3);
    const json::Value manifest = json::parse(documents.back().bytes, "manifest");
    CHECK(manifest.at("artifactType").as_string() == kType);
    CHECK(manifest.at("config").at("mediaType").as_string() == "application/vnd.oci.empty.v1+json");
    CHECK(
        json::write(manifest.at("subject")) ==
        R"({"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:)" +
            std::string(64, 'a') + R"(","size":7})");
    CHECK(documents.back().descriptor.artifact_type == kType);
}

TEST_CASE("a docker-archive has no place for attachments") {
    const TemporaryDirectory directory;
    const Error error = error_of([&] {
        return write(
            directory.path() / "x.tar", "a:1", image_of("x"), "1", OutputFormat::docker_archive);
    });
    CHECK(error.kind() == ErrorKind::usage);
    CHECK(!std::filesystem::exists(directory.path() / "x.tar"));
}

} // namespace pare::test
