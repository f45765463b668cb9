option(TUTTI_UNITY "Compile each layer in one piece: many times faster, but all of it anew after every change" OFF)

# tutti_layer(NAME LINKS targets… [PRECOMPILE headers…]): one library per layer, made of src/NAME/*.cpp, warnings as
# errors. PRECOMPILE names the outside headers that most of its files share and that take seconds to read.
set(TUTTI_WARNINGS -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Wold-style-cast -Werror)
# GCC 12 sees an overlap in std::string::operator= that is not there (its bug 105651).
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  list(APPEND TUTTI_WARNINGS -Wno-restrict)
  # And takes the two halves of a coroutine frame's own allocation for strangers when it inlines one of them.
  list(APPEND TUTTI_WARNINGS -Wno-mismatched-new-delete)
endif()
# GCC inlines the allocation of a coroutine's frame, but not its counterpart, and takes Asio's pair for a mismatch.
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  list(APPEND TUTTI_WARNINGS -Wno-mismatched-new-delete)
endif()

function(tutti_layer name)
  cmake_parse_arguments(LAYER "" "" "LINKS;PRECOMPILE" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/${name}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  if(sources)
    add_library(tutti_${name} STATIC ${sources})
    target_compile_options(tutti_${name} PRIVATE ${TUTTI_WARNINGS})
    target_include_directories(tutti_${name} PUBLIC ${PROJECT_SOURCE_DIR}/src)
    target_link_libraries(tutti_${name} PUBLIC ${LAYER_LINKS} Threads::Threads)
    if(LAYER_PRECOMPILE)
      target_precompile_headers(tutti_${name} PRIVATE ${LAYER_PRECOMPILE})
    endif()
    if(TUTTI_UNITY)
      set_target_properties(tutti_${name} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 0)
      # What is private to a file seems to come from a header there.
      if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
        target_compile_options(tutti_${name} PRIVATE -Wno-subobject-linkage)
      endif()
    endif()
  else()
    add_library(tutti_${name} INTERFACE)
    target_include_directories(tutti_${name} INTERFACE ${PROJECT_SOURCE_DIR}/src)
    target_link_libraries(tutti_${name} INTERFACE ${LAYER_LINKS} Threads::Threads)
  endif()
endfunction()
