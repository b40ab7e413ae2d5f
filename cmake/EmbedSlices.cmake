# Writes a C++ file that holds the texts of slices/*.yaml, each under every name of its package:
# cmake -DOUTPUT=... -DFOLDER=... -P this.
file(GLOB files "${FOLDER}/*.yaml")
set(texts "")
set(entries "")
set(all "")
set(number 0)
foreach(file ${files})
    get_filename_component(name "${file}" NAME)
    string(REGEX REPLACE "\\.yaml$" "" name "${name}")
    file(READ "${file}" text)
    string(SHA256 digest "${text}")
    string(APPEND all "${name} ${digest}\n")
    string(APPEND texts "    R\"yaml(${text})yaml\",\n")
    # `packages: [a, b]` in one line lists further names.
    if(text MATCHES "(^|\n)packages: \\[([^]]*)\\]")
        string(REPLACE " " "" names "${CMAKE_MATCH_2}")
        string(REPLACE "," ";" names "${names}")
    else()
        set(names "${name}")
    endif()
    foreach(each ${names})
        string(APPEND entries "    {\"${each}\", ${number}},\n")
    endforeach()
    string(APPEND firsts "        \"${name}\",\n")
    math(EXPR number "${number} + 1")
endforeach()
string(SHA256 digest "${all}")
file(WRITE "${OUTPUT}.new" "// Made from slices/*.yaml by cmake/EmbedSlices.cmake.
#include \"cut/built_in_slices.hh\"

#include <cstddef>
#include <utility>

namespace pare::cut {

namespace {

constexpr const char* kTexts[] = {
${texts}};

constexpr std::pair<std::string_view, std::size_t> kPackages[] = {
${entries}};

} // namespace

std::string_view built_in_slices(std::string_view package) {
    for (const auto& [name, text] : kPackages) {
        if (name == package) {
            return kTexts[text];
        }
    }
    return {};
}

std::vector<std::string> built_in_slice_packages() {
    return {
${firsts}    };
}

std::string built_in_slices_digest() {
    return \"${digest}\";
}

} // namespace pare::cut
")
file(COPY_FILE "${OUTPUT}.new" "${OUTPUT}" ONLY_IF_DIFFERENT)
