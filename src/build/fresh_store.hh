// SPDX-License-Identifier: Apache-2.0
// A store in which nothing was made yet, so that a build takes nothing from the cache but package
// files, which are held against their hashes.
#pragma once

#include "build/build.hh"
#include "support/files.hh"

#include <set>
#include <string>

namespace pare::build {

class FreshStore {
public:
    /// Lies inside the store of `tools`, which must outlive it, and takes the packages of the lock
    /// from there.
    FreshStore(const Tools& tools, const package::Lock& lock);
    FreshStore(const FreshStore&) = delete;
    FreshStore& operator=(const FreshStore&) = delete;

    /// The same tools with this store and another library, which must outlive them.
    [[nodiscard]] Tools tools(const definition::Library& library);

    /// Puts packages that had to be fetched into the store where it came from.
    void give_back();

private:
    const Tools& tools_;
    TemporaryDirectory directory_;
    std::set<std::string> packages_; ///< of the lock, by SHA-256
    store::Store store_;
};

} // namespace pare::build
