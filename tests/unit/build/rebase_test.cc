// SPDX-License-Identifier: Apache-2.0
// Where a rebase finds its images, and what it writes.
#include "build/rebase.hh"
#include "fixture.hh"
#include "oci/read.hh"

namespace pare::test {

namespace {

using build::RebaseCheck;
using build::RebaseRequest;
using build::RebaseResult;

/// A base in an old and a new version, and an image on the old one; each in a layout of its own.
struct Three {
    ForeignImage old_base;
    ForeignImage image;
    ForeignImage new_base;
    Workshop workshop;
    TemporaryDirectory output;

    Three() {
        old_base.add_layer({tar_file("etc/version", "1")});
        image.add_layer({tar_file("etc/version", "1")});
        image.add_layer({tar_file("app", "mine")});
        new_base.add_layer({tar_file("etc/version", "2")});
    }

    [[nodiscard]] RebaseRequest request() const {
        return {
            .image = image.write(),
            .onto = new_base.write(),
            .base = old_base.write(),
            .output = output.path() / "out"};
    }

    RebaseResult rebase(const RebaseRequest& request) {
        return build::rebase(request, workshop.tools());
    }

    /// What was written, as the only image there.
    [[nodiscard]] oci::ImageReader written() const {
        return oci::ImageReader({.path = output.path() / "out"});
    }
};

std::string digest_of(const ForeignImage& image) {
    return oci::ImageReader(oci::parse_image_reference(image.write())).top().digest;
}

} // namespace

TEST_CASE("the image is written under its own name, with a word on its new base") {
    Three three;
    three.image.image.annotations = {{"title", "mine"}, {oci::kBaseName, "registry.example/a:1"}};
    const RebaseResult result = three.rebase(three.request());
    REQUIRE(result.is_safe());
    REQUIRE(result.written.size() == 1);
    CHECK(result.written[0].tag == "base:latest");
    const oci::ImageReader reader = three.written();
    const oci::Image& image = reader.images().front().image;
    CHECK(result.platforms[0].manifest_digest == reader.top().digest);
    CHECK(result.platforms[0].own_layers == 1);
    CHECK(image.layers[0].descriptor == three.new_base.image.layers[0].descriptor);
    CHECK(image.layers[1].descriptor == three.image.image.layers[1].descriptor);
    CHECK(
        image.annotations == std::map<std::string, std::string>{
                                 {"title", "mine"}, {oci::kBaseDigest, digest_of(three.new_base)}});
}

TEST_CASE("a check writes nothing and needs no name") {
    Three three;
    RebaseRequest request = three.request();
    request.check = true;
    request.output.clear();
    CHECK(three.rebase(request).is_safe());
    CHECK(three.rebase(request).written.empty());
    CHECK_FALSE(std::filesystem::exists(three.output.path() / "out"));
}

TEST_CASE("without a word on the base it is asked for; a digest that is not there is named") {
    Three three;
    RebaseRequest request = three.request();
    request.base.clear();
    RebaseResult result = three.rebase(request);
    REQUIRE(result.platforms[0].refusals.size() == 1);
    CHECK(result.platforms[0].refusals[0].check == RebaseCheck::base);
    CHECK(contains(result.platforms[0].refusals[0].message, "does not say which base"));
    const std::string digest = digest_of(three.old_base);
    three.image.image.annotations = {{oci::kBaseDigest, digest}};
    request.image = three.image.write();
    result = three.rebase(request);
    REQUIRE(result.platforms[0].refusals.size() == 1);
    CHECK(contains(result.platforms[0].refusals[0].message, digest));
    CHECK(contains(result.platforms[0].refusals[0].hint, "--base"));
    CHECK(result.written.empty());
}

TEST_CASE("the base is found by its digest or name beside the new one") {
    Three three;
    const auto beside = [&](const std::string& tag, const ForeignImage& what) {
        const oci::ImageReader reader(oci::parse_image_reference(what.write()));
        (void)oci::write_output(
            three.output.path() / "bases", oci::OutputFormat::oci, {{tag, what.image}},
            [&](const std::string& digest) { return *reader.blob_file({.digest = digest}); });
    };
    beside("registry.example/base:1", three.old_base);
    beside("new", three.new_base);
    SUBCASE("digest") {
        three.image.image.annotations = {{oci::kBaseDigest, digest_of(three.old_base)}};
        // The name has moved on; the manifest is still there.
        beside("registry.example/base:1", three.new_base);
    }
    SUBCASE("name") {
        three.image.image.annotations = {
            {oci::kBaseDigest, "sha256:nonsense"}, {oci::kBaseName, "registry.example/base:1"}};
    }
    RebaseRequest request = three.request();
    request.base.clear();
    request.onto = "oci:" + (three.output.path() / "bases").string() + ":new";
    const RebaseResult result = three.rebase(request);
    CHECK(result.is_safe());
    CHECK(result.platforms[0].old_base == digest_of(three.old_base));
}

TEST_CASE("images come out of archives, and need an output then") {
    Three three;
    const std::filesystem::path archive = three.output.path() / "image.tar";
    const std::filesystem::path plain = three.output.path() / "plain";
    make_directories(plain);
    for (std::size_t i = 0; i < 2; ++i) {
        write_file(
            plain / three.image.image.layers[i].descriptor.digest.substr(7),
            read_file(*oci::ImageReader(oci::parse_image_reference(three.image.write()))
                           .blob_file(three.image.image.layers[i].descriptor)));
    }
    (void)oci::write_output(
        archive, oci::OutputFormat::docker_archive, {{"server:1", three.image.image}},
        [&](const std::string& digest) { return plain / digest.substr(7); });
    RebaseRequest request = three.request();
    request.image = "docker-archive:" + archive.string();
    const RebaseResult result = three.rebase(request);
    REQUIRE(result.written.size() == 1);
    CHECK(result.written[0].tag == "server:1");
    CHECK(three.workshop.count("blobs") == 1);
    request.output.clear();
    const Error error = error_of([&] { return three.rebase(request); });
    CHECK(error.kind() == ErrorKind::usage);
    CHECK(contains(error.message(), "needs --output"));
}

TEST_CASE("an image without a name needs one") {
    Three three;
    RebaseRequest request = three.request();
    const std::string digest = digest_of(three.image);
    request.image += "@" + digest;
    // The layout's index does not list it any more.
    const std::filesystem::path index =
        std::filesystem::path(request.image.substr(4, request.image.find('@') - 4)) / "index.json";
    write_file(index, R"({"schemaVersion":2,"manifests":[]})");
    CHECK(error_of([&] { return three.rebase(request); }).kind() == ErrorKind::usage);
    request.tags = {"named:1"};
    CHECK(three.rebase(request).written.at(0).tag == "named:1");
}

TEST_CASE("packages of the base that changed are told") {
    Three three;
    const auto status = [](const std::string& name, const std::string& version) {
        return tar_file(
            "var/lib/dpkg/status.d/" + name,
            "Package: " + name + "\nVersion: " + version + "\nArchitecture: amd64\n");
    };
    const Tar old_packages{status("gone", "1"), status("moved", "1"), status("same", "1")};
    const Tar new_packages{status("moved", "2"), status("new", "1"), status("same", "1")};
    three.old_base.add_layer(old_packages);
    three.new_base.add_layer(new_packages);
    three.image.image.layers.clear();
    three.image.add_layer({tar_file("etc/version", "1")});
    three.image.add_layer(old_packages);
    const RebaseResult result = three.rebase(three.request());
    Names told;
    for (const build::PackageChange& change : result.platforms.at(0).packages) {
        told.push_back(change.name + " " + change.before + ">" + change.after);
    }
    CHECK(told == Names{"gone 1>", "moved 1>2", "new >1"});
}

} // namespace pare::test
