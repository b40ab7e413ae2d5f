// SPDX-License-Identifier: Apache-2.0
// package.json of anybody, with what it names read further: ranges of versions and commands.
#include "support/error.hh"
#include "wrap/node.hh"
#include "wrap/node_range.hh"

#include <cstddef>
#include <cstdint>

using namespace pare;

namespace {

/// No name that is accepted leads out of node_modules.
void check_names(const std::set<std::string>& names) {
    for (const std::string& name : names) {
        ensure(!name.empty() && name.front() != '/' && name.front() != '.', "a plain name");
        ensure(name.find("/.") == std::string::npos, "no way up");
    }
}

void check_range(std::string_view text) {
    const auto range = wrap::parse_node_range(text);
    ensure(!range || !range->spans.empty(), "a range has spans");
    (void)wrap::parse_node_version_file(text);
    (void)wrap::parse_node_version(text);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    check_range(text);
    (void)wrap::read_node_addon(text);
    (void)wrap::foreign_part(text, {"x64"});
    (void)wrap::abi_of_gyp_config(text);
    try {
        const wrap::NodePackage package = wrap::parse_node_package(text, "package.json");
        check_range(package.node);
        for (const auto* names : {&package.dependencies, &package.optional, &package.peers}) {
            check_names(*names);
        }
        for (const auto& [name, command] : package.scripts) {
            const wrap::StartCommand start = wrap::parse_start_command(command);
            ensure(
                !start.words.empty() || !start.problem.empty(), "a command has words or a problem");
            (void)wrap::find_node_program(start.words);
        }
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::definition) {
            throw;
        }
    }
    return 0;
}
