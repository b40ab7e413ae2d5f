# Writes a C++ file that holds the texts of images/*.yaml and their lock of archives: cmake -DOUTPUT=... -DFOLDER=... -P this.
file(GLOB files "${FOLDER}/*.yaml")
set(entries "")
set(names "")
foreach(file ${files})
    get_filename_component(name "${file}" NAME_WE)
    file(READ "${file}" text)
    string(APPEND entries "    {\"${name}\", R\"yaml(${text})yaml\"},\n")
endforeach()
file(READ "${FOLDER}/archives.lock.json" pins)
file(WRITE "${OUTPUT}.new" "// Made from images/ by cmake/EmbedDefinitions.cmake.
#include \"definition/built_in.hh\"

#include <array>
#include <utility>

namespace pare::definition {

namespace {

constexpr std::pair<const char*, const char*> kTexts[] = {
${entries}};

} // namespace

Library built_in_library() {
    Library library;
    for (const auto& [name, text] : kTexts) {
        // The standard variants are no image.
        if (std::string_view(name) != \"variants\") {
            library.names.emplace_back(name);
        }
    }
    library.archive_pins = R\"json(${pins})json\";
    library.built_in = [](std::string_view wanted) -> std::optional<std::string> {
        for (const auto& [name, text] : kTexts) {
            if (wanted == name) {
                return text;
            }
        }
        return std::nullopt;
    };
    return library;
}

} // namespace pare::definition
")
file(COPY_FILE "${OUTPUT}.new" "${OUTPUT}" ONLY_IF_DIFFERENT)
