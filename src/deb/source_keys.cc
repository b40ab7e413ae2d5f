// SPDX-License-Identifier: Apache-2.0
// Problem: `signed-by` may name files, fingerprints or be a key itself; and Debian's own keyring is
// in other places on hosts of other releases, or not installed at all.
// Refuses: sources without any key; pare trusts no key because it happens to lie on the host.
#include "deb/source_keys.hh"

#include "support/digest.hh"
#include "support/error.hh"
#include "support/files.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace pare::deb {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kLargestKeyring = 64U << 20;
constexpr std::string_view kArmour = "-----BEGIN";

/// Where Debian's keys are when kDebianKeyring is not there.
constexpr std::array<std::string_view, 2> kKeyDirectories = {
    "usr/share/keyrings", "etc/apt/trusted.gpg.d"};

bool is_key_file(const fs::path& path) {
    const std::string extension = path.extension().string();
    return extension == ".gpg" || extension == ".asc" || extension == ".pgp";
}

/// A fingerprint, perhaps with the `!` by which apt says "this sub key only".
bool is_fingerprint(std::string_view text) {
    const std::string_view digits = text.substr(0, text.find('!'));
    return digits.size() >= 40 && std::ranges::all_of(digits, [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
           });
}

std::string upper_case_digits(std::string_view text) {
    std::string digits(text.substr(0, text.find('!')));
    std::ranges::transform(digits, digits.begin(), [](char c) {
        return c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    return digits;
}

std::vector<fs::path> key_files(const fs::path& directory, std::string_view prefix) {
    std::vector<fs::path> files;
    std::error_code problem;
    fs::directory_iterator entry(directory, problem);
    for (; !problem && entry != fs::directory_iterator(); entry.increment(problem)) {
        const fs::path& file = entry->path();
        if (is_key_file(file) && file.filename().string().starts_with(prefix)) {
            files.push_back(file);
        }
    }
    std::ranges::sort(files);
    return files;
}

/// Reads keys into one keyring and hashes them on the way.
class KeyReader {
public:
    void add_file(const fs::path& file) {
        try {
            add(read_file(file, kLargestKeyring), file.string());
        } catch (Error& error) {
            if (error.kind() == ErrorKind::environment) {
                error.mend("see that signed-by or --keyring names the right file");
            }
            throw;
        }
    }

    void add(BytesView bytes, const std::string& name) {
        keys_.keyring.add(bytes, name);
        identity_.write(hash_hex(bytes));
        is_empty_ = false;
    }

    void pin(std::vector<std::string> fingerprints) {
        for (const std::string& fingerprint : fingerprints) {
            identity_.write(fingerprint);
        }
        keys_.keyring.pin(std::move(fingerprints));
    }

    [[nodiscard]] bool is_empty() const { return is_empty_; }

    [[nodiscard]] std::vector<std::string> fingerprints() const {
        return keys_.keyring.fingerprints();
    }

    TrustedKeys take() {
        keys_.identity = identity_.hex();
        return std::move(keys_);
    }

private:
    TrustedKeys keys_{};
    Hasher identity_{};
    bool is_empty_ = true;
};

/// Debian's keys, wherever this host has them.
void add_debian_keys(KeyReader& reader, const fs::path& root) {
    const fs::path usual = root / fs::path(kDebianKeyring).relative_path();
    if (fs::exists(usual)) {
        reader.add_file(usual);
        return;
    }
    for (const std::string_view directory : kKeyDirectories) {
        for (const fs::path& file : key_files(root / directory, "debian-archive-")) {
            if (file.stem() != "debian-archive-removed-keys") {
                reader.add_file(file);
            }
        }
    }
    if (reader.is_empty()) {
        throw Error(
            ErrorKind::environment, "this host has no keys of Debian's archive",
            "apt-get install debian-archive-keyring, or give --keyring FILE");
    }
}

/// For sources that name fingerprints only: any key of the host may be meant, the pins choose.
void add_host_keys(KeyReader& reader, const fs::path& root) {
    for (const std::string_view directory : kKeyDirectories) {
        for (const fs::path& file : key_files(root / directory, "")) {
            try {
                reader.add_file(file);
            } catch (const Error&) {
                // Not ours to complain about: somebody else's odd file.
                continue;
            }
        }
    }
}

} // namespace

void anchor_keys(Source& source, const fs::path& directory) {
    for (std::string& name : source.signed_by) {
        if (!is_fingerprint(name) && name.find(kArmour) == std::string::npos) {
            name = (directory / name).lexically_normal().string();
        }
    }
}

const TrustedKeys& SourceKeys::of(const Source& source) {
    const auto known = known_.find(source.signed_by);
    if (known != known_.end()) {
        return known->second;
    }
    return known_.emplace(source.signed_by, read(source)).first->second;
}

TrustedKeys SourceKeys::read(const Source& source) const {
    if (source.signed_by.empty() && options_.keyrings.empty()) {
        throw Error(
            ErrorKind::definition,
            fmt::format("nothing says which keys sign {} {}", source.uri, source.suite),
            "write deb [signed-by=KEYS] ..., or give --keyring FILE")
            .at({.file = source.where});
    }
    KeyReader reader;
    for (const fs::path& keyring : options_.keyrings) {
        reader.add_file(keyring);
    }
    // --keyring extends what is trusted, whatever the source pins.
    std::vector<std::string> pins = reader.fingerprints();
    bool has_pins = false;
    bool names_keys = false;
    for (const std::string& name : source.signed_by) {
        if (is_fingerprint(name)) {
            pins.push_back(upper_case_digits(name));
            has_pins = true;
            continue;
        }
        names_keys = true;
        if (name.find(kArmour) != std::string::npos) {
            reader.add(name, "the key in " + source.where);
        } else if (name == kDebianKeyring) {
            add_debian_keys(reader, options_.root);
        } else {
            reader.add_file(name);
        }
    }
    if (has_pins && !names_keys) {
        add_host_keys(reader, options_.root);
    }
    if (has_pins) {
        reader.pin(std::move(pins));
    }
    return reader.take();
}

} // namespace pare::deb
