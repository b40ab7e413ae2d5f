// SPDX-License-Identifier: Apache-2.0
#include "support/error.hh"

#include <fmt/core.h>

#include <system_error>

namespace pare {

std::string Where::str() const {
    if (line == 0) {
        return file;
    }
    if (column == 0) {
        return fmt::format("{}:{}", file, line);
    }
    return fmt::format("{}:{}:{}", file, line, column);
}

Error& Error::at(Where where) {
    where_ = std::move(where);
    return *this;
}

Error& Error::mend(std::string hint) {
    hint_ = std::move(hint);
    return *this;
}

Error& Error::while_doing(std::string context) {
    context_.push_back(std::move(context));
    return *this;
}

void throw_errno(int errno_value, const std::string& deed, const std::string& object) {
    throw Error(
        ErrorKind::environment,
        fmt::format(
            "cannot {} {}: {}", deed, object, std::generic_category().message(errno_value)));
}

void ensure(bool condition, const char* what) {
    if (!condition) {
        throw Error(ErrorKind::bug, fmt::format("this should never happen: {}", what));
    }
}

} // namespace pare
