// SPDX-License-Identifier: Apache-2.0
// Problem: what the archives offer now, verified, in as little time as can be: a run in which all
// is fresh reads one small file a suite; otherwise the files of all suites come side by side, and
// librnp loads while they are under way.
// Format: InRelease, else Release with Release.gpg, below dists/SUITE/ or, in flat archives, where
// the suite points (wiki.debian.org/DebianRepository/Format).
// Refuses: what crypto/ refuses of a signature, deb/suite.hh of a Release and net/ of a hash.
#include "deb/repository.hh"

#include "deb/index_cache.hh"
#include "deb/index_fetch.hh"
#include "deb/library_index.hh"
#include "deb/owning_universe.hh"
#include "deb/release.hh"
#include "deb/source_keys.hh"
#include "deb/suite.hh"
#include "net/url.hh"
#include "support/digest.hh"
#include "support/error.hh"
#include "support/text.hh"
#include "support/thread_pool.hh"

#include <fmt/core.h>

#include <algorithm>
#include <exception>
#include <map>
#include <utility>

namespace pare::deb {

namespace {

constexpr std::uint64_t kLargestRelease = 64U << 20;
constexpr std::uint64_t kLargestSignature = 1U << 20;
/// So long a signature over the same bytes by the same keys is not looked at again; then it is, as
/// keys expire.
constexpr std::int64_t kVerifiedFor = 86400;

/// A suite that the archive has to be asked for.
struct Pending {
    const Source* source = nullptr;
    std::string key{};
    const TrustedKeys* keys = nullptr;     ///< null for a trusted source
    std::optional<SuiteRecord> previous{}; ///< what was seen before
    SuiteRecord found{};
    bool has_no_inrelease = false;
    std::exception_ptr error{};
};

/// What the archive gave, before anything of it is believed.
struct Download {
    Bytes text{};      ///< InRelease, or Release
    Bytes signature{}; ///< Release.gpg
    std::string name{};
};

template <typename Work>
void record_error(Pending& pending, Work work) {
    try {
        with_context("reading the index of " + suite_name(*pending.source), work);
    } catch (...) {
        pending.error = std::current_exception();
    }
}

[[noreturn]] void throw_nothing_there(const Source& source) {
    throw Error(
        ErrorKind::environment,
        fmt::format("there is no InRelease and no Release at {}", net::redacted(suite_url(source))),
        "see that the URL and the suite are right");
}

[[noreturn]] void throw_gone(const std::string& name) {
    throw Error(
        ErrorKind::environment, fmt::format("the index of {} vanished from the store", name),
        "see that nothing else cleans the store, and that the disk is not full");
}

} // namespace

struct Repositories::State {
    State(net::Client& net_client, const Clock& wall_clock, RepositoryOptions wanted)
        : client(net_client), clock(wall_clock), options(std::move(wanted)), cache(options.cache),
          keys({.keyrings = options.keyrings, .root = options.root}) {}

    [[nodiscard]] std::string key_of(const Source& source) const;
    [[nodiscard]] bool is_usable(const Source& source, const SuiteRecord& record) const;
    [[nodiscard]] bool is_out_of_reach(const Source& source) const;
    void ask(std::vector<Pending>& pending, const std::stop_token& stop);
    void fetch_and_accept(std::vector<Pending>& pending, const std::stop_token& stop);
    void fetch_release(Pending& pending, const std::stop_token& stop);
    void accept(Pending& pending, const Download& download) const;
    [[nodiscard]] crypto::Verified verify(const Pending& pending, const Download& download) const;
    [[nodiscard]] Release release_of(const Source& source, const std::stop_token& stop);

    net::Client& client;
    const Clock& clock;
    RepositoryOptions options;
    IndexCache cache;
    SourceKeys keys;
    std::map<std::string, SuiteRecord> suites{}; ///< by key_of()
};

Repositories::Repositories(
    net::Client& client, Events& /*events*/, const Clock& clock, RepositoryOptions options)
    : state_(std::make_unique<State>(client, clock, std::move(options))) {}

Repositories::~Repositories() = default;

/// Another set of keys is another opinion: it shares nothing with what they vouched for.
std::string Repositories::State::key_of(const Source& source) const {
    Hasher hasher;
    const auto add = [&](std::string_view text) {
        hasher.write(fmt::format("{}:", text.size()));
        hasher.write(text);
    };
    add(source.uri);
    add(source.suite);
    add(source.trusted ? "trusted" : "signed");
    for (const std::string& key : source.signed_by) {
        add(key);
    }
    add("keyrings");
    for (const std::filesystem::path& keyring : options.keyrings) {
        add(keyring.string());
    }
    return hasher.hex();
}

bool Repositories::State::is_out_of_reach(const Source& source) const {
    return options.offline && !net::local_path(client.rewritten(suite_url(source)));
}

bool Repositories::State::is_usable(const Source& source, const SuiteRecord& record) const {
    const std::int64_t now = clock.now();
    if (is_out_of_reach(source)) {
        return true;
    }
    const bool is_fresh = record.fetched_at <= now && now - record.fetched_at < options.fresh_for;
    const bool is_valid = !source.check_valid_until || record.valid_until.value_or(now) >= now;
    return is_fresh && is_valid;
}

std::vector<SuiteState>
Repositories::refresh(const std::vector<Source>& sources, const std::stop_token& stop) {
    std::vector<Pending> pending;
    std::vector<std::string> source_keys;
    for (const Source& source : sources) {
        std::string key = state_->key_of(source);
        source_keys.push_back(key);
        const bool is_known = std::ranges::find(pending, key, &Pending::key) != pending.end();
        auto record = state_->cache.find_suite(key);
        const bool is_whole = record && state_->cache.has_release(*record);
        if (is_whole && state_->is_usable(source, *record)) {
            check_valid_until(source, record->valid_until, state_->clock.now());
            state_->suites.insert_or_assign(std::move(key), std::move(*record));
        } else if (!is_known) {
            pending.push_back(
                {.source = &source, .key = std::move(key), .previous = std::move(record)});
        }
    }
    if (!pending.empty()) {
        state_->ask(pending, stop);
    }
    std::vector<SuiteState> states;
    for (std::size_t i = 0; i < sources.size(); ++i) {
        const SuiteRecord& record = state_->suites.at(source_keys[i]);
        states.push_back({sources[i], record.release_sha256, record.date, record.signers});
    }
    return states;
}

void Repositories::State::ask(std::vector<Pending>& pending, const std::stop_token& stop) {
    for (Pending& suite : pending) {
        if (is_out_of_reach(*suite.source)) {
            throw Error(
                ErrorKind::environment,
                fmt::format("the store has no index of {}", suite_name(*suite.source)),
                "run once without --offline");
        }
        if (!suite.source->trusted) {
            suite.keys = &keys.of(*suite.source);
        }
    }
    fetch_and_accept(pending, stop);
    for (Pending& suite : pending) {
        if (suite.has_no_inrelease) {
            record_error(suite, [&] { fetch_release(suite, stop); });
        }
        if (suite.error) {
            std::rethrow_exception(suite.error);
        }
        suites.insert_or_assign(suite.key, std::move(suite.found));
    }
}

void Repositories::State::fetch_and_accept(
    std::vector<Pending>& pending, const std::stop_token& stop) {
    const TemporaryDirectory directory(cache.downloads());
    std::vector<net::Transfer> transfers;
    for (const Pending& suite : pending) {
        const std::string url = suite_url(*suite.source) + "InRelease";
        transfers.push_back(
            {.url = url,
             .destination = directory.path() / suite.key,
             .limit = kLargestRelease,
             .stage = Stage::index,
             .name = net::redacted(url)});
    }
    ThreadPool pool(worker_count(pending.size() + 1));
    TaskGroup group(pool);
    if (std::ranges::any_of(pending, [](const Pending& suite) { return suite.keys != nullptr; })) {
        group.run(0, [] { crypto::prepare(); });
    }
    client.fetch(
        transfers,
        [&](std::size_t i, const net::Outcome& outcome) {
            Pending& suite = pending[i];
            if (!outcome.error) {
                group.run(1, [this, &suite, &transfer = transfers[i]] {
                    record_error(suite, [&] {
                        accept(
                            suite,
                            {.text = read_file(transfer.destination), .name = transfer.name});
                    });
                });
            } else if (outcome.is_absent) {
                suite.has_no_inrelease = true;
            } else {
                suite.error = outcome.error;
            }
        },
        stop);
    group.wait();
}

void Repositories::State::fetch_release(Pending& pending, const std::stop_token& stop) {
    const std::string url = suite_url(*pending.source) + "Release";
    auto text = client.get(url, kLargestRelease, Stage::index, stop);
    if (!text) {
        throw_nothing_there(*pending.source);
    }
    Download download{.text = std::move(*text), .name = net::redacted(url)};
    if (pending.keys != nullptr) {
        auto signature = client.get(url + ".gpg", kLargestSignature, Stage::index, stop);
        if (!signature) {
            throw Error(
                ErrorKind::refused, fmt::format("{} is not signed", download.name),
                "use another mirror; write [trusted=yes] only for an archive of your own");
        }
        download.signature = std::move(*signature);
    }
    accept(pending, download);
}

crypto::Verified
Repositories::State::verify(const Pending& pending, const Download& download) const {
    const bool is_inrelease = download.name.ends_with("InRelease");
    if (pending.keys == nullptr) {
        return {
            .text = is_inrelease ? crypto::parse_cleartext(download.text, download.name).text
                                 : download.text};
    }
    const crypto::Keyring& keyring = pending.keys->keyring;
    return is_inrelease
               ? crypto::verify_cleartext(download.text, keyring, clock.now(), download.name)
               : crypto::verify_detached(
                     download.text, download.signature, keyring, clock.now(), download.name);
}

void Repositories::State::accept(Pending& pending, const Download& download) const {
    const std::int64_t now = clock.now();
    const std::string identity = pending.keys == nullptr ? "" : pending.keys->identity;
    const std::string download_sha256 = hash_hex(hash_hex(download.text) + download.signature);
    const auto& previous = pending.previous;
    if (previous && previous->download_sha256 == download_sha256 && previous->keys == identity &&
        previous->verified_at <= now && now - previous->verified_at < kVerifiedFor &&
        cache.has_release(*previous)) {
        check_valid_until(*pending.source, previous->valid_until, now);
        pending.found = *previous;
        pending.found.fetched_at = now;
        cache.keep_suite(pending.key, pending.found);
        return;
    }
    crypto::Verified verified = verify(pending, download);
    const Release release = parse_release(verified.text, download.name);
    const auto seen = previous ? std::optional(previous->date) : std::nullopt;
    check_release(*pending.source, release, seen, now);
    pending.found = {
        .release_sha256 = hash_hex(verified.text),
        .release_size = verified.text.size(),
        .download_sha256 = download_sha256,
        .keys = identity,
        .date = release.date,
        .valid_until = release.valid_until,
        .signers = std::move(verified.signers),
        .fetched_at = now,
        .verified_at = now};
    cache.keep_release(pending.found, verified.text);
    cache.keep_suite(pending.key, pending.found);
}

Release Repositories::State::release_of(const Source& source, const std::stop_token& stop) {
    const std::string key = key_of(source);
    const auto found = suites.find(key);
    ensure(found != suites.end(), "refresh() has seen the sources of a universe");
    auto text = cache.find_release(found->second);
    if (!text) {
        // Damaged, or removed by another process.
        std::vector<Pending> pending(1);
        pending.front() = {.source = &source, .key = key, .previous = found->second};
        ask(pending, stop);
        text = cache.find_release(suites.at(key));
    }
    if (!text) {
        throw_gone(suite_name(source));
    }
    return parse_release(*text, suite_url(source) + "InRelease");
}

std::unique_ptr<package::Universe> Repositories::universe(
    const std::vector<Source>& sources, const std::string& architecture,
    const std::stop_token& stop) {
    std::vector<WantedIndex> wanted;
    std::vector<PackagesIndex> indexes;
    for (const Source& source : sources) {
        if (!source.architectures.empty() &&
            std::ranges::find(source.architectures, architecture) == source.architectures.end()) {
            continue;
        }
        const Release release = state_->release_of(source, stop);
        const std::string& codename = release.codename.empty() ? release.suite : release.codename;
        for (IndexPlan& plan : plan_indexes(source, release, architecture)) {
            wanted.push_back(
                {.suite_url = suite_url(source),
                 .plan = std::move(plan),
                 .by_hash = release.acquire_by_hash});
            indexes.push_back(
                {.base_url = source.uri,
                 .suite = codename.empty() ? source.suite : codename,
                 .alias = release.suite,
                 .name = net::redacted(wanted.back().name()),
                 .priority = priority_of(release)});
        }
    }
    std::vector<MappedFile> files =
        find_indexes(state_->client, state_->cache, wanted, packages_form(), stop);
    for (std::size_t i = 0; i < files.size(); ++i) {
        indexes[i].text = files[i].bytes();
    }
    return std::make_unique<OwningUniverse>(
        std::move(files), make_universe(std::move(indexes), architecture));
}

std::vector<MappedFile> Repositories::libraries(
    const std::vector<Source>& sources, const std::string& architecture,
    const std::stop_token& stop) {
    std::vector<WantedIndex> wanted;
    for (const Source& source : sources) {
        const Release release = state_->release_of(source, stop);
        for (IndexPlan& plan : plan_contents(source, release, architecture)) {
            wanted.push_back(
                {.suite_url = suite_url(source),
                 .plan = std::move(plan),
                 .by_hash = release.acquire_by_hash});
        }
    }
    return find_indexes(state_->client, state_->cache, wanted, libraries_form(), stop);
}

} // namespace pare::deb
