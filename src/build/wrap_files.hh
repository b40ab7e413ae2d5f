// SPDX-License-Identifier: Apache-2.0
// What the user gives `pare wrap`: programs, libraries and directories of this host, and where they
// go in the image. One function a kind of program (wrap_elf.cc, wrap_python.cc, ...) finds that
// out; what it comes to has one form.
#pragma once

#include "build/wrap.hh"
#include "build/wrap_definition.hh"
#include "wrap/program.hh"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace pare::build {

/// A definition that the files are built on, and the release for which it fits them.
struct WrapBase {
    std::string definition{};   ///< `python3`
    std::string distribution{}; ///< `debian:13`; empty: any
    std::string offers{};       ///< for the reader that names it: `3.13`
};

struct WrapFiles {
    std::string name{};         ///< of the program, as an image may be called
    std::string architecture{}; ///< OCI name; all ELF files have it; empty: any will do
    bool is_static = true;      ///< no ELF file needs a loader
    WrapBase base{};            ///< empty: they need nothing but libraries
    std::vector<WrappedFile> files{};
    std::vector<WrappedLink> links{};
    std::map<std::string, std::string> environment{};
    std::string work_dir{}; ///< empty: as the base has it
    std::vector<std::string> entrypoint{};
    std::vector<ImagePath> roots{};        ///< the ELF files among them, the program first
    wrap::Offer offer{};                   ///< likewise
    std::set<std::string> own_libraries{}; ///< names that they serve under
    std::vector<wrap::Extra> extras{};     ///< libraries that they open themselves
    std::map<std::string, std::set<std::string>> packages{}; ///< data they need: globs by package
    std::set<wrap::Trait> traits{};                          ///< of all of them
    std::vector<std::string> may_load{};                     ///< by any of them
    std::vector<LeftOut> left_out{};
    std::vector<std::string> notes{}; ///< what may be missing once the program runs
    /// Where some of the files were made for this image.
    std::shared_ptr<const TemporaryDirectory> workshop{};
};

/// Reads the files of the request. Throws ErrorKind::definition for what is no program, what cannot
/// be read, and files for different architectures.
[[nodiscard]] WrapFiles
find_wrap_files(const WrapRequest& request, const definition::Library& library);

/// The release of this host when pare knows it, because what was built here fits it; else the
/// newest.
[[nodiscard]] std::string host_distribution();

/// Where this host has a library of that name, beside the user's files or in the usual places;
/// empty when nowhere.
[[nodiscard]] std::string find_on_host(const std::string& library, const WrapFiles& files);

} // namespace pare::build
