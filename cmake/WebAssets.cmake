# Builds web/dist (made by script/web) into the binary: every file becomes bytes in the read-only data, listed in a table.
file(GLOB_RECURSE assets CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR}/web/dist ${PROJECT_SOURCE_DIR}/web/dist/*)
if(NOT assets)
  message(FATAL_ERROR "web/dist is empty: run script/web first (script/server and script/test do)")
endif()

set(assembly ".section .rodata\n")
set(externs "")
set(table "")
set(index 0)
set(paths "")
foreach(asset ${assets})
  set(file ${PROJECT_SOURCE_DIR}/web/dist/${asset})
  list(APPEND paths ${file})
  string(APPEND assembly
    ".global tutti_asset_${index}\n.global tutti_asset_${index}_end\n"
    "tutti_asset_${index}:\n.incbin \"${file}\"\ntutti_asset_${index}_end:\n.byte 0\n")
  string(APPEND externs "extern \"C\" const std::uint8_t tutti_asset_${index}[];\n"
    "extern \"C\" const std::uint8_t tutti_asset_${index}_end[];\n")
  string(APPEND table "    {\"/${asset}\", {tutti_asset_${index}, tutti_asset_${index}_end}},\n")
  math(EXPR index "${index} + 1")
endforeach()
string(APPEND assembly ".section .note.GNU-stack,\"\",%progbits\n")

file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/web_assets.S CONTENT "${assembly}" @ONLY)
file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/web_assets.cpp @ONLY CONTENT
"#include \"server/web_files.h\"

${externs}
namespace tutti::server {

std::span<const net::WebAsset> web_files() {
  static const std::array<net::WebAsset, ${index}> files = {{
${table}  }};
  return files;
}

}  // namespace tutti::server
")
add_library(tutti_web_assets STATIC ${PROJECT_BINARY_DIR}/web_assets.S ${PROJECT_BINARY_DIR}/web_assets.cpp)
set_source_files_properties(${PROJECT_BINARY_DIR}/web_assets.S PROPERTIES OBJECT_DEPENDS "${paths}")
target_link_libraries(tutti_web_assets PRIVATE tutti_net)
