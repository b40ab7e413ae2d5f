// SPDX-License-Identifier: Apache-2.0
// `timezone` and `locales`: how they are written, and which packages locales stand for.
#pragma once

#include "definition/definition.hh"
#include "support/yaml.hh"

#include <optional>
#include <string>
#include <vector>

namespace pare::definition {

/// `Europe/Berlin`; nothing and an empty text mean "not set". Whether there is such a zone shows
/// when the image is there.
[[nodiscard]] std::optional<std::string> given_time_zone_of(const yaml::Node& node);
/// `de_DE.UTF-8`, `sr_RS@latin`, likewise.
[[nodiscard]] std::vector<std::string> locales_of(const yaml::Node& node);

/// Adds the requests that the steps' locales come to. A step with some names those of the steps
/// below once more, so that what it says of the package is all that the image has of it.
void request_locales(std::vector<Step>& steps);

} // namespace pare::definition
