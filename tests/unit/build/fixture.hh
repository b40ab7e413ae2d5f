// SPDX-License-Identifier: Apache-2.0
// What the tests of this room share: the tools of a build in a store of their own, and images
// on disk.
#pragma once

#include "build/base_image.hh"
#include "build/build.hh"
#include "support/compressions.hh"
#include "support/deb_builder.hh"
#include "support/digest.hh"
#include "support/expect.hh"
#include "support/files.hh"
#include "support/foreign_image.hh"
#include "support/noise.hh"
#include "support/shell.hh"

#include <memory>
#include <string>

namespace pare::test {

using archive::Codec;
using archive::Compression;

/// What main hands to a build, with an empty store. It fetches nothing.
class Workshop {
public:
    explicit Workshop(unsigned threads = 2) : store_(directory_.path() / "store"), pool_(threads) {}

    [[nodiscard]] build::Tools tools() {
        return {clock_, events_, client_, registries_, store_, pool_, library_};
    }

    [[nodiscard]] store::Store& store() { return store_; }

    [[nodiscard]] ThreadPool& pool() { return pool_; }

    /// How many files of that kind the store has.
    [[nodiscard]] std::uint64_t count(const std::string& kind) const {
        const auto usage = store_.usage();
        const auto found = usage.find(kind);
        return found == usage.end() ? 0 : found->second.files;
    }

private:
    TemporaryDirectory directory_;
    FixedClock clock_{1'700'000'000};
    NoEvents events_;
    net::Client client_{{.offline = true}, events_};
    net::Http http_{{.offline = true}, events_};
    registry::Registries registries_{
        http_, registry::CredentialStore([](const char*) { return std::string(); }, events_), {}};
    store::Store store_;
    definition::Library library_;
    ThreadPool pool_;
};

/// An image for amd64 in a layout or archive.
inline std::shared_ptr<build::BaseImage> base_on_disk(const std::string& reference) {
    return std::make_shared<build::BaseImage>(reference, "", "amd64", Workshop().tools());
}

/// The bytes in a file, as the tool for that compression gives them.
inline Bytes unpacked(const std::filesystem::path& file, const Compression& compression) {
    const char* tool = compression.codec == Codec::gzip   ? "gzip -dc"
                       : compression.codec == Codec::zstd ? "zstd -qdc"
                                                          : "cat";
    return shell(tool + (" < '" + file.string() + "'"), "/");
}

} // namespace pare::test
