// SPDX-License-Identifier: Apache-2.0
#include "cli/output.hh"

#include "cli/terminal.hh"
#include "support/error.hh"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>

namespace pare::cli {

void write_to_stdout(std::string_view text) {
    while (!text.empty()) {
        const ssize_t count = ::write(STDOUT_FILENO, text.data(), text.size());
        if (count >= 0) {
            text.remove_prefix(static_cast<std::size_t>(count));
        } else if (errno == EPIPE) {
            ::signal(SIGPIPE, SIG_DFL);
            ::raise(SIGPIPE);
        } else if (errno != EINTR) {
            throw_errno(errno, "write to", "standard output");
        }
    }
}

std::string render_table(const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::vector<std::string>> cells;
    std::vector<std::size_t> widths;
    for (const auto& row : rows) {
        auto& safe = cells.emplace_back();
        widths.resize(std::max(widths.size(), row.size()));
        for (const std::string& cell : row) {
            safe.push_back(printable_line(cell));
            std::size_t& width = widths[safe.size() - 1];
            width = std::max(width, safe.back().size());
        }
    }
    std::string text;
    for (const auto& row : cells) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            line += row[i];
            if (i + 1 < row.size()) {
                line.append(widths[i] - row[i].size() + 2, ' ');
            }
        }
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + "\n";
    }
    return text;
}

} // namespace pare::cli
