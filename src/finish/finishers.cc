// SPDX-License-Identifier: Apache-2.0
// The table of finishers, in the order in which they run: each sees what those before it made.
#include "finish/table.hh"

#include <array>

namespace pare::finish {

std::span<const Finisher> finishers() {
    static const std::array table = {
        usr_merge_finisher(),       // first: the others may put files behind its symlinks
        base_files_finisher(),      //
        os_release_finisher(),      //
        accounts_finisher(),        //
        ca_certificates_finisher(), //
        java_keystore_finisher(),   // of the bundle that the one before makes
        tzdata_finisher(),          //
        timezone_finisher(),        //
        alternatives_finisher(),    //
        busybox_finisher(),         //
        probe_finisher(),           //
        paths_finisher(),           // the definition's own changes, to all of the above
        ld_so_cache_finisher(),     // last: lists every library that is there by now
    };
    return table;
}

} // namespace pare::finish
