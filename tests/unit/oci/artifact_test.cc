// SPDX-License-Identifier: Apache-2.0
// What lies beside images in a layout.
#include "oci/artifact.hh"
#include "oci/layout_directory.hh"
#include "oci/read.hh"
#include "unit/oci/sample.hh"

#include <doctest/doctest.h>

#include <optional>
#include <thread>

using pare::Bytes;
using pare::digest_hex;
using pare::Error;
using pare::ErrorKind;
using pare::oci_digest;
using pare::TemporaryDirectory;
using pare::write_file;
using namespace pare::oci;
using namespace pare::oci::test;

namespace {

constexpr const char* kType = "application/vnd.example.note.v1";

/// A layout with one image, `app:1`.
struct Layout {
    SampleStore store{};
    TemporaryDirectory folder{};
    std::filesystem::path root = folder.path() / "layout";
    Descriptor image{};

    Layout() {
        const Image sample{.platform = {.architecture = "amd64"}, .layers = {store.add_layer("a")}};
        image = write_output(root, OutputFormat::oci, {{"app:1", sample}}, store.finder())
                    .front()
                    .descriptor;
    }

    [[nodiscard]] ImageReference reference() const { return {.path = root}; }
};

Artifact note(const Descriptor& subject, const Document& text) {
    Descriptor plain = subject;
    plain.annotations.clear();
    plain.platform.reset();
    return {
        .artifact_type = kType,
        .config = empty_config().descriptor,
        .layers = {text.descriptor},
        .subject = plain,
        .annotations = {{"note", "1"}}};
}

} // namespace

TEST_CASE("an artifact's manifest has the members of the specification, and is read back") {
    const Artifact artifact = note(
        {.media_type = kManifestType, .digest = oci_digest("image"), .size = 5},
        make_blob("hello", kType));
    const Document written = write_artifact(artifact);
    CHECK(
        written.bytes ==
        R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",)"
        R"("artifactType":"application/vnd.example.note.v1",)"
        R"("config":{"mediaType":"application/vnd.oci.empty.v1+json",)"
        R"("digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",)"
        R"("size":2},"layers":[{"mediaType":"application/vnd.example.note.v1",)"
        R"("digest":"sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",)"
        R"("size":5}],"subject":{"mediaType":"application/vnd.oci.image.manifest.v1+json",)"
        R"("digest":"sha256:6105d6cc76af400325e94d588ce511be5bfdbb73b437dc51eca43917d7a43e3d",)"
        R"("size":5},"annotations":{"note":"1"}})");
    CHECK(written.descriptor.artifact_type == kType);
    CHECK(parse_artifact(written.bytes, "a") == artifact);
}

TEST_CASE("what is no manifest is refused") {
    const auto refusal = [](const std::string& text) {
        const Error error = error_of([&] { return parse_artifact(text, "a"); });
        CHECK(error.kind() == ErrorKind::refused);
        return error.message();
    };
    const std::string config =
        R"("config":{"mediaType":"x","size":2,"digest":"sha256:)" + std::string(64, 'a') + "\"}";
    CHECK(
        refusal(R"({"schemaVersion":1,"config":{},"layers":[]})") ==
        "it is no manifest of an image or artifact");
    CHECK(
        refusal(R"({"schemaVersion":2,"mediaType":")" + std::string(kIndexType) + "\"}") ==
        "it is no manifest of an image or artifact");
    refusal("{}");
    refusal(R"({"schemaVersion":2,)" + config + "}");
    refusal(R"({"schemaVersion":2,)" + config + R"(,"layers":[],"subject":{}})");
    CHECK(
        parse_artifact(R"({"schemaVersion":2,)" + config + R"(,"layers":[]})", "a").layers.empty());
}

TEST_CASE("artifacts lie in a layout without being taken for its image") {
    const Layout layout;
    const LayoutDirectory directory(layout.root);
    const Document text = make_blob("hello", kType);
    const Document manifest = write_artifact(note(layout.image, text));
    directory.put(text);
    directory.put(empty_config());
    directory.add(manifest);
    directory.add(manifest);
    directory.change_tag(
        "sha256-" + digest_hex(layout.image.digest) + ".sig",
        [&](const std::optional<Document>& old) {
            CHECK(!old);
            return manifest;
        });
    CHECK(directory.entries().size() == 3);
    CHECK(ImageReader(layout.reference()).top().digest == layout.image.digest);
    CHECK(ImageReader(layout.reference()).images().size() == 1);
    CHECK(directory.read(text.descriptor, 10) == "hello");
}

TEST_CASE("a tag is changed from what it stood for") {
    const Layout layout;
    const LayoutDirectory directory(layout.root);
    const auto numbered = [&](int number) {
        Artifact artifact = note(layout.image, make_blob("hello", kType));
        artifact.annotations["note"] = std::to_string(number);
        return write_artifact(artifact);
    };
    const auto count = [&](const std::optional<Document>& old) {
        if (!old) {
            return numbered(1);
        }
        return numbered(std::stoi(parse_artifact(old->bytes, "old").annotations.at("note")) + 1);
    };
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&] { directory.change_tag("notes", count); });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    const auto notes = directory.find_tag("notes");
    REQUIRE(notes);
    CHECK(parse_artifact(directory.document(*notes).bytes, "notes").annotations.at("note") == "8");
    CHECK(directory.entries().size() == 2);
    CHECK(!directory.find_tag("other"));
}

TEST_CASE("blobs that are not what their digest says are refused") {
    const Layout layout;
    const LayoutDirectory directory(layout.root);
    const Document text = make_blob("hello", kType);
    const auto refusal = [&](const Descriptor& blob, std::uint64_t limit) {
        const Error error = error_of([&] { return directory.read(blob, limit); });
        CHECK(error.kind() == ErrorKind::refused);
        return error.message();
    };
    CHECK(pare::test::contains(refusal(text.descriptor, 10), "lacks the blob"));
    write_file(layout.root / "blobs" / "sha256" / digest_hex(text.descriptor.digest), "jello");
    CHECK(pare::test::contains(refusal(text.descriptor, 10), "expected 5"));
    CHECK(pare::test::contains(refusal(text.descriptor, 4), "is said to have 5 bytes, 4 at most"));
    CHECK(error_of([&] { LayoutDirectory{layout.folder.path()}; }).kind() == ErrorKind::refused);
}

TEST_CASE("entries of a layout about images are known by type, tag or what cosign calls them") {
    const auto tagged = [](const std::string& tag) {
        return is_about_an_image({.annotations = {{"org.opencontainers.image.ref.name", tag}}});
    };
    const std::string start = "sha256-" + std::string(64, 'a');
    CHECK(is_about_an_image({.artifact_type = kType}));
    CHECK(tagged(start + ".sig"));
    CHECK(tagged(start + ".att"));
    CHECK(tagged(start));
    CHECK(!tagged(start + ".app"));
    CHECK(!tagged("sha256-" + std::string(63, 'a') + ".sig"));
    CHECK(!tagged("app:1"));
    CHECK(!is_about_an_image({}));
    CHECK(is_about_an_image({.annotations = {{"kind", "dev.cosignproject.cosign/sigs"}}}));
    CHECK(!is_about_an_image({.annotations = {{"kind", "dev.cosignproject.cosign/image"}}}));
}
