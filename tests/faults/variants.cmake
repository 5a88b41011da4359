# Negative controls: the shipped SQL sinks once more, with one protection taken out of the SDK's headers they are compiled with. Each
# lies in a folder of its own under the sink's own name, so that the job file is the same and only --plugin-dir differs.

# Copies a header of the SDK for a variant, with OLD (which must be there) replaced by NEW; again for the next change of the same file.
function(chunkmill_spoil variant header old new)
  set(original ${PROJECT_SOURCE_DIR}/sdk/include/${header})
  set(copy ${CMAKE_CURRENT_BINARY_DIR}/${variant}/include/${header})
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${original})
  set(from ${original})
  if(EXISTS ${copy}.new)
    set(from ${copy}.new)
  endif()
  file(READ ${from} text)
  string(FIND "${text}" "${old}" found)
  if(found EQUAL -1)
    message(FATAL_ERROR "tests/faults/variants.cmake: ${header} has no longer: ${old}")
  endif()
  string(REPLACE "${old}" "${new}" text "${text}")
  file(WRITE ${copy}.new "${text}")
endfunction()

# Builds every SQL sink there is with the headers that were spoiled for `variant`.
function(chunkmill_build_variant variant)
  file(GLOB_RECURSE spoiled RELATIVE ${CMAKE_CURRENT_BINARY_DIR}/${variant}/include ${CMAKE_CURRENT_BINARY_DIR}/${variant}/include/*.new)
  foreach(file IN LISTS spoiled)
    string(REGEX REPLACE "\\.new$" "" header ${file})
    # Its time changes only when its text does.
    configure_file(${CMAKE_CURRENT_BINARY_DIR}/${variant}/include/${file} ${CMAKE_CURRENT_BINARY_DIR}/${variant}/include/${header} COPYONLY)
    file(REMOVE ${CMAKE_CURRENT_BINARY_DIR}/${variant}/include/${file})
  endforeach()
  foreach(database sqlite postgres mysql)
    set(sink plugin_sink_${database})
    if(NOT TARGET ${sink})
      continue()
    endif()
    get_target_property(folder ${sink} SOURCE_DIR)
    get_target_property(names ${sink} SOURCES)
    set(sources "")
    foreach(name IN LISTS names)
      get_filename_component(source ${name} ABSOLUTE BASE_DIR ${folder})
      list(APPEND sources ${source})
    endforeach()
    set(target ${variant}_sink_${database})
    add_library(${target} MODULE ${sources})
    target_include_directories(${target} BEFORE PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/${variant}/include)
    target_link_libraries(${target} PRIVATE $<TARGET_PROPERTY:${sink},LINK_LIBRARIES>)
    target_link_options(${target} PRIVATE $<TARGET_PROPERTY:${sink},LINK_OPTIONS>)
    # A spoiled function may leave an argument or a line behind it without use.
    target_compile_options(${target} PRIVATE -Wno-unused-parameter -Wno-unreachable-code)
    set_target_properties(${target} PROPERTIES
      PREFIX "" OUTPUT_NAME sink.${database} SUFFIX .so LIBRARY_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/${variant}
      CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
  endforeach()
endfunction()

# No fence: a chunk is written whatever the ledger says, and a commit whose answer was lost is repeated blindly.
chunkmill_spoil(unfenced chunkmill/sql/ledger.hpp
  "if (at->next_chunk == chunk.sequence + 1 && at->position == chunk.end) return false;" "return true;")
chunkmill_spoil(unfenced chunkmill/sql/ledger.hpp
  "AND split = ? AND epoch = ? AND next_chunk = ?\");"
  "AND split = ? AND (epoch = ? OR 1 = 1) AND (next_chunk = ? OR 1 = 1)\");")
chunkmill_spoil(unfenced chunkmill/sql/lane.hpp
  "if (error.code() == CM_COMMIT_UNKNOWN) throw;"
  "if (error.code() == CM_COMMIT_UNKNOWN) throw Error(CM_UNAVAILABLE, error.what()).retryable_if(true);")
chunkmill_build_variant(unfenced)
