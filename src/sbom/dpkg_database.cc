// SPDX-License-Identifier: Apache-2.0
// dpkg's own status file (deb822, one paragraph a package), and status.d, the form of images
// without dpkg, in which the field Status is missing.
#include "deb/control.hh"
#include "sbom/databases.hh"
#include "support/error.hh"
#include "support/text.hh"

namespace pare::sbom {

namespace {

/// `install ok installed`, or nothing said; what is left of a removed package does not count.
bool is_installed(std::string_view status) {
    const std::vector<std::string_view> words = split_words(status);
    return words.size() != 3 || (words[2] != "config-files" && words[2] != "not-installed");
}

/// `glibc (2.41-12)`.
void set_source(Package& package, std::string_view field) {
    const std::size_t open = field.find('(');
    package.source = trim(field.substr(0, open));
    if (open != std::string_view::npos) {
        const std::size_t close = field.find(')', open);
        package.source_version = trim(field.substr(open + 1, close - open - 1));
    }
    if (package.source.empty()) {
        package.source = package.name;
    }
    if (package.source_version.empty()) {
        package.source_version = package.version;
    }
}

/// A relation that nobody can read must not hide the package that has it.
std::vector<package::Alternatives>
relations(std::string_view field, std::string_view architecture, const std::string& name) {
    try {
        return deb::parse_relations(field, architecture, name);
    } catch (const Error&) {
        return {};
    }
}

void add_needs(Package& package, std::string_view field, const std::string& name) {
    for (const package::Alternatives& alternatives : relations(field, package.architecture, name)) {
        std::vector<std::string> names;
        for (const package::Relation& relation : alternatives) {
            names.push_back(relation.name);
        }
        package.needs.push_back(std::move(names));
    }
}

/// The first line of a description.
std::string summary(std::string_view description) {
    return std::string(trim(description.substr(0, description.find('\n'))));
}

std::optional<ImagePath> parse_path(std::string_view text) {
    try {
        return ImagePath::parse(text);
    } catch (const Error&) {
        return std::nullopt; // no such file can be in the image
    }
}

} // namespace

std::vector<Package> read_dpkg_status(BytesView text, const std::string& name) {
    std::vector<Package> packages;
    for (const deb::Paragraph& paragraph : deb::parse_control(text, name)) {
        if (paragraph.value("Package").empty() || !is_installed(paragraph.value("Status"))) {
            continue;
        }
        Package package{
            .ecosystem = Ecosystem::deb,
            .name = std::string(paragraph.value("Package")),
            .version = std::string(paragraph.value("Version")),
            .architecture = std::string(paragraph.value("Architecture")),
            .supplier = std::string(paragraph.value("Maintainer")),
            .homepage = std::string(paragraph.value("Homepage")),
            .summary = summary(paragraph.value("Description"))};
        set_source(package, paragraph.value("Source"));
        for (const char* field : {"Pre-Depends", "Depends"}) {
            add_needs(package, paragraph.value(field), name);
        }
        for (const package::Alternatives& provided :
             relations(paragraph.value("Provides"), package.architecture, name)) {
            package.provides.push_back(provided.front().name);
        }
        packages.push_back(std::move(package));
    }
    return packages;
}

std::vector<ImagePath> read_md5sums(BytesView text) {
    std::vector<ImagePath> files;
    for (const std::string_view line : split(text, '\n')) {
        const std::size_t gap = line.find("  ");
        if (gap == std::string_view::npos) {
            continue;
        }
        if (auto path = parse_path(line.substr(gap + 2)); path && !path->is_root()) {
            files.push_back(*std::move(path));
        }
    }
    return files;
}

std::vector<ImagePath> read_dpkg_list(BytesView text) {
    std::vector<ImagePath> files;
    for (const std::string_view line : split(text, '\n')) {
        if (auto path = parse_path(line); path && !path->is_root()) {
            files.push_back(*std::move(path));
        }
    }
    return files;
}

} // namespace pare::sbom
