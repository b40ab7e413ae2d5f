// SPDX-License-Identifier: Apache-2.0
// Every finisher, one a file. Of this room only.
#pragma once

#include "finish/finisher.hh"

namespace pare::finish {

[[nodiscard]] Finisher usr_merge_finisher();
[[nodiscard]] Finisher base_files_finisher();
[[nodiscard]] Finisher os_release_finisher();
[[nodiscard]] Finisher accounts_finisher();
[[nodiscard]] Finisher ca_certificates_finisher();
[[nodiscard]] Finisher java_keystore_finisher();
[[nodiscard]] Finisher tzdata_finisher();
[[nodiscard]] Finisher timezone_finisher();
[[nodiscard]] Finisher alternatives_finisher();
[[nodiscard]] Finisher busybox_finisher();
[[nodiscard]] Finisher probe_finisher();
[[nodiscard]] Finisher paths_finisher();
[[nodiscard]] Finisher ld_so_cache_finisher();

} // namespace pare::finish
