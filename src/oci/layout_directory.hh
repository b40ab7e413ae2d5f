// SPDX-License-Identifier: Apache-2.0
// A layout that is there already, for what is put beside its images.
#pragma once

#include "oci/image.hh"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace pare::oci {

class LayoutDirectory {
public:
    /// Throws ErrorKind::refused when there is no layout.
    explicit LayoutDirectory(std::filesystem::path root);

    /// What index.json lists now.
    [[nodiscard]] std::vector<Descriptor> entries() const;
    /// The bytes, which are what the digest says; throws ErrorKind::refused otherwise, and beyond
    /// `limit` bytes.
    [[nodiscard]] Bytes read(const Descriptor& blob, std::uint64_t limit) const;
    /// A manifest or index of at most 4 MiB.
    [[nodiscard]] Document document(const Descriptor& blob) const;
    /// What carries that tag.
    [[nodiscard]] std::optional<Descriptor> find_tag(std::string_view tag) const;

    void put(const Document& blob) const;
    /// Puts the manifest there and lists it; nothing when it is listed.
    void add(const Document& manifest) const;

    /// Lets the tag stand for what `change` makes of what it stood for. Nobody else changes the
    /// layout meanwhile.
    void change_tag(const std::string& tag, const DocumentChange& change) const;

private:
    std::filesystem::path root_;
};

} // namespace pare::oci
