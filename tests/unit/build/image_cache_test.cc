// SPDX-License-Identifier: Apache-2.0
// Finished images in the store, and the key that they are kept under.
#include "build/base_image.hh"
#include "build/image_cache.hh"
#include "fixture.hh"

#include <functional>

namespace pare::test {

namespace {

using build::Options;
using build::StepNode;
using build::Target;

/// A target of two steps whose parts a test can change.
struct TwoSteps {
    StepNode root{};
    StepNode last{};
    Options options{};
    std::string architecture = "amd64";

    TwoSteps() {
        const auto slices = std::make_shared<const cut::SliceLibrary>();
        root.slices = slices;
        last.slices = slices;
        root.locked.packages = {{.name = "libc6", .sha256 = hash_hex("libc6")}};
        last.locked.packages = {{.name = "curl", .sha256 = hash_hex("curl")}};
        last.step.files = {{.content = "text", .to = "/etc/x"}};
    }

    [[nodiscard]] std::string key() {
        last.parent = &root;
        return build::image_key({.architecture = architecture, .last = &last}, options);
    }
};

oci::Image kept_image(const ForeignImage& foreign) {
    oci::Image image = foreign.image;
    image.config = {.user = "65532", .env = {"A=1"}, .labels = {{"b", "2"}}};
    image.annotations = {{"c", "3"}};
    return image;
}

/// The slices of the program and one more.
std::shared_ptr<const cut::SliceLibrary> more_slices() {
    const TemporaryDirectory directory;
    write_file(
        directory.path() / "curl.yaml",
        "package: curl\nslices: {runtime: {include: [usr/bin/curl]}}\n");
    auto library = std::make_shared<cut::SliceLibrary>();
    library->add_directory(directory.path());
    return library;
}

} // namespace

TEST_CASE("everything that an image depends on changes its key") {
    ForeignImage foreign;
    foreign.add_layer({tar_file("x", "x")});
    const auto base = base_on_disk(foreign.write());
    const std::vector<std::function<void(TwoSteps&)>> changes{
        [](TwoSteps& steps) { steps.architecture = "arm64"; },
        [](TwoSteps& steps) { steps.options.compression = kZstd; },
        [](TwoSteps& steps) { steps.options.compression.level = 9; },
        [](TwoSteps& steps) { steps.options.request.source_date_epoch = 0; },
        [](TwoSteps& steps) { steps.options.request.source_date_epoch = 1; },
        [&](TwoSteps& steps) { steps.root.base = base; },
        [](TwoSteps& steps) { steps.root.step.cmd = Names{"x"}; },
        [](TwoSteps& steps) { steps.last.step.cmd = Names{"x"}; },
        [](TwoSteps& steps) { steps.last.slices = more_slices(); },
        [](TwoSteps& steps) { steps.root.locked.packages[0].sha256 = hash_hex("newer"); },
        [](TwoSteps& steps) { steps.last.locked.packages[0].sha256 = hash_hex("newer"); },
        [](TwoSteps& steps) { steps.last.locked.packages[0].name = "wget"; },
        [](TwoSteps& steps) { steps.last.locked.packages.clear(); },
        [](TwoSteps& steps) { steps.last.step.files[0].content = "other"; },
        [](TwoSteps& steps) { steps.last.step.files[0].to = "/etc/y"; },
        [](TwoSteps& steps) { steps.last.step.files[0].mode = 0600; },
        [](TwoSteps& steps) { steps.last.step.files.clear(); },
        [](TwoSteps& steps) { std::swap(steps.root.locked, steps.last.locked); }};
    std::set<std::string> keys{TwoSteps().key()};
    for (std::size_t i = 0; i < changes.size(); ++i) {
        CAPTURE(i);
        TwoSteps steps;
        changes[i](steps);
        CHECK(keys.insert(steps.key()).second);
    }
}

TEST_CASE("where a package was fetched from, and why it is there, changes no key") {
    TwoSteps steps;
    steps.last.locked.packages[0].url = "http://other.example/curl.deb";
    steps.last.locked.packages[0].reason = "asked for";
    steps.last.sources = {{.uri = "http://other.example/"}};
    steps.options.tags = {"server:1"};
    steps.options.output = "/elsewhere";
    steps.options.format = oci::OutputFormat::docker_archive;
    CHECK(steps.key() == TwoSteps().key());
}

TEST_CASE("an image that was kept is found, with all that it says, while its layers are there") {
    ForeignImage foreign;
    foreign.add_layer({tar_file("x", "x")});
    foreign.add_layer({tar_file("y", "y")});
    const oci::Image image = kept_image(foreign);
    const std::string key = hash_hex("image");
    Workshop workshop;
    const build::Tools tools = workshop.tools();
    CHECK(!build::find_image(key, tools));
    build::keep_image(key, image, tools);
    CHECK_MESSAGE(!build::find_image(key, tools), "its layers are not in the store");
    build::BaseImage(foreign.write(), "", "amd64", tools).keep_layers(workshop.store());
    CHECK(build::find_image(key, tools) == image);
    CHECK(!build::find_image(hash_hex("other"), tools));
    const std::string blob = digest_hex(image.layers[1].descriptor.digest);
    std::filesystem::remove(workshop.store().path(store::Kind::blob, blob));
    CHECK(!build::find_image(key, tools));
}

} // namespace pare::test
