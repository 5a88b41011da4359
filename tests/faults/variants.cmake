# Negative controls: the shipped SQL sinks once more, with one protection taken out of their sources. Each lies in a folder of its own
# under the sink's own name, so that the job file is the same and only --plugin-dir differs.

# Copies a source file or a header of the SDK for a variant, with OLD (which must be there) replaced by NEW.
function(chunkmill_spoil variant path old new)
  set(copy ${CMAKE_CURRENT_BINARY_DIR}/${variant}/spoiled/${path})
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${path})
  set(from ${PROJECT_SOURCE_DIR}/${path})
  if(EXISTS ${copy}.new) # spoiled once already
    set(from ${copy}.new)
  endif()
  file(READ ${from} text)
  string(FIND "${text}" "${old}" found)
  if(found EQUAL -1)
    message(FATAL_ERROR "tests/faults/variants.cmake: ${path} has no longer: ${old}")
  endif()
  string(REPLACE "${old}" "${new}" text "${text}")
  file(WRITE ${copy}.new "${text}")
endfunction()

# Builds every SQL sink there is, with the room of its database, from what was spoiled for `variant`.
function(chunkmill_build_variant variant)
  set(spoiled ${CMAKE_CURRENT_BINARY_DIR}/${variant}/spoiled)
  file(GLOB_RECURSE files RELATIVE ${spoiled} ${spoiled}/*.new)
  foreach(file IN LISTS files)
    string(REGEX REPLACE "\\.new$" "" path ${file})
    # Its time changes only when its text does.
    configure_file(${spoiled}/${file} ${spoiled}/${path} COPYONLY)
    file(REMOVE ${spoiled}/${file})
  endforeach()
  foreach(database sqlite postgres mysql)
    if(NOT TARGET plugin_sink_${database} OR NOT TARGET chunkmill_${database})
      continue()
    endif()
    set(sources "")
    set(neighbours "")
    foreach(part plugin_sink_${database} chunkmill_${database}_writing chunkmill_${database})
      get_target_property(folder ${part} SOURCE_DIR)
      get_target_property(names ${part} SOURCES)
      foreach(name IN LISTS names)
        get_filename_component(source ${name} ABSOLUTE BASE_DIR ${folder})
        file(RELATIVE_PATH path ${PROJECT_SOURCE_DIR} ${source})
        if(EXISTS ${spoiled}/${path})
          get_filename_component(beside ${source} DIRECTORY) # its neighbours are not copied
          list(APPEND neighbours ${beside})
          set(source ${spoiled}/${path})
        endif()
        list(APPEND sources ${source})
      endforeach()
    endforeach()
    set(target ${variant}_sink_${database})
    add_library(${target} MODULE ${sources})
    target_include_directories(${target} BEFORE PRIVATE ${spoiled}/sdk/include ${neighbours})
    # The database's room comes for what it links to: its own objects are compiled above and found first.
    target_link_libraries(${target} PRIVATE $<TARGET_PROPERTY:plugin_sink_${database},LINK_LIBRARIES>)
    target_link_options(${target} PRIVATE $<TARGET_PROPERTY:plugin_sink_${database},LINK_OPTIONS>)
    set_target_properties(${target} PROPERTIES
      PREFIX "" OUTPUT_NAME sink.${database} SUFFIX .so LIBRARY_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/${variant}
      CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
  endforeach()
endfunction()

# No fence: a chunk is written whatever the ledger says, and a commit whose answer was lost is repeated blindly.
chunkmill_spoil(unfenced sdk/include/chunkmill/sql/ledger.hpp
  "if (verdict == Verdict::kCommitted) return false;" "return true;")
chunkmill_spoil(unfenced sdk/include/chunkmill/sql/ledger_statements.hpp
  "AND split = ? AND epoch = ? AND next_chunk = ?\");"
  "AND split = ? AND (epoch = ? OR 1 = 1) AND (next_chunk = ? OR 1 = 1)\");")
chunkmill_spoil(unfenced sdk/include/chunkmill/sql/lane.hpp
  "if (error.code() == CM_COMMIT_UNKNOWN) throw;"
  "if (error.code() == CM_COMMIT_UNKNOWN) throw Error(CM_UNAVAILABLE, error.what()).retryable_if(true);")
chunkmill_build_variant(unfenced)

# No quotes: a name is put into a statement as it is.
chunkmill_spoil(unquoted sdk/include/chunkmill/sql/dialect.hpp [=[if (c == '"') quoted += '"';]=] "")
chunkmill_spoil(unquoted plugins/databases/mysql/dialect.cpp [=[if (c == '`') quoted += '`';]=] "")
chunkmill_build_variant(unquoted)
