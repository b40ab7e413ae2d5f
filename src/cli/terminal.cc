// SPDX-License-Identifier: Apache-2.0
#include "cli/terminal.hh"

#include <fmt/core.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

namespace pare::cli {

namespace {

const char* escape_of(Style style) {
    switch (style) {
    case Style::plain:
        return "";
    case Style::bold:
        return "\x1b[1m";
    case Style::dim:
        return "\x1b[2m";
    case Style::red:
        return "\x1b[1;31m";
    case Style::yellow:
        return "\x1b[1;33m";
    case Style::green:
        return "\x1b[1;32m";
    }
    return "";
}

/// Messages that cannot be written are lost: there is nobody to tell.
void write_to_stderr(std::string_view text) {
    while (!text.empty()) {
        const ssize_t count = ::write(STDERR_FILENO, text.data(), text.size());
        if (count < 0 && errno != EINTR) {
            return;
        }
        text.remove_prefix(count < 0 ? 0 : static_cast<std::size_t>(count));
    }
}

Area area_of_stderr() {
    struct winsize size{};
    if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) {
        return {};
    }
    return {.columns = size.ws_col, .rows = size.ws_row};
}

} // namespace

Environment process_environment() {
    return [](const char* name) {
        const char* value = std::getenv(name);
        return std::string(value == nullptr ? "" : value);
    };
}

std::string Terminal::styled(Style style, std::string_view text) const {
    return colours && style != Style::plain ? fmt::format("{}{}\x1b[0m", escape_of(style), text)
                                            : std::string(text);
}

Terminal standard_error(const Environment& environment) {
    const bool capable = ::isatty(STDERR_FILENO) == 1 && environment("TERM") != "dumb" &&
                         !environment("TERM").empty();
    return {
        .live = capable && environment("CI").empty(),
        .colours = capable && environment("NO_COLOR").empty(),
        .write = write_to_stderr,
        .area = area_of_stderr};
}

std::string printable(std::string_view text) {
    std::string safe;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte < 0x20 && c != '\n') || byte == 0x7f) {
            safe += fmt::format("\\x{:02x}", byte);
        } else {
            safe.push_back(c);
        }
    }
    return safe;
}

std::string printable_line(std::string_view text) {
    std::string safe = printable(text);
    for (std::size_t at = safe.find('\n'); at != std::string::npos; at = safe.find('\n', at)) {
        safe.replace(at, 1, " ");
    }
    return safe;
}

} // namespace pare::cli
