// SPDX-License-Identifier: Apache-2.0
// A fixed number of threads and one queue, heaviest task first, so that the longest package starts
// before the short ones fill the gaps.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <queue>
#include <stop_token>
#include <thread>
#include <vector>

namespace pare {

class ThreadPool {
public:
    explicit ThreadPool(unsigned threads);
    ThreadPool(const ThreadPool&) = delete;
    ThreadPool& operator=(const ThreadPool&) = delete;
    /// Waits for the running tasks; drops those that have not started.
    ~ThreadPool();

    [[nodiscard]] unsigned size() const { return static_cast<unsigned>(threads_.size()); }

    /// Queues work that nobody waits for; it must not throw. Dropped when the pool ends first.
    void post(std::uint64_t weight, std::function<void()> work);

private:
    friend class TaskGroup;

    struct Task {
        std::uint64_t weight;
        std::uint64_t order;
        std::function<void()> work;

        /// For a max-heap: heavier first, then older first.
        bool operator<(const Task& other) const {
            return weight != other.weight ? weight < other.weight : order > other.order;
        }
    };

    bool run_one();
    void serve(const std::stop_token& stop);

    std::mutex mutex_;
    std::condition_variable_any wake_;
    std::priority_queue<Task> queue_;
    std::uint64_t order_ = 0;
    std::vector<std::jthread> threads_;
};

/// Tasks that belong together. The first exception is kept; tasks that have not started by then
/// are skipped.
class TaskGroup {
public:
    explicit TaskGroup(ThreadPool& pool) : pool_(pool) {}

    TaskGroup(const TaskGroup&) = delete;
    TaskGroup& operator=(const TaskGroup&) = delete;
    /// Waits for what was started; swallows errors (call wait() to see them).
    ~TaskGroup();

    /// `weight` is any measure of the expected time, the same for all tasks of a pool: bytes.
    void run(std::uint64_t weight, std::function<void()> work);
    /// Works on queued tasks of the pool until this group is done; throws its first error.
    void wait();

private:
    void finish_all();

    ThreadPool& pool_;
    std::mutex mutex_;
    std::condition_variable done_;
    std::size_t pending_ = 0;
    std::exception_ptr error_;
};

} // namespace pare
