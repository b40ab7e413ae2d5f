# pare_room(NAME [ROOMS room...] [LIBRARIES target...])
# One static library for a folder of src/. ROOMS are the rooms below that it includes; the
# check `floors` holds them against docs/architecture.md.
function(pare_room name)
    cmake_parse_arguments(ROOM "" "" "ROOMS;LIBRARIES" ${ARGN})
    file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/src/${name}/*.cc")
    add_library(pare_${name} STATIC ${sources})
    list(TRANSFORM ROOM_ROOMS PREPEND pare_ OUTPUT_VARIABLE rooms)
    target_link_libraries(pare_${name} PUBLIC pare_settings ${rooms} PRIVATE ${ROOM_LIBRARIES})
endfunction()
