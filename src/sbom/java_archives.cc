// SPDX-License-Identifier: Apache-2.0
// What a jar is shows in META-INF/maven/GROUP/ARTIFACT/pom.properties, which Maven and many others
// write, else in META-INF/MANIFEST.MF and in the name of its file, `ARTIFACT-VERSION.jar`. A jar
// that others were merged into has their pom.properties as well, a Spring Boot jar has them whole.
//
// An extract is a row of records: the path of the jar within the outermost one (empty: that one
// itself), the path of a text in it, and the text, each behind its 32-bit length. A record whose
// path of a text is empty says why the archive could not be read.
//
// Refused: what is no zip archive. Passed over: jars more than 3 deep, and what comes after the
// first 8 MiB of texts.
#include "sbom/java_archives.hh"

#include "archive/jar_manifest.hh"
#include "archive/zip.hh"
#include "support/error.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>

namespace pare::sbom {

namespace {

constexpr std::array kEndings = {".jar", ".war", ".ear"};
constexpr std::string_view kManifest = "META-INF/MANIFEST.MF";
constexpr std::string_view kMaven = "META-INF/maven/";
constexpr std::string_view kPom = "/pom.properties";
constexpr std::uint64_t kLongestText = std::uint64_t{1} << 20;
constexpr std::uint64_t kLargestInner = std::uint64_t{256} << 20;
/// Jars in jars, all together: what a small archive can make of itself has an end.
constexpr std::uint64_t kMostUnpacked = std::uint64_t{2} << 30;
constexpr std::size_t kMostExtracted = std::size_t{8} << 20;
constexpr int kDeepest = 3;

void append_counted(Bytes& record, BytesView text) {
    append_int(record, static_cast<std::uint32_t>(text.size()), Endian::little);
    record += text;
}

class Extractor {
public:
    Bytes run(BytesView archive) {
        add(archive, "", 0);
        return std::move(extract_);
    }

private:
    void add(BytesView archive, const std::string& place, int depth) {
        try {
            const archive::ZipReader reader(archive, "the archive");
            for (const archive::ZipEntry& entry : reader.entries()) {
                add_entry(reader, entry, place, depth);
            }
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::refused) {
                throw;
            }
            // One that lies in a good one hides nothing of that.
            if (place.empty()) {
                record(place, "", error.message());
            }
        }
    }

    void add_entry(
        const archive::ZipReader& reader, const archive::ZipEntry& entry, const std::string& place,
        int depth) {
        const std::string& name = entry.name;
        const bool is_pom = name.starts_with(kMaven) && name.ends_with(kPom);
        if (name == kManifest || is_pom) {
            // Of signed jars a manifest is long; its beginning is what matters.
            record(place, name, reader.read_start(entry, kLongestText));
        } else if (is_java_archive(name) && depth < kDeepest && unpacked_ < kMostUnpacked) {
            unpacked_ += entry.size;
            const std::string inner = place.empty() ? name : place + "!/" + name;
            add(reader.read(entry, kLargestInner), inner, depth + 1);
        }
    }

    void record(std::string_view place, std::string_view name, std::string_view text) {
        if (extract_.size() + place.size() + name.size() + text.size() <= kMostExtracted) {
            append_counted(extract_, place);
            append_counted(extract_, name);
            append_counted(extract_, text);
        }
    }

    Bytes extract_{};
    std::uint64_t unpacked_ = 0;
};

/// One archive of an extract.
struct Archive {
    std::string place{};
    std::string manifest{};
    std::vector<std::string> poms{};
};

/// A part of a Maven coordinate, of which package URLs are made.
bool is_part(std::string_view text) {
    return !text.empty() && text.size() <= 200 && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("._-+~").find(c) != std::string_view::npos;
    });
}

/// `Key=value` lines (java.util.Properties without its escapes, which coordinates do not need).
std::map<std::string, std::string> read_properties(std::string_view text) {
    std::map<std::string, std::string> properties;
    for (const std::string_view line : split(text, '\n')) {
        const std::size_t equals = line.find('=');
        if (equals != std::string_view::npos && !line.starts_with('#')) {
            properties[std::string(trim(line.substr(0, equals)))] = trim(line.substr(equals + 1));
        }
    }
    return properties;
}

/// A package without a name when it says none.
Package read_pom(std::string_view text) {
    const auto properties = read_properties(text);
    const auto value = [&](const char* key) {
        const auto found = properties.find(key);
        return found == properties.end() || !is_part(found->second) ? std::string() : found->second;
    };
    const std::string group = value("groupId");
    const std::string artifact = value("artifactId");
    return {
        .ecosystem = Ecosystem::java,
        .name = group.empty() || artifact.empty() ? "" : fmt::format("{}:{}", group, artifact),
        .version = value("version")};
}

std::string_view artifact_of(const Package& package) {
    return std::string_view(package.name).substr(package.name.find(':') + 1);
}

/// `guava-33.0-jre` of `lib/guava-33.0-jre.jar`.
std::string_view stem_of(std::string_view path) {
    const std::string_view name = path.substr(path.rfind('/') + 1);
    return name.substr(0, name.rfind('.'));
}

/// Where the version begins in a stem: behind the first '-' that a digit follows.
std::size_t version_at(std::string_view stem) {
    for (std::size_t i = 0; i + 1 < stem.size(); ++i) {
        if (stem[i] == '-' && stem[i + 1] >= '0' && stem[i + 1] <= '9') {
            return i;
        }
    }
    return stem.size();
}

/// What an archive without pom.properties of its own says it is; without a name when it does not.
Package read_manifest(std::string_view text, std::string_view stem) {
    const auto attributes = archive::read_jar_manifest(text);
    const auto value = [&](const char* key) {
        const auto found = attributes.find(key);
        return found == attributes.end() ? std::string() : found->second;
    };
    const std::size_t at = version_at(stem);
    Package package{
        .ecosystem = Ecosystem::java,
        .name = std::string(stem.substr(0, at)),
        .supplier = value("implementation-vendor"),
        .summary = value("implementation-title")};
    for (const std::string& version :
         {std::string(stem.substr(std::min(at + 1, stem.size()))), value("implementation-version"),
          value("bundle-version")}) {
        if (package.version.empty() && is_part(version)) {
            package.version = version;
        }
    }
    if (package.version.empty() || !is_part(package.name)) {
        package.name.clear();
    }
    return package;
}

void add_manifest(Package& package, std::string_view text) {
    const auto attributes = archive::read_jar_manifest(text);
    if (const auto licence = attributes.find("bundle-license"); licence != attributes.end()) {
        package.licences = declared_licence(licence->second);
    }
}

/// The packages of one archive, its own one first.
std::vector<Package> packages_of(const Archive& archive, std::string_view file_name) {
    const std::string_view stem = stem_of(archive.place.empty() ? file_name : archive.place);
    std::vector<Package> packages;
    for (const std::string& pom : archive.poms) {
        if (Package package = read_pom(pom); !package.name.empty()) {
            packages.push_back(std::move(package));
        }
    }
    // Of several the archive is the one whose name its file has; the only one it is in any case.
    const auto own = [&](const Package& package) {
        return packages.size() == 1 || stem == artifact_of(package) ||
               stem.starts_with(fmt::format("{}-{}", artifact_of(package), package.version));
    };
    if (const auto found = std::ranges::find_if(packages, own); found != packages.end()) {
        std::rotate(packages.begin(), found, found + 1);
        add_manifest(packages.front(), archive.manifest);
    } else if (Package package = read_manifest(archive.manifest, stem); !package.name.empty()) {
        add_manifest(package, archive.manifest);
        packages.insert(packages.begin(), std::move(package));
    }
    return packages;
}

std::vector<Archive> read_extract(BytesView extract) {
    std::vector<Archive> archives;
    ByteReader reader(extract);
    while (!reader.at_end()) {
        const std::string place(reader.counted());
        const BytesView name = reader.counted();
        const BytesView text = reader.counted();
        if (name.empty()) {
            throw Error(ErrorKind::refused, std::string(text));
        }
        auto archive = std::ranges::find(archives, place, &Archive::place);
        if (archive == archives.end()) {
            archive = archives.insert(archives.end(), {.place = place});
        }
        if (name == kManifest) {
            archive->manifest = text;
        } else {
            archive->poms.emplace_back(text);
        }
    }
    // A jar without a manifest is one all the same.
    if (archives.empty() || std::ranges::find(archives, "", &Archive::place) == archives.end()) {
        archives.emplace_back();
    }
    // The outermost one, which has no place, is the first.
    std::ranges::sort(archives, {}, &Archive::place);
    return archives;
}

} // namespace

bool is_java_archive(std::string_view path) {
    return std::ranges::any_of(
        kEndings, [&](const char* ending) { return path.ends_with(ending); });
}

Bytes extract_java_archive(BytesView archive) {
    return Extractor().run(archive);
}

std::vector<Package> read_java_archive(BytesView extract, const std::string& file_name) {
    std::vector<Package> packages;
    bool is_named = false;
    for (const Archive& archive : read_extract(extract)) {
        std::vector<Package> more = packages_of(archive, file_name);
        is_named = is_named || (archive.place.empty() && !more.empty());
        std::ranges::move(more, std::back_inserter(packages));
    }
    if (is_named) {
        for (std::size_t i = 1; i < packages.size(); ++i) {
            packages.front().needs.push_back({packages[i].name});
        }
    }
    return packages;
}

} // namespace pare::sbom
