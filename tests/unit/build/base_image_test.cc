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

BaseImage open(const std::string& reference, const std::string& architecture) {
    return {reference, "", architecture, Workshop().tools()};
}

} // namespace

TEST_CASE("a base image is known by the digest of its manifest, the same wherever it lies") {
    const TwoLayers one;
    const TwoLayers two;
    TwoLayers other;
    other.image.created += 1;
    const std::string digest = open(one.write(), "amd64").digest();
    CHECK(is_hex(digest_hex(digest), 64));
    CHECK(open(two.write(), "amd64").digest() == digest);
    CHECK(open(other.write(), "amd64").digest() != digest);
}

TEST_CASE("a base image of another architecture is refused, naming those that there are") {
    TwoLayers foreign;
    const Error error = error_of([&] { open(foreign.write(), "riscv64"); });
    CHECK(error.kind() == ErrorKind::usage);
    CHECK(contains(error.message() + error.hint(), "amd64"));
    foreign.image.platform = {.architecture = "arm64", .variant = "v8"};
    CHECK_NOTHROW(open(foreign.write(), "arm64"));
}

TEST_CASE("a base image in a registry is named by a digest that the store knows, or fetched") {
    const TwoLayers foreign;
    const oci::ImageReader reader(oci::parse_image_reference(foreign.write()));
    const oci::Image image = reader.images().front().image;
    const oci::Document config = oci::write_config(image);
    const oci::Document manifest = oci::write_manifest(image, config.descriptor);
    const std::string reference = "registry.example/base@" + manifest.descriptor.digest;
    Workshop workshop;
    const Error error = error_of([&] { BaseImage(reference, "", "amd64", workshop.tools()); });
    CHECK(error.kind() == ErrorKind::environment);
    CHECK(contains(error.message(), "--offline"));
    for (const oci::Document* document : {&config, &manifest}) {
        workshop.store().put(
            store::Kind::blob, digest_hex(document->descriptor.digest), document->bytes);
    }
    const BaseImage base(reference, "", "amd64", workshop.tools());
    CHECK(base.digest() == manifest.descriptor.digest);
    CHECK_MESSAGE(base.pin().empty(), "a digest needs no lock");
    const BaseImage pinned(
        "docker://registry.example/base:1", manifest.descriptor.digest, "amd64", workshop.tools());
    CHECK(pinned.digest() == manifest.descriptor.digest);
    CHECK(pinned.pin() == manifest.descriptor.digest);
    CHECK(pinned.full_name() == "registry.example/base:1");
}

TEST_CASE("the libraries of a base image are known by what they say of themselves") {
    const Bytes program = read_file("/bin/true");
    TwoLayers foreign;
    foreign.add_layer({tar_file("usr/bin/first", program), tar_file("usr/bin/text", "text")});
    foreign.add_layer(
        {tar_file("usr/bin/first", "no program any more"), tar_file("usr/bin/second", program)});
    BaseImage base = open(foreign.write(), "amd64");
    const build::StepState state = base.state();
    const elf::Elf* found = state.elf_at(ImagePath::parse("usr/bin/second"));
    REQUIRE(found != nullptr);
    CHECK(!found->needed.empty());
    CHECK(state.elf_at(ImagePath::parse("usr/bin/text")) == nullptr);
    CHECK(state.elf_at(ImagePath::parse("usr/bin/first")) == nullptr);
    CHECK(state.elf_at(ImagePath::parse("usr/bin/none")) == nullptr);
}

TEST_CASE("the state of a base image is all that it holds, brought by nobody who has the bytes") {
    const TwoLayers foreign;
    BaseImage base = open(foreign.write(), "amd64");
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
    const BaseImage base = open(foreign.write(), "amd64");
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
    node.base = base_on_disk(foreign.write());
    const std::string first = build::asked_of(node).digest;
    foreign.image.created += 1;
    node.base = base_on_disk(foreign.write());
    CHECK(build::asked_of(node).digest != first);
    CHECK(without != first);
}

} // namespace pare::test
