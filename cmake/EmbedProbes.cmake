# Writes a C++ file that holds the health-check probe of every architecture:
# cmake -DOUTPUT=... -DFOLDER=... -DARCHITECTURES="amd64 ..." -P this. FOLDER has one file an architecture.
string(REPLACE " " ";" architectures "${ARCHITECTURES}")
set(arrays "")
set(entries "")
foreach(architecture ${architectures})
    file(READ "${FOLDER}/${architecture}" hex HEX)
    # Lines of 32 bytes.
    string(REGEX REPLACE "(................................................................)" "\\1\n" bytes "${hex}")
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "\\\\x\\1" bytes "${bytes}")
    string(REPLACE "\n" "\"\n    \"" bytes "${bytes}")
    string(APPEND arrays "constexpr char k_${architecture}[] =\n    \"${bytes}\";\n")
    string(APPEND entries "    {\"${architecture}\", {k_${architecture}, sizeof k_${architecture} - 1}},\n")
endforeach()
file(WRITE "${OUTPUT}.new" "// Made from src/probe/ by cmake/EmbedProbes.cmake.
#include \"finish/probe.hh\"

#include <utility>

namespace pare::finish {

namespace {

${arrays}
constexpr std::pair<std::string_view, BytesView> kProbes[] = {
${entries}};

} // namespace

BytesView built_in_probe(std::string_view architecture) {
    for (const auto& [name, bytes] : kProbes) {
        if (name == architecture) {
            return bytes;
        }
    }
    return {};
}

} // namespace pare::finish
")
file(COPY_FILE "${OUTPUT}.new" "${OUTPUT}" ONLY_IF_DIFFERENT)
