// SPDX-License-Identifier: Apache-2.0
// /etc/passwd and /etc/group (passwd(5), group(5)) and the home directories, from the accounts of
// the whole chain of definitions. Lines of a parent image that no definition names stay. There are
// no shadow files: no account of an image has a password.
#include "finish/parts.hh"
#include "finish/table.hh"
#include "support/error.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace pare::finish {

namespace {

void check_field(const std::string& account, std::string_view field) {
    if (field.find_first_of(":\n") != std::string_view::npos) {
        throw Error(
            ErrorKind::definition,
            fmt::format("the account '{}' has a ':' or a line break in '{}'", account, field),
            "neither can stand in /etc/passwd or /etc/group");
    }
}

std::string line_of(const definition::User& user) {
    for (const std::string* field : {&user.name, &user.home, &user.shell}) {
        check_field(user.name, *field);
    }
    return fmt::format(
        "{}:x:{}:{}:{}:{}:{}", user.name, user.uid, user.gid, user.name, user.home, user.shell);
}

std::string line_of(const definition::Group& group) {
    check_field(group.name, group.name);
    for (const std::string& member : group.members) {
        check_field(group.name, member);
    }
    return fmt::format("{}:x:{}:{}", group.name, group.gid, join(group.members, ","));
}

std::string_view name_in(std::string_view line) {
    return line.substr(0, line.find(':'));
}

/// The file with one line for each account: in the place of its earlier line, else at the end.
template <typename Account>
Generated
account_file(const Context& context, const ImagePath& path, const std::vector<Account>& accounts) {
    const Bytes earlier = context.content(path).value_or(Bytes());
    std::vector<std::string> lines;
    for (const std::string_view line : split(earlier, '\n')) {
        if (!trim(line).empty()) {
            lines.emplace_back(line);
        }
    }
    for (const Account& account : accounts) {
        const auto at = std::find_if(lines.begin(), lines.end(), [&](const std::string& line) {
            return name_in(line) == account.name;
        });
        if (at == lines.end()) {
            lines.push_back(line_of(account));
        } else {
            *at = line_of(account);
        }
    }
    return make_file(context, path, join(lines, "\n") + "\n");
}

void add_homes(const Context& context, std::vector<Generated>& made) {
    for (const definition::User& user : context.users) {
        if (user.home.empty() || user.home == "/nonexistent" || user.home == "/dev/null") {
            continue;
        }
        const ImagePath home = ImagePath::parse(user.home);
        const auto is_made = [&](const Generated& one) { return one.entry.path == home; };
        if (home.is_root() || context.tree.resolve(home) != nullptr ||
            std::any_of(made.begin(), made.end(), is_made)) {
            continue;
        }
        Generated one = make_directory(context, home, 0700);
        one.entry.uid = user.uid;
        one.entry.gid = user.gid;
        made.push_back(std::move(one));
    }
}

std::vector<Generated> run(const Context& context) {
    std::vector<Generated> made;
    if (!context.step.users.empty()) {
        made.push_back(account_file(context, ImagePath::parse("etc/passwd"), context.users));
        add_homes(context, made);
    }
    if (!context.step.groups.empty()) {
        made.push_back(account_file(context, ImagePath::parse("etc/group"), context.groups));
    }
    return made;
}

} // namespace

Finisher accounts_finisher() {
    return {
        .name = "accounts",
        .replaces_script = "base-passwd.postinst and adduser: accounts and home directories",
        .run = run};
}

} // namespace pare::finish
