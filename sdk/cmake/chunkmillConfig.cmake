# find_package(chunkmill): the target chunkmill::sdk and the function chunkmill_add_plugin().
include(${CMAKE_CURRENT_LIST_DIR}/chunkmillTargets.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/ChunkmillPlugin.cmake)
