// SPDX-License-Identifier: Apache-2.0
// Problem: what an archive says of a package goes into URLs, file names and locks.
// Format: the fields of deb-control(5) that a Packages file repeats, and Filename, Size and SHA256
// of wiki.debian.org/DebianRepository/Format.
// Refuses: names and versions with other characters than policy allows, a Filename that could
// leave the archive, a package without SHA-256 or size.
#include "deb/package_fields.hh"

#include "support/digest.hh"
#include "support/error.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>

namespace pare::deb {

namespace {

using package::Alternatives;
using package::Operator;
using package::Package;
using package::Relation;

/// No .deb is larger: the size field of ar(5) has ten digits.
constexpr std::uint64_t kLargestPackage = 9'999'999'999;

bool is_alphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool holds_only(std::string_view text, std::string_view others) {
    return !text.empty() && is_alphanumeric(text.front()) &&
           std::ranges::all_of(text, [others](char c) {
               return is_alphanumeric(c) || others.find(c) != std::string_view::npos;
           });
}

class Reader {
public:
    Reader(const Paragraph& paragraph, const PackagesIndex& index, std::string_view architecture)
        : paragraph_(paragraph), index_(index), architecture_(architecture) {}

    Package read() {
        Package package;
        package.name = word("Package", "+-._");
        package.version = word("Version", ".+-~:");
        package.architecture = word("Architecture", "-");
        label_ = fmt::format("{} {} in {}", package.name, package.version, index_.name);
        read_source(package);
        package.url = url();
        package.sha256 = sha256();
        package.size = size();
        package.installed_size = installed_size();
        package.suite = index_.suite;
        package.priority = paragraph_.value("Priority");
        package.essential = paragraph_.value("Essential") == "yes";
        package.pre_depends = groups("Pre-Depends");
        package.depends = groups("Depends");
        package.provides = provides();
        package.conflicts = relations("Conflicts");
        package.breaks = relations("Breaks");
        package.replaces = relations("Replaces");
        return package;
    }

private:
    [[noreturn]] void refuse(const std::string& what) const {
        throw Error(
            ErrorKind::refused, fmt::format("{}: {}", label_, what),
            "the index is broken; ask whoever runs the repository to make it again");
    }

    std::string word(std::string_view field, std::string_view others) const {
        const std::string_view value = paragraph_.value(field);
        if (!holds_only(value, others)) {
            refuse(fmt::format("`{}` cannot be a {}", value.substr(0, 80), field));
        }
        return std::string(value);
    }

    /// `Source: name (version)`; both default to those of the package.
    void read_source(Package& package) const {
        const std::string_view value = paragraph_.value("Source");
        package.source = package.name;
        package.source_version = package.version;
        if (value.empty()) {
            return;
        }
        const std::size_t open = value.find('(');
        const std::string_view name = trim(value.substr(0, open));
        if (!holds_only(name, "+-._")) {
            refuse(fmt::format("`{}` cannot be a Source", value.substr(0, 80)));
        }
        package.source = name;
        if (open == std::string_view::npos) {
            return;
        }
        const std::string_view version = trim(value.substr(open + 1, value.size() - open - 2));
        if (value.back() != ')' || !holds_only(version, ".+-~:")) {
            refuse(fmt::format("`{}` cannot be a Source", value.substr(0, 80)));
        }
        package.source_version = version;
    }

    std::string url() const {
        std::string_view path = paragraph_.value("Filename");
        while (path.starts_with("./")) {
            path.remove_prefix(2);
        }
        const auto is_bad_part = [](std::string_view part) {
            return part.empty() || part == "." || part == "..";
        };
        // A colon in the first component would make it the scheme of another URL.
        if (std::ranges::any_of(split(path, '/'), is_bad_part) ||
            path.substr(0, path.find('/')).find(':') != std::string_view::npos ||
            std::ranges::any_of(path, [](char c) { return c < ' ' || c == '\x7f' || c == '\\'; })) {
            refuse(fmt::format(
                "the Filename `{}` is no path inside the archive", path.substr(0, 200)));
        }
        std::string url = index_.base_url;
        if (!url.ends_with('/')) {
            url.push_back('/');
        }
        append_encoded(url, path);
        return url;
    }

    /// RFC 3986 section 3.3: what a path may hold stands as it is.
    static void append_encoded(std::string& url, std::string_view path) {
        for (const char c : path) {
            if (is_alphanumeric(c) ||
                std::string_view("/-._~!$&'()*+,;=:@").find(c) != std::string_view::npos) {
                url.push_back(c);
            } else {
                url.append(fmt::format("%{:02X}", static_cast<unsigned char>(c)));
            }
        }
    }

    std::string sha256() const {
        const std::string_view value = paragraph_.value("SHA256");
        if (!is_hex(value, 64)) {
            refuse(
                value.empty() ? std::string("no SHA256")
                              : fmt::format("`{}` is no SHA256", value.substr(0, 80)));
        }
        return std::string(value);
    }

    std::uint64_t size() const {
        const std::string_view value = paragraph_.value("Size");
        const auto number = parse_number(value);
        if (!number || *number == 0 || *number > kLargestPackage) {
            refuse(fmt::format("`{}` cannot be the Size of a package", value.substr(0, 80)));
        }
        return *number;
    }

    /// Only told to the user, so what cannot be read counts as unknown.
    std::uint64_t installed_size() const {
        const auto kibibytes = parse_number(paragraph_.value("Installed-Size")).value_or(0);
        return kibibytes > (std::uint64_t{1} << 40) ? 0 : kibibytes * 1024;
    }

    std::vector<Alternatives> groups(std::string_view field) const {
        const std::string_view value = paragraph_.value(field);
        if (value.empty()) {
            return {};
        }
        return parse_relations(value, architecture_, fmt::format("{} of {}", field, label_));
    }

    /// Of a field that has no alternatives.
    std::vector<Relation> relations(std::string_view field) const {
        std::vector<Relation> all;
        for (Alternatives& group : groups(field)) {
            if (group.size() != 1) {
                refuse(fmt::format("{} has alternatives", field));
            }
            all.push_back(std::move(group.front()));
        }
        return all;
    }

    std::vector<Relation> provides() const {
        std::vector<Relation> all = relations("Provides");
        for (const Relation& relation : all) {
            if (relation.op != Operator::any && relation.op != Operator::equal) {
                refuse(fmt::format("Provides has `{}`", to_string(relation)));
            }
        }
        return all;
    }

    const Paragraph& paragraph_;
    const PackagesIndex& index_;
    std::string_view architecture_;
    std::string label_ = index_.name;
};

} // namespace

Package
package_of(const Paragraph& paragraph, const PackagesIndex& index, std::string_view architecture) {
    return Reader(paragraph, index, architecture).read();
}

} // namespace pare::deb
