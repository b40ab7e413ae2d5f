// SPDX-License-Identifier: Apache-2.0
// APT sources (sources.list(5)) in one-line and deb822 form, the shorthand `debian:13[@snapshot]`,
// and where the Debian mirror of this host is.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pare::deb {

/// One suite of one archive.
struct Source {
    std::string uri{};   ///< with a trailing '/'
    std::string suite{}; ///< `trixie`, `trixie-updates`, or `./` for a flat archive
    std::vector<std::string> components{};    ///< empty for a flat archive
    std::vector<std::string> architectures{}; ///< Debian names; empty: all that are asked for
    std::vector<std::string>
        signed_by{};      ///< keyring files, fingerprints, or one embedded armoured key
    bool trusted = false; ///< `trusted=yes`: no signature is asked for
    bool check_valid_until = true;
    std::string where{}; ///< file:line, or the shorthand, for messages

    bool operator==(const Source&) const = default;
};

/// A release of Debian that pare knows: codename, suites, where its keys are.
struct Distribution {
    std::string name{};                       ///< `debian:13`
    std::string version{};                    ///< `13`
    std::string codename{};                   ///< `trixie`
    std::vector<std::string> architectures{}; ///< Debian names
};

/// Where Debian keeps the keys of its archive; the shorthands are signed by them.
constexpr std::string_view kDebianKeyring = "/usr/share/keyrings/debian-archive-keyring.gpg";

/// `debian:12` or `debian:13`, also by codename; throws ErrorKind::definition naming those known.
[[nodiscard]] const Distribution& find_distribution(std::string_view name);
[[nodiscard]] const std::vector<Distribution>& known_distributions();

/// Base URLs for the suites of a distribution.
struct Mirror {
    std::string main{};     ///< `http://host/debian/`
    std::string security{}; ///< `http://host/debian-security/`
};

/// Where to look and what wins: `option` (--mirror; `URL` or `URL,SECURITY-URL`), then `variable`
/// (PARE_DEBIAN_MIRROR, same form), then the host's sources (`files`: name and text of each file
/// of /etc/apt) when one of them serves that codename or any Debian release by its keyring and
/// path, then ftp.debian.org. An option or variable that ends in `/debian/` implies
/// `/debian-security/` beside it.
struct MirrorChoice {
    std::string option{};
    std::string variable{};
    std::vector<std::pair<std::string, std::string>> files{}; ///< name, text
};

/// Throws ErrorKind::usage for an option or variable that is no mirror. Sources of the host that
/// cannot be read are passed over.
[[nodiscard]] Mirror choose_mirror(const Distribution& distribution, const MirrorChoice& choice);

/// The text of /etc/apt/sources.list and sources.list.d/*.{list,sources} below `root`.
[[nodiscard]] std::vector<std::pair<std::string, std::string>>
read_host_sources(const std::filesystem::path& root = "/");

/// `debian:13` -> main, updates and security of the release; `debian:13@20261101T000000Z` -> the
/// snapshot service at that time, whose Valid-Until is not looked at: a dated snapshot is allowed
/// to have expired. Throws ErrorKind::definition.
[[nodiscard]] std::vector<Source>
expand_shorthand(std::string_view shorthand, const Mirror& mirror);
[[nodiscard]] bool is_shorthand(std::string_view text);

/// One `deb [options] uri suite component…` line; `deb-src` gives nothing. Throws
/// ErrorKind::definition with the place.
[[nodiscard]] std::optional<Source> parse_one_line(std::string_view line, const std::string& where);
/// A whole *.list file.
[[nodiscard]] std::vector<Source> parse_list(std::string_view text, const std::string& name);
/// A whole deb822 *.sources file.
[[nodiscard]] std::vector<Source>
parse_deb822_sources(std::string_view text, const std::string& name);

} // namespace pare::deb
