// SPDX-License-Identifier: Apache-2.0
// What happens when two entries want one path. Of this room only.
#pragma once

#include "tree/tree.hh"

#include <string>

namespace pare::tree {

/// `package 'gzip'`, `finisher 'accounts'`, `the files of server.yaml`.
[[nodiscard]] std::string describe(const Origin& origin);

/// Two origins that cannot both have the path.
[[noreturn]] void refuse_conflict(
    const ImagePath& path, const Origin& earlier, const Origin& later, const std::string& why);

/// Whether the symlink points at its own path once /bin, /lib and /sbin are below /usr, as
/// `/usr/bin/x -> /bin/x` does: a bridge between the two halves of an unmerged system.
[[nodiscard]] bool points_at_itself(const Entry& entry);

enum class Verdict { keep_earlier, take_later, conflict };

/// Two entries that are no directories, from different origins, with one path. `identical` says
/// whether their content is known to be the same.
[[nodiscard]] Verdict
judge(const ImagePath& path, const Origin& earlier, const Origin& later, bool identical);

} // namespace pare::tree
