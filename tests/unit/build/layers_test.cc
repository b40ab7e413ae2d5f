// SPDX-License-Identifier: Apache-2.0
// Layers of parts, directories and generated files, and the images that they make.
#include "build/base_image.hh"
#include "build/layers.hh"
#include "build/part_writer.hh"
#include "fixture.hh"

namespace pare::test {

namespace {

using build::CutPtr;
using build::LayerPlan;
using build::StepNode;
using build::StepState;
using store::Kind;
using tree::EntryType;

constexpr const char* kControl = "Package: sample\nVersion: 1\nArchitecture: amd64\n"
                                 "Maintainer: A <a@deb.example>\nDescription: sample\n";

/// A cut with one file of that text, in the store.
CutPtr keep_cut(
    Workshop& workshop, const Compression& compression, const std::string& name,
    const std::string& text) {
    const Bytes deb = build_deb(
        {.control = kControl,
         .md5sums = "",
         .entries = {
             tar_directory("./usr/"), tar_directory("./usr/" + name + "/", 0700),
             tar_file("./usr/" + name + "/file", text)}});
    build::PartWriter writer(workshop.store(), workshop.pool(), compression);
    cut::Cut cut = cut::cut_deb(deb, {}, name, writer);
    writer.finish();
    const std::string key = hash_hex(name + text);
    writer.keep(key);
    return std::make_shared<const build::StoredCut>(key, std::move(cut));
}

CutPtr keep_cut(Workshop& workshop, const Compression& compression, const std::string& name) {
    return keep_cut(workshop, compression, name, name + "\n");
}

finish::Generated generated(const std::string& path, const Bytes& content) {
    return {
        .entry = {.path = ImagePath::parse(path), .mode = 0644, .size = content.size()},
        .content = content};
}

/// The state after a step with these layers.
StepState state_of(std::vector<LayerPlan> layers) {
    StepState state;
    const std::size_t origin = state.tree.add_origin({.name = "sample"});
    const auto add = [&](const tree::Entry& entry) {
        state.tree.add_missing_parents(entry.path, origin, 0);
        state.tree.add(entry, origin, [](const auto&, const auto&) { return true; });
    };
    for (const LayerPlan& plan : layers) {
        for (const CutPtr& cut : plan.cuts) {
            for (const cut::Item& item : cut->cut.items) {
                add(item.entry);
            }
        }
        for (const finish::Generated& one : plan.generated) {
            add(one.entry);
        }
    }
    state.layers = std::move(layers);
    state.date = 1'700'000'000;
    return state;
}

std::filesystem::path blob_of(Workshop& workshop, const oci::Layer& layer) {
    return workshop.store().path(Kind::blob, digest_hex(layer.descriptor.digest));
}

/// The layers of one step with these plans.
std::vector<oci::Layer>
layers_of(Workshop& workshop, const std::vector<LayerPlan>& plans, const Compression& compression) {
    const StepNode node;
    return build::make_layers({{&node, state_of(plans)}}, compression, workshop.tools()).at(&node);
}

} // namespace

TEST_CASE("a layer's type names its compression") {
    CHECK(build::layer_media_type(kGzip) == "application/vnd.oci.image.layer.v1.tar+gzip");
    CHECK(build::layer_media_type(kZstd) == "application/vnd.oci.image.layer.v1.tar+zstd");
    CHECK(build::layer_media_type(kPlain) == "application/vnd.oci.image.layer.v1.tar");
}

TEST_CASE("a layer is its directories, its cuts and what was generated, and tar reads it") {
    for (const Compression& compression : {kGzip, kZstd, kPlain}) {
        CAPTURE(archive::to_string(compression));
        Workshop workshop;
        const LayerPlan plan{
            .created_by = "pare: sample 1",
            .cuts =
                {keep_cut(workshop, compression, "one"), keep_cut(workshop, compression, "two")},
            .generated = {generated("etc/made", "made\n")}};
        const auto layers = layers_of(workshop, {plan}, compression);
        REQUIRE(layers.size() == 1);
        const oci::Layer& layer = layers.front();
        const auto blob = blob_of(workshop, layer);
        const Bytes tar = unpacked(blob, compression);
        CHECK(layer.diff_id == oci_digest(tar));
        CHECK(layer.descriptor.digest == oci_digest(read_file(blob)));
        CHECK(layer.descriptor.size == std::filesystem::file_size(blob));
        CHECK(layer.descriptor.media_type == build::layer_media_type(compression));
        CHECK(layer.created_by == "pare: sample 1");
        const TemporaryDirectory directory;
        write_file(directory.path() / "layer.tar", tar);
        const std::string status = "var/lib/dpkg/status.d/sample";
        CHECK(
            shell("tar -tf layer.tar", directory.path()) ==
            "etc/\nusr/\nusr/one/\nusr/two/\nvar/\nvar/lib/\nvar/lib/dpkg/\n"
            "var/lib/dpkg/status.d/\nusr/one/file\n" +
                status + "\n" + status + ".md5sums\nusr/two/file\n" + status + "\n" + status +
                ".md5sums\netc/made\n");
        CHECK(shell("tar -xOf layer.tar etc/made usr/two/file", directory.path()) == "two\nmade\n");
    }
}

TEST_CASE("directories of a layer have owner and mode of the whole image's tree") {
    Workshop workshop;
    StepState state = state_of({{.cuts = {keep_cut(workshop, kPlain, "one")}}});
    const std::size_t finisher =
        state.tree.add_origin({.kind = tree::OriginKind::finisher, .name = "paths"});
    state.tree.add(
        {.path = ImagePath::parse("usr/one"),
         .type = EntryType::directory,
         .mode = 01777,
         .uid = 5},
        finisher, [](const auto&, const auto&) { return false; });
    const StepNode node;
    const auto layers = build::make_layers({{&node, state}}, kPlain, workshop.tools());
    const std::string listing = shell(
        "tar --numeric-owner -tvf '" + blob_of(workshop, layers.at(&node).front()).string() + "'",
        "/");
    CHECK(contains(listing, "drwxrwxrwt 5/0"));
}

TEST_CASE("a generated directory is a directory, and only once") {
    Workshop workshop;
    const finish::Generated directory{
        .entry = {
            .path = ImagePath::parse("srv/data"), .type = EntryType::directory, .mode = 0750}};
    const auto layers =
        layers_of(workshop, {{.generated = {directory, generated("srv/data/x", "x")}}}, kPlain);
    CHECK(
        shell("tar -tf '" + blob_of(workshop, layers.front()).string() + "'", "/") ==
        "srv/\nsrv/data/\nsrv/data/x\n");
}

TEST_CASE("a layer that is in the store is not made again, not even its parts are needed") {
    Workshop workshop;
    const std::vector<LayerPlan> plans{{.cuts = {keep_cut(workshop, kGzip, "one")}}};
    const auto first = layers_of(workshop, plans, kGzip);
    const std::string key = plans[0].cuts[0]->key;
    std::filesystem::remove(workshop.store().path(Kind::part, key));
    CHECK(layers_of(workshop, plans, kGzip) == first);
}

TEST_CASE("layers of other cuts, of the same paths, are other layers") {
    Workshop workshop;
    const CutPtr old_cut = keep_cut(workshop, kGzip, "one", "old");
    const CutPtr new_cut = keep_cut(workshop, kGzip, "one", "new");
    const auto old_layers = layers_of(workshop, {{.cuts = {old_cut}}}, kGzip);
    const auto new_layers = layers_of(workshop, {{.cuts = {new_cut}}}, kGzip);
    CHECK(old_layers.front().diff_id != new_layers.front().diff_id);
    const auto made = layers_of(workshop, {{.generated = {generated("a", "1")}}}, kGzip);
    CHECK(made != layers_of(workshop, {{.generated = {generated("a", "2")}}}, kGzip));
}

TEST_CASE("a layer whose blob was pruned is made again, the same") {
    Workshop workshop;
    const std::vector<LayerPlan> plans{{.cuts = {keep_cut(workshop, kGzip, "one")}}};
    const auto first = layers_of(workshop, plans, kGzip);
    std::filesystem::remove(blob_of(workshop, first.front()));
    CHECK(layers_of(workshop, plans, kGzip) == first);
    CHECK(std::filesystem::exists(blob_of(workshop, first.front())));
}

TEST_CASE("layers are the same at any number of threads, and steps share equal ones") {
    std::vector<std::vector<oci::Layer>> made;
    for (const unsigned threads : {1U, 4U}) {
        Workshop workshop(threads);
        const std::vector<LayerPlan> plans{
            {.cuts = {keep_cut(workshop, kZstd, "one")}},
            {.generated = {generated("etc/a", "a")}},
            {.cuts = {keep_cut(workshop, kZstd, "two")}}};
        const StepNode left;
        const StepNode right;
        const auto layers = build::make_layers(
            {{&left, state_of(plans)}, {&right, state_of(plans)}}, kZstd, workshop.tools());
        CHECK(layers.at(&left) == layers.at(&right));
        CHECK(workshop.count("blobs") == 3);
        made.push_back(layers.at(&left));
    }
    CHECK(made[0] == made[1]);
}

TEST_CASE("an entry that stands below no directory of the tree is a bug of ours") {
    Workshop workshop;
    StepState state = state_of({});
    state.layers.push_back({.generated = {generated("etc/x", "x")}});
    const StepNode node;
    const Error error =
        error_of([&] { (void)build::make_layers({{&node, state}}, kGzip, workshop.tools()); });
    CHECK(error.kind() == ErrorKind::bug);
}

TEST_CASE("an image records its base, by name when that means the same everywhere") {
    ForeignImage foreign;
    foreign.add_layer({tar_file("base", "b")});
    const std::string layout = foreign.write();
    const oci::ImageReader reader(oci::parse_image_reference(layout));
    const auto annotations_on = [&](const std::string& tag, const StepNode& more) {
        Workshop workshop;
        (void)oci::write_output(
            layout.substr(4), oci::OutputFormat::oci, {{tag, foreign.image}},
            [&](const std::string& digest) { return *reader.blob_file({.digest = digest}); });
        StepNode root;
        root.step.annotations = more.step.annotations;
        root.base = base_on_disk(layout + ":" + tag);
        const std::map<const StepNode*, StepState> states{{&root, state_of({})}};
        return build::make_image(
                   {.architecture = "amd64", .last = &root}, states, {}, workshop.tools())
            .annotations;
    };
    const std::string digest = reader.top().digest;
    using Map = std::map<std::string, std::string>;
    CHECK(annotations_on("cc:1", {}) == Map{{oci::kBaseDigest, digest}});
    const std::string name = "registry.example/cc:1";
    CHECK(annotations_on(name, {}) == Map{{oci::kBaseDigest, digest}, {oci::kBaseName, name}});
    StepNode says;
    says.step.annotations = {{oci::kBaseDigest, "mine"}, {oci::kBaseName, "my name"}};
    CHECK(annotations_on(name, says) == says.step.annotations);
}

TEST_CASE("an image has the layers of its base, then those of its steps, root first") {
    ForeignImage foreign;
    foreign.add_layer({tar_file("base", "b")});
    Workshop workshop;
    StepNode root;
    root.base = base_on_disk(foreign.write());
    root.step.annotations = {{"title", "root"}};
    StepNode middle;
    middle.parent = &root;
    StepNode last;
    last.parent = &middle;
    last.step.entrypoint = Names{"/server"};
    last.step.annotations = {{"title", "last"}};
    const std::map<const StepNode*, StepState> states{
        {&root, state_of({{.generated = {generated("etc/a", "a")}}})},
        {&middle, state_of({})},
        {&last, state_of({{.generated = {generated("etc/b", "b")}}})}};
    const auto layers = build::make_layers(states, kGzip, workshop.tools());
    const oci::Image image = build::make_image(
        {.architecture = "arm64", .last = &last}, states, layers, workshop.tools());
    CHECK(image.platform == oci::Platform{"linux", "arm64", "v8"});
    CHECK(image.created == 1'700'000'000);
    CHECK(image.config.entrypoint == Names{"/server"});
    CHECK(
        image.annotations == std::map<std::string, std::string>{
                                 {"title", "last"}, {oci::kBaseDigest, root.base->digest()}});
    REQUIRE(image.layers.size() == 3);
    CHECK(image.layers[0] == root.base->image().layers[0]);
    CHECK(image.layers[1] == layers.at(&root)[0]);
    CHECK(image.layers[2] == layers.at(&last)[0]);
    for (const oci::Layer& layer : image.layers) {
        CHECK(std::filesystem::exists(blob_of(workshop, layer)));
    }
}

} // namespace pare::test
