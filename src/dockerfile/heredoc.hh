// SPDX-License-Identifier: Apache-2.0
// Here-documents: `RUN <<EOF`, `COPY <<-"one" <<two /to/`.
#pragma once

#include "dockerfile/document.hh"

#include <optional>
#include <string_view>
#include <vector>

namespace pare::dockerfile {

/// What `word` opens, when it is `[descriptor]<<[-]name`. Throws ErrorKind::definition for a name
/// with an open quote.
[[nodiscard]] std::optional<Heredoc> parse_heredoc(std::string_view word);
/// All that the logical line `text` opens, in their order.
[[nodiscard]] std::vector<Heredoc> heredocs_of(std::string_view text);
/// The content as the file gets it: without leading tabs where `<<-` asks for that.
[[nodiscard]] std::string content_of(const Heredoc& heredoc);

} // namespace pare::dockerfile
