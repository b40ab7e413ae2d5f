# Everything pare links is a Debian 12 package; docs/decisions/ says why each was chosen.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)

foreach(dependency
        "CURL libcurl" "CRYPTO libcrypto" "ZLIB zlib" "DEFLATE libdeflate" "ZSTD libzstd"
        "LZMA liblzma" "ZIP libzip" "YAML yaml-0.1" "SODIUM libsodium" "FMT fmt" "JSON nlohmann_json" "RNP librnp")
    separate_arguments(dependency)
    list(GET dependency 0 target)
    list(GET dependency 1 module)
    pkg_check_modules(${target} REQUIRED IMPORTED_TARGET GLOBAL ${module})
endforeach()
