# One interface target that every target of the house links: language settings, warnings, hardening.
add_library(pare_settings INTERFACE)
target_include_directories(pare_settings INTERFACE "${CMAKE_SOURCE_DIR}/src")
target_compile_options(pare_settings INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
    -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-align -Wformat=2 -Wimplicit-fallthrough
    $<$<CXX_COMPILER_ID:GNU>:-Wduplicated-cond -Wduplicated-branches -Wlogical-op
        -Wsuggest-override>
    # g++ 12 reports false overlaps for "x" + string at -O2 (GCC bug 105651).
    $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
    # Designated initialisers that leave members at their defaults are the house's way of options.
    -Wno-missing-field-initializers
    -fstack-protector-strong)
# An out-of-range index must stop the program, in release too: all input is hostile.
target_compile_definitions(pare_settings INTERFACE _GLIBCXX_ASSERTIONS
    $<$<CONFIG:Release>:_FORTIFY_SOURCE=2>)
target_link_options(pare_settings INTERFACE -Wl,-z,relro -Wl,--as-needed)

option(PARE_FUZZ "Build the libFuzzer targets (clang), and all code so that it shows its coverage" OFF)
if(PARE_FUZZ)
    target_compile_options(pare_settings INTERFACE -fsanitize=fuzzer-no-link)
    target_link_options(pare_settings INTERFACE -fsanitize=fuzzer-no-link)
endif()

set(PARE_SANITIZE "" CACHE STRING "Comma-separated sanitizers: address,undefined or thread")
if(PARE_SANITIZE)
    target_compile_options(pare_settings INTERFACE
        -fsanitize=${PARE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(pare_settings INTERFACE -fsanitize=${PARE_SANITIZE})
endif()
