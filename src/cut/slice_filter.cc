// SPDX-License-Identifier: Apache-2.0
#include "cut/slice_filter.hh"

#include "support/text.hh"

namespace pare::cut {

SliceFilter::SliceFilter(const std::vector<Slice>& slices) {
    for (const Slice& slice : slices) {
        Part& part = parts_.emplace_back();
        for (const std::string& glob : slice.include) {
            part.include.push_back({&slice.name, &glob});
        }
        for (const std::string& glob : slice.exclude) {
            part.exclude.push_back({&slice.name, &glob});
        }
    }
}

/// Looks at all globs, so that each that matches is known to.
bool SliceFilter::matches(std::vector<Glob>& globs, const ImagePath& path) {
    bool any = false;
    for (Glob& glob : globs) {
        if (glob_matches(*glob.text, path.relative())) {
            glob.matched = true;
            any = true;
        }
    }
    return any;
}

bool SliceFilter::takes(const ImagePath& path) {
    bool taken = parts_.empty();
    for (Part& part : parts_) {
        const bool included = matches(part.include, path);
        const bool excluded = matches(part.exclude, path);
        taken = taken || (included && !excluded);
    }
    return taken;
}

bool SliceFilter::takes_empty(const ImagePath& path) {
    bool taken = parts_.empty();
    for (Part& part : parts_) {
        bool named = false;
        for (Glob& glob : part.include) {
            const bool is_directory = glob.text->ends_with('/');
            if ((*glob.text == "**" || is_directory) &&
                glob_matches(*glob.text, path.relative() + (is_directory ? "/" : ""))) {
                glob.matched = true;
                named = true;
            }
        }
        const bool excluded = matches(part.exclude, path);
        taken = taken || (named && !excluded);
    }
    return taken;
}

std::vector<std::string> SliceFilter::unmatched() const {
    std::vector<std::string> globs;
    for (const Part& part : parts_) {
        for (const Glob& glob : part.include) {
            // The built-in answers for packages without slices are about any package.
            if (!glob.matched && !glob.slice->empty()) {
                globs.push_back(*glob.slice + ": " + *glob.text);
            }
        }
    }
    return globs;
}

} // namespace pare::cut
