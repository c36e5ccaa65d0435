# nandtlm_room(NAME [LINKS ...] [PRIVATE_LINKS ...] [SOURCES ...]): one library per room, so that a forbidden include
# does not link. Rooms include each other from the root ("tlm/types.h"); an outside package stands in LINKS only where
# a header needs it. nandtlm_options carries the warnings and sanitizers of this build; it is not installed.
include(GNUInstallDirs)

# The model as one translation unit where it runs for real: calls between its parts are inlined (a tenth of the time).
# Tools that read every source by itself, with another compiler than this, switch it off.
option(NANDTLM_UNITY "Compile the model as one translation unit" ON)
# Bounds of inlining for what runs several times per op: the usual ones are for files.
if(NANDTLM_UNITY AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  set(NANDTLM_INLINE_MORE
      "$<$<CONFIG:Release>:--param=max-inline-insns-auto=60;--param=inline-unit-growth=100>")
endif()

add_library(nandtlm_options INTERFACE)
add_library(nandtlm::options ALIAS nandtlm_options)
target_compile_options(nandtlm_options INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow
                                                 $<$<BOOL:${NANDTLM_WERROR}>:-Werror>)
if(NANDTLM_SANITIZE)
  target_compile_options(nandtlm_options INTERFACE -fsanitize=${NANDTLM_SANITIZE} -fno-sanitize-recover=all
                                                   -fno-omit-frame-pointer)
  target_link_options(nandtlm_options INTERFACE -fsanitize=${NANDTLM_SANITIZE})
endif()

function(nandtlm_room name)
  cmake_parse_arguments(ROOM "" "" "LINKS;PRIVATE_LINKS;SOURCES" ${ARGN})
  file(GLOB_RECURSE headers CONFIGURE_DEPENDS *.h)
  add_library(nandtlm_${name} STATIC ${ROOM_SOURCES})
  add_library(nandtlm::${name} ALIAS nandtlm_${name})
  set_target_properties(nandtlm_${name} PROPERTIES EXPORT_NAME ${name})
  target_compile_features(nandtlm_${name} PUBLIC cxx_std_17)
  target_sources(nandtlm_${name} PUBLIC FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR} FILES ${headers})
  target_link_libraries(nandtlm_${name} PUBLIC ${ROOM_LINKS} PRIVATE $<BUILD_INTERFACE:nandtlm::options> ${ROOM_PRIVATE_LINKS})
endfunction()
