// SPDX-License-Identifier: Apache-2.0
// From a .deb to a cut, in one pass over its data archive; nothing is unpacked to disk.
//
// Normalised are: paths (usr-merged, relative, clean), owner names (numbers only), times before
// 1970 (to 0), files that are the same (to hard links). Kept are modes with setuid bits, extended
// attributes, hard links, times. Added are /var/lib/dpkg/status.d/PACKAGE and PACKAGE.md5sums, the
// form in which scanners look for packages in images without dpkg; md5sums lists only what the cut
// really holds, where it really is. Refused are device nodes, fifos, and paths that climb.
#include "cut/cut.hh"

#include "archive/tar.hh"
#include "cut/locales.hh"
#include "cut/part_builder.hh"
#include "cut/slice_filter.hh"
#include "cut/twins.hh"
#include "deb/control.hh"
#include "deb/deb_file.hh"
#include "support/digest.hh"
#include "support/text.hh"
#include "tree/tree.hh"

#include <fmt/core.h>

#include <algorithm>
#include <memory>
#include <utility>

namespace pare::cut {

namespace {

constexpr std::size_t kLargestRead = 16U << 20;

bool any_matches(const std::vector<std::string>& globs, const ImagePath& path) {
    return std::any_of(globs.begin(), globs.end(), [&](const std::string& glob) {
        return glob_matches(glob, path.relative());
    });
}

class Cutter {
public:
    Cutter(BytesView deb, const Selection& selection, std::string name, Sink& part)
        : selection_(selection), name_(std::move(name)), deb_(deb), file_(deb, name_), part_(part),
          filter_(selection.slices), filter_below_(selection.below), twins_(file_.md5sums()) {}

    Cut run() {
        read_control();
        const std::unique_ptr<Source> data = file_.data({});
        archive::TarReader reader(*data, {}, name_);
        while (const archive::TarHeader* header = reader.next()) {
            take(*header, reader.content());
        }
        add_status();
        // Directories come along when all of the package was asked for, or when they hold
        // something.
        cut_.items = part_.take_items(std::move(directories_), [&](const tree::Entry& directory) {
            return selection_.include.empty() && filter_.takes_empty(directory.path) &&
                   !selection_.dropped.contains(directory.path.relative()) &&
                   !any_matches(selection_.leave_out, directory.path);
        });
        cut_.unmatched = filter_.unmatched();
        cut_.part_size = part_.size();
        return std::move(cut_);
    }

private:
    void read_control() {
        const auto paragraphs = deb::parse_control(file_.control(), name_ + " control");
        if (paragraphs.size() != 1) {
            throw Error(ErrorKind::refused, name_ + ": the control file is not one paragraph");
        }
        const deb::Paragraph& control = paragraphs.front();
        cut_.package = control.value("Package");
        cut_.version = control.value("Version");
        cut_.architecture = control.value("Architecture");
        const auto source =
            split_words(control.has("Source") ? control.value("Source") : control.value("Package"));
        if (cut_.package.empty() || cut_.package.find('/') != std::string::npos || source.empty()) {
            throw Error(ErrorKind::refused, name_ + ": the control file names no package");
        }
        cut_.source = source.front();
        cut_.date = std::max<std::int64_t>(0, file_.date());
        cut_.scripts = file_.scripts();
        for (const auto& group :
             deb::parse_relations(control.value("Replaces"), cut_.architecture, name_)) {
            for (const auto& relation : group) {
                cut_.replaces.push_back(relation.name);
            }
        }
        documents_ = {
            "usr/share/doc/" + cut_.package, "usr/share/doc/" + cut_.package + "/copyright"};
        compute_md5_ = file_.md5sums().empty();
    }

    /// Where an entry of the package goes; nothing when it is not wanted.
    [[nodiscard]] std::optional<ImagePath> place(const ImagePath& merged) {
        const bool in_slice = filter_.takes(merged) || is_document(merged);
        if (any_matches(selection_.leave_out, merged)) {
            return std::nullopt;
        }
        const bool is_below =
            !selection_.below.empty() && (filter_below_.takes(merged) || is_document(merged));
        if (is_below && (!in_slice || selection_.dropped.contains(merged.relative()))) {
            listed_.emplace(merged, merged);
            return std::nullopt;
        }
        if (!in_slice) {
            if (merged.relative().find(".so") != std::string::npos) {
                cut_.left_out.push_back(merged.relative());
            }
            return std::nullopt;
        }
        if (selection_.dropped.contains(merged.relative())) {
            return std::nullopt;
        }
        if (selection_.include.empty() || is_document(merged)) {
            return merged;
        }
        if (!any_matches(selection_.include, merged)) {
            return std::nullopt;
        }
        const std::optional<ImagePath> rest = merged.stripped(selection_.strip);
        return rest ? std::optional(ImagePath::parse(selection_.to) / rest->relative())
                    : std::nullopt;
    }

    /// The copyright file always stays, also when it is reached through a symlink.
    [[nodiscard]] bool is_document(const ImagePath& merged) const {
        return std::find(documents_.begin(), documents_.end(), merged.relative()) !=
               documents_.end();
    }

    void take(const archive::TarHeader& header, Source& content) {
        const ImagePath original = ImagePath::parse(header.name);
        const tree::EntryType type = entry_type(header, name_);
        const std::optional<ImagePath> merged = tree::usr_merged(original);
        if (original.is_root() || !merged) {
            return;
        }
        tree::Entry entry{
            .path = *merged,
            .type = type,
            .mode = header.mode & 07777,
            .uid = owner_number(header.uid, name_),
            .gid = owner_number(header.gid, name_),
            .mtime = std::max<std::int64_t>(0, header.mtime),
            .xattrs = header.xattrs};
        if (type == tree::EntryType::directory) {
            directories_.push_back(std::move(entry));
            return;
        }
        const std::optional<ImagePath> placed = place(*merged);
        if (type == tree::EntryType::file) {
            take_file(std::move(entry), placed, header.size, content);
        } else if (placed && type == tree::EntryType::symlink) {
            entry.path = *placed;
            entry.link = tree::usr_merged_link(original, *merged, header.link);
            part_.add(std::move(entry));
        } else if (placed) {
            take_hard_link(std::move(entry), *placed, header.link);
        }
    }

    void take_file(
        tree::Entry entry, const std::optional<ImagePath>& placed, std::uint64_t size,
        Source& content) {
        const ImagePath merged = entry.path;
        const bool read = any_matches(selection_.reads, merged);
        if (!placed) {
            if (read) {
                cut_.aside.emplace(merged, read_all(content, kLargestRead));
            }
            return;
        }
        entry.path = *placed;
        entry.size = size;
        written_.emplace(merged, *placed);
        listed_.emplace(merged, *placed);
        if (!read && twins_.may_have(merged, size)) {
            take_twin(std::move(entry), merged, content);
            return;
        }
        BytesSink kept(kLargestRead);
        Hasher md5(HashAlgorithm::md5);
        part_.add_file(std::move(entry), content, [&](BytesView piece) {
            if (read) {
                kept.write(piece);
            }
            if (compute_md5_) {
                md5.write(piece);
            }
        });
        if (read) {
            cut_.kept.emplace(*placed, kept.take());
        }
        if (compute_md5_) {
            md5sums_ += fmt::format("{}  {}\n", md5.hex(), placed->relative());
        }
    }

    /// A file that may have been in the package before, under another name.
    void take_twin(tree::Entry entry, const ImagePath& merged, Source& content) {
        const Bytes bytes = read_all(content, entry.size);
        if (const ImagePath* const twin = twins_.find(entry, bytes)) {
            written_[merged] = *twin;
            entry.type = tree::EntryType::hard_link;
            entry.link = twin->relative();
            entry.size = 0;
            part_.add(std::move(entry));
        } else {
            part_.add_text(std::move(entry), bytes);
        }
    }

    void take_hard_link(tree::Entry entry, const ImagePath& placed, const std::string& target) {
        const ImagePath original = ImagePath::parse(target);
        const ImagePath merged = tree::usr_merged(original).value_or(original);
        const auto written = written_.find(merged);
        if (written == written_.end()) {
            copy_link_target(std::move(entry), placed, merged);
            return;
        }
        entry.mode = part_.entry_at(written->second).mode;
        listed_.emplace(entry.path, placed);
        entry.path = placed;
        entry.link = written->second.relative();
        part_.add(std::move(entry));
    }

    /// The file that a wanted hard link names is itself not wanted: its bytes come from a second
    /// look at the package, and the link becomes the file.
    void copy_link_target(tree::Entry entry, const ImagePath& placed, const ImagePath& target) {
        const ImagePath link = entry.path;
        deb::DebFile again(deb_, name_);
        const std::unique_ptr<Source> data = again.data({});
        archive::TarReader reader(*data, {}, name_);
        while (const archive::TarHeader* header = reader.next()) {
            const ImagePath path = ImagePath::parse(header->name);
            if (header->type == archive::TarType::file && tree::usr_merged(path) == target) {
                entry.type = tree::EntryType::file;
                entry.mode = header->mode & 07777;
                take_file(std::move(entry), placed, header->size, reader.content());
                written_.emplace(target, placed);
                return;
            }
        }
        throw Error(
            ErrorKind::refused,
            fmt::format(
                "{}: hard link '{}' names '{}', which is no file of the package", name_,
                link.absolute(), target.absolute()));
    }

    void add_status() {
        const std::string base = "var/lib/dpkg/status.d/" + cut_.package;
        for (const std::string_view line : split(file_.md5sums(), '\n')) {
            const std::size_t gap = line.find("  ");
            if (gap == std::string_view::npos) {
                continue;
            }
            const ImagePath original = ImagePath::parse(line.substr(gap + 2));
            const ImagePath merged = tree::usr_merged(original).value_or(original);
            if (const auto found = listed_.find(merged); found != listed_.end()) {
                md5sums_ += fmt::format("{}  {}\n", line.substr(0, gap), found->second.relative());
            }
        }
        const auto add = [&](const std::string& path, BytesView text) {
            part_.add_text(
                {.path = ImagePath::parse(path), .mode = 0644, .mtime = cut_.date}, text);
        };
        add(base, file_.control());
        add(base + ".md5sums", md5sums_);
    }

    const Selection& selection_;
    std::string name_;
    BytesView deb_;
    deb::DebFile file_;
    PartBuilder part_;
    Cut cut_;
    std::vector<std::string> documents_;
    bool compute_md5_ = false;
    std::string md5sums_;
    std::vector<tree::Entry> directories_;
    SliceFilter filter_;
    SliceFilter filter_below_;
    Twins twins_;
    std::map<ImagePath, ImagePath> written_; ///< what hard links name: from there to where it is
    /// Files and hard links that count as the package's, likewise; also those that the image below
    /// has.
    std::map<ImagePath, ImagePath> listed_;
};

} // namespace

Cut cut_deb(BytesView deb, const Selection& selection, const std::string& name, Sink& part) {
    return with_context("cutting " + name, [&] {
        const Selection settled = settle_locales(deb, selection, name);
        return Cutter(deb, settled, name, part).run();
    });
}

std::vector<std::string> inspect_elf_files(Cut& cut, BytesView part) {
    std::vector<std::string> damaged;
    for (Item& item : cut.items) {
        if (item.entry.type != tree::EntryType::file || item.entry.size == 0) {
            continue;
        }
        ensure(
            item.offset <= part.size() && item.entry.size <= part.size() - item.offset,
            "a part is shorter than its items say");
        const BytesView content = part.substr(item.offset, item.entry.size);
        if (!elf::looks_like_elf(content)) {
            continue;
        }
        try {
            item.elf = elf::parse_elf(content, cut.package + ": " + item.entry.path.absolute());
        } catch (const Error& error) {
            damaged.push_back(error.message());
        }
    }
    return damaged;
}

} // namespace pare::cut
