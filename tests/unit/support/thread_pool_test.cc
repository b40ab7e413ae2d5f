// SPDX-License-Identifier: Apache-2.0
#include "support/error.hh"
#include "support/thread_pool.hh"

#include <doctest/doctest.h>

#include <atomic>

using pare::TaskGroup;
using pare::ThreadPool;

TEST_CASE("a group waits for all its tasks, those too that its tasks add") {
    ThreadPool pool(2);
    std::atomic<int> done{0};
    TaskGroup group(pool);
    for (int i = 0; i < 50; ++i) {
        group.run(1, [&] {
            ++done;
            group.run(1, [&] { ++done; });
        });
    }
    group.wait();
    CHECK(done == 100);
}

TEST_CASE("groups may nest without running out of threads") {
    ThreadPool pool(1);
    std::atomic<int> done{0};
    TaskGroup outer(pool);
    for (int i = 0; i < 8; ++i) {
        outer.run(1, [&] {
            TaskGroup inner(pool);
            for (int j = 0; j < 8; ++j) {
                inner.run(1, [&] { ++done; });
            }
            inner.wait();
        });
    }
    outer.wait();
    CHECK(done == 64);
}

TEST_CASE("the first error comes out of wait, and what had not started is skipped") {
    ThreadPool pool(1);
    TaskGroup group(pool);
    std::atomic<int> done{0};
    group.run(10, [] { throw pare::Error(pare::ErrorKind::environment, "no more disk"); });
    CHECK_THROWS_WITH_AS(group.wait(), "no more disk", pare::Error);
    group.run(1, [&] { ++done; });
    group.wait();
    CHECK(done == 1);
}
