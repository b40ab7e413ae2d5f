// SPDX-License-Identifier: Apache-2.0
// A terminal that remembers what stands on it: carriage return, line feed, erase to the end of the
// line or screen, cursor up; scrolls at the bottom and wraps at the right.
#pragma once

#include "cli/terminal.hh"

#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace pare::cli::test {

class Screen {
public:
    explicit Screen(Area area = {}) : area_(area), lines_(area.rows) {}

    void write(std::string_view text) {
        raw_ += text;
        while (!text.empty()) {
            if (text.starts_with("\x1b[")) {
                text = escape(text.substr(2));
                continue;
            }
            put(text.front());
            text.remove_prefix(1);
        }
    }

    /// What a person sees: all lines, without the empty ones at the end. Lines that have scrolled
    /// out of sight come first.
    [[nodiscard]] std::vector<std::string> lines() const {
        std::vector<std::string> all = scrolled_;
        all.insert(all.end(), lines_.begin(), lines_.end());
        while (!all.empty() && all.back().empty()) {
            all.pop_back();
        }
        return all;
    }

    [[nodiscard]] const std::string& raw() const { return raw_; }

    [[nodiscard]] Terminal terminal(bool live) {
        return {
            .live = live,
            .write = [this](std::string_view text) { write(text); },
            .area = [this] { return area_; }};
    }

private:
    void put(char c) {
        if (c == '\r') {
            column_ = 0;
        } else if (c == '\n') {
            column_ = 0;
            down();
        } else {
            if (column_ == area_.columns) {
                column_ = 0;
                down();
            }
            std::string& line = lines_[row_];
            line.resize(std::max(line.size(), column_ + 1), ' ');
            line[column_++] = c;
        }
    }

    void down() {
        if (row_ + 1 < area_.rows) {
            ++row_;
            return;
        }
        scrolled_.push_back(lines_.front());
        lines_.erase(lines_.begin());
        lines_.emplace_back();
    }

    std::string_view escape(std::string_view rest) {
        const std::size_t end = rest.find_first_not_of("0123456789;");
        const auto number = static_cast<std::size_t>(std::atoi(std::string(rest).c_str()));
        const char kind = rest.at(end);
        if (kind == 'A') {
            row_ -= std::min(row_, number);
        } else if (kind == 'K' || kind == 'J') {
            lines_[row_].resize(std::min(column_, lines_[row_].size()));
        }
        for (std::size_t row = row_ + 1; kind == 'J' && row < lines_.size(); ++row) {
            lines_[row].clear();
        }
        return rest.substr(end + 1);
    }

    Area area_;
    std::vector<std::string> lines_;
    std::vector<std::string> scrolled_;
    std::size_t row_ = 0;
    std::size_t column_ = 0;
    std::string raw_;
};

} // namespace pare::cli::test
