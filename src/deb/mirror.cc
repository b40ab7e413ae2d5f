// SPDX-License-Identifier: Apache-2.0
// Problem: which mirror of Debian is near. The administrator of the host has answered that already,
// in the sources of APT; but these also name archives that are not Debian, in much the same words.
// Format: sources.list(5).
// Refuses: mirrors that a user names and that are no URLs. Sources of the host are never refused,
// only passed over.
#include "deb/sources.hh"
#include "support/error.hh"
#include "support/files.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace pare::deb {

namespace {

namespace fs = std::filesystem;

constexpr const char* kPublicMain = "http://ftp.debian.org/debian/";
constexpr const char* kPublicSecurity = "http://ftp.debian.org/debian-security/";
constexpr std::string_view kMainEnd = "/debian/";
constexpr std::uint64_t kLargestFile = 1U << 20;

/// Releases and their aliases; whoever serves one of these serves Debian.
constexpr std::array<std::string_view, 10> kSuites = {"buster",  "bullseye", "bookworm",  "trixie",
                                                      "forky",   "sid",      "oldstable", "stable",
                                                      "testing", "unstable"};

bool contains(const std::vector<std::string>& words, std::string_view word) {
    return std::ranges::find(words, word) != words.end();
}

bool is_security(const Source& source) {
    return source.uri.find("debian-security") != std::string::npos ||
           source.suite.ends_with("-security");
}

/// A snapshot serves one day only, and backports and proposed updates nothing that pare asks for.
bool is_usable(const Source& source) {
    return contains(source.components, "main") && !source.trusted &&
           source.uri.find("snapshot.") == std::string::npos;
}

bool is_suite_of(const Source& source, std::string_view codename) {
    return source.suite == codename || source.suite == std::string(codename) + "-updates" ||
           source.suite == std::string(codename) + "-security";
}

/// Names Debian's keyring, or no keyring and the path that Debian's mirrors have. Others that sell
/// software for Debian have keyrings of their own.
bool is_surely_debian(const Source& source) {
    const bool has_debian_keys = std::ranges::any_of(source.signed_by, [](const auto& key) {
        return key.find("debian-archive-") != std::string::npos;
    });
    const bool has_debian_path =
        source.uri.ends_with(kMainEnd) || source.uri.ends_with("/debian-security/");
    return has_debian_keys || (source.signed_by.empty() && has_debian_path);
}

/// An unusual path, as mirrors inside companies have, but a release of Debian and no other keys.
bool is_perhaps_debian(const Source& source) {
    return source.signed_by.empty() && std::ranges::any_of(kSuites, [&](std::string_view suite) {
               return is_suite_of(source, suite);
           });
}

/// Text in pieces of which each is good or bad by itself: one odd line must not hide the others.
std::vector<std::string_view> pieces_of(std::string_view text, bool is_list) {
    std::vector<std::string_view> pieces;
    while (!text.empty()) {
        const std::string_view border = is_list ? "\n" : "\n\n";
        const std::size_t end = std::min(text.find(border), text.size());
        pieces.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + border.size(), text.size()));
    }
    return pieces;
}

std::vector<Source> sources_of_host(const std::vector<std::pair<std::string, std::string>>& files) {
    std::vector<Source> sources;
    for (const auto& [name, text] : files) {
        const bool is_list = !name.ends_with(".sources");
        for (const std::string_view piece : pieces_of(text, is_list)) {
            try {
                const auto found =
                    is_list ? parse_list(piece, name) : parse_deb822_sources(piece, name);
                sources.insert(sources.end(), found.begin(), found.end());
            } catch (const Error& error) {
                if (error.kind() == ErrorKind::bug) {
                    throw;
                }
            }
        }
    }
    std::erase_if(sources, [](const Source& source) { return !is_usable(source); });
    return sources;
}

enum class Archive { main, security };

/// Sure ones before others, and of these the ones that serve the release before others.
std::optional<std::string>
find_uri(const std::vector<Source>& sources, Archive archive, std::string_view codename) {
    for (const auto is_debian : {is_surely_debian, is_perhaps_debian}) {
        for (const bool any_suite : {false, true}) {
            const auto found = std::ranges::find_if(sources, [&](const Source& source) {
                return is_security(source) == (archive == Archive::security) && is_debian(source) &&
                       (any_suite || is_suite_of(source, codename));
            });
            if (found != sources.end()) {
                return found->uri;
            }
        }
    }
    return std::nullopt;
}

std::string checked_url(std::string_view text, std::string_view origin) {
    std::string url(trim(text));
    const bool has_scheme =
        std::ranges::any_of(std::array{"http://", "https://", "file:///"}, [&](const char* scheme) {
            return url.starts_with(scheme) && url.size() > 8;
        });
    if (!has_scheme || url.find_first_of(" \t\r\n") != std::string::npos) {
        throw Error(
            ErrorKind::usage, fmt::format("{}: '{}' is no URL of a mirror", origin, text),
            "write http://HOST/debian/, https:// or file:///");
    }
    return url.ends_with('/') ? url : url + '/';
}

Mirror named_mirror(std::string_view text, std::string_view origin) {
    const std::size_t comma = text.find(',');
    Mirror mirror{.main = checked_url(text.substr(0, comma), origin)};
    if (comma != std::string_view::npos) {
        mirror.security = checked_url(text.substr(comma + 1), origin);
    } else if (mirror.main.ends_with(kMainEnd)) {
        mirror.security =
            mirror.main.substr(0, mirror.main.size() - kMainEnd.size()) + "/debian-security/";
    } else {
        throw Error(
            ErrorKind::usage,
            fmt::format("{}: nothing says where {} keeps security updates", origin, mirror.main),
            "name both archives: URL,SECURITY-URL");
    }
    return mirror;
}

std::vector<fs::path> source_files(const fs::path& directory) {
    std::vector<fs::path> files;
    std::error_code problem;
    fs::directory_iterator entry(directory, problem);
    for (; !problem && entry != fs::directory_iterator(); entry.increment(problem)) {
        const std::string extension = entry->path().extension().string();
        if (extension == ".list" || extension == ".sources") {
            files.push_back(entry->path());
        }
    }
    std::ranges::sort(files);
    return files;
}

} // namespace

Mirror choose_mirror(const Distribution& distribution, const MirrorChoice& choice) {
    if (!choice.option.empty()) {
        return named_mirror(choice.option, "--mirror");
    }
    if (!choice.variable.empty()) {
        return named_mirror(choice.variable, "PARE_DEBIAN_MIRROR");
    }
    const std::vector<Source> sources = sources_of_host(choice.files);
    return {
        find_uri(sources, Archive::main, distribution.codename).value_or(kPublicMain),
        find_uri(sources, Archive::security, distribution.codename).value_or(kPublicSecurity)};
}

std::vector<std::pair<std::string, std::string>> read_host_sources(const fs::path& root) {
    const fs::path directory = root / "etc" / "apt";
    std::vector<fs::path> files = source_files(directory / "sources.list.d");
    files.insert(files.begin(), directory / "sources.list");
    std::vector<std::pair<std::string, std::string>> texts;
    for (const fs::path& file : files) {
        try {
            texts.emplace_back(file.string(), read_file(file, kLargestFile));
        } catch (const Error&) {
            // Absent, or not for us to read: then it says nothing about the mirror.
            continue;
        }
    }
    return texts;
}

} // namespace pare::deb
