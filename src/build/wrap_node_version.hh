// SPDX-License-Identifier: Apache-2.0
// On which Node.js a program is built.
#pragma once

#include "build/wrap_files.hh"
#include "build/wrap_node_modules.hh"
#include "build/wrap_node_native.hh"
#include "wrap/node_range.hh"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pare::build {

/// The version that a project wants.
struct WantedNode {
    std::string text{}; ///< as it says it; empty: it does not
    std::optional<wrap::NodeRange> range{};
};

struct NodeQuestion {
    const WrapRequest& request;
    const definition::Library& library;
    const std::string& architecture;
    WantedNode wanted{};
    const std::vector<NodeModule>& modules;
    const NativeFiles& natives;
};

struct NodeChoice {
    WrapBase base{};
    std::uint64_t abi = 0; ///< its NODE_MODULE_VERSION; 0: it is not known
    std::vector<std::string> notes{};
};

/// The best definition that the project, its addons and the request allow: Debian's own Node.js
/// where it fits, for which scanners and updates have names. Throws ErrorKind::definition when none
/// is left.
[[nodiscard]] NodeChoice choose_node_base(const NodeQuestion& question);

} // namespace pare::build
