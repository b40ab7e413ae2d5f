// SPDX-License-Identifier: Apache-2.0
// The keys below `accounts`.
#include "definition/bind.hh"

#include <array>

namespace pare::definition {

namespace {

using yaml::Node;

constexpr std::array kUserKeys = {
    Key{.name = "username",
        .description = "Login name.",
        .read = into_last<&Step::users, &User::name, text_of>,
        .need = Need::required},
    Key{.name = "uid",
        .shape = Shape::number,
        .description = "Number of the user.",
        .read = into_last<&Step::users, &User::uid, id_of>,
        .need = Need::required},
    Key{.name = "gid",
        .shape = Shape::number,
        .description = "Number of the user's group; default the user's number.",
        .read = into_last<&Step::users, &User::gid, id_of>},
    Key{.name = "shell",
        .description = "Login shell; default /sbin/nologin.",
        .read = into_last<&Step::users, &User::shell, text_of>},
    Key{.name = "homedir",
        .description = "Home directory; default /home/NAME.",
        .read = into_last<&Step::users, &User::home, image_path_of>},
};

void read_users(const Node& node, Draft& draft) {
    read_entries<&Step::users>(
        node, kUserKeys, "accounts.users", draft, [](const Node& item, User& user) {
            if (item.find("gid") == nullptr) {
                user.gid = user.uid;
            }
            // There is no shell to log in with.
            user.shell = user.shell.empty() ? "/sbin/nologin" : user.shell;
            user.home = user.home.empty() ? "/home/" + user.name : user.home;
        });
}

constexpr std::array kGroupKeys = {
    Key{.name = "groupname",
        .description = "Name of the group.",
        .read = into_last<&Step::groups, &Group::name, text_of>,
        .need = Need::required},
    Key{.name = "gid",
        .shape = Shape::number,
        .description = "Number of the group.",
        .read = into_last<&Step::groups, &Group::gid, id_of>,
        .need = Need::required},
    Key{.name = "members",
        .shape = Shape::texts,
        .description = "Names of the users in it.",
        .read = into_last<&Step::groups, &Group::members, texts_of>},
};

void read_groups(const Node& node, Draft& draft) {
    read_entries<&Step::groups>(
        node, kGroupKeys, "accounts.groups", draft, [](const Node& /*item*/, Group& /*group*/) {});
}

Keys user_keys() {
    return kUserKeys;
}

Keys group_keys() {
    return kGroupKeys;
}

constexpr std::array kAccountsKeys = {
    Key{.name = "run-as",
        .description = "User that the program runs as: a number, or the name of a user below.",
        .read = given_into_step<&Step::run_as, given_text_of>},
    Key{.name = "users",
        .shape = Shape::objects,
        .description = "Users of /etc/passwd; missing home directories are made.",
        .read = read_users,
        .members = user_keys},
    Key{.name = "groups",
        .shape = Shape::objects,
        .description = "Groups of /etc/group.",
        .read = read_groups,
        .members = group_keys},
};

} // namespace

Keys accounts_keys() {
    return kAccountsKeys;
}

} // namespace pare::definition
