// SPDX-License-Identifier: Apache-2.0
#include "oci/output.hh"
#include "support/digest.hh"
#include "unit/oci/sample.hh"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <thread>

using namespace pare;
using namespace pare::oci;
using namespace pare::oci::test;

namespace {

namespace fs = std::filesystem;

std::vector<std::string> tags_of(const fs::path& layout) {
    std::vector<std::string> tags;
    for (const oci::Descriptor& entry :
         parse_index(read_file(layout / "index.json"), "index.json")) {
        tags.push_back(entry.annotations.at("org.opencontainers.image.ref.name"));
    }
    return tags;
}

/// Every file below blobs/sha256 is what its name says.
bool all_blobs_are_whole(const fs::path& layout) {
    const fs::directory_iterator files(layout / "blobs" / "sha256");
    return std::all_of(begin(files), end(files), [](const fs::directory_entry& file) {
        return hash_hex(read_file(file.path())) == file.path().filename().string();
    });
}

/// Five images, from a store of its own.
void write_tags(const fs::path& layout, int first) {
    SampleStore store;
    for (int number = first; number < first + 5; ++number) {
        const std::string tag = "t" + std::to_string(number);
        static_cast<void>(write_output(
            layout, OutputFormat::oci,
            {{.tag = tag,
              .image = sample_image({store.add_layer("shared"), store.add_layer(tag)})}},
            store.finder()));
    }
}

std::string usage_problem(const fs::path& output, const std::string& tag) {
    const Error error = error_of([&] {
        return write_output(
            output, OutputFormat::oci, {{.tag = tag, .image = sample_image({})}}, {});
    });
    CHECK(error.kind() == ErrorKind::usage);
    return error.message();
}

} // namespace

TEST_CASE("output formats have three names") {
    CHECK(parse_output_format("oci") == OutputFormat::oci);
    CHECK(parse_output_format("oci-archive") == OutputFormat::oci_archive);
    CHECK(parse_output_format("docker-archive") == OutputFormat::docker_archive);
    CHECK_THROWS_AS(static_cast<void>(parse_output_format("tar")), Error);
}

TEST_CASE("a layout holds the image under its tag") {
    const TemporaryDirectory directory;
    const fs::path layout = directory.path() / "out" / "layout";
    SampleStore store;
    const Image image = sample_image({store.add_layer("a"), store.add_layer("b")});
    const auto written = write_output(
        layout, OutputFormat::oci, {{.tag = "cc:latest", .image = image}}, store.finder());
    REQUIRE(written.size() == 1);
    CHECK(written[0].tag == "cc:latest");
    CHECK(written[0].descriptor.media_type == kManifestType);
    CHECK(read_file(layout / "oci-layout") == R"({"imageLayoutVersion":"1.0.0"})");
    CHECK(tags_of(layout) == std::vector<std::string>{"cc:latest"});
    CHECK(all_blobs_are_whole(layout));
    const auto entries = parse_index(read_file(layout / "index.json"), "index.json");
    CHECK(entries[0].digest == written[0].descriptor.digest);
    CHECK(entries[0].annotations.count("io.containerd.image.name") == 0);
}

TEST_CASE("a full reference is told to containerd too") {
    const TemporaryDirectory layout;
    static_cast<void>(write_output(
        layout.path(), OutputFormat::oci,
        {{.tag = "registry.example/team/server:1", .image = sample_image({})}}, {}));
    const auto entries = parse_index(read_file(layout.path() / "index.json"), "index.json");
    CHECK(
        entries[0].annotations.at("io.containerd.image.name") == "registry.example/team/server:1");
}

TEST_CASE("platforms under one tag become one index") {
    const TemporaryDirectory layout;
    SampleStore store;
    const Layer layer = store.add_layer("shared");
    const auto written = write_output(
        layout.path(), OutputFormat::oci,
        {{.tag = "cc", .image = sample_image({layer})},
         {.tag = "cc", .image = sample_image({layer}, "arm64")}},
        store.finder());
    REQUIRE(written.size() == 1);
    CHECK(written[0].descriptor.media_type == kIndexType);
    const auto top = parse_index(read_file(layout.path() / "index.json"), "index.json");
    REQUIRE(top.size() == 1);
    const fs::path blobs = layout.path() / "blobs" / "sha256";
    const auto nested = parse_index(read_file(blobs / top[0].digest.substr(7)), "nested");
    REQUIRE(nested.size() == 2);
    CHECK(nested == written[0].manifests);
    CHECK(nested[1].platform->architecture == "arm64");
}

TEST_CASE("other tags stay, the same tag is replaced") {
    const TemporaryDirectory layout;
    SampleStore store;
    const auto write = [&](const std::string& tag, const std::string& content) {
        return write_output(
            layout.path(), OutputFormat::oci,
            {{.tag = tag, .image = sample_image({store.add_layer(content)})}}, store.finder())[0];
    };
    write("b", "one");
    write("a", "two");
    const Written last = write("b", "three");
    CHECK(tags_of(layout.path()) == std::vector<std::string>{"a", "b"});
    const auto entries = parse_index(read_file(layout.path() / "index.json"), "index.json");
    CHECK(entries[1].digest == last.descriptor.digest);
}

TEST_CASE("entries of other tools keep what pare does not know") {
    const TemporaryDirectory layout;
    const std::string foreign = R"({"mediaType":"a/b","digest":"sha256:)" + std::string(64, 'e') +
                                R"(","size":3,"data":"YWJj","artifactType":"x/y"})";
    write_file(layout.path() / "oci-layout", R"({"imageLayoutVersion": "1.0.0"})");
    write_file(
        layout.path() / "index.json",
        R"({"schemaVersion":2,"manifests":[)" + foreign + R"(],"annotations":{"k":"v"}})");
    static_cast<void>(write_output(
        layout.path(), OutputFormat::oci, {{.tag = "t", .image = sample_image({})}}, {}));
    const Bytes index = read_file(layout.path() / "index.json");
    CHECK(index.find(foreign) != std::string::npos);
    CHECK(index.find(R"("annotations":{"k":"v"})") != std::string::npos);
}

TEST_CASE("a second write with everything in place touches no file") {
    const TemporaryDirectory layout;
    SampleStore store;
    const Image image = sample_image({store.add_layer("a")});
    const auto write = [&](const FindBlob& find) {
        static_cast<void>(
            write_output(layout.path(), OutputFormat::oci, {{.tag = "t", .image = image}}, find));
    };
    write(store.finder());
    std::vector<std::pair<fs::path, fs::file_time_type>> before;
    const fs::file_time_type old = fs::file_time_type::clock::now() - std::chrono::hours(1);
    for (const auto& file : fs::recursive_directory_iterator(layout.path())) {
        if (file.is_regular_file()) {
            fs::last_write_time(file.path(), old);
            before.emplace_back(file.path(), fs::last_write_time(file.path()));
        }
    }
    write([](const std::string&) -> fs::path { throw Error(ErrorKind::bug, "not to be asked"); });
    for (const auto& [path, time] : before) {
        CHECK(fs::last_write_time(path) == time);
    }
}

TEST_CASE("a blob of the wrong size is replaced") {
    const TemporaryDirectory layout;
    SampleStore store;
    const Layer layer = store.add_layer("a");
    const fs::path blobs = layout.path() / "blobs" / "sha256";
    make_directories(blobs);
    write_file(blobs / layer.descriptor.digest.substr(7), "half");
    static_cast<void>(write_output(
        layout.path(), OutputFormat::oci, {{.tag = "t", .image = sample_image({layer})}},
        store.finder()));
    CHECK(all_blobs_are_whole(layout.path()));
    // Only whole files with names that say what they are: no temporary one stays behind.
    CHECK(std::distance(fs::directory_iterator(layout.path()), fs::directory_iterator()) == 3);
}

TEST_CASE("a store's file that is not what the image says is an error") {
    const TemporaryDirectory layout;
    SampleStore store;
    Layer layer = store.add_layer("a");
    layer.descriptor.size += 1;
    CHECK_THROWS_AS(
        static_cast<void>(write_output(
            layout.path(), OutputFormat::oci, {{.tag = "t", .image = sample_image({layer})}},
            store.finder())),
        Error);
    CHECK(
        std::distance(
            fs::directory_iterator(layout.path() / "blobs" / "sha256"), fs::directory_iterator()) ==
        0);
}

TEST_CASE("writers of different tags at the same time lose no entry") {
    const TemporaryDirectory layout;
    std::vector<pid_t> children;
    for (int writer = 0; writer < 4; ++writer) {
        const pid_t child = ::fork();
        if (child == 0) {
            write_tags(layout.path(), writer * 10);
            ::_exit(0);
        }
        children.push_back(child);
    }
    for (const pid_t child : children) {
        int status = 0;
        ::waitpid(child, &status, 0);
        CHECK(status == 0);
    }
    CHECK(tags_of(layout.path()).size() == 20);
    CHECK(all_blobs_are_whole(layout.path()));
}

TEST_CASE("a writer killed at any moment leaves whole blobs and a readable index") {
    const TemporaryDirectory layout;
    SampleStore store;
    std::vector<Layer> layers;
    for (int i = 0; i < 20; ++i) {
        layers.push_back(store.add_layer(std::string(50'000, static_cast<char>('a' + i)), kPlain));
    }
    for (int microseconds = 100; microseconds <= 3200; microseconds *= 2) {
        const pid_t child = ::fork();
        if (child == 0) {
            while (true) {
                fs::remove_all(layout.path() / "blobs");
                static_cast<void>(write_output(
                    layout.path(), OutputFormat::oci, {{.tag = "t", .image = sample_image(layers)}},
                    store.finder()));
            }
        }
        std::this_thread::sleep_for(std::chrono::microseconds(microseconds));
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
        if (fs::exists(layout.path() / "blobs" / "sha256")) {
            CHECK(all_blobs_are_whole(layout.path()));
        }
    }
    static_cast<void>(write_output(
        layout.path(), OutputFormat::oci, {{.tag = "t", .image = sample_image(layers)}},
        store.finder()));
    CHECK(all_blobs_are_whole(layout.path()));
    CHECK(tags_of(layout.path()) == std::vector<std::string>{"t"});
}

TEST_CASE("what is not a layout is not written into") {
    const TemporaryDirectory directory;
    write_file(directory.path() / "letter.txt", "dear");
    CHECK(
        usage_problem(directory.path(), "t").ends_with("holds something other than an OCI layout"));
    CHECK(usage_problem(directory.path() / "letter.txt", "t")
              .ends_with("is a file, and an OCI layout is a directory"));
}

TEST_CASE("names that other tools would not take back are refused") {
    const TemporaryDirectory layout;
    CHECK(usage_problem(layout.path(), "a b") == "\"a b\" cannot be the name of an image");
    CHECK_FALSE(usage_problem(layout.path(), "").empty());
    CHECK_FALSE(usage_problem(layout.path(), "cc:").empty());
    CHECK_FALSE(usage_problem(layout.path(), "../x").empty());
}

TEST_CASE("two images for one name and platform are refused") {
    const TemporaryDirectory layout;
    const TaggedImage image{.tag = "t", .image = sample_image({})};
    CHECK_THROWS_WITH_AS(
        static_cast<void>(write_output(layout.path(), OutputFormat::oci, {image, image}, {})),
        "two images for linux/amd64 are called t", Error);
}

TEST_CASE("equal images give equal archives, whenever they are written") {
    const TemporaryDirectory directory;
    SampleStore store;
    const std::vector<TaggedImage> images{
        {.tag = "cc", .image = sample_image({store.add_layer("a"), store.add_layer("b", kZstd)})}};
    for (const OutputFormat format : {OutputFormat::oci_archive, OutputFormat::docker_archive}) {
        const fs::path one = directory.path() / "one.tar";
        const fs::path two = directory.path() / "two.tar";
        static_cast<void>(write_output(one, format, images, store.finder()));
        static_cast<void>(write_output(two, format, images, store.finder()));
        CHECK(read_file(one) == read_file(two));
        CHECK(read_file(one).size() % 512 == 0);
    }
}

TEST_CASE("docker gets a name for each platform, with a tag in any case") {
    const TemporaryDirectory directory;
    const fs::path file = directory.path() / "x.tar";
    const auto names = [&](const std::vector<TaggedImage>& images) {
        static_cast<void>(write_output(file, OutputFormat::docker_archive, images, {}));
        const Bytes tar = read_file(file);
        const std::size_t start = tar.find("[{");
        std::vector<std::string> found;
        const auto manifest = json::parse(tar.substr(start, tar.find('\0', start) - start), "tar");
        for (const json::Value& entry : manifest.as_array()) {
            found.push_back(entry.at("RepoTags").as_array().at(0).as_string());
        }
        return found;
    };
    Image arm64 = sample_image({}, "arm64");
    arm64.platform.variant = "v8";
    Image armv7 = sample_image({}, "arm");
    armv7.platform.variant = "v7";
    CHECK(
        names({{.tag = "localhost:5000/cc", .image = sample_image({})}}) ==
        std::vector<std::string>{"localhost:5000/cc:latest"});
    CHECK(
        names({{.tag = "cc:1", .image = arm64}, {.tag = "cc:1", .image = armv7}}) ==
        std::vector<std::string>{"cc:1-arm64", "cc:1-armv7"});
}

TEST_CASE("docker names are checked before anything is written") {
    const TemporaryDirectory directory;
    const fs::path file = directory.path() / "x.tar";
    for (const char* name : {"Server", "a:b:c", "a+b"}) {
        CHECK_THROWS_AS(
            static_cast<void>(write_output(
                file, OutputFormat::docker_archive, {{.tag = name, .image = sample_image({})}},
                {})),
            Error);
    }
    CHECK_FALSE(fs::exists(file));
    CHECK(fs::is_empty(directory.path()));
}
