// SPDX-License-Identifier: Apache-2.0
#include "support/thread_pool.hh"

#include <algorithm>
#include <chrono>
#include <utility>

namespace pare {

ThreadPool::ThreadPool(unsigned threads) {
    for (unsigned i = 0; i < std::max(1U, threads); ++i) {
        threads_.emplace_back([this](const std::stop_token& stop) { serve(stop); });
    }
}

ThreadPool::~ThreadPool() {
    for (std::jthread& thread : threads_) {
        thread.request_stop();
    }
    wake_.notify_all();
    threads_.clear();
}

void ThreadPool::post(std::uint64_t weight, std::function<void()> work) {
    {
        const std::lock_guard lock(mutex_);
        queue_.push({weight, order_++, std::move(work)});
    }
    wake_.notify_one();
}

bool ThreadPool::run_one() {
    std::function<void()> work;
    {
        const std::lock_guard lock(mutex_);
        if (queue_.empty()) {
            return false;
        }
        work = queue_.top().work;
        queue_.pop();
    }
    work();
    return true;
}

void ThreadPool::serve(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        {
            std::unique_lock lock(mutex_);
            if (!wake_.wait(lock, stop, [this] { return !queue_.empty(); })) {
                return;
            }
        }
        run_one();
    }
}

TaskGroup::~TaskGroup() {
    finish_all();
}

void TaskGroup::run(std::uint64_t weight, std::function<void()> work) {
    {
        const std::lock_guard lock(mutex_);
        ++pending_;
    }
    pool_.post(weight, [this, work = std::move(work)] {
        bool skip = false;
        {
            const std::lock_guard lock(mutex_);
            skip = error_ != nullptr;
        }
        std::exception_ptr problem;
        if (!skip) {
            try {
                work();
            } catch (...) {
                problem = std::current_exception();
            }
        }
        const std::lock_guard lock(mutex_);
        if (problem && !error_) {
            error_ = problem;
        }
        if (--pending_ == 0) {
            done_.notify_all();
        }
    });
}

void TaskGroup::finish_all() {
    while (true) {
        {
            const std::lock_guard lock(mutex_);
            if (pending_ == 0) {
                return;
            }
        }
        if (!pool_.run_one()) {
            // Others hold our last tasks, which may queue further ones: look again now and then.
            std::unique_lock lock(mutex_);
            done_.wait_for(lock, std::chrono::milliseconds(5), [this] { return pending_ == 0; });
        }
    }
}

void TaskGroup::wait() {
    finish_all();
    const std::lock_guard lock(mutex_);
    if (error_) {
        std::rethrow_exception(std::exchange(error_, nullptr));
    }
}

} // namespace pare
