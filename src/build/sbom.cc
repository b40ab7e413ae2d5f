// SPDX-License-Identifier: Apache-2.0
// Documents of images that pare builds are made in the build, which knows more than the image says,
// and kept in the store: a record is the document's name behind its 32-bit length, then its bytes.
#include "build/sbom.hh"

#include "build/config.hh"
#include "build/describe.hh"
#include "build/identity.hh"
#include "build/image_source.hh"
#include "build/images.hh"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace pare::build {

namespace {

/// The part of a name that people call the image by: `cc` of registry.example/team/cc:latest.
std::string short_name(const std::string& tag) {
    std::string name = tag.substr(tag.rfind('/') == std::string::npos ? 0 : tag.rfind('/') + 1);
    name.resize(std::min(name.find_first_of(":@"), name.size()));
    return name.empty() ? "image" : name;
}

sbom::Written index_document(
    const oci::Descriptor& index, std::vector<sbom::IndexPart> parts, sbom::Format format,
    const std::string& tool_version) {
    sbom::Subject subject{
        .name = parts.front().subject.name, .digest = index.digest, .media_type = index.media_type};
    for (const sbom::IndexPart& part : parts) {
        subject.created = std::max(subject.created, part.subject.created);
    }
    return sbom::write(
        sbom::IndexDocument{
            .subject = std::move(subject), .tool_version = tool_version, .parts = std::move(parts)},
        format);
}

Sboms sboms_of_definition(const SbomRequest& request, const Tools& tools) {
    Options options{
        .request = request.request,
        .sboms = {request.format},
        .tool_version = request.tool_version};
    options.request.definitions = {request.reference};
    StageClock clock;
    const Plan plan = resolve_plan(options, tools, clock);
    Cutting cutting(options, tools);
    std::vector<oci::TaggedImage> tagged;
    Sboms sboms;
    for (BuiltImage& built : make_images(plan, options, tools, cutting, clock)) {
        tagged.push_back({default_tag(plan.targets[tagged.size()], plan), built.image});
        sboms.images.push_back(std::move(built.sboms.front()));
    }
    const std::vector<oci::Written> written = oci::describe_output(tagged);
    if (written.size() != 1) {
        throw Error(
            ErrorKind::usage,
            fmt::format("{} stands for {} images", request.reference, written.size()),
            "name one with --variant and --distribution");
    }
    if (sboms.images.size() > 1) {
        sboms.index = index_document(
            written.front().descriptor, sboms.images, request.format, request.tool_version);
    }
    return sboms;
}

/// Reads images that are already there.
class ImageSboms {
public:
    ImageSboms(const SbomRequest& request, const Tools& tools)
        : request_(request), tools_(tools), source_(open_source(request.reference, tools)),
          describer_(tools, request.tool_version) {}

    Sboms run() {
        Sboms sboms;
        for (const oci::ImageEntry* entry : wanted_images(*source_, request_.request.archs)) {
            const sbom::Subject subject = subject_of(*entry);
            sboms.images.push_back({subject, document_of(*entry, subject)});
        }
        if (sboms.images.size() > 1) {
            auto attached = attached_to(source_->top().digest);
            sboms.index = attached ? *std::move(attached)
                                   : index_document(
                                         source_->top(), sboms.images, request_.format,
                                         request_.tool_version);
        }
        return sboms;
    }

private:
    [[nodiscard]] sbom::Subject subject_of(const oci::ImageEntry& entry) const {
        return {
            .name = short_name(source_->tag()),
            .digest = entry.manifest.digest,
            .media_type = entry.manifest.media_type,
            .platform = entry.image.platform,
            .created = entry.image.created};
    }

    [[nodiscard]] std::optional<sbom::Written> attached_to(const std::string& digest) const {
        auto bytes = request_.derive
                         ? std::nullopt
                         : source_->attachment(digest, sbom::media_type(request_.format));
        return bytes ? std::optional(sbom::read_written(*std::move(bytes), request_.format))
                     : std::nullopt;
    }

    sbom::Written document_of(const oci::ImageEntry& entry, const sbom::Subject& subject) {
        if (auto attached = attached_to(subject.digest)) {
            tools_.events.message(
                Severity::info,
                fmt::format(
                    "{}: this SBOM came with the image; --derive makes one of what is in it",
                    sbom::to_string(entry.image.platform)));
            return *std::move(attached);
        }
        const OpenLayer open = [this](const oci::Layer& layer) {
            return source_->open_layer(layer);
        };
        return sbom::write(describer_.describe(entry.image, subject, {}, open), request_.format);
    }

    const SbomRequest& request_;
    const Tools& tools_;
    std::unique_ptr<inspect::ImageSource> source_;
    Describer describer_;
};

} // namespace

Sboms make_sboms(const SbomRequest& request, const Tools& tools) {
    return names_image(request.reference) ? ImageSboms(request, tools).run()
                                          : sboms_of_definition(request, tools);
}

std::vector<oci::Attachment> attachments_of(
    const std::vector<oci::Written>& written, const std::vector<BuiltImage>& images,
    const Options& options) {
    std::vector<oci::Attachment> attachments;
    for (std::size_t i = 0; i < options.sboms.size(); ++i) {
        const sbom::Format format = options.sboms[i];
        std::map<std::string, const sbom::IndexPart*> parts;
        for (const BuiltImage& built : images) {
            parts.emplace(built.sboms[i].subject.digest, &built.sboms[i]);
        }
        for (const oci::Written& each : written) {
            std::vector<sbom::IndexPart> of_index;
            for (const oci::Descriptor& manifest : each.manifests) {
                const sbom::IndexPart& part = *parts.at(manifest.digest);
                of_index.push_back(part);
                attachments.push_back(
                    {.subject = manifest,
                     .artifact_type = sbom::media_type(format),
                     .bytes = part.document.bytes,
                     .created = part.subject.created});
            }
            if (of_index.size() > 1) {
                attachments.push_back(
                    {.subject = each.descriptor,
                     .artifact_type = sbom::media_type(format),
                     .bytes =
                         index_document(
                             each.descriptor, std::move(of_index), format, options.tool_version)
                             .bytes,
                     .created = attachments.back().created});
            }
        }
    }
    return attachments;
}

std::string
sbom_key(const std::string& image_key, sbom::Format format, const std::string& tool_version) {
    return Identity("sbom 1").add(image_key).add(sbom::media_type(format)).add(tool_version).hex();
}

std::optional<sbom::Written> find_sbom(const std::string& key, const Tools& tools) {
    const auto record = tools.store.get(store::Kind::image, key);
    if (!record) {
        return std::nullopt;
    }
    ByteReader reader(*record);
    sbom::Written written{.id = std::string(reader.counted())};
    written.bytes = reader.take(reader.remaining());
    return written;
}

void keep_sbom(const std::string& key, const sbom::Written& document, const Tools& tools) {
    Bytes record;
    append_int(record, static_cast<std::uint32_t>(document.id.size()), Endian::little);
    tools.store.put(store::Kind::image, key, record + document.id + document.bytes);
}

} // namespace pare::build
