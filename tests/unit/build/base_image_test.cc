// SPDX-License-Identifier: Apache-2.0
// An image that a definition starts from.
#include "build/base_image.hh"
#include "build/resolve.hh"
#include "fixture.hh"

namespace pare::test {

namespace {

using build::BaseImage;

Tar some_layer() {
    return {tar_directory("etc/", 0750), tar_file("etc/x", "x"), tar_file("opt/deep/y", "y")};
}

/// An image of two layers.
class TwoLayers : public ForeignImage {
public:
    TwoLayers() {
        add_layer(some_layer());
        add_layer({tar_symlink("etc/link", "x")});
    }
};

} // namespace

TEST_CASE("a base image is known by the digest of its manifest, the same wherever it lies") {
    const TwoLayers one;
    const TwoLayers two;
    TwoLayers other;
    other.image.created += 1;
    const std::string digest = BaseImage(one.write(), "amd64").digest();
    CHECK(is_hex(digest_hex(digest), 64));
    CHECK(BaseImage(two.write(), "amd64").digest() == digest);
    CHECK(BaseImage(other.write(), "amd64").digest() != digest);
}

TEST_CASE("a base image of another architecture is refused, naming those that there are") {
    TwoLayers foreign;
    const Error error = error_of([&] { BaseImage(foreign.write(), "riscv64"); });
    CHECK(error.kind() == ErrorKind::usage);
    CHECK(contains(error.message() + error.hint(), "amd64"));
    foreign.image.platform = {.architecture = "arm64", .variant = "v8"};
    CHECK_NOTHROW(BaseImage(foreign.write(), "arm64"));
}

TEST_CASE("a reference to a registry is refused with the way to fetch it") {
    const Error error = error_of([] { BaseImage("docker.io/debian:13", "amd64"); });
    CHECK(error.kind() == ErrorKind::definition);
    CHECK(contains(error.hint(), "skopeo copy docker://docker.io/debian:13 oci:base"));
}

TEST_CASE("the state of a base image is all that it holds, brought by nobody who has the bytes") {
    const TwoLayers foreign;
    BaseImage base(foreign.write(), "amd64");
    const build::StepState state = base.state();
    REQUIRE(state.tree.origins().size() == 1);
    CHECK(state.tree.origins()[0].kind == tree::OriginKind::base);
    REQUIRE(state.bringers.size() == 1);
    CHECK(state.bringers[0].cut == nullptr);
    CHECK(state.bringers[0].made == nullptr);
    CHECK(state.date == 1'600'000'000);
    CHECK(state.layers.empty());
    CHECK(state.layers_below == 2);
    Names paths;
    for (const auto& [path, node] : state.tree.nodes()) {
        paths.push_back(path.relative());
    }
    CHECK(paths == Names{"etc", "etc/link", "etc/x", "opt", "opt/deep", "opt/deep/y"});
    CHECK(state.tree.find(ImagePath::parse("etc"))->entry.mode == 0750);
    CHECK(state.tree.find(ImagePath::parse("opt"))->entry.mode == 0755);
}

TEST_CASE("the layers of a base image come to the store as they are") {
    const TwoLayers foreign;
    const BaseImage base(foreign.write(), "amd64");
    Workshop workshop;
    base.keep_layers(workshop.store());
    base.keep_layers(workshop.store());
    CHECK(base.image().layers.size() == 2);
    for (const oci::Layer& layer : foreign.image.layers) {
        const auto blob =
            workshop.store().get(store::Kind::blob, digest_hex(layer.descriptor.digest));
        REQUIRE(blob);
        CHECK(oci_digest(*blob) == layer.descriptor.digest);
    }
    CHECK(workshop.count("blobs") == 2);
}

TEST_CASE("another base image is another question to the solver") {
    TwoLayers foreign;
    build::StepNode node;
    node.step.name = "server";
    const std::string without = build::asked_of(node).digest;
    node.base = std::make_shared<BaseImage>(foreign.write(), "amd64");
    const std::string first = build::asked_of(node).digest;
    foreign.image.created += 1;
    node.base = std::make_shared<BaseImage>(foreign.write(), "amd64");
    CHECK(build::asked_of(node).digest != first);
    CHECK(without != first);
}

} // namespace pare::test
