// SPDX-License-Identifier: Apache-2.0
// A layout with two images, the key that signs them and a key that must not, and the means of
// somebody who may write to that layout as he likes.
#pragma once

#include "attest/sign.hh"
#include "attest/verify.hh"
#include "oci/artifact.hh"
#include "oci/layout_directory.hh"
#include "oci/read.hh"
#include "support/digest.hh"
#include "unit/oci/sample.hh"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pare::attest::test {

using pare::test::contains;
using pare::test::error_of;

inline crypto::PrivateKey make_key() {
    return crypto::PrivateKey::generate(crypto::KeyAlgorithm::ecdsa_p256);
}

inline Identity holder(std::string name, const crypto::PrivateKey& key) {
    return {.name = std::move(name), .who = KeyHolder{key.public_key()}};
}

class Scene {
public:
    crypto::PrivateKey key = make_key();
    crypto::PrivateKey foreign = make_key();

    Scene() {
        for (const char* name : {"registry.example/team/app:1", "registry.example/team/other:1"}) {
            const oci::Image image{
                .platform = {.architecture = "amd64"}, .layers = {store_.add_layer(name)}};
            static_cast<void>(
                oci::write_output(root_, oci::OutputFormat::oci, {{name, image}}, store_.finder()));
        }
    }

    [[nodiscard]] std::unique_ptr<ImageHome> home(const std::string& name = "app") const {
        return open_layout_home({.path = root_, .tag = "registry.example/team/" + name + ":1"}, {});
    }

    [[nodiscard]] const std::filesystem::path& root() const { return root_; }

    [[nodiscard]] oci::LayoutDirectory layout() const { return oci::LayoutDirectory(root_); }

    /// What is said when the image is to be signed by `release`, who has the good key.
    [[nodiscard]] Outcome verify(const std::string& type = kSignatureType) const {
        return attest::verify(
            *home(), {.predicate_type = type, .signers = {holder("release", key)}}, std::nullopt);
    }

    [[nodiscard]] std::string tag(std::string_view end) const {
        return attachment_tag(home()->image(), end);
    }

    using ChangeArtifact = std::function<void(oci::Artifact& manifest, Bytes& content)>;

    /// Changes the manifest under the tag and the content of its first layer; both get the digests
    /// that they then have.
    void change_tag(std::string_view end, const ChangeArtifact& change) const {
        layout().change_tag(tag(end), [&](const std::optional<oci::Document>& old) {
            return changed(*old, change);
        });
    }

    /// Likewise, of the image's only referrer, which is replaced.
    void change_referrer(const ChangeArtifact& change) const {
        const std::vector<oci::Document> referrers = home()->referrers();
        REQUIRE(referrers.size() == 1);
        forget(referrers.front().descriptor.digest);
        layout().add(changed(referrers.front(), change));
    }

    /// Takes an entry out of index.json.
    void forget(const std::string& digest) const {
        const std::filesystem::path path = root_ / "index.json";
        json::Value index = json::parse(read_file(path), "index.json");
        json::Array entries = index.at("manifests").as_array();
        std::erase_if(entries, [&](const json::Value& entry) {
            return entry.at("digest").as_string() == digest;
        });
        json::Object object = index.as_object();
        object.set("manifests", std::move(entries));
        write_file(path, json::write(object));
    }

    /// Where the content of the first layer under the tag lies.
    [[nodiscard]] std::filesystem::path content_path(std::string_view end) const {
        const oci::Document manifest = layout().document(*layout().find_tag(tag(end)));
        const oci::Artifact artifact = oci::parse_artifact(manifest.bytes, "manifest");
        return root_ / "blobs" / "sha256" / digest_hex(artifact.layers.front().digest);
    }

private:
    [[nodiscard]] oci::Document
    changed(const oci::Document& manifest, const ChangeArtifact& change) const {
        oci::Artifact artifact = oci::parse_artifact(manifest.bytes, "manifest");
        Bytes content = layout().read(artifact.layers.front(), 1U << 20);
        const Bytes before = content;
        change(artifact, content);
        if (content != before) {
            const oci::Document blob = oci::make_blob(content, "");
            layout().put(blob);
            artifact.layers.front().digest = blob.descriptor.digest;
            artifact.layers.front().size = blob.descriptor.size;
        }
        return oci::write_artifact(artifact);
    }

    oci::test::SampleStore store_{};
    TemporaryDirectory folder_{};
    std::filesystem::path root_ = folder_.path() / "layout";
};

/// `text` with the first `from` in it replaced, which must be there.
inline std::string replaced(std::string text, std::string_view from, std::string_view to) {
    const std::size_t at = text.find(from);
    REQUIRE_MESSAGE(at != text.npos, std::string(from), " is not in ", text);
    return text.replace(at, from.size(), to);
}

} // namespace pare::attest::test
