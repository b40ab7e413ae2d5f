// SPDX-License-Identifier: Apache-2.0
// Which manifests count as being about an image, whoever has made the list of them.
#include "attest/referrers.hh"
#include "oci/artifact.hh"
#include "support/expect.hh"

#include <doctest/doctest.h>

#include <map>
#include <string>

using namespace pare::attest;
using pare::ErrorKind;
using pare::test::contains;
using pare::test::error_of;
namespace oci = pare::oci;

namespace {

const oci::Descriptor kImage = oci::make_blob("the image", oci::kManifestType).descriptor;

oci::Document make_referrer(const std::string& number, const oci::Descriptor& subject = kImage) {
    return oci::write_artifact(
        {.artifact_type = "application/vnd.example",
         .config = oci::empty_config().descriptor,
         .subject = subject,
         .annotations = {{"number", number}}});
}

/// A list, and what is there of it.
struct Place {
    std::vector<oci::Descriptor> listed{};
    std::map<std::string, oci::Document> there{};
    std::size_t reads = 0;

    void add(const oci::Document& document) {
        listed.push_back(document.descriptor);
        there.emplace(document.descriptor.digest, document);
    }

    std::vector<oci::Document> choose() {
        return choose_referrers(kImage, listed, [&](const oci::Descriptor& entry) {
            ++reads;
            const auto found = there.find(entry.digest);
            return found == there.end() ? std::nullopt : std::optional(found->second);
        });
    }
};

} // namespace

TEST_CASE("a manifest is about an image by its subject, not by being listed") {
    Place place;
    const oci::Document good = make_referrer("1");
    place.add(make_referrer("2", oci::make_blob("another", oci::kManifestType).descriptor));
    place.add(oci::make_blob("{", oci::kManifestType));
    place.add(good);
    const auto found = place.choose();
    REQUIRE(found.size() == 1);
    CHECK(found.front().bytes == good.bytes);
}

TEST_CASE("what is listed twice is read once, and what is gone hides nothing") {
    Place place;
    place.add(make_referrer("1"));
    place.add(make_referrer("1"));
    place.listed.insert(place.listed.begin(), make_referrer("2").descriptor);
    CHECK(place.choose().size() == 1);
    CHECK(place.reads == 2);
}

TEST_CASE("the image itself, and what is no manifest, is not read") {
    Place place;
    place.listed = {
        kImage, oci::make_blob("{}", oci::kIndexType).descriptor,
        oci::make_blob("text", "text/plain").descriptor};
    CHECK(place.choose().empty());
    CHECK(place.reads == 0);
}

TEST_CASE("over 1000 are refused") {
    Place place;
    for (std::size_t i = 0; i < kMaxAttached; ++i) {
        place.add(make_referrer(std::to_string(i)));
    }
    CHECK(place.choose().size() == kMaxAttached);
    place.add(make_referrer("one more"));
    const auto error = error_of([&] { static_cast<void>(place.choose()); });
    CHECK(error.kind() == ErrorKind::refused);
    CHECK(contains(error.message(), "over 1000 things are attached to the image"));
}
