// SPDX-License-Identifier: Apache-2.0
// The one exception of the house: what is wrong, where, what was being done, how to mend it.
#pragma once

#include <cstddef>
#include <exception>
#include <string>
#include <utility>
#include <vector>

namespace pare {

/// Decides the exit status (docs/errors.md); what exactly is wrong is in the message.
enum class ErrorKind {
    usage,       ///< the command line; exit 2
    definition,  ///< a definition, lock or source list, or a request no package meets; exit 2
    environment, ///< network, disk, permissions, a server; exit 3
    refused,     ///< a signature, hash or format that is not to be trusted; exit 4
    bug,         ///< an invariant of ours is broken; exit 70
    interrupted, ///< the user stopped the program; exit 130
};

/// A place in a text: `file:line:column`, both counted from 1; 0 means unknown.
struct Where {
    std::string file{};
    std::size_t line = 0;
    std::size_t column = 0;

    /// `file`, `file:line` or `file:line:column`, as far as known.
    [[nodiscard]] std::string str() const;
    bool operator==(const Where&) const = default;
};

class Error : public std::exception {
public:
    Error(ErrorKind kind, std::string message) : kind_(kind), message_(std::move(message)) {}

    Error(ErrorKind kind, std::string message, std::string hint)
        : kind_(kind), message_(std::move(message)), hint_(std::move(hint)) {}

    /// Sets the place; chainable: `throw Error(...).at({"a.yaml", 3, 1})`.
    Error& at(Where where);
    /// Sets the line that says how to mend it.
    Error& mend(std::string hint);
    /// Adds what was being done, innermost first: `reading suite trixie`.
    Error& while_doing(std::string context);

    [[nodiscard]] ErrorKind kind() const { return kind_; }

    [[nodiscard]] const std::string& message() const { return message_; }

    [[nodiscard]] const Where& where() const { return where_; }

    [[nodiscard]] const std::vector<std::string>& context() const { return context_; }

    [[nodiscard]] const std::string& hint() const { return hint_; }

    /// The message alone; cli/ renders the whole.
    [[nodiscard]] const char* what() const noexcept override { return message_.c_str(); }

private:
    ErrorKind kind_;
    std::string message_;
    std::string hint_;
    Where where_;
    std::vector<std::string> context_;
};

/// Throws ErrorKind::environment with the text of `errno_value` ("cannot <deed> <object>: <why>").
[[noreturn]] void throw_errno(int errno_value, const std::string& deed, const std::string& object);

/// Checks an invariant of ours, in every build: a false condition is ErrorKind::bug.
void ensure(bool condition, const char* what);

/// Runs `work` and adds a context frame to an Error that passes through.
template <typename Work>
auto with_context(const std::string& context, Work&& work) -> decltype(work()) {
    try {
        return std::forward<Work>(work)();
    } catch (Error& error) {
        error.while_doing(context);
        throw;
    }
}

} // namespace pare
