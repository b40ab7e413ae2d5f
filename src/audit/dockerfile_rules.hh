// SPDX-License-Identifier: Apache-2.0
// The rules for Dockerfiles, by what they look at.
#pragma once

#include "audit/review.hh"

namespace pare::audit {

/// Commands and the forms that they are written in.
void check_forms(Review& review);
/// What starts in the final image, and whether it is there.
void check_commands(Review& review);
/// RUN.
void check_runs(Review& review);
/// USER, and what the user may do.
void check_users(Review& review);
/// The images that stages begin with and that files are copied from.
void check_bases(Review& review);
/// What comes into the final image.
void check_copies(Review& review);
/// Secrets and downloads.
void check_sources(Review& review);
/// Programs that were built for another image.
void check_builders(Review& review);
/// Stages and their names.
void check_stages(Review& review);
/// Variables.
void check_variables(Review& review);
/// Ways of writing.
void check_style(Review& review);

} // namespace pare::audit
