// SPDX-License-Identifier: Apache-2.0
// Where the bytes of a download go: into memory, or into a file that is hashed as it grows.
#pragma once

#include "net/client.hh"
#include "support/bytes.hh"
#include "support/digest.hh"
#include "support/files.hh"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace pare::net {

class Body {
public:
    Body() = default;
    Body(const Body&) = delete;
    Body& operator=(const Body&) = delete;
    virtual ~Body() = default;

    virtual void write(BytesView bytes) = 0;
    [[nodiscard]] virtual std::uint64_t size() const = 0;
    /// Forgets all that was written.
    virtual void restart() = 0;
    /// The digest of all that was written, or nothing when nobody asked for it.
    [[nodiscard]] virtual std::string sha256() const = 0;
    /// All is there and good: puts it where it belongs.
    virtual void keep() = 0;
};

class MemoryBody final : public Body {
public:
    void write(BytesView bytes) override { bytes_.append(bytes); }

    [[nodiscard]] std::uint64_t size() const override { return bytes_.size(); }

    void restart() override { bytes_.clear(); }

    [[nodiscard]] std::string sha256() const override { return {}; }

    void keep() override {}

    [[nodiscard]] Bytes take() { return std::move(bytes_); }

private:
    Bytes bytes_{};
};

enum class Hashing { none, sha256 };

/// A file that is opened with its first byte, so that what waits holds no descriptor.
class FileBody final : public Body {
public:
    FileBody(std::filesystem::path destination, Hashing hashing)
        : destination_(std::move(destination)), hashing_(hashing) {}

    void write(BytesView bytes) override;
    [[nodiscard]] std::uint64_t size() const override;
    void restart() override;
    [[nodiscard]] std::string sha256() const override;
    void keep() override;

private:
    AtomicFile& file();

    std::filesystem::path destination_;
    Hashing hashing_;
    std::optional<AtomicFile> file_{};
    Hasher hasher_{};
};

} // namespace pare::net
