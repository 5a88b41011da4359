# find_package(chunkmill): the target chunkmill::sdk and the function chunkmill_add_plugin(); and chunkmill::host, the host as a
# library, where it is installed too and its own libraries are there.
include(${CMAKE_CURRENT_LIST_DIR}/chunkmillTargets.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/ChunkmillPlugin.cmake)
if(EXISTS ${CMAKE_CURRENT_LIST_DIR}/chunkmillHostTargets.cmake)
  find_package(Boost 1.74 QUIET COMPONENTS filesystem)
  find_package(yaml-cpp QUIET)
  find_package(SQLite3 QUIET)
  find_package(spdlog QUIET)
  find_package(Threads QUIET)
  if(Boost_FOUND AND yaml-cpp_FOUND AND SQLite3_FOUND AND spdlog_FOUND)
    include(${CMAKE_CURRENT_LIST_DIR}/chunkmillHostTargets.cmake)
  endif()
endif()
