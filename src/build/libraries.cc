// SPDX-License-Identifier: Apache-2.0
#include "build/libraries.hh"

#include "cut/slice_filter.hh"
#include "elf/machine.hh"
#include "tree/conflict.hh"

#include <fmt/core.h>

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace pare::build {

namespace {

std::string_view file_name(const std::string& path) {
    return std::string_view(path).substr(path.rfind('/') + 1);
}

class LibraryCheck {
public:
    LibraryCheck(const StepState& state, const StepNode& node) : state_(state), node_(node) {
        for (const StepNode* step : path_to(&node)) {
            waived_.insert(
                step->step.missing_libraries.begin(), step->step.missing_libraries.end());
        }
    }

    void run(std::size_t first_origin) {
        for (const auto& [path, tree_node] : state_.tree.nodes()) {
            const elf::Elf* file = tree_node.origin < first_origin ? nullptr : state_.elf_at(path);
            if (file == nullptr || !is_native(*file)) {
                continue;
            }
            for (const std::string& library : file->needed) {
                if (!waived_.contains(library) && !has(library)) {
                    refuse(tree_node, library);
                }
            }
            if (!file->interpreter.empty() && file->interpreter.starts_with('/') &&
                state_.tree.resolve(ImagePath::parse(file->interpreter)) == nullptr) {
                refuse(tree_node, file->interpreter);
            }
        }
    }

private:
    [[nodiscard]] bool is_native(const elf::Elf& file) const {
        return elf::machine_number(node_.debian_architecture) == file.machine;
    }

    /// Names of all files and links, and what the libraries call themselves.
    [[nodiscard]] bool has(const std::string& library) {
        if (names_.empty()) {
            for (const auto& [path, tree_node] : state_.tree.nodes()) {
                if (tree_node.entry.type == tree::EntryType::directory) {
                    continue;
                }
                names_.emplace(file_name(path.relative()));
                if (const elf::Elf* file = state_.elf_at(path); file != nullptr) {
                    names_.insert(file->soname);
                }
            }
        }
        return names_.contains(std::string(file_name(library)));
    }

    [[noreturn]] void refuse(const tree::Node& node, const std::string& library) const {
        const tree::Origin& origin = state_.tree.origins()[node.origin];
        throw Error(
            ErrorKind::definition,
            fmt::format(
                "{}: {} ({}) needs {}, which is not in the image", node_.step.name,
                node.entry.path.absolute(), tree::describe(origin), library),
            hint_for(library));
    }

    /// Which slice of the packages at hand has the library.
    [[nodiscard]] std::string hint_for(const std::string& library) const {
        for (const Bringer& bringer : state_.bringers) {
            if (!bringer.cut) {
                continue;
            }
            const cut::Cut& cut = bringer.cut->cut;
            for (const std::string& path : cut.left_out) {
                if (file_name(path) == file_name(library)) {
                    return fmt::format(
                        "add {} to contents.packages", slice_with(cut.package, path));
                }
            }
        }
        return library.starts_with('/')
                   ? "start from an image with the C library: from: base, or from: cc"
                   : "add the package that has it to contents.packages (apt-file search finds it); "
                     "if nothing uses that file, waive it in contents.missing-libraries";
    }

    [[nodiscard]] std::string
    slice_with(const std::string& package, const std::string& path) const {
        if (const cut::SliceFile* file = node_.slices->find(package); file != nullptr) {
            for (const cut::Slice& slice : file->slices) {
                const std::vector<cut::Slice> one{slice};
                if (cut::SliceFilter(one).takes(ImagePath::parse(path))) {
                    return package + "_" + slice.name;
                }
            }
        }
        return package + "_all";
    }

    const StepState& state_;
    const StepNode& node_;
    std::set<std::string> names_{};
    std::set<std::string> waived_{};
};

} // namespace

void check_libraries(const StepState& state, const StepNode& node, std::size_t first_origin) {
    LibraryCheck(state, node).run(first_origin);
}

} // namespace pare::build
