// SPDX-License-Identifier: Apache-2.0
// Signing and attesting images in a layout, and what is then beside them.
#include "attest/statement.hh"
#include "unit/attest/scene.hh"

#include <doctest/doctest.h>

using namespace pare::attest;
using namespace pare::attest::test;
using pare::Error;
using pare::ErrorKind;
namespace json = pare::json;
namespace oci = pare::oci;

namespace {

constexpr const char* kType = "https://example.com/checked/v1";

} // namespace

TEST_CASE("what is signed is verified, in either form, by the key that signed") {
    for (const Form form : {Form::tag, Form::bundle}) {
        Scene scene;
        CHECK(scene.verify().accepted.empty());
        CHECK(sign(*scene.home(), scene.key, form) == Attached::added);
        const Outcome outcome = scene.verify();
        REQUIRE(outcome.accepted.size() == 1);
        CHECK(outcome.accepted.front().form == form);
        CHECK(outcome.accepted.front().signer == "release");
        CHECK(outcome.accepted.front().predicate_type == kSignatureType);
        const Requirement by_other{
            .predicate_type = kSignatureType, .signers = {holder("other", scene.foreign)}};
        CHECK(verify(*scene.home(), by_other, std::nullopt).accepted.empty());
        CHECK(verify(*scene.home("other"), by_other, std::nullopt).rejected.empty());
    }
}

TEST_CASE("what is said of an image is verified with its predicate") {
    for (const Form form : {Form::tag, Form::bundle}) {
        Scene scene;
        const json::Value predicate = json::Object{{"passed", true}};
        CHECK(attest(*scene.home(), scene.key, kType, predicate, form) == Attached::added);
        const Outcome outcome = scene.verify(kType);
        REQUIRE(outcome.accepted.size() == 1);
        CHECK(outcome.accepted.front().predicate == predicate);
        CHECK(scene.verify().accepted.empty());
    }
}

TEST_CASE("saying the same again adds nothing; another key or another predicate does") {
    for (const Form form : {Form::tag, Form::bundle}) {
        Scene scene;
        const json::Value one = json::Object{{"run", 1}};
        const json::Value two = json::Object{{"run", 2}};
        CHECK(sign(*scene.home(), scene.key, form) == Attached::added);
        CHECK(sign(*scene.home(), scene.key, form) == Attached::already_there);
        CHECK(sign(*scene.home(), scene.foreign, form) == Attached::added);
        CHECK(attest(*scene.home(), scene.key, kType, one, form) == Attached::added);
        CHECK(attest(*scene.home(), scene.key, kType, one, form) == Attached::already_there);
        CHECK(attest(*scene.home(), scene.key, kType, two, form) == Attached::added);
        CHECK(find_attachments(*scene.home()).size() == 4);
        CHECK(scene.verify(kType).accepted.size() == 2);
    }
}

TEST_CASE("a signature in one form does not stand for the other") {
    Scene scene;
    sign(*scene.home(), scene.key, Form::tag);
    CHECK(sign(*scene.home(), scene.key, Form::bundle) == Attached::added);
    CHECK(scene.verify().accepted.size() == 2);
}

TEST_CASE("a manifest of signatures is what cosign makes") {
    Scene scene;
    sign(*scene.home(), scene.key, Form::tag);
    const oci::Document manifest = *scene.home()->find_tag(scene.tag(".sig"));
    const oci::Artifact artifact = oci::parse_artifact(manifest.bytes, "sig");
    CHECK(artifact.config.media_type == "application/vnd.oci.image.config.v1+json");
    REQUIRE(artifact.layers.size() == 1);
    const auto& layer = artifact.layers.front();
    CHECK(layer.media_type == "application/vnd.dev.cosign.simplesigning.v1+json");
    CHECK(
        scene.layout().read(layer, 1U << 20) ==
        R"({"critical":{"identity":{"docker-reference":"registry.example/team/app"},)"
        R"("image":{"docker-manifest-digest":")" +
            scene.home()->image().digest +
            R"("},"type":"cosign container image signature"},"optional":null})");
    CHECK(
        scene.layout().read(artifact.config, 1U << 20) ==
        R"({"architecture":"","created":"0001-01-01T00:00:00Z","history":[{"created":)"
        R"("0001-01-01T00:00:00Z"}],"os":"","rootfs":{"type":"layers","diff_ids":[")" +
            layer.digest + R"("]},"config":{}})");
}

TEST_CASE("a bundle's manifest is about the image, and says what is in the bundle") {
    Scene scene;
    attest(*scene.home(), scene.key, kType, json::Object(), Form::bundle);
    const std::vector<oci::Document> referrers = scene.home()->referrers();
    REQUIRE(referrers.size() == 1);
    const oci::Artifact artifact = oci::parse_artifact(referrers.front().bytes, "bundle");
    CHECK(artifact.artifact_type == kBundleType);
    CHECK(artifact.subject == scene.home()->image());
    CHECK(artifact.config.media_type == oci::kEmptyType);
    CHECK(artifact.annotations.at("dev.sigstore.bundle.predicateType") == kType);
    CHECK(scene.home("other")->referrers().empty());
    const Bundle bundle =
        parse_bundle(scene.layout().read(artifact.layers.front(), 1U << 20), "bundle");
    const auto& envelope = std::get<Envelope>(bundle.content);
    CHECK(bundle.key_hint == key_hint(scene.key.public_key()));
    CHECK(envelope.signatures.front().key_id.empty());
}

TEST_CASE("an index is signed as one") {
    oci::test::SampleStore store;
    const pare::TemporaryDirectory folder;
    std::vector<oci::TaggedImage> images;
    for (const char* architecture : {"amd64", "arm64"}) {
        images.push_back(
            {"app:1",
             {.platform = {.architecture = architecture}, .layers = {store.add_layer("a")}}});
    }
    const auto written =
        oci::write_output(folder.path() / "l", oci::OutputFormat::oci, images, store.finder());
    const auto home = open_layout_home({.path = folder.path() / "l"}, {});
    CHECK(home->image().media_type == oci::kIndexType);
    CHECK(home->image().digest == written.front().descriptor.digest);
    CHECK(home->repository() == "app");
    const auto key = make_key();
    sign(*home, key, Form::bundle);
    const Requirement wanted{.predicate_type = kSignatureType, .signers = {holder("key", key)}};
    CHECK(verify(*home, wanted, std::nullopt).accepted.size() == 1);
}

TEST_CASE("a list of referrers under a tag is looked through too") {
    Scene scene;
    sign(*scene.home(), scene.key, Form::bundle);
    const oci::Document manifest = scene.home()->referrers().front();
    scene.forget(manifest.descriptor.digest);
    CHECK(scene.home()->referrers().empty());
    scene.layout().change_tag(
        scene.tag(""), [&](const auto&) { return oci::write_index({manifest.descriptor}, {}); });
    CHECK(scene.verify().accepted.size() == 1);
}

TEST_CASE("signatures lie beside an image in a layout, and beside one image") {
    Scene scene;
    const auto refusal = [](const oci::ImageReference& reference) {
        const Error error = error_of([&] { return open_layout_home(reference, {}); });
        CHECK(error.kind() == ErrorKind::usage);
        return error.message();
    };
    CHECK(contains(refusal({.path = scene.root()}), "holds several images"));
    CHECK(contains(
        refusal({.transport = oci::Transport::oci_archive, .path = "a.tar"}),
        "oci-archive:a.tar is an archive"));
    CHECK(
        open_layout_home({.path = scene.root(), .digest = scene.home()->image().digest}, "mine/app")
            ->repository() == "mine/app");
}

TEST_CASE("forms have the names that the command line takes") {
    CHECK(parse_form(to_string(Form::tag)) == Form::tag);
    CHECK(parse_form(to_string(Form::bundle)) == Form::bundle);
    CHECK(error_of([] { return parse_form("cosign"); }).kind() == ErrorKind::usage);
}
