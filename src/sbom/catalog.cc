// SPDX-License-Identifier: Apache-2.0
// Databases lie where package managers put them: var/lib/dpkg/{status,status.d}, lib/apk/db,
// *.dist-info of Python, node_modules/*/package.json; Go programs and jars are their own. A
// distribution's package goes before one of a language that lies in its files: python3-yaml is not
// listed once more as PyYAML. A database that cannot be read is told of and passed over, for the
// rest of the image is still there.
#include "sbom/catalog.hh"

#include "sbom/copyright.hh"
#include "sbom/databases.hh"
#include "sbom/dependencies.hh"
#include "sbom/java_archives.hh"
#include "support/error.hh"
#include "support/text.hh"
#include "tree/tree.hh"

#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

namespace pare::sbom {

namespace {

constexpr std::string_view kStatus = "var/lib/dpkg/status";
constexpr std::string_view kStatusDirectory = "var/lib/dpkg/status.d/";
constexpr std::string_view kInfoDirectory = "var/lib/dpkg/info/";
constexpr std::string_view kSums = ".md5sums";

enum class Kind { none, dpkg, apk, python, node, java, detail };

/// `node_modules/NAME/package.json` or `node_modules/@SCOPE/NAME/package.json`.
bool is_installed_by_npm(const ImagePath& path) {
    ImagePath up = path.parent().parent();
    up = up.name().starts_with('@') ? up.parent() : up;
    return path.name() == "package.json" && up.name() == "node_modules";
}

bool is_detail(std::string_view path) {
    const bool info =
        path.starts_with(kInfoDirectory) && (path.ends_with(".list") || path.ends_with(kSums));
    const bool sums = path.starts_with(kStatusDirectory) && path.ends_with(kSums);
    return info || sums || path == "etc/os-release" || path == "usr/lib/os-release" ||
           path.ends_with(".dist-info/RECORD") || glob_matches("usr/share/doc/*/copyright", path);
}

Kind kind_of(const ImagePath& path) {
    const std::string& text = path.relative();
    if (is_detail(text)) {
        return Kind::detail;
    }
    if (text == kStatus || text.starts_with(kStatusDirectory)) {
        return Kind::dpkg;
    }
    if (text == "lib/apk/db/installed" || text == "usr/lib/apk/db/installed") {
        return Kind::apk;
    }
    if (text.ends_with(".dist-info/METADATA") || text.ends_with(".egg-info/PKG-INFO") ||
        text.ends_with(".egg-info")) {
        return Kind::python;
    }
    if (is_java_archive(text)) {
        return Kind::java;
    }
    return is_installed_by_npm(path) ? Kind::node : Kind::none;
}

bool is_of_distribution(const Package& package) {
    return package.ecosystem == Ecosystem::deb || package.ecosystem == Ecosystem::apk;
}

class Cataloguer {
public:
    Cataloguer(const ImageFiles& image, const Knowledge& knowledge, Document& document)
        : image_(image), knowledge_(knowledge), document_(document) {}

    std::vector<std::string> run() {
        find_system();
        for (const auto& [path, bytes] : image_.contents) {
            read(path, *bytes);
        }
        for (const auto& [path, info] : image_.go_programs) {
            add_go(*info, path);
        }
        add_knowledge();
        document_.files = image_.files;
        settle_packages();
        own_files();
        link_packages(document_.packages);
        return std::move(unreadable_);
    }

private:
    [[nodiscard]] const Bytes* bytes_at(std::string_view path) const {
        return image_.content(ImagePath::parse(path));
    }

    void find_system() {
        for (const char* path : {"etc/os-release", "usr/lib/os-release"}) {
            if (const Bytes* text = bytes_at(path)) {
                document_.system = read_os_release(*text);
                return;
            }
        }
    }

    void read(const ImagePath& path, BytesView bytes) {
        try {
            read_database(path, bytes);
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::refused) {
                throw;
            }
            unreadable_.push_back(
                fmt::format("{} cannot be read: {}", path.absolute(), error.message()));
        }
    }

    void read_database(const ImagePath& path, BytesView bytes) {
        const std::string name = path.absolute();
        switch (kind_of(path)) {
        case Kind::dpkg:
            for (Package& package : read_dpkg_status(bytes, name)) {
                add_dpkg(std::move(package), path);
            }
            break;
        case Kind::apk:
            for (Package& package : read_apk_installed(bytes, name)) {
                package.declared_in = path;
                found_.push_back(std::move(package));
            }
            break;
        case Kind::python:
            if (auto package = read_python_metadata(bytes)) {
                add_python(*std::move(package), path);
            }
            break;
        case Kind::node:
            if (auto package = read_package_json(bytes, name)) {
                package->declared_in = path;
                package->directory = path.parent();
                found_.push_back(*std::move(package));
            }
            break;
        case Kind::java:
            add_java(read_java_archive(bytes, std::string(path.name())), path);
            break;
        case Kind::detail:
        case Kind::none:
            break;
        }
    }

    void add_dpkg(Package package, const ImagePath& path) {
        // A name with a '/' is none of dpkg's, and would lead elsewhere.
        if (package.name.find('/') != std::string::npos) {
            return;
        }
        package.declared_in = path;
        if (path.relative() == kStatus) {
            const std::string info = std::string(kInfoDirectory) + package.name;
            const std::string with_architecture = info + ":" + package.architecture;
            const Bytes* list = bytes_at(info + ".list");
            list = list == nullptr ? bytes_at(with_architecture + ".list") : list;
            package.files = list == nullptr ? std::vector<ImagePath>() : read_dpkg_list(*list);
        } else {
            const std::string sums = path.relative() + std::string(kSums);
            if (const Bytes* text = bytes_at(sums)) {
                package.files = read_md5sums(*text);
                package.files.push_back(ImagePath::parse(sums));
            }
            package.files.push_back(path);
        }
        if (const Bytes* text = bytes_at("usr/share/doc/" + package.name + "/copyright")) {
            package.licences = read_copyright(*text);
        }
        found_.push_back(std::move(package));
    }

    void add_python(Package package, const ImagePath& path) {
        package.declared_in = path;
        if (path.name() == "METADATA") {
            package.directory = path.parent();
            if (const Bytes* record = image_.content(path.parent() / "RECORD")) {
                package.files = read_record(*record, path.parent().parent());
            }
        } else if (path.name() == "PKG-INFO") {
            package.directory = path.parent();
        } else {
            package.files.push_back(path);
        }
        found_.push_back(std::move(package));
    }

    void add_java(std::vector<Package> packages, const ImagePath& path) {
        if (!packages.empty()) {
            packages.front().files.push_back(path);
        }
        for (Package& package : packages) {
            package.declared_in = path;
            found_.push_back(std::move(package));
        }
    }

    void add_go(const elf::GoBuildInfo& info, const ImagePath& path) {
        std::vector<Package> modules = read_go_modules(info);
        modules.front().files.push_back(path);
        for (Package& module : modules) {
            module.declared_in = path;
            found_.push_back(std::move(module));
        }
    }

    /// URLs, hashes and reasons; and what no database declares: archives.
    void add_knowledge() {
        for (const Package& known : knowledge_.packages) {
            bool is_found = false;
            for (Package& package : found_) {
                if (package.ecosystem == known.ecosystem && package.name == known.name) {
                    package.url = known.url;
                    package.sha256 = known.sha256;
                    package.reason = known.reason;
                    is_found = true;
                }
            }
            if (!is_found) {
                found_.push_back(known);
            }
        }
    }

    /// In their order, none twice, and none that is a distribution's package under another name.
    void settle_packages() {
        const auto key = [](const Package& package) {
            return std::tie(
                package.ecosystem, package.name, package.declared_in, package.version,
                package.architecture);
        };
        std::ranges::sort(found_, {}, key);
        const auto [first, last] = std::ranges::unique(found_, {}, key);
        found_.erase(first, last);
        const std::set<ImagePath> distributed = files_of_distribution();
        for (Package& package : found_) {
            if (is_of_distribution(package) || !distributed.contains(package.declared_in)) {
                document_.packages.push_back(std::move(package));
            }
        }
    }

    [[nodiscard]] std::set<ImagePath> files_of_distribution() const {
        std::set<ImagePath> files;
        for (const Package& package : found_) {
            if (is_of_distribution(package)) {
                files.insert(package.files.begin(), package.files.end());
            }
        }
        for (const auto& [path, origin] : knowledge_.origins) {
            if (origin.kind == tree::OriginKind::package) {
                files.insert(path);
            }
        }
        return files;
    }

    /// The file at a declared path: databases of systems that are not usr-merged, or were not when
    /// the package was made, say `lib/x` of what is in `usr/lib/x`.
    File* find_file(const ImagePath& path) {
        const auto at = [this](const ImagePath& wanted) -> File* {
            const auto found = std::ranges::lower_bound(document_.files, wanted, {}, &File::path);
            return found != document_.files.end() && found->path == wanted ? &*found : nullptr;
        };
        if (File* file = at(path)) {
            return file;
        }
        const auto merged = tree::usr_merged(path);
        return merged ? at(*merged) : nullptr;
    }

    void own_files() {
        std::map<std::string, std::size_t> known; // what the build calls it, by name
        std::map<ImagePath, std::size_t> directories;
        for (std::size_t i = 0; i < document_.packages.size(); ++i) {
            const Package& package = document_.packages[i];
            if (package.ecosystem == Ecosystem::deb || package.ecosystem == Ecosystem::archive) {
                known.emplace(package.name, i);
            }
            if (!package.directory.is_root()) {
                directories.emplace(package.directory, i);
            }
        }
        apply_origins(known);
        for (std::size_t i = 0; i < document_.packages.size(); ++i) {
            const Package& package = document_.packages[i];
            for (const ImagePath& path : package.files) {
                File* file = find_file(path);
                if (file != nullptr && !file->package && !is_replaced(*file, package)) {
                    file->package = i;
                }
            }
        }
        for (File& file : document_.files) {
            for (ImagePath up = file.path.parent(); !file.package && !up.is_root();
                 up = up.parent()) {
                if (const auto found = directories.find(up); found != directories.end()) {
                    file.package = found->second;
                }
            }
        }
    }

    /// What a finisher made, or the user brought, stands in place of what the package lists. The
    /// user's files are also where packages of languages come from.
    static bool is_replaced(const File& file, const Package& package) {
        return file.origin &&
               (file.origin->kind == tree::OriginKind::finisher ||
                (file.origin->kind == tree::OriginKind::user && is_of_distribution(package)));
    }

    void apply_origins(const std::map<std::string, std::size_t>& known) {
        for (File& file : document_.files) {
            const auto found = knowledge_.origins.find(file.path);
            if (found == knowledge_.origins.end()) {
                continue;
            }
            const tree::Origin& origin = found->second;
            if (!tree::is_distributed(origin)) {
                file.origin = origin;
            } else if (const auto index = known.find(origin.name); index != known.end()) {
                file.package = index->second;
            }
        }
    }

    const ImageFiles& image_;
    const Knowledge& knowledge_;
    Document& document_;
    std::vector<Package> found_{};
    std::vector<std::string> unreadable_{};
};

} // namespace

bool is_of_interest(const ImagePath& path) {
    const Kind kind = kind_of(path);
    return kind != Kind::none && kind != Kind::java;
}

Catalog make_document(
    const ImageFiles& image, const Knowledge& knowledge, Subject subject,
    std::string tool_version) {
    Catalog catalog{
        .document = {.subject = std::move(subject), .tool_version = std::move(tool_version)}};
    catalog.unreadable = Cataloguer(image, knowledge, catalog.document).run();
    return catalog;
}

} // namespace pare::sbom
