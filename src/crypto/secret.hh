// SPDX-License-Identifier: Apache-2.0
// Bytes that are wiped from memory at their end: passwords and private keys.
#pragma once

#include "support/bytes.hh"

#include <cstddef>

namespace pare::crypto {

/// Movable, never copied by accident.
class Secret {
public:
    Secret() = default;

    explicit Secret(BytesView bytes) : bytes_(bytes) {}

    /// That many zeros, to be filled.
    explicit Secret(std::size_t size) : bytes_(size, '\0') {}

    Secret(Secret&& other) noexcept;
    Secret& operator=(Secret&& other) noexcept;
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;
    ~Secret();

    [[nodiscard]] BytesView view() const { return bytes_; }

    [[nodiscard]] std::size_t size() const { return bytes_.size(); }

    [[nodiscard]] const unsigned char* data() const {
        return reinterpret_cast<const unsigned char*>(bytes_.data());
    }

    [[nodiscard]] unsigned char* data() { return reinterpret_cast<unsigned char*>(bytes_.data()); }

private:
    void wipe();

    Bytes bytes_{};
};

} // namespace pare::crypto
