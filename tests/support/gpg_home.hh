// SPDX-License-Identifier: Apache-2.0
// Keys and signatures made by GnuPG, in a home directory that lives as long as the object.
#pragma once

#include "support/bytes.hh"
#include "support/files.hh"

#include <filesystem>
#include <string>
#include <vector>

namespace pare::test {

class GpgHome {
public:
    GpgHome() = default;
    GpgHome(const GpgHome&) = delete;
    GpgHome& operator=(const GpgHome&) = delete;
    /// Ends the agent that gpg started.
    ~GpgHome();

    struct KeyOptions {
        std::string algorithm = "ed25519";
        std::string created{};           ///< `20200101T000000`; now when empty
        std::string expires = "never";   ///< after creation: `1d`
        std::vector<std::string> more{}; ///< options of gpg
    };

    /// The fingerprint of the new key, upper-case hex.
    [[nodiscard]] std::string make_key(const std::string& user, const KeyOptions& options);

    [[nodiscard]] std::string make_key(const std::string& user) { return make_key(user, {}); }

    void revoke(const std::string& fingerprint);

    /// Binary; with `--armor` in `options` as text.
    [[nodiscard]] Bytes
    export_keys(const std::vector<std::string>& keys, std::vector<std::string> options = {});

    /// `mode` is `--clearsign`, `--detach-sign` or `--sign`; signed by all `keys`.
    [[nodiscard]] Bytes sign(
        const std::string& mode, BytesView text, const std::vector<std::string>& keys,
        const std::vector<std::string>& options = {});

    [[nodiscard]] Bytes clearsign(
        BytesView text, const std::vector<std::string>& keys,
        const std::vector<std::string>& options = {}) {
        return sign("--clearsign", text, keys, options);
    }

    /// A file with these bytes, for tools that take names.
    [[nodiscard]] std::filesystem::path file(const std::string& name, BytesView bytes);

    /// What gpg prints; the test fails when gpg does.
    std::string gpg(const std::vector<std::string>& arguments);

private:
    TemporaryDirectory directory_{};
};

} // namespace pare::test
