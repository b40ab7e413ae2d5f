// SPDX-License-Identifier: Apache-2.0
// What a rebase makes of three configurations.
#include "build/config_merge.hh"
#include "support/expect.hh"

#include <map>

namespace pare::test {

namespace {

using build::merge_images;
using build::MergedImage;
using oci::Image;

oci::Layer layer(char digit) {
    return {
        .diff_id = "sha256:" + std::string(64, digit), .created_by = std::string("makes ") + digit};
}

/// A base of one layer, an image of it and one layer of its own, a new base of two.
struct Three {
    Image old_base{.layers = {layer('a')}, .created = 100};
    Image image{.layers = {layer('a'), layer('z')}, .created = 200};
    Image new_base{.layers = {layer('b'), layer('c')}, .created = 300};

    [[nodiscard]] MergedImage merge() const { return merge_images(old_base, image, new_base); }
};

Names makers(const MergedImage& merged) {
    Names names;
    for (const oci::HistoryEntry& entry : oci::history_of(merged.image)) {
        names.push_back(entry.created_by + (entry.empty_layer ? " (empty)" : ""));
    }
    return names;
}

using Map = std::map<std::string, std::string>;

} // namespace

TEST_CASE("the image's own layers come on those of the new base, with the newest time") {
    Three three;
    CHECK(three.merge().image.layers == std::vector{layer('b'), layer('c'), layer('z')});
    CHECK(three.merge().image.created == 300);
    three.image.created = 400;
    CHECK(three.merge().image.created == 400);
}

TEST_CASE("a field is the new base's unless the image changed it") {
    Three three;
    three.old_base.config.user = three.image.config.user = "0";
    three.new_base.config.user = "65532";
    CHECK(three.merge().image.config.user == "65532");
    three.image.config.user = "1000";
    three.new_base.config.user = "0";
    CHECK(three.merge().image.config.user == "1000");
    three.new_base.config.user = "1000";
    CHECK(three.merge().image.config.user == "1000");
    CHECK(three.merge().conflicts.empty());
}

TEST_CASE("what all three have differently is a conflict that shows the three") {
    Three three;
    three.old_base.config.user = "0";
    three.image.config.user = "1000";
    CHECK(
        three.merge().conflicts ==
        Names{R"(User: the image has "1000", its base had "0", the new base has nothing)"});
    Three more;
    more.old_base.config = {
        .working_dir = "/a",
        .stop_signal = "SIGTERM",
        .stop_timeout = 1,
        .healthcheck = oci::Healthcheck{.test = {"NONE"}},
        .shell = {"/bin/sh"},
        .on_build = {"RUN a"}};
    more.image.config = {
        .working_dir = "/b",
        .stop_signal = "SIGINT",
        .stop_timeout = 2,
        .healthcheck = oci::Healthcheck{.test = {"CMD", "/b"}},
        .shell = {"/bin/bash"},
        .on_build = {"RUN b"}};
    const Names conflicts = more.merge().conflicts;
    REQUIRE(conflicts.size() == 6);
    CHECK(conflicts[0].starts_with("WorkingDir: "));
    CHECK(conflicts[1].starts_with("StopSignal: "));
    CHECK(conflicts[2] == "StopTimeout: the image has 2, its base had 1, the new base has nothing");
    CHECK(contains(conflicts[3], R"(Healthcheck: the image has ["CMD","/b"])"));
    CHECK(conflicts[4].starts_with("Shell: "));
    CHECK(conflicts[5].starts_with("OnBuild: "));
}

TEST_CASE("the environment goes by name, in the order of the new base") {
    Three three;
    three.old_base.config.env = {"PATH=/bin", "A=1", "GONE=1", "B=1"};
    three.image.config.env = {"PATH=/app:/bin", "A=1", "GONE=1", "OWN=x=y"};
    three.new_base.config.env = {"NEW=1", "A=2", "PATH=/bin", "B=1"};
    const MergedImage merged = three.merge();
    CHECK(merged.image.config.env == Names{"NEW=1", "A=2", "PATH=/app:/bin", "OWN=x=y"});
    CHECK(merged.conflicts.empty());
    three.new_base.config.env = {"PATH=/sbin"};
    CHECK(
        three.merge().conflicts ==
        Names{R"(Env PATH: the image has "PATH=/app:/bin", its base had "PATH=/bin", )"
              R"(the new base has "PATH=/sbin")"});
}

TEST_CASE("ports and volumes go by element") {
    Three three;
    three.old_base.config.exposed_ports = {"1/tcp", "2/tcp"};
    three.image.config.exposed_ports = {"2/tcp", "3/tcp"};
    three.new_base.config.exposed_ports = {"1/tcp", "2/tcp", "4/tcp"};
    three.old_base.config.volumes = three.image.config.volumes = {"/a"};
    const MergedImage merged = three.merge();
    CHECK(merged.image.config.exposed_ports == Names{"2/tcp", "3/tcp", "4/tcp"});
    CHECK(merged.image.config.volumes.empty());
    CHECK(merged.conflicts.empty());
}

TEST_CASE("an entrypoint of the image's own has the image's arguments") {
    Three three;
    three.old_base.config.cmd = {"bash"};
    three.image.config.entrypoint = {"/app"};
    three.new_base.config.cmd = {"sh"};
    const MergedImage merged = three.merge();
    CHECK(merged.image.config.entrypoint == Names{"/app"});
    CHECK(merged.image.config.cmd.empty());
    CHECK(merged.conflicts.empty());
}

TEST_CASE("arguments for an entrypoint that the new base changed are a conflict") {
    Three three;
    three.old_base.config.entrypoint = three.image.config.entrypoint = {"/old"};
    three.new_base.config.entrypoint = {"/new"};
    three.image.config.cmd = {"--mine"};
    const Names conflicts = three.merge().conflicts;
    REQUIRE(conflicts.size() == 1);
    CHECK(conflicts[0].starts_with(R"(Cmd: the image has ["--mine"] for the entrypoint ["/old"])"));
    three.image.config.cmd.clear();
    three.new_base.config.cmd = {"--new"};
    CHECK(three.merge().image.config.entrypoint == Names{"/new"});
    CHECK(three.merge().image.config.cmd == Names{"--new"});
}

TEST_CASE("labels go by key; those that say what an image is are its own") {
    const std::string version = "org.opencontainers.image.version";
    const std::string vendor = "org.opencontainers.image.vendor";
    Three three;
    three.old_base.config.labels = {{version, "1"}, {vendor, "us"}, {"a", "1"}, {"gone", "1"}};
    three.image.config.labels = {
        {version, "app 7"}, {vendor, "us"}, {"a", "1"}, {"gone", "1"}, {"own", "1"}};
    three.new_base.config.labels = {{version, "2"}, {vendor, "them"}, {"a", "2"}, {"new", "1"}};
    const MergedImage merged = three.merge();
    CHECK(
        merged.image.config.labels ==
        Map{{version, "app 7"}, {vendor, "them"}, {"a", "2"}, {"own", "1"}, {"new", "1"}});
    CHECK(merged.conflicts.empty());
    three.image.config.labels["a"] = "3";
    CHECK(
        three.merge().conflicts ==
        Names{R"(Labels a: the image has "3", its base had "1", the new base has "2")"});
}

TEST_CASE("annotations that were the old base's are replaced, the image's own stay") {
    Three three;
    three.old_base.annotations = {{"a", "1"}, {"b", "1"}, {"c", "1"}};
    three.image.annotations = {
        {"a", "1"}, {"b", "mine"}, {"c", "1"}, {oci::kBaseDigest, "x"}, {oci::kBaseName, "y"}};
    three.new_base.annotations = {{"a", "2"}, {"b", "2"}, {"d", "2"}};
    CHECK(three.merge().image.annotations == Map{{"a", "2"}, {"b", "mine"}});
}

TEST_CASE("the history is that of the new base and what came behind that of the old one") {
    Three three;
    CHECK(makers(three.merge()) == Names{"makes b", "makes c", "makes z"});
    three.old_base.history = {
        {.created_by = "makes a"}, {.created_by = "ENV", .empty_layer = true}};
    three.image.history = three.old_base.history;
    three.image.history.push_back({.created_by = "makes z"});
    three.image.history.push_back({.created_by = "CMD", .empty_layer = true});
    CHECK(makers(three.merge()) == Names{"makes b", "makes c", "makes z", "CMD (empty)"});
}

TEST_CASE("a history that does not repeat the base's is told apart by layers") {
    Three three;
    three.image.history = {
        {.created_by = "says otherwise"},
        {.created_by = "USER", .empty_layer = true},
        {.created_by = "makes z"}};
    CHECK(makers(three.merge()) == Names{"makes b", "makes c", "USER (empty)", "makes z"});
}

TEST_CASE("the author is the image's own, or the base's") {
    Three three;
    three.old_base.author = three.image.author = "us";
    three.new_base.author = "them";
    CHECK(three.merge().image.author == "them");
    three.image.author = "me";
    CHECK(three.merge().image.author == "me");
}

} // namespace pare::test
