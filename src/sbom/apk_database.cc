// SPDX-License-Identifier: Apache-2.0
// lib/apk/db/installed: lines `X:value`, a blank line between packages. F names a directory, each R
// behind it a file in it. Names in D and p may carry a version (`so:libc.musl-x86_64.so.1=1`), and
// a D that begins with '!' is a conflict.
#include "sbom/databases.hh"
#include "support/error.hh"
#include "support/text.hh"

#include <fmt/core.h>

namespace pare::sbom {

namespace {

/// A name of D or p without what follows it.
std::string plain_name(std::string_view word) {
    return std::string(word.substr(0, word.find_first_of("<>=~@")));
}

class ApkReader {
public:
    ApkReader(BytesView text, const std::string& name) : text_(text), name_(name) {}

    std::vector<Package> run() {
        for (const std::string_view line : split(text_, '\n')) {
            ++line_;
            if (line.empty()) {
                end_package();
            } else if (line.size() < 2 || line[1] != ':') {
                throw Error(
                    ErrorKind::refused,
                    fmt::format("expected `X:value`, got `{}`", line.substr(0, 60)))
                    .at({name_, line_, 1});
            } else {
                take(line[0], line.substr(2));
            }
        }
        end_package();
        return std::move(packages_);
    }

private:
    void end_package() {
        if (!package_.name.empty()) {
            if (package_.source.empty()) {
                package_.source = package_.name;
            }
            package_.source_version = package_.version;
            packages_.push_back(std::move(package_));
        }
        package_ = {.ecosystem = Ecosystem::apk};
        directory_ = {};
    }

    void take(char key, std::string_view value) {
        switch (key) {
        case 'P':
            package_.name = value;
            break;
        case 'V':
            package_.version = value;
            break;
        case 'A':
            package_.architecture = value;
            break;
        case 'o':
            package_.source = value;
            break;
        case 'm':
            package_.supplier = value;
            break;
        case 'U':
            package_.homepage = value;
            break;
        case 'T':
            package_.summary = value;
            break;
        case 'L':
            package_.licences = declared_licence(value);
            break;
        case 'D':
            for (const std::string_view word : split_words(value)) {
                if (!word.starts_with('!')) {
                    package_.needs.push_back({plain_name(word)});
                }
            }
            break;
        case 'p':
            for (const std::string_view word : split_words(value)) {
                package_.provides.push_back(plain_name(word));
            }
            break;
        case 'F':
            directory_ = ImagePath::parse(value);
            break;
        case 'R':
            package_.files.push_back(directory_ / value);
            break;
        default:
            break;
        }
    }

    BytesView text_;
    const std::string& name_;
    std::size_t line_ = 0;
    Package package_{.ecosystem = Ecosystem::apk};
    ImagePath directory_{};
    std::vector<Package> packages_{};
};

} // namespace

std::vector<Package> read_apk_installed(BytesView text, const std::string& name) {
    return ApkReader(text, name).run();
}

} // namespace pare::sbom
