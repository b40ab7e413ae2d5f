// SPDX-License-Identifier: Apache-2.0
// SPDX 2.3: the document describes the image, the image contains packages and those files that
// belong to none, packages contain their files and depend on each other. Packages with files carry
// the verification code over them (section 7.9). Nothing comes from a clock or from chance: the
// time is that of the image, the namespace holds the digest of the rest of the document.
#include "sbom/spdx.hh"

#include "sbom/utf8.hh"
#include "support/digest.hh"
#include "support/json.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <utility>

namespace pare::sbom {

namespace {

constexpr const char* kDocument = "SPDXRef-DOCUMENT";
constexpr const char* kImage = "SPDXRef-Image";
constexpr const char* kSystem = "SPDXRef-OperatingSystem";
constexpr const char* kNone = "NOASSERTION";

json::Object relationship(std::string from, const char* type, std::string to) {
    return {
        {"spdxElementId", std::move(from)},
        {"relationshipType", type},
        {"relatedSpdxElement", std::move(to)}};
}

json::Object checksum(const char* algorithm, const std::string& value) {
    return {{"algorithm", algorithm}, {"checksumValue", value}};
}

/// `Debian Python Team <team@example.org>` as `Organization: Debian Python Team (team@...)`.
std::string supplier_text(std::string_view supplier) {
    std::string text = clean_utf8(trim(supplier));
    if (text.empty()) {
        return kNone;
    }
    const std::size_t open = text.find('<');
    const std::size_t close = text.find('>');
    if (open != std::string::npos && close != std::string::npos && open < close) {
        text = fmt::format(
            "{} ({})", trim(text.substr(0, open)), trim(text.substr(open + 1, close - open - 1)));
    }
    return "Organization: " + text;
}

json::Array package_url(const std::string& purl) {
    return {json::Object{
        {"referenceCategory", "PACKAGE-MANAGER"},
        {"referenceType", "purl"},
        {"referenceLocator", purl}}};
}

json::Object subject_package(const std::string& id, const Subject& subject) {
    return {
        {"SPDXID", id},
        {"name", clean_utf8(subject.name)},
        {"versionInfo", subject.digest},
        {"supplier", kNone},
        {"downloadLocation", kNone},
        {"filesAnalyzed", false},
        {"checksums", json::Array{checksum("SHA256", digest_hex(subject.digest))}},
        {"licenseConcluded", kNone},
        {"licenseDeclared", kNone},
        {"copyrightText", kNone},
        {"externalRefs", package_url(purl_of(subject))},
        {"primaryPackagePurpose", "CONTAINER"}};
}

/// The head of a document; its namespace is set at the end.
json::Object head(const Subject& subject, const std::string& tool_version) {
    const std::string name = clean_utf8(subject.name);
    return {
        {"spdxVersion", "SPDX-2.3"},
        {"dataLicense", "CC0-1.0"},
        {"SPDXID", kDocument},
        {"name", subject.platform ? name + " " + to_string(*subject.platform) : name},
        {"documentNamespace", ""},
        {"creationInfo",
         json::Object{
             {"created", format_time(subject.created)},
             {"creators", json::Array{"Tool: pare-" + tool_version}}}},
        {"documentDescribes", json::Array{kImage}}};
}

Written finish(json::Object document) {
    Hasher hasher;
    hasher.write(json::write(document));
    Written written{.id = "https://spdx.org/spdxdocs/pare-" + hasher.hex()};
    document.set("documentNamespace", written.id);
    written.bytes = json::write(document) + "\n";
    return written;
}

class Writer {
public:
    explicit Writer(const Document& document) : document_(document) {
        for (const Package& package : document.packages) {
            ids_.push_back("SPDXRef-Package-" + unique_name(package, document.system));
        }
    }

    Written run() {
        relationships_.emplace_back(relationship(kDocument, "DESCRIBES", kImage));
        add_files();
        json::Array packages{analysed(subject_package(kImage, document_.subject), loose_)};
        if (!document_.system.id.empty()) {
            packages.emplace_back(system_package());
            relationships_.emplace_back(relationship(kImage, "CONTAINS", kSystem));
        }
        for (std::size_t i = 0; i < document_.packages.size(); ++i) {
            packages.emplace_back(analysed(package_json(i), owned_[i]));
            relationships_.emplace_back(relationship(kImage, "CONTAINS", ids_[i]));
            for (const std::size_t needed : document_.packages[i].depends) {
                relationships_.emplace_back(relationship(ids_[i], "DEPENDS_ON", ids_[needed]));
            }
        }
        json::Object json = head(document_.subject, document_.tool_version);
        json.set("packages", std::move(packages));
        json.set("files", std::move(files_));
        if (!texts_.empty()) {
            json.set("hasExtractedLicensingInfos", texts_json());
        }
        json.set("relationships", std::move(relationships_));
        return finish(std::move(json));
    }

private:
    using Sums = std::vector<std::string>; ///< SHA-1 of files

    void add_files() {
        owned_.resize(document_.packages.size());
        for (const File& file : document_.files) {
            const std::string id = "SPDXRef-File-" + hash_hex(file.path.relative()).substr(0, 20);
            json::Object json{
                {"SPDXID", id},
                {"fileName", "./" + clean_utf8(file.path.relative())},
                {"checksums",
                 json::Array{checksum("SHA1", file.sha1), checksum("SHA256", file.sha256)}}};
            if (const std::string origin = origin_text(file); !origin.empty()) {
                json.set("comment", clean_utf8(origin));
            }
            files_.emplace_back(std::move(json));
            relationships_.emplace_back(
                relationship(file.package ? ids_[*file.package] : kImage, "CONTAINS", id));
            (file.package ? owned_[*file.package] : loose_).push_back(file.sha1);
        }
    }

    /// The package with what the specification wants of one whose files are listed.
    static json::Object analysed(json::Object package, Sums sums) {
        if (sums.empty()) {
            return package;
        }
        std::ranges::sort(sums);
        Hasher hasher(HashAlgorithm::sha1);
        for (const std::string& sum : sums) {
            hasher.write(sum);
        }
        package.set("filesAnalyzed", true);
        package.set(
            "packageVerificationCode",
            json::Object{{"packageVerificationCodeValue", hasher.hex()}});
        return package;
    }

    json::Object package_json(std::size_t index) {
        const Package& package = document_.packages[index];
        json::Object json{
            {"SPDXID", ids_[index]},
            {"name", clean_utf8(package.name)},
            {"versionInfo", clean_utf8(package.version)},
            {"supplier", supplier_text(package.supplier)},
            {"downloadLocation", package.url.empty() ? kNone : clean_utf8(package.url)},
            {"filesAnalyzed", false}};
        if (!package.sha256.empty()) {
            json.set("checksums", json::Array{checksum("SHA256", package.sha256)});
        }
        if (!package.homepage.empty()) {
            json.set("homepage", clean_utf8(package.homepage));
        }
        if (!package.source.empty()) {
            json.set(
                "sourceInfo",
                clean_utf8(fmt::format(
                    "built package from: {} {}", package.source,
                    package.source_version.empty() ? package.version : package.source_version)));
        }
        json.set("licenseConcluded", kNone);
        json.set("licenseDeclared", licence(package.licences));
        json.set(
            "copyrightText",
            package.licences.copyright.empty() ? kNone : clean_utf8(package.licences.copyright));
        if (!package.summary.empty()) {
            json.set("summary", clean_utf8(package.summary));
        }
        if (!package.reason.empty()) {
            json.set("comment", clean_utf8("in the image because: " + package.reason));
        }
        json.set("externalRefs", package_url(purl_of(package, document_.system)));
        return json;
    }

    json::Object system_package() const {
        const OperatingSystem& system = document_.system;
        json::Object json{
            {"SPDXID", kSystem},
            {"name", clean_utf8(system.id)},
            {"downloadLocation", kNone},
            {"filesAnalyzed", false}};
        if (!system.version.empty()) {
            json.set("versionInfo", clean_utf8(system.version));
        }
        if (!system.name.empty()) {
            json.set("summary", clean_utf8(system.name));
        }
        json.set("primaryPackagePurpose", "OPERATING_SYSTEM");
        return json;
    }

    std::string licence(const Licences& licences) {
        for (const LicenceText& text : licences.texts) {
            texts_.emplace(text.id, &text);
        }
        return licences.expression.empty() ? kNone : licences.expression;
    }

    [[nodiscard]] json::Array texts_json() const {
        json::Array array;
        for (const auto& [id, text] : texts_) {
            array.emplace_back(json::Object{
                {"licenseId", id},
                {"name", clean_utf8(text->name)},
                {"extractedText", clean_utf8(text->text)}});
        }
        return array;
    }

    const Document& document_;
    std::vector<std::string> ids_{}; ///< of the packages
    std::vector<Sums> owned_{};      ///< of the files of each package
    Sums loose_{};                   ///< of the other files
    std::map<std::string, const LicenceText*> texts_{};
    json::Array files_{};
    json::Array relationships_{};
};

} // namespace

Written write_spdx(const Document& document) {
    return Writer(document).run();
}

Written write_spdx(const IndexDocument& document) {
    json::Array packages{subject_package(kImage, document.subject)};
    json::Array references;
    json::Array relationships{relationship(kDocument, "DESCRIBES", kImage)};
    for (const IndexPart& part : document.parts) {
        const std::string platform = to_string(part.subject.platform.value_or(oci::Platform()));
        std::string name = platform;
        std::ranges::replace(name, '/', '-');
        const std::string id = "SPDXRef-Image-" + name;
        packages.emplace_back(subject_package(id, part.subject));
        references.emplace_back(json::Object{
            {"externalDocumentId", "DocumentRef-" + name},
            {"spdxDocument", part.document.id},
            {"checksum", checksum("SHA1", hash_hex(part.document.bytes, HashAlgorithm::sha1))}});
        relationships.emplace_back(relationship(id, "VARIANT_OF", kImage));
        relationships.emplace_back(
            relationship("DocumentRef-" + name + ":" + kDocument, "DESCRIBES", id));
    }
    json::Object json = head(document.subject, document.tool_version);
    json.set("externalDocumentRefs", std::move(references));
    json.set("packages", std::move(packages));
    json.set("relationships", std::move(relationships));
    return finish(std::move(json));
}

} // namespace pare::sbom
