// SPDX-License-Identifier: Apache-2.0
// What differs between an image and the same image built again.
#include "build/image_difference.hh"
#include "fixture.hh"

#include <map>
#include <memory>
#include <utility>

namespace pare::test {

namespace {

using build::ImageDifference;
using build::LayerDifference;

/// Images whose layers are in memory.
class Album {
public:
    oci::Layer layer(const std::string& content, const Compression& compression = kGzip) {
        const Bytes tar = build_tar({tar_file("file", content)});
        const Bytes blob = archive::compress(tar, compression);
        oci::Layer layer{
            .descriptor = {.digest = oci_digest(blob), .size = blob.size()},
            .diff_id = oci_digest(tar),
            .created_by = content};
        tars_.emplace(layer.diff_id, tar);
        return layer;
    }

    /// Which layers were opened is in `opened`.
    [[nodiscard]] ImageDifference compare(const oci::Image& left, const oci::Image& right) {
        const build::OpenLayer open = [this](const oci::Layer& layer) {
            opened.push_back(layer.created_by);
            return std::make_unique<ViewSource>(tars_.at(layer.diff_id));
        };
        return build::compare_images({left, open}, {right, open});
    }

    Names opened{};

private:
    std::map<std::string, Bytes> tars_{};
};

/// `2/2 path`, `1/- `, `2/2 compression`.
Names words_of(const std::vector<LayerDifference>& layers) {
    Names lines;
    for (const LayerDifference& layer : layers) {
        const auto number = [](const auto& index) { return index ? std::to_string(*index) : "-"; };
        std::string line = number(layer.left) + "/" + number(layer.right);
        line += layer.only_compression ? " compression" : "";
        for (const inspect::PathDifference& path : layer.paths) {
            line += " " + path.path;
        }
        lines.push_back(std::move(line));
    }
    return lines;
}

} // namespace

TEST_CASE("only layers that are not the same are read") {
    Album album;
    const oci::Image left{.layers = {album.layer("a"), album.layer("b"), album.layer("c")}};
    oci::Image right = left;
    CHECK(album.compare(left, right).none());
    CHECK(album.opened.empty());
    right.layers[1] = album.layer("changed");
    const ImageDifference difference = album.compare(left, right);
    CHECK(words_of(difference.layers) == Names{"1/1 /file"});
    CHECK(difference.layers.front().created_by == "changed");
    CHECK(album.opened == Names{"b", "changed"});
}

TEST_CASE("a layer that was put in does not make those above it differ") {
    Album album;
    const oci::Image left{.layers = {album.layer("a"), album.layer("b")}};
    const oci::Image right{.layers = {album.layer("a"), album.layer("new"), album.layer("b")}};
    CHECK(words_of(album.compare(left, right).layers) == Names{"-/1"});
    CHECK(words_of(album.compare(right, left).layers) == Names{"1/-"});
    CHECK(album.opened.empty());
}

TEST_CASE("other bytes of the same tar are another compression, below and above what differs") {
    Album album;
    const oci::Image left{.layers = {album.layer("a"), album.layer("b"), album.layer("c")}};
    const oci::Image right{
        .layers = {album.layer("a", kZstd), album.layer("x"), album.layer("c", kZstd)}};
    CHECK(
        words_of(album.compare(left, right).layers) ==
        Names{"0/0 compression", "1/1 /file", "2/2 compression"});
}

TEST_CASE("what differs in a configuration is told variable by variable") {
    Album album;
    const oci::Image left{
        .config =
            {.user = "65532",
             .env = {"PATH=/bin", "MODE=fast", "GONE=1"},
             .entrypoint = {"/server", "-v"},
             .labels = {{"a", "1"}}},
        .created = 1};
    oci::Image right = left;
    right.config.env = {"MODE=slow", "PATH=/bin"};
    right.config.user = "0";
    right.config.entrypoint = {"/server"};
    right.config.labels["a"] = "2";
    right.config.healthcheck = oci::Healthcheck{.test = {"CMD", "true"}};
    right.created = 0;
    right.annotations = {{"k", "v"}};
    Names told;
    for (const inspect::Differing& one : album.compare(left, right).config) {
        told.push_back(one.what + ":" + one.left + ":" + one.right);
    }
    CHECK(
        told == Names{
                    "user:65532:0", "environment GONE:1:", "environment MODE:fast:slow",
                    "entrypoint:/server -v:/server", "label a:1:2", "health check::",
                    "created:1970-01-01T00:00:01Z:1970-01-01T00:00:00Z", "annotation k::v"});
}

TEST_CASE("a missing variable is not an empty one") {
    Album album;
    const oci::Image left{.config = {.env = {"A="}}};
    const oci::Image right{};
    CHECK_FALSE(album.compare(left, right).none());
}

} // namespace pare::test
