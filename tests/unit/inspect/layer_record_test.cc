// SPDX-License-Identifier: Apache-2.0
// What was read of a layer is the same after it was kept.
#include "inspect/layer_record.hh"
#include "support/deb_builder.hh"
#include "support/expect.hh"
#include "support/files.hh"

namespace pare::test {

namespace {

inspect::Layer sample() {
    TarEntry special = tar_file("usr/bin/special", "#!/bin/sh -e\n", 04755);
    special.header.uid = 1'000'000;
    special.header.gid = 7;
    special.header.mtime = -5;
    special.header.xattrs["security.capability"] = Bytes("\1\0\2", 3);
    TarEntry device = tar_file("dev/null", "");
    device.header.type = archive::TarType::character_device;
    device.header.device_major = 1;
    device.header.device_minor = 3;
    const Bytes tar = build_tar(
        {tar_directory("usr/", 0700), special, tar_symlink("usr/link", "../x"),
         tar_hard_link("usr/hard", "usr/bin/special"), device,
         tar_file("usr/bin/true", read_file("/bin/true")), tar_file("usr/.wh.gone", ""),
         tar_file("etc/.wh..wh..opq", "")});
    ViewSource source(tar);
    return inspect::read_layer(
        source, "layer", {.contents = true, .sha1 = true, .keeps = [](const ImagePath& path) {
                              return path.name() == "special";
                          }});
}

bool same(const inspect::Entry& left, const inspect::Entry& right) {
    const auto equal = [](const auto& one, const auto& other) {
        return (one == nullptr) == (other == nullptr) && (one == nullptr || *one == *other);
    };
    return inspect::same_entry(left, right) && left.mtime == right.mtime &&
           left.sha1 == right.sha1 && left.script == right.script && equal(left.elf, right.elf) &&
           equal(left.go, right.go) && equal(left.contents, right.contents);
}

} // namespace

TEST_CASE("a record gives back all of a layer") {
    const inspect::Layer layer = sample();
    const auto again = inspect::read_layer_record(inspect::write_layer_record(layer));
    REQUIRE(again);
    CHECK(again->whiteouts == layer.whiteouts);
    CHECK(again->opaque == layer.opaque);
    REQUIRE(again->entries.size() == layer.entries.size());
    for (const auto& [path, entry] : layer.entries) {
        CAPTURE(path.relative());
        REQUIRE(again->entries.contains(path));
        CHECK(same(again->entries.at(path), entry));
    }
    CHECK(again->entries.at(ImagePath::parse("usr/bin/true")).elf->needed.size() > 0);
    CHECK(inspect::read_layer_record(inspect::write_layer_record({})));
}

TEST_CASE("a record that is damaged anywhere is none") {
    const Bytes record = inspect::write_layer_record(sample());
    for (const std::size_t at : {std::size_t{0}, std::size_t{40}, record.size() - 1}) {
        Bytes damaged = record;
        damaged[at] = static_cast<char>(damaged[at] ^ 1);
        CHECK_FALSE(inspect::read_layer_record(damaged));
    }
    CHECK_FALSE(inspect::read_layer_record(record.substr(0, record.size() - 1)));
    CHECK_FALSE(inspect::read_layer_record(record.substr(0, 10)));
    CHECK_FALSE(inspect::read_layer_record(""));
}

} // namespace pare::test
