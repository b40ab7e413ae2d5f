// SPDX-License-Identifier: Apache-2.0
// Makes small ELF files of any class and byte order, true or lying.
#pragma once

#include "elf/elf.hh"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pare::test {

struct ElfSpec {
    bool is64 = true;
    Endian endian = Endian::little;
    std::uint16_t type = 3;
    std::uint16_t machine = 62;
    std::uint32_t flags = 0;
    std::string interpreter = "/lib/ld.so";
    std::string soname{};
    std::vector<std::string> needed{};
    std::string rpath{};
    std::string runpath{};
    std::vector<elf::VersionNeed> version_needs{};
    std::optional<std::uint64_t> strings_address{}; ///< instead of the true one
    std::optional<std::uint64_t> strings_size{};
    std::optional<std::uint64_t> version_needs_count{};
};

/// Header, program headers (PT_LOAD of all, PT_INTERP, PT_DYNAMIC), and behind them the version
/// table, the strings, the interpreter and last the dynamic section; loaded at kBase.
class ElfBuilder {
public:
    explicit ElfBuilder(const ElfSpec& spec) : spec_(spec) {}

    Bytes build() {
        const std::vector<std::pair<std::uint64_t, std::uint64_t>> tags = collect();
        const std::size_t start = header_size() + 3 * entry_size();
        const std::size_t strings_at = start + versions_.size();
        const std::size_t interpreter_at = strings_at + strings_.size();
        const std::size_t dynamic_at = interpreter_at + spec_.interpreter.size() + 1;
        Bytes dynamic;
        const auto tag = [&](std::uint64_t name, std::uint64_t value) {
            word(dynamic, name);
            word(dynamic, value);
        };
        for (const auto& [name, value] : tags) {
            tag(name, value);
        }
        tag(5, spec_.strings_address.value_or(kBase + strings_at));
        tag(10, spec_.strings_size.value_or(strings_.size()));
        if (!spec_.version_needs.empty()) {
            tag(0x6ffffffe, kBase + start);
            tag(0x6fffffff, spec_.version_needs_count.value_or(spec_.version_needs.size()));
        }
        tag(0, 0);
        Bytes out = header();
        segment(out, 1, 0, dynamic_at + dynamic.size());
        segment(out, 3, interpreter_at, spec_.interpreter.size() + 1);
        segment(out, 2, dynamic_at, dynamic.size());
        return out + versions_ + strings_ + spec_.interpreter + '\0' + dynamic;
    }

private:
    static constexpr std::uint64_t kBase = 0x400000;

    [[nodiscard]] std::size_t header_size() const { return spec_.is64 ? 64 : 52; }

    [[nodiscard]] std::size_t entry_size() const { return spec_.is64 ? 56 : 32; }

    template <typename Number>
    void put(Bytes& out, Number number) const {
        append_int(out, number, spec_.endian);
    }

    void word(Bytes& out, std::uint64_t number) const {
        if (spec_.is64) {
            put(out, number);
        } else {
            put(out, static_cast<std::uint32_t>(number));
        }
    }

    /// Where the text now stands in the string table.
    std::uint32_t string(const std::string& text) {
        const auto at = static_cast<std::uint32_t>(strings_.size());
        strings_ += text + '\0';
        return at;
    }

    std::vector<std::pair<std::uint64_t, std::uint64_t>> collect() {
        std::vector<std::pair<std::uint64_t, std::uint64_t>> tags;
        for (const std::string& library : spec_.needed) {
            tags.emplace_back(1, string(library));
        }
        for (const auto& [tag, text] :
             {std::pair{14, &spec_.soname}, {15, &spec_.rpath}, {29, &spec_.runpath}}) {
            if (!text->empty()) {
                tags.emplace_back(tag, string(*text));
            }
        }
        for (std::size_t i = 0; i < spec_.version_needs.size(); ++i) {
            add_version_need(
                spec_.version_needs[i],
                i + 1 < spec_.version_needs.size()
                    ? static_cast<std::uint32_t>(16 + 16 * spec_.version_needs[i].versions.size())
                    : 0U);
        }
        return tags;
    }

    void add_version_need(const elf::VersionNeed& need, std::uint32_t next) {
        put(versions_, std::uint16_t{1});
        put(versions_, static_cast<std::uint16_t>(need.versions.size()));
        put(versions_, string(need.library));
        put(versions_, std::uint32_t{16});
        put(versions_, next);
        for (std::size_t i = 0; i < need.versions.size(); ++i) {
            put(versions_, std::uint64_t{0}); // hash, flags, index
            put(versions_, string(need.versions[i]));
            put(versions_, i + 1 < need.versions.size() ? std::uint32_t{16} : std::uint32_t{0});
        }
    }

    [[nodiscard]] Bytes header() const {
        Bytes out = "\177ELF";
        out += spec_.is64 ? '\2' : '\1';
        out += spec_.endian == Endian::little ? '\1' : '\2';
        out += '\1' + Bytes(9, '\0');
        put(out, spec_.type);
        put(out, spec_.machine);
        put(out, std::uint32_t{1});
        word(out, 0);
        word(out, header_size());
        word(out, 0);
        put(out, spec_.flags);
        put(out, static_cast<std::uint16_t>(header_size()));
        put(out, static_cast<std::uint16_t>(entry_size()));
        put(out, std::uint16_t{3});
        return out + Bytes(6, '\0'); // no section headers
    }

    void segment(Bytes& out, std::uint32_t type, std::uint64_t offset, std::uint64_t size) const {
        put(out, type);
        if (spec_.is64) {
            put(out, std::uint32_t{4});
        }
        word(out, offset);
        word(out, kBase + offset);
        word(out, kBase + offset);
        word(out, size);
        word(out, size);
        if (!spec_.is64) {
            put(out, std::uint32_t{4});
        }
        word(out, 1);
    }

    ElfSpec spec_;
    Bytes strings_{'\0'};
    Bytes versions_{};
};

inline Bytes build_elf(const ElfSpec& spec) {
    return ElfBuilder(spec).build();
}

} // namespace pare::test
