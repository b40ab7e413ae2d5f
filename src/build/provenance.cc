// SPDX-License-Identifier: Apache-2.0
// Nothing in it may differ between two builds of the same: no time, no absolute path, no name of
// this host. What a user gave as a URL loses its password.
#include "build/provenance.hh"

#include "attest/dsse.hh"
#include "attest/statement.hh"
#include "build/base_image.hh"
#include "build/revision.hh"
#include "build/user_files.hh"
#include "net/url.hh"
#include "oci/reference.hh"
#include "support/digest.hh"
#include "support/files.hh"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace pare::build {

namespace {

namespace fs = std::filesystem;

std::string from_root(const fs::path& path, const fs::path& root) {
    return path.lexically_normal().lexically_relative(root).generic_string();
}

std::string file_sha256(const fs::path& path) {
    FileSource source(path);
    Hasher hasher;
    copy_all(source, hasher);
    return hasher.hex();
}

/// Nodes of all these targets, each once.
std::vector<const StepNode*> nodes_of(const std::vector<const Target*>& targets) {
    std::vector<const StepNode*> nodes;
    std::set<const StepNode*> known;
    for (const Target* target : targets) {
        for (const StepNode* node : path_to(target->last)) {
            if (known.insert(node).second) {
                nodes.push_back(node);
            }
        }
    }
    return nodes;
}

/// Collects the files of steps; what steps of several architectures name is read once.
class FileCollector {
public:
    explicit FileCollector(const fs::path& root) : root_(root) {}

    void add(const definition::Step& step) {
        for (const definition::UserFile& file : step.files) {
            if (std::find(known_.begin(), known_.end(), file) == known_.end()) {
                known_.push_back(file);
                add(file);
            }
        }
        for (const fs::path& directory : step.slices) {
            for (const fs::path& file : cut::slice_files(directory)) {
                add(
                    {.use = attest::FileUse::slices,
                     .path = from_root(file, root_),
                     .sha256 = file_sha256(file)});
            }
        }
    }

    [[nodiscard]] std::vector<attest::SourceFile> files() const {
        std::vector<attest::SourceFile> files;
        for (const auto& [name, file] : files_) {
            files.push_back(file);
        }
        std::sort(files.begin(), files.end());
        return files;
    }

private:
    void add(const definition::UserFile& file) {
        for (HostFile& found : host_files(file)) {
            add(
                {.use = attest::FileUse::content,
                 .path = from_root(found.path, root_),
                 .sha256 = std::move(found.sha256),
                 .executable = found.executable,
                 .symlink = found.symlink});
        }
    }

    /// One that is taken several times counts as executable when it does for one of them.
    void add(attest::SourceFile file) {
        const auto known = files_.emplace(std::pair(file.use, file.path), file).first;
        known->second.executable = known->second.executable || file.executable;
    }

    const fs::path& root_;
    std::vector<definition::UserFile> known_{};
    std::map<std::pair<attest::FileUse, std::string>, attest::SourceFile> files_{};
};

/// What was trusted without the proof that is asked for otherwise.
std::vector<std::string> relaxed_checks(const std::vector<const StepNode*>& nodes) {
    std::set<std::string> relaxed;
    for (const StepNode* node : nodes) {
        for (const deb::Source& source : node->sources) {
            const std::string name = fmt::format("{} {}", net::redacted(source.uri), source.suite);
            if (source.trusted) {
                relaxed.insert("signature: " + name);
            }
            if (!source.check_valid_until) {
                relaxed.insert("valid-until: " + name);
            }
        }
        for (const std::string& library : node->step.missing_libraries) {
            relaxed.insert("missing-library: " + library);
        }
    }
    return {relaxed.begin(), relaxed.end()};
}

std::vector<attest::DefinitionSource>
definition_sources(const std::vector<definition::DefinitionText>& texts, const fs::path& root) {
    std::vector<attest::DefinitionSource> sources;
    for (const definition::DefinitionText& text : texts) {
        attest::DefinitionSource source{.name = text.name, .sha256 = hash_hex(text.text)};
        if (!text.path.empty()) {
            source.name = from_root(text.path, root);
            source.text = text.text;
        }
        sources.push_back(std::move(source));
    }
    return sources;
}

/// Keys and a lock of archives from anywhere on the host: their names, and what is in them.
void add_given_files(const Request& request, std::vector<attest::SourceFile>& files) {
    const auto add = [&](attest::FileUse use, const fs::path& path) {
        files.push_back(
            {.use = use, .path = path.filename().string(), .sha256 = file_sha256(path)});
    };
    for (const fs::path& keyring : request.keyrings) {
        add(attest::FileUse::keyring, keyring);
    }
    if (!request.archive_pins.empty()) {
        add(attest::FileUse::pins, request.archive_pins);
    }
    std::sort(files.begin(), files.end());
}

void check_alone(const TagTargets& images) {
    const Target& first = *images.targets.front();
    for (const Target* target : images.targets) {
        if (target->texts->front() != first.texts->front()) {
            throw Error(
                ErrorKind::usage,
                fmt::format(
                    "{} would hold images of {} and {}", images.tag, first.definition,
                    target->definition),
                "provenance is of one definition: build each by itself");
        }
    }
}

attest::BuildParameters parameters_of(const TagTargets& images, const Options& options) {
    const Target& first = *images.targets.front();
    attest::BuildParameters parameters{
        .variant = first.variant,
        .distribution = first.distribution,
        .compression = archive::to_string(options.compression),
        .mirror = net::redacted(options.request.mirror),
        .source_date_epoch = options.request.source_date_epoch};
    for (const Target* target : images.targets) {
        parameters.architectures.push_back(target->architecture);
    }
    return parameters;
}

void add_subjects(const oci::Written& written, std::vector<attest::Subject>& subjects) {
    const auto add = [&](const oci::Descriptor& descriptor) {
        subjects.push_back(
            {.name = written.tag, .digests = {{"sha256", digest_hex(descriptor.digest)}}});
    };
    add(written.descriptor);
    for (const oci::Descriptor& manifest : written.manifests) {
        if (manifest.digest != written.descriptor.digest) {
            add(manifest);
        }
    }
}

} // namespace

std::vector<attest::SourceFile>
source_files(const std::vector<const Target*>& targets, const fs::path& root) {
    FileCollector collector(root);
    for (const StepNode* node : nodes_of(targets)) {
        collector.add(node->step);
    }
    return collector.files();
}

std::vector<attest::BaseSource>
base_sources(const std::vector<const Target*>& targets, const fs::path& root) {
    std::set<attest::BaseSource> bases;
    for (const Target* target : targets) {
        const StepNode* node = path_to(target->last).front();
        if (node->base == nullptr) {
            continue;
        }
        oci::ImageReference reference = oci::parse_image_reference(node->base_reference);
        if (!reference.path.empty()) {
            reference.path = from_root(reference.path, root);
        }
        bases.insert(
            {.reference = oci::to_string(reference),
             .architecture = target->architecture,
             .digest = node->base->digest()});
    }
    return {bases.begin(), bases.end()};
}

attest::Provenance provenance_of(const TagTargets& images, const Options& options) {
    check_alone(images);
    const std::vector<definition::DefinitionText>& texts = *images.targets.front()->texts;
    std::vector<fs::path> paths;
    for (const definition::DefinitionText& text : texts) {
        if (!text.path.empty()) {
            paths.push_back(text.path);
        }
    }
    std::optional<WorkTree> tree;
    fs::path root;
    if (!paths.empty()) {
        tree = work_tree_of(paths.front().parent_path(), paths);
        root = tree ? tree->root : paths.front().parent_path();
    }
    const std::vector<const StepNode*> nodes = nodes_of(images.targets);
    attest::Provenance provenance{
        .builder = options.builder,
        .pare_version = options.tool_version,
        .parameters = parameters_of(images, options),
        .relaxed = relaxed_checks(nodes),
        .definitions = definition_sources(texts, root),
        .files = source_files(images.targets, root),
        .bases = base_sources(images.targets, root)};
    provenance.parameters.definition = provenance.definitions.front().name;
    add_given_files(options.request, provenance.files);
    if (tree) {
        provenance.revision = tree->revision;
    }
    for (const StepNode* node : nodes) {
        provenance.lock.architectures[node->architecture].push_back(node->locked);
    }
    return provenance;
}

std::vector<oci::Attachment> provenance_attachments(
    const std::vector<oci::Written>& written, const std::vector<TagTargets>& images,
    const Options& options) {
    std::vector<oci::Attachment> attachments;
    for (std::size_t i = 0; i < written.size(); ++i) {
        const oci::Descriptor& descriptor = written[i].descriptor;
        const auto is_same = [&](const oci::Written& other) {
            return other.descriptor.digest == descriptor.digest;
        };
        const auto begin = written.begin();
        if (std::any_of(begin, begin + static_cast<std::ptrdiff_t>(i), is_same)) {
            continue; // another name of the same image, which its statement has
        }
        attest::Statement statement{.predicate_type = attest::kProvenanceType};
        for (auto each = begin; each != written.end(); ++each) {
            if (is_same(*each)) {
                add_subjects(*each, statement.subjects);
            }
        }
        const auto tag = std::ranges::find(images, written[i].tag, &TagTargets::tag);
        ensure(tag != images.end(), "a tag stands for nothing");
        statement.predicate = attest::provenance_predicate(provenance_of(*tag, options));
        attachments.push_back(
            {.subject = descriptor,
             .artifact_type = attest::kInTotoType,
             .bytes = attest::write_statement(statement),
             .created = tag->created});
    }
    return attachments;
}

} // namespace pare::build
