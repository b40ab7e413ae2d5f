// SPDX-License-Identifier: Apache-2.0
// Images by reference, and what else is where they are.
#include "inspect/source.hh"
#include "support/expect.hh"
#include "support/foreign_image.hh"

namespace pare::test {

namespace {

constexpr std::size_t kLimit = 1U << 20;

} // namespace

TEST_CASE("a layout gives images, layers, blobs and their files") {
    ForeignImage foreign;
    foreign.add_layer({tar_file("a", "a")});
    const std::string reference = foreign.write();
    const auto source = inspect::open_source(reference);
    CHECK(source->name() == reference);
    CHECK(source->tag() == "base:latest");
    CHECK(source->layout() == std::filesystem::path(reference.substr(4)));
    const oci::Layer& layer = source->images().at(0).image.layers.at(0);
    const auto tar = source->open_layer(layer);
    CHECK(oci_digest(read_all(*tar, kLimit)) == layer.diff_id);
    const auto blob = source->open_blob(layer.descriptor);
    CHECK(read_file(*source->blob_file(layer.descriptor)) == read_all(*blob, kLimit));
}

TEST_CASE("images beside it are found by name and by digest, also when they lost their name") {
    ForeignImage foreign;
    foreign.add_layer({tar_file("a", "a")});
    const auto source = inspect::open_source(foreign.write());
    const std::string digest = source->images().at(0).manifest.digest;
    foreign.image.created = 5;
    (void)foreign.write();
    REQUIRE(source->find_tag("base:latest"));
    CHECK(source->find_tag("base:latest")->images().at(0).image.created == 5);
    CHECK_FALSE(source->find_tag("other"));
    REQUIRE(source->find_digest(digest));
    CHECK(source->find_digest(digest)->images().at(0).image.created == 1'600'000'000);
    CHECK_FALSE(source->find_digest("sha256:" + std::string(64, '0')));
}

TEST_CASE("a platform is just that platform") {
    ForeignImage foreign;
    foreign.image.platform = {.architecture = "arm64", .variant = "v8"};
    foreign.add_layer({tar_file("a", "a")});
    const auto source = inspect::open_source(foreign.write());
    CHECK(inspect::find_platform(*source, {.architecture = "arm64"}));
    CHECK_FALSE(inspect::find_platform(*source, {.architecture = "arm", .variant = "v8"}));
    CHECK_FALSE(inspect::find_platform(*source, {.os = "windows", .architecture = "arm64"}));
    CHECK_FALSE(inspect::find_platform(*source, {.architecture = "arm64", .variant = "v9"}));
}

TEST_CASE("what is no reference is refused") {
    CHECK(error_of([] { return inspect::open_source("debian:13"); }).kind() == ErrorKind::usage);
}

} // namespace pare::test
