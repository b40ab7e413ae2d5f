// SPDX-License-Identifier: Apache-2.0
// A compiled locale is a directory below usr/lib/locale with a file for each of its categories
// (locale(7)). Debian's locales-all replaces files that several locales have in common by symlinks
// to the one of another locale, so a locale alone would be full of holes: what its links lead to
// comes along. That other locale is then there in part, which setlocale() takes for not there.
//
// Names of directories are those that setlocale(3) looks for: the encoding in small letters without
// punctuation (`de_DE.utf8`). Locales that only exist in UTF-8 stand without it (`hi_IN`), and so
// do the older encodings of the others; `@euro` is always one of these.
#include "cut/locales.hh"

#include "archive/tar.hh"
#include "deb/deb_file.hh"
#include "support/error.hh"
#include "support/image_path.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string_view>

namespace pare::cut {

namespace {

constexpr std::string_view kFolder = "usr/lib/locale/";
constexpr int kMostLinks = 40;
constexpr std::size_t kMostNamed = 8;

/// What lies below kFolder.
struct Contents {
    std::map<std::string, std::string> links{}; ///< paths of symlinks, and of what they name
    std::set<std::string> files{};
    std::set<std::string> locales{}; ///< names of directories
};

/// Where a symlink leads; no further up than the root.
ImagePath target_of(const ImagePath& link, std::string_view target) {
    ImagePath at = target.starts_with('/') ? ImagePath() : link.parent();
    for (const std::string_view name : split(target, '/')) {
        if (name == "..") {
            at = at.parent();
        } else if (!name.empty() && name != ".") {
            at = at / name;
        }
    }
    return at;
}

Contents read_contents(BytesView deb, const std::string& name) {
    Contents contents;
    deb::DebFile file(deb, name);
    const auto data = file.data({});
    archive::TarReader reader(*data, {}, name);
    while (const archive::TarHeader* header = reader.next()) {
        const ImagePath path = ImagePath::parse(header->name);
        const std::string_view text = path.relative();
        if (!text.starts_with(kFolder) || header->type == archive::TarType::directory) {
            continue;
        }
        const std::string_view rest = text.substr(kFolder.size());
        contents.locales.emplace(rest.substr(0, rest.find('/')));
        if (header->type == archive::TarType::symlink) {
            contents.links.emplace(text, target_of(path, header->link).relative());
        } else {
            contents.files.emplace(text);
        }
    }
    return contents;
}

/// `UTF-8` becomes `utf8`, `8859-1` becomes `iso88591`, as in setlocale().
std::string normal_encoding(std::string_view encoding) {
    std::string normal;
    for (const char c : encoding) {
        if (c >= 'A' && c <= 'Z') {
            normal.push_back(static_cast<char>(c - 'A' + 'a'));
        } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
            normal.push_back(c);
        }
    }
    return normal.find_first_not_of("0123456789") == std::string::npos ? "iso" + normal : normal;
}

/// The directory of a locale, if there is one.
std::optional<std::string> find_locale(const Contents& contents, std::string_view name) {
    const std::size_t at = std::min(name.find('@'), name.size());
    const std::string variant(name.substr(at));
    const std::size_t dot = std::min(name.find('.'), at);
    const std::string place(name.substr(0, dot));
    const std::string encoding =
        dot < at ? normal_encoding(name.substr(dot + 1, at - dot - 1)) : "";
    std::string exact = place + (dot < at ? "." + encoding : "") + variant;
    if (contents.locales.contains(exact)) {
        return exact;
    }
    const std::string without = place + variant;
    const bool is_utf8 = encoding == "utf8" && variant != "@euro" &&
                         contents.locales.contains(without) &&
                         (!variant.empty() || !contents.locales.contains(place + ".utf8"));
    return is_utf8 ? std::optional(without) : std::nullopt;
}

/// As people write it.
std::string shown(const std::string& locale) {
    constexpr std::string_view kEncoding = ".utf8";
    return locale.ends_with(kEncoding)
               ? locale.substr(0, locale.size() - kEncoding.size()) + ".UTF-8"
               : locale;
}

[[noreturn]] void
no_locale(const Contents& contents, const std::string& wanted, const std::string& name) {
    std::vector<std::string> names;
    std::vector<std::string> same_language;
    for (const std::string& locale : contents.locales) {
        names.push_back(shown(locale));
        const std::string language = wanted.substr(0, wanted.find_first_of("_.@"));
        if (locale.ends_with(".utf8") && locale.starts_with(language + "_") &&
            same_language.size() < kMostNamed) {
            same_language.push_back(shown(locale));
        }
    }
    std::string hint = "locales have names like de_DE.UTF-8";
    if (const auto near = nearest(wanted, names)) {
        hint = fmt::format("did you mean '{}'?", *near);
    } else if (!same_language.empty()) {
        hint = "of that language there is " + join(same_language, ", ");
    }
    throw Error(
        ErrorKind::definition, fmt::format("'locales': {} has no locale '{}'", name, wanted),
        std::move(hint));
}

void add_path(const Contents& contents, std::string path, std::set<std::string>& wanted) {
    for (int links = 0; links < kMostLinks; ++links) {
        wanted.insert(path);
        const auto link = contents.links.find(path);
        if (link == contents.links.end()) {
            return;
        }
        path = link->second;
    }
}

} // namespace

Selection settle_locales(BytesView deb, const Selection& selection, const std::string& name) {
    Selection settled = selection;
    if (selection.locales.empty()) {
        return settled;
    }
    const Contents contents = read_contents(deb, name);
    std::set<std::string> wanted;
    for (const std::string& locale : selection.locales) {
        const auto directory = find_locale(contents, locale);
        if (!directory) {
            no_locale(contents, locale, name);
        }
        const std::string begin = std::string(kFolder) + *directory + "/";
        for (auto file = contents.files.lower_bound(begin);
             file != contents.files.end() && file->starts_with(begin); ++file) {
            wanted.insert(*file);
        }
        for (auto link = contents.links.lower_bound(begin);
             link != contents.links.end() && link->first.starts_with(begin); ++link) {
            add_path(contents, link->first, wanted);
        }
    }
    settled.include.assign(wanted.begin(), wanted.end());
    return settled;
}

} // namespace pare::cut
