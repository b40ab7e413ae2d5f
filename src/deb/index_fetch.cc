// SPDX-License-Identifier: Apache-2.0
// Problem: the indexes of a release are 10 MB to fetch and 50 MB to unpack; the network, the
// decoder and the disk have to work at the same time, and 50 MB must not be on the heap twice.
// Format: gzip, xz, zstd or plain, by the name that the Release lists.
// Refuses: files that are not what the Release says: size and SHA-256 of what is fetched (by net/),
// size of what comes out.
#include "deb/index_fetch.hh"

#include "net/url.hh"
#include "support/error.hh"
#include "support/thread_pool.hh"

#include <fmt/core.h>

#include <algorithm>
#include <exception>
#include <set>
#include <thread>
#include <vector>

namespace pare::deb {

namespace {

namespace fs = std::filesystem;

/// Up to this size libdeflate unpacks a file at once, which takes half the time of a stream.
constexpr std::uint64_t kLargestWhole = 96U << 20;
constexpr std::uint64_t kLargestPlain = std::uint64_t{4} << 30;

void unpack(const WantedIndex& index, BytesView packed, AtomicFile& plain) {
    const IndexPlan& plan = index.plan;
    const std::uint64_t limit = plan.plain_size.value_or(kLargestPlain);
    if (plan.codec == archive::Codec::gzip && limit <= kLargestWhole) {
        plain.write(archive::gunzip(packed, limit, index.name()));
        return;
    }
    ViewSource source(packed);
    const auto decoded = archive::decompress(source, plan.codec, {.output = limit}, index.name());
    copy_all(*decoded, plain);
}

void make_plain(const WantedIndex& index, BytesView packed, AtomicFile& plain) {
    unpack(index, packed, plain);
    if (plain.size() != index.plan.plain_size.value_or(plain.size())) {
        throw Error(
            ErrorKind::refused,
            fmt::format(
                "{}: expected {} bytes of text, got {}", net::redacted(index.name()),
                *index.plan.plain_size, plain.size()),
            "use another mirror");
    }
}

class Fetcher {
public:
    Fetcher(
        net::Client& client, const IndexCache& cache, const IndexForm& form,
        std::vector<const WantedIndex*> missing, const std::stop_token& stop)
        : client_(client), cache_(cache), form_(form), stop_(stop), missing_(std::move(missing)),
          errors_(missing_.size()), directory_(cache.downloads()),
          pool_(worker_count(missing_.size())) {}

    void run() {
        std::vector<std::size_t> all(missing_.size());
        for (std::size_t i = 0; i < all.size(); ++i) {
            all[i] = i;
        }
        fetch(all, Naming::best);
        // Archives that claim to have files by hash, but whose mirror leaves them out.
        if (!absent_.empty()) {
            fetch(std::exchange(absent_, {}), Naming::by_path);
        }
        for (const std::exception_ptr& error : errors_) {
            if (error) {
                std::rethrow_exception(error);
            }
        }
    }

private:
    enum class Naming { best, by_path };

    [[nodiscard]] std::string url_of(const WantedIndex& index, Naming naming) const {
        const bool by_hash = index.by_hash && naming == Naming::best;
        return index.suite_url + (by_hash ? by_hash_path(index.plan.path, index.plan.packed.sha256)
                                          : index.plan.path);
    }

    [[nodiscard]] fs::path packed_path(std::size_t number) const {
        return directory_.path() / std::to_string(number);
    }

    void fetch(const std::vector<std::size_t>& numbers, Naming naming) {
        std::vector<net::Transfer> transfers;
        for (const std::size_t number : numbers) {
            const WantedIndex& index = *missing_[number];
            transfers.push_back(
                {.url = url_of(index, naming),
                 .destination = packed_path(number),
                 .size = index.plan.packed.size,
                 .sha256 = index.plan.packed.sha256,
                 .stage = Stage::index,
                 .name = net::redacted(index.name())});
        }
        TaskGroup group(pool_);
        client_.fetch(
            transfers,
            [&](std::size_t i, const net::Outcome& outcome) {
                const std::size_t number = numbers[i];
                if (!outcome.error) {
                    const std::uint64_t weight = missing_[number]->plan.packed.size;
                    group.run(weight, [this, number] { keep(number); });
                } else if (
                    naming == Naming::best && missing_[number]->by_hash && outcome.is_absent) {
                    absent_.push_back(number);
                } else {
                    errors_[number] = outcome.error;
                }
            },
            stop_);
        group.wait();
    }

    /// Runs in the pool, for one number at a time.
    void keep(std::size_t number) {
        const WantedIndex& index = *missing_[number];
        try {
            const MappedFile packed(packed_path(number));
            AtomicFile kept = cache_.create_packages(form_.key(index));
            form_.make(index, packed.bytes(), kept);
            kept.commit();
        } catch (...) {
            errors_[number] = std::current_exception();
        }
    }

    net::Client& client_;
    const IndexCache& cache_;
    const IndexForm& form_;
    const std::stop_token& stop_;
    std::vector<const WantedIndex*> missing_;
    std::vector<std::exception_ptr> errors_;
    std::vector<std::size_t> absent_{};
    TemporaryDirectory directory_;
    ThreadPool pool_;
};

void fetch_missing(
    net::Client& client, const IndexCache& cache, std::span<const WantedIndex> wanted,
    const IndexForm& form, const std::stop_token& stop) {
    std::vector<const WantedIndex*> missing;
    std::set<std::string> keys;
    for (const WantedIndex& index : wanted) {
        if (!cache.find_packages(form.key(index), form.size(index)) &&
            keys.insert(form.key(index)).second) {
            missing.push_back(&index);
        }
    }
    if (missing.empty()) {
        return;
    }
    cache.remove_unused();
    Fetcher(client, cache, form, std::move(missing), stop).run();
}

} // namespace

IndexForm packages_form() {
    return {
        .key = [](const WantedIndex& index) { return index.plan.key(); },
        .size = [](const WantedIndex& index) { return index.plan.plain_size; },
        .make = make_plain};
}

std::vector<MappedFile> find_indexes(
    net::Client& client, const IndexCache& cache, std::span<const WantedIndex> wanted,
    const IndexForm& form, const std::stop_token& stop) {
    fetch_missing(client, cache, wanted, form, stop);
    std::vector<MappedFile> files;
    for (const WantedIndex& index : wanted) {
        auto file = cache.find_packages(form.key(index), form.size(index));
        if (!file) {
            throw Error(
                ErrorKind::environment,
                fmt::format("{} has gone from the store", net::redacted(index.name())),
                "run again");
        }
        files.push_back(std::move(*file));
    }
    return files;
}

unsigned worker_count(std::size_t tasks) {
    constexpr std::size_t kMost = 4;
    const std::size_t processors = std::max(1U, std::thread::hardware_concurrency());
    return static_cast<unsigned>(std::min({tasks, processors, kMost}));
}

} // namespace pare::deb
