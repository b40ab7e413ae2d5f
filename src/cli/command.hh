// SPDX-License-Identifier: Apache-2.0
// What a command is: a row of the table in commands.cc, its options as data, and a function.
// arguments.cc fills the options, makes the help and finds the nearest name from the same data.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace pare::cli {

struct Session;

/// Where the value of an option goes: a switch, a count (-vv), one value, or one each time.
using Target = std::variant<bool*, int*, std::uint64_t*, std::string*, std::vector<std::string>*>;

enum class Need { optional, required };

struct Option {
    std::string names{}; ///< `-o,--output`; a word without dashes is an argument
    std::string value{}; ///< what stands for the value in the help; empty for a switch
    std::string help{};
    Target target{};
    Need need = Need::optional;
};

struct Command {
    std::string details{};  ///< below the usage in the help
    std::string examples{}; ///< command lines
    std::vector<Option> options{};
    std::function<int(Session&)> run{}; ///< returns the exit status
};

/// Puts more options behind those that the command has.
void add_options(Command& command, std::vector<Option> more);
/// `--format` of the commands that write images.
[[nodiscard]] Option format_option(std::string& target);

/// The options live as long as the command: `run` holds what they point to.
struct CommandRow {
    std::string_view name; ///< one word or two: `build`, `show packages`
    std::string_view summary;
    Command (*make)();
};

/// All commands, in the order of the help.
[[nodiscard]] std::span<const CommandRow> commands();

[[nodiscard]] Command build_command();
[[nodiscard]] Command wrap_command();
[[nodiscard]] Command rebase_command();
[[nodiscard]] Command rebuild_command();
[[nodiscard]] Command lint_command();
[[nodiscard]] Command lock_command();
[[nodiscard]] Command update_command();
[[nodiscard]] Command show_config_command();
[[nodiscard]] Command show_packages_command();
[[nodiscard]] Command show_files_command();
[[nodiscard]] Command show_layers_command();
[[nodiscard]] Command show_why_command();
[[nodiscard]] Command inspect_command();
[[nodiscard]] Command diff_command();
[[nodiscard]] Command explain_command();
[[nodiscard]] Command sbom_command();
[[nodiscard]] Command publish_command();
[[nodiscard]] Command provenance_command();
[[nodiscard]] Command push_command();
[[nodiscard]] Command pull_command();
[[nodiscard]] Command copy_command();
[[nodiscard]] Command ls_command();
[[nodiscard]] Command tag_command();
[[nodiscard]] Command delete_command();
[[nodiscard]] Command login_command();
[[nodiscard]] Command logout_command();
[[nodiscard]] Command cache_info_command();
[[nodiscard]] Command cache_prune_command();
[[nodiscard]] Command keygen_command();
[[nodiscard]] Command sign_command();
[[nodiscard]] Command attest_command();
[[nodiscard]] Command verify_command();
[[nodiscard]] Command version_command();

} // namespace pare::cli
