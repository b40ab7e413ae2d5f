// SPDX-License-Identifier: Apache-2.0
// Bytes that are wiped from memory at their end: passwords and private keys.
#pragma once

#include "support/bytes.hh"

#include <cstddef>
#include <vector>

namespace pare::crypto {

/// Movable, never copied by accident.
class Secret {
public:
    Secret() = default;

    explicit Secret(BytesView bytes) : bytes_(bytes.begin(), bytes.end()) {}

    /// That many zeros, to be filled.
    explicit Secret(std::size_t size) : bytes_(size) {}

    Secret(Secret&& other) noexcept = default;
    Secret& operator=(Secret&& other) noexcept;
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;
    ~Secret();

    [[nodiscard]] BytesView view() const { return {bytes_.data(), bytes_.size()}; }

    [[nodiscard]] std::size_t size() const { return bytes_.size(); }

    /// Never null, which libraries do not take even for nothing.
    [[nodiscard]] const unsigned char* data() const {
        return reinterpret_cast<const unsigned char*>(bytes_.empty() ? "" : bytes_.data());
    }

    [[nodiscard]] unsigned char* data() { return reinterpret_cast<unsigned char*>(bytes_.data()); }

private:
    void wipe();

    std::vector<char> bytes_{}; // never inside the object, where a move would leave a copy
};

} // namespace pare::crypto
