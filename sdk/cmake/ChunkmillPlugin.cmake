# chunkmill_add_plugin(NAME name KIND source|calculator|sink|hook SOURCES ... [LIBRARIES ...])
#
# Builds KIND.NAME.so, a chunkmill plugin: hidden visibility, one exported symbol (a version script and --exclude-libs), no
# undefined symbols, never unloaded. C and C++ sources both do. The target is called plugin_KIND_NAME with dots as underscores.
set(CHUNKMILL_PLUGIN_SCRIPT ${CMAKE_CURRENT_LIST_DIR}/plugin.map)

function(chunkmill_add_plugin)
  cmake_parse_arguments(PLUGIN "" "NAME;KIND" "SOURCES;LIBRARIES" ${ARGN})
  if(NOT PLUGIN_KIND MATCHES "^(source|calculator|sink|hook)$")
    message(FATAL_ERROR "chunkmill_add_plugin: KIND must be source, calculator, sink or hook, not '${PLUGIN_KIND}'")
  endif()
  string(MAKE_C_IDENTIFIER "plugin_${PLUGIN_KIND}_${PLUGIN_NAME}" target)
  add_library(${target} MODULE ${PLUGIN_SOURCES})
  if(TARGET chunkmill::sdk)
    target_link_libraries(${target} PRIVATE chunkmill::sdk)
  else()
    target_link_libraries(${target} PRIVATE chunkmill_sdk chunkmill_flags)
  endif()
  target_link_libraries(${target} PRIVATE ${PLUGIN_LIBRARIES})
  get_property(languages GLOBAL PROPERTY ENABLED_LANGUAGES)
  if(CXX IN_LIST languages)
    target_compile_features(${target} PRIVATE cxx_std_20)
  endif()
  set_target_properties(${target} PROPERTIES
    PREFIX "" OUTPUT_NAME ${PLUGIN_KIND}.${PLUGIN_NAME} SUFFIX .so
    C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    LINK_DEPENDS ${CHUNKMILL_PLUGIN_SCRIPT})
  target_link_options(${target} PRIVATE
    LINKER:--version-script=${CHUNKMILL_PLUGIN_SCRIPT} LINKER:--exclude-libs,ALL LINKER:-z,nodelete)
  # Sanitizers leave their runtime's symbols to the host, so only a plain build can insist that nothing is undefined.
  if(NOT CHUNKMILL_SANITIZE)
    target_link_options(${target} PRIVATE LINKER:-z,defs)
  endif()
  if(CHUNKMILL_PLUGIN_OUTPUT)
    set_target_properties(${target} PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${CHUNKMILL_PLUGIN_OUTPUT})
  endif()
  if(CHUNKMILL_PLUGIN_INSTALL)
    install(TARGETS ${target} LIBRARY DESTINATION ${CHUNKMILL_PLUGIN_INSTALL} COMPONENT program)
  endif()
endfunction()
