// SPDX-License-Identifier: Apache-2.0
#include "inspect/entry.hh"

namespace pare::inspect {

bool same_metadata(const Entry& left, const Entry& right) {
    return left.mode == right.mode && left.uid == right.uid && left.gid == right.gid &&
           left.xattrs == right.xattrs;
}

bool same_entry(const Entry& left, const Entry& right) {
    if (left.is_symlink() && right.is_symlink()) {
        // Nobody looks at the permissions of a link, and tools write several.
        return left.link == right.link && left.uid == right.uid && left.gid == right.gid;
    }
    if (left.is_file() != right.is_file() || !same_metadata(left, right)) {
        return false;
    }
    if (left.is_file()) {
        return left.size == right.size && left.sha256 == right.sha256;
    }
    return left.type == right.type && left.device_major == right.device_major &&
           left.device_minor == right.device_minor;
}

} // namespace pare::inspect
