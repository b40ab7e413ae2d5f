// SPDX-License-Identifier: Apache-2.0
#include "cli/command.hh"
#include "cli/session.hh"
#include "store/store.hh"
#include "support/text.hh"

#include <fmt/core.h>

#include <memory>

namespace pare::cli {

namespace {

constexpr std::uint64_t kMaxDays = 36'500;

struct CacheOptions {
    std::string store{};
    std::uint64_t days = 30;
};

Option store_option(CacheOptions& options) {
    return {
        .names = "--store",
        .value = "DIR",
        .help = "the cache on disk [~/.cache/pare]",
        .target = &options.store};
}

int run_info(const CacheOptions& options, Session& session) {
    const store::Store store(store::choose_root(options.store));
    std::vector<std::vector<std::string>> rows;
    json::Object kinds;
    std::uint64_t total = 0;
    for (const auto& [kind, usage] : store.usage()) {
        rows.push_back({kind, fmt::format("{} files", usage.files), format_size(usage.bytes)});
        kinds.set(kind, json::Object{{"files", usage.files}, {"bytes", usage.bytes}});
        total += usage.bytes;
    }
    if (session.output.form() == ResultForm::json) {
        session.output.json(json::Object{
            {"store", store.root().string()}, {"bytes", total}, {"kinds", std::move(kinds)}});
    } else {
        rows.push_back({"total", "", format_size(total)});
        session.output.text(store.root().string() + "\n" + render_table(rows));
    }
    return 0;
}

int run_prune(const CacheOptions& options, Session& session) {
    if (options.days > kMaxDays) {
        throw Error(
            ErrorKind::usage, fmt::format("--older-than {} is more than a lifetime", options.days),
            "give days");
    }
    const auto age = static_cast<std::int64_t>(options.days * 24 * 60 * 60);
    const store::PruneResult result =
        store::prune(store::choose_root(options.store), SystemClock().now() - age);
    if (session.output.form() == ResultForm::json) {
        session.output.json(json::Object{{"files", result.files}, {"bytes", result.bytes}});
    } else {
        session.output.text(
            fmt::format("removed {} files, {}\n", result.files, format_size(result.bytes)));
    }
    return 0;
}

} // namespace

Command cache_info_command() {
    const auto options = std::make_shared<CacheOptions>();
    return {
        .details = "Shows where the store is and what it holds.\n",
        .examples = "pare cache info\npare cache info --json",
        .options = {store_option(*options)},
        .run = [options](Session& session) { return run_info(*options, session); }};
}

Command cache_prune_command() {
    const auto options = std::make_shared<CacheOptions>();
    return {
        .details =
            "Removes what no build has used lately, and what killed builds left behind.\n"
            "Everything in the store can be made again. Waits for builds that are running.\n",
        .examples = "pare cache prune\npare cache prune --older-than 0",
        .options =
            {store_option(*options),
             {.names = "--older-than",
              .value = "DAYS",
              .help = "remove what was not used for so long [30]",
              .target = &options->days}},
        .run = [options](Session& session) { return run_prune(*options, session); }};
}

} // namespace pare::cli
