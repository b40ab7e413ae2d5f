// SPDX-License-Identifier: Apache-2.0
// What apt would install, asked of libapt-pkg: `APT_CONFIG=FILE apt_answers < REQUESTS`. A request
// is a line of package names; the answer is a line `REQUEST<tab>NAME=VERSION...`, sorted, or
// `REQUEST<tab>none`. The steps are those of `apt-get install`; the caches are opened once, and
// each request is answered by a fork of the process, whose caches nothing else has touched.
#include <apt-pkg/algorithms.h>
#include <apt-pkg/cachefile.h>
#include <apt-pkg/depcache.h>
#include <apt-pkg/error.h>
#include <apt-pkg/init.h>
#include <apt-pkg/pkgsystem.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

namespace {

bool mark_requests(pkgDepCache& cache, pkgProblemResolver& fix, const std::string& request) {
    const pkgDepCache::ActionGroup group(cache);
    std::vector<pkgCache::PkgIterator> packages;
    std::istringstream names(request);
    for (std::string name; names >> name;) {
        const pkgCache::PkgIterator package = cache.FindPkg(name);
        if (package.end() || cache.GetCandidateVersion(package).end()) {
            return false;
        }
        packages.push_back(package);
        fix.Clear(package);
        fix.Protect(package);
        cache.MarkInstall(package, false);
    }
    for (const pkgCache::PkgIterator& package : packages) {
        cache.MarkInstall(package, true);
    }
    return true;
}

std::string answer(pkgDepCache& cache, const std::string& request) {
    pkgProblemResolver fix(&cache);
    if (!mark_requests(cache, fix, request)) {
        return "none";
    }
    // The resolver changes nothing where nothing is broken, and takes a tenth of a second for it.
    if (cache.BrokenCount() != 0 && (!fix.Resolve(true) || cache.BrokenCount() != 0)) {
        return "none";
    }
    // What was marked on the way and is needed no more is not installed.
    cache.MarkAndSweep();
    std::vector<std::string> chosen;
    for (pkgCache::PkgIterator package = cache.PkgBegin(); !package.end(); ++package) {
        pkgDepCache::StateCache& state = cache[package];
        if (state.Install() && !state.Garbage) {
            chosen.push_back(std::string(package.Name()) + "=" + state.InstVerIter(cache).VerStr());
        }
    }
    std::sort(chosen.begin(), chosen.end());
    std::string text;
    for (const std::string& one : chosen) {
        text += (text.empty() ? "" : " ") + one;
    }
    return text;
}

int answer_all(pkgDepCache& cache) {
    for (std::string request; std::getline(std::cin, request);) {
        std::fflush(stdout);
        const pid_t child = fork();
        if (child < 0) {
            return 1;
        }
        if (child == 0) {
            std::printf("%s\t%s\n", request.c_str(), answer(cache, request).c_str());
            std::fflush(stdout);
            _exit(0);
        }
        int status = 0;
        if (waitpid(child, &status, 0) != child || status != 0) {
            return 1;
        }
    }
    return 0;
}

} // namespace

int main() {
    pkgCacheFile file;
    if (!pkgInitConfig(*_config) || !pkgInitSystem(*_config, _system) ||
        !file.Open(nullptr, false)) {
        _error->DumpErrors(std::cerr);
        return 1;
    }
    return answer_all(*file.GetDepCache());
}
