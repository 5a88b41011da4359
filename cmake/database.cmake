# chunkmill_database(NAME name SHARED files READING files WRITING files LIBRARIES libraries): the room of a database. Three libraries, so that
# the source and the sink each link what they use:
#   chunkmill_NAME           connection, dialect, errors
#   chunkmill_NAME_reading   for plugins/sources/NAME
#   chunkmill_NAME_writing   for plugins/sinks/NAME
function(chunkmill_database)
  cmake_parse_arguments(DB "" "NAME" "SHARED;READING;WRITING;LIBRARIES" ${ARGN})
  add_library(chunkmill_${DB_NAME} STATIC ${DB_SHARED})
  target_link_libraries(chunkmill_${DB_NAME} PUBLIC chunkmill_sdk ${DB_LIBRARIES} PRIVATE chunkmill_flags)
  target_include_directories(chunkmill_${DB_NAME} PUBLIC ${PROJECT_SOURCE_DIR})
  foreach(part READING WRITING)
    string(TOLOWER ${part} suffix)
    add_library(chunkmill_${DB_NAME}_${suffix} STATIC ${DB_${part}})
    target_link_libraries(chunkmill_${DB_NAME}_${suffix} PUBLIC chunkmill_${DB_NAME} PRIVATE chunkmill_flags)
  endforeach()
  set_target_properties(chunkmill_${DB_NAME} chunkmill_${DB_NAME}_reading chunkmill_${DB_NAME}_writing PROPERTIES
    CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON POSITION_INDEPENDENT_CODE ON)
endfunction()
