// SPDX-License-Identifier: Apache-2.0
// From a tar archive to a cut, in one pass; nothing is unpacked to disk. Normalised are paths
// (stripped, moved, usr-merged), owners (root) and times before 1970. Refused are device nodes,
// fifos, paths that climb, and hard links to files that are not taken.
#include "cut/archive.hh"

#include "archive/codec.hh"
#include "cut/part_builder.hh"
#include "support/text.hh"
#include "tree/tree.hh"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

namespace pare::cut {

namespace {

/// Raise it when the same archive and selection would give other bytes.
constexpr int kFormatVersion = 1;

class ArchiveCutter {
public:
    ArchiveCutter(const ArchiveSelection& selection, std::string name, Sink& part)
        : selection_(selection), name_(std::move(name)), part_(part),
          matched_(selection.include.size(), false) {}

    Cut run(Source& plain) {
        archive::TarReader reader(plain, {}, name_);
        while (const archive::TarHeader* header = reader.next()) {
            take(*header, reader.content());
        }
        check_globs();
        cut_.items = part_.take_items(std::move(directories_), [&](const tree::Entry& directory) {
            return selection_.include.empty() &&
                   !selection_.dropped.contains(directory.path.relative());
        });
        cut_.part_size = part_.size();
        return std::move(cut_);
    }

private:
    void take(const archive::TarHeader& header, Source& content) {
        const tree::EntryType type = entry_type(header, name_);
        const ImagePath original = ImagePath::parse(header.name);
        const std::optional<ImagePath> inside = original.stripped(selection_.strip);
        if (!inside || inside->is_root()) {
            return;
        }
        const ImagePath there = ImagePath::parse(selection_.to) / inside->relative();
        const std::optional<ImagePath> placed = tree::usr_merged(there);
        if (!placed) {
            return; // a directory like /bin, which is a symlink in every image
        }
        tree::Entry entry{
            .path = *placed,
            .type = type,
            .mode = header.mode & 07777,
            .mtime = std::max<std::int64_t>(0, header.mtime),
            .xattrs = header.xattrs};
        if (type == tree::EntryType::directory) {
            directories_.push_back(std::move(entry));
            return;
        }
        if (!is_wanted(*inside) || selection_.dropped.contains(placed->relative())) {
            return;
        }
        cut_.date = std::max(cut_.date, entry.mtime);
        if (type == tree::EntryType::file) {
            entry.size = header.size;
            part_.add_file(std::move(entry), content);
            files_.emplace(original, *placed);
        } else if (type == tree::EntryType::symlink) {
            entry.link = tree::usr_merged_link(there, *placed, header.link);
            part_.add(std::move(entry));
        } else {
            take_hard_link(std::move(entry), header);
        }
    }

    void take_hard_link(tree::Entry entry, const archive::TarHeader& header) {
        const auto target = files_.find(ImagePath::parse(header.link));
        if (target == files_.end()) {
            throw Error(
                ErrorKind::refused,
                fmt::format(
                    "{}: hard link '{}' names '{}', which is not taken", name_, header.name,
                    header.link),
                "take both (include)");
        }
        entry.mode = part_.entry_at(target->second).mode;
        entry.link = target->second.relative();
        part_.add(std::move(entry));
    }

    [[nodiscard]] bool is_wanted(const ImagePath& inside) {
        if (seen_.size() < kShown) {
            seen_.push_back(inside.relative());
        }
        bool wanted = selection_.include.empty();
        for (std::size_t i = 0; i < selection_.include.size(); ++i) {
            if (glob_matches(selection_.include[i], inside.relative())) {
                matched_[i] = true;
                wanted = true;
            }
        }
        return wanted;
    }

    /// The bytes are pinned, so a glob that matches nothing never will.
    void check_globs() const {
        for (std::size_t i = 0; i < matched_.size(); ++i) {
            if (!matched_[i]) {
                throw Error(
                    ErrorKind::definition,
                    fmt::format("{}: nothing in it matches '{}'", name_, selection_.include[i]),
                    fmt::format(
                        "after strip: {} its first files are {}", selection_.strip,
                        seen_.empty() ? "none" : join(seen_, ", ")));
            }
        }
    }

    static constexpr std::size_t kShown = 4;

    const ArchiveSelection& selection_;
    std::string name_;
    PartBuilder part_;
    std::vector<bool> matched_;
    Cut cut_;
    std::vector<tree::Entry> directories_;
    std::map<ImagePath, ImagePath> files_; ///< from their place in the archive to that in the image
    std::vector<std::string> seen_;
};

} // namespace

std::string archive_cut_key(const std::string& archive_sha256, const ArchiveSelection& selection) {
    // The parts of the key of a package's cut that mean the same.
    return cut_key(
        fmt::format("archive {} {}", kFormatVersion, archive_sha256),
        {.include = selection.include,
         .strip = selection.strip,
         .to = selection.to,
         .dropped = selection.dropped});
}

Cut cut_archive(
    BytesView archive, const ArchiveSelection& selection, const std::string& name,
    const std::string& version, Sink& part) {
    return with_context("cutting archive " + name, [&] {
        if (archive.starts_with("PK\x03\x04")) {
            throw Error(
                ErrorKind::definition, fmt::format("{} is a zip archive", name),
                "name a tar archive (.tar, .tar.gz, .tar.xz, .tar.zst)");
        }
        ViewSource packed(archive);
        const std::unique_ptr<Source> plain =
            archive::decompress(packed, archive::detect_codec(archive), {}, name);
        Cut cut = ArchiveCutter(selection, name, part).run(*plain);
        cut.package = name;
        cut.version = version;
        return cut;
    });
}

} // namespace pare::cut
