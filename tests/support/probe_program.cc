// SPDX-License-Identifier: Apache-2.0
// Uses what a C++ program needs of its image, and says what does not work.
#include <dlfcn.h>
#include <iconv.h>
#include <pwd.h>
#include <unistd.h>

#include <cstdlib>
#include <ctime>
#include <fstream>
#include <future>
#include <iostream>
#include <stdexcept>
#include <string>

namespace {

int problems = 0;

void check(bool good, const std::string& what) {
    if (!good) {
        std::cout << "does not work: " << what << "\n";
        ++problems;
    }
}

std::string hour_in(const char* zone) {
    ::setenv("TZ", zone, 1);
    ::tzset();
    const std::time_t noon = 1'700'000'000;
    std::string text(32, '\0');
    text.resize(std::strftime(text.data(), text.size(), "%H %Z", std::localtime(&noon)));
    return text;
}

bool converts(const char* from) {
    const iconv_t conversion = ::iconv_open("UTF-8", from);
    const bool good = conversion != reinterpret_cast<iconv_t>(-1);
    if (good) {
        ::iconv_close(conversion);
    }
    return good;
}

} // namespace

int main() {
    check(std::async(std::launch::async, [] { return 42; }).get() == 42, "threads");
    try {
        throw std::runtime_error("x");
    } catch (const std::exception&) {
        check(true, "exceptions");
    }
    check(hour_in("Europe/Berlin") == "23 CET", "time zones");
    const passwd* user = ::getpwuid(65532);
    check(user != nullptr && std::string(user->pw_name) == "nonroot", "getpwuid");
    check(converts("ISO-8859-1") && converts("UTF-16"), "iconv");
    check(::dlopen("libssl.so.3", RTLD_NOW) != nullptr, "dlopen of libssl through ld.so.cache");
    check(!std::ofstream("/written"), "the root is read-only");
    check(::access("/bin/sh", F_OK) != 0, "there is no shell");
    if (problems == 0) {
        std::cout << "all good, uid " << ::getuid() << "\n";
    }
    return problems;
}
