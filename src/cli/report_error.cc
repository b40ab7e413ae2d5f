// SPDX-License-Identifier: Apache-2.0
// The one place where errors become text:
//     error: server.yaml:3:5: unknown key "packges"
//         packges: [libpq5]
//         ^
//     while: reading the definition server.yaml
//     hint: did you mean packages?
#include "cli/report_error.hh"

#include "support/files.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <new>
#include <string_view>
#include <system_error>

namespace pare::cli {

namespace {

constexpr std::uint64_t kMaxQuoted = 1U << 20;
constexpr std::size_t kMaxLine = 200;

/// The line of the file that the error is about, with a mark under the column; empty when the file
/// is not there to be quoted.
std::string quote(const Where& where, const Terminal& terminal) {
    std::string text;
    try {
        text = read_file(where.file, kMaxQuoted);
    } catch (const Error&) {
        return "";
    }
    const auto lines = split(text, '\n');
    if (where.line > lines.size()) {
        return "";
    }
    const std::string_view line = lines[where.line - 1];
    const std::size_t indent = std::min(line.find_first_not_of(" \t"), line.size());
    const std::string_view shown = line.substr(indent, kMaxLine);
    std::string quoted = fmt::format("    {}\n", printable_line(shown));
    if (where.column > indent && where.column - 1 - indent < shown.size()) {
        const std::string gap(4 + where.column - 1 - indent, ' ');
        quoted += gap + terminal.styled(Style::red, "^") + "\n";
    }
    return quoted;
}

} // namespace

int exit_status(ErrorKind kind) {
    switch (kind) {
    case ErrorKind::usage:
    case ErrorKind::definition:
        return 2;
    case ErrorKind::environment:
        return 3;
    case ErrorKind::refused:
        return 4;
    case ErrorKind::bug:
        return 70;
    case ErrorKind::interrupted:
        return 130;
    }
    return 70;
}

Error as_error(const std::exception_ptr& problem) {
    try {
        std::rethrow_exception(problem);
    } catch (const Error& error) {
        return error;
    } catch (const std::bad_alloc&) {
        return {ErrorKind::environment, "there is not enough memory"};
    } catch (const std::system_error& error) {
        return {ErrorKind::environment, error.what()};
    } catch (const std::exception& error) {
        return {ErrorKind::bug, error.what()};
    } catch (...) {
        return {ErrorKind::bug, "something was thrown that is no exception"};
    }
}

std::string render_error(const Error& error, const Terminal& terminal) {
    if (error.kind() == ErrorKind::interrupted) {
        return terminal.styled(Style::red, "interrupted") + "\n";
    }
    const bool bug = error.kind() == ErrorKind::bug;
    std::string text = terminal.styled(Style::red, bug ? "bug:" : "error:");
    const std::string place = error.where().str();
    if (!place.empty()) {
        text += " " + terminal.styled(Style::bold, printable_line(place) + ":");
    }
    text += " " + printable(error.message()) + "\n";
    if (error.where().line != 0) {
        text += quote(error.where(), terminal);
    }
    for (const std::string& context : error.context()) {
        text += terminal.styled(Style::dim, "while:") + " " + printable(context) + "\n";
    }
    const std::string hint = bug && error.hint().empty()
                                 ? "this should never happen; please report it with the command "
                                   "line and what stands above"
                                 : error.hint();
    if (!hint.empty()) {
        text += terminal.styled(Style::green, "hint:") + " " + printable(hint) + "\n";
    }
    return text;
}

} // namespace pare::cli
