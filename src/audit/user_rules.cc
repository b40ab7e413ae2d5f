// SPDX-License-Identifier: Apache-2.0
#include "audit/dockerfile_rules.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <algorithm>

namespace pare::audit {

using namespace dockerfile;

namespace {

constexpr std::uint64_t kFirstFreePort = 1024;

bool is_number(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

void check_root(Review& review) {
    if (review.runs_as_root() != true) {
        return;
    }
    const auto& user = review.config().user;
    review.report(
        "runs-as-root", user ? user->range : review.final_stage().from.base.range,
        user ? fmt::format("USER {} is root", user->text)
             : "there is no USER, and the base image runs as root");
}

void check_name(Review& review) {
    const auto& user = review.config().user;
    if (!user || user->text.empty()) {
        return;
    }
    const std::string name = user->text.substr(0, user->text.find(':'));
    const Base& base = review.final_base();
    const bool accounts_copied = review.final_image_gets("/etc/passwd") != Brings::no;
    const bool known =
        (base.origin != Origin::scratch && base.origin != Origin::distroless) ||
        (base.origin == Origin::distroless && is_one_of(name, {"root", "nobody", "nonroot"}));
    if (is_number(name)) {
        return;
    }
    if (!known && !accounts_copied) {
        review.report(
            "user-not-in-image", user->range,
            fmt::format("there is no user {} in {}", name, review.final_stage().image));
    } else if (name != "root") {
        review.report(
            "user-by-name", user->range, fmt::format("the user is \"{}\", not a number", name));
    }
}

void check_ports(Review& review) {
    if (review.runs_as_root() != false) {
        return;
    }
    for (const Word& port : review.config().ports) {
        const std::string_view numbers = std::string_view(port.text).substr(0, port.text.find('/'));
        const std::size_t colon = numbers.rfind(':');
        const std::string_view last =
            numbers.substr(colon == std::string_view::npos ? 0 : colon + 1);
        const auto number = parse_number(last.substr(0, last.find('-')));
        if (number && *number > 0 && *number < kFirstFreePort) {
            review.report(
                "privileged-port", port.range,
                fmt::format("the user may not be allowed to listen on {}", *number));
        }
    }
}

bool is_given_away(const Review& review, const std::string& path) {
    return std::any_of(
        review.final_steps().begin(), review.final_steps().end(), [&](const Step* step) {
            const Copy* copy = std::get_if<Copy>(&step->command);
            if (copy != nullptr) {
                const std::string& to = copy->destination.text;
                return copy->chown && (to.starts_with(path) || brings(*copy, path) != Brings::no);
            }
            return std::holds_alternative<Run>(step->command);
        });
}

void check_volumes(Review& review) {
    if (review.runs_as_root() != false || !review.final_base().has_known_content()) {
        return;
    }
    // Each is looked for in all of the Dockerfile; nobody has more of them.
    constexpr std::size_t kMostVolumes = 256;
    const std::vector<Word>& volumes = review.config().volumes;
    for (std::size_t i = 0; i < std::min(volumes.size(), kMostVolumes); ++i) {
        const Word& volume = volumes[i];
        const bool free =
            volume.text.starts_with("/tmp") || volume.text.starts_with("/home/nonroot");
        if (!free && !is_given_away(review, volume.text)) {
            review.report(
                "volume-owned-by-root", volume.range,
                fmt::format(
                    "{} belongs to root and the container runs as another user", volume.text));
        }
    }
}

} // namespace

void check_users(Review& review) {
    check_root(review);
    check_name(review);
    check_ports(review);
    check_volumes(review);
}

} // namespace pare::audit
