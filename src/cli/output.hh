// SPDX-License-Identifier: Apache-2.0
// The result, on standard output.
#pragma once

#include "sbom/utf8.hh"
#include "support/json.hh"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace pare::cli {

enum class ResultForm { text, json };

class Output {
public:
    using Write = std::function<void(std::string_view)>;

    Output(ResultForm form, Write write) : form_(form), write_(std::move(write)) {}

    [[nodiscard]] ResultForm form() const { return form_; }

    void text(std::string_view text) const { write_(text); }

    /// Pretty JSON and a line feed; of names in images every byte that is no UTF-8 becomes U+FFFD.
    void json(const json::Value& value) const {
        write_(sbom::clean_utf8(json::write(value, json::Layout::pretty)) + "\n");
    }

private:
    ResultForm form_;
    Write write_;
};

/// Writes to standard output. A reader that has gone ends the program quietly, as it would any
/// other tool in a pipe; other failures throw ErrorKind::environment.
void write_to_stdout(std::string_view text);

/// Rows with their cells below each other, two spaces apart; control characters are escaped.
[[nodiscard]] std::string render_table(const std::vector<std::vector<std::string>>& rows);

} // namespace pare::cli
